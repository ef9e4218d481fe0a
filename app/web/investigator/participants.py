"""One participant's course: events, visits, scores. By subject code; who it is, nobody knows on this side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from flask import Blueprint, abort, request
from markupsafe import Markup

from app.accounts import staff
from app.charts.axes import WIDE
from app.charts.line import line_chart
from app.charts.model import Ids, Point, Series
from app.consents import answers
from app.participants import queries
from app.participants.queries import Among, Person, Standing
from app.responses import history
from app.responses.history import Sent
from app.responses.paper import ENTERABLE
from app.scheduling.status import State
from app.scoring.score import Score
from app.studies import queries as studies_queries
from app.studies import roles
from app.web.access import Who, allow
from app.web.filters import day
from app.web.investigator import consent_words, reason_words, scales
from app.web.investigator.access import study_for
from app.web.investigator.frame import study_page
from app.web.investigator.reason_words import REASONS
from app.web.investigator.scales import ShownScale
from app.web.locale import _, ngettext
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("investigator_participants", __name__)

DAY_AND_TIME = "d MMM y, HH:mm"


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """A visit with what happened on it, the languages it was answered in, and what came in on paper."""

    title: str
    standing: Standing
    languages: str
    reason: str
    on_paper: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The scores of one instrument: a column each time it was sent, a row a scale."""

    title: str
    columns: tuple[tuple[str, date], ...]
    rows: tuple[tuple[ShownScale, tuple[Score | None, ...]], ...]


@bp.get("/studies/<code>/participants/<subject>")
@allow(Who.STAFF)
def participant(code: str, subject: str) -> str:
    """The person of a subject code; 404 for one at a site that the professional may not see, as for nobody's."""
    access = study_for(code)
    protocols = studies_queries.protocols(current.session, access.study.id)
    among = Among(access.study.id, access.site_ids, studies_queries.storable(subject))
    person = queries.find(current.session, among, protocols, current.at)
    if person is None:
        abort(404)
    sent = history.of_participant(current.session, person.id)
    instruments = scales.installed(dict.fromkeys(one.instrument for one in sent))
    shown = [scale for instrument in instruments for scale in scales.scales_of(instrument) if scale.is_drawn]
    scale = scales.chosen(shown, request.args.get("scale", ""))
    entered = {one.entered_by or "" for one in sent}
    names = staff.names(current.session, [int(by[6:]) for by in entered if by.startswith("staff:")])
    return study_page(
        "participant.html",
        access,
        person=person,
        site=next(site for site in access.sites if site.id == person.site_id),
        language_name=_language(person.language),
        visits=[_visit(person, standing, sent, names) for standing in person.visits],
        enterable=ENTERABLE,
        consents=consent_words.history(answers.of_participant_in(current.session, access.study.id, person.id)),
        may_enrol=roles.may_enrol(access.role),
        rests=any(pause.holds_at(current.at) for pause in person.known.pauses),
        reasons=REASONS,
        here=request.full_path.rstrip("?"),
        moment=lambda instant: moment(instant, person.zone),
        first_day=lambda instant: instant.astimezone(person.zone).date(),
        last_day=lambda instant: last_day(instant, person.zone),
        questionnaires=[_questionnaire(person, instrument, sent) for instrument in instruments],
        reason=reason,
        scales=shown,
        scale=scale,
        picture=_picture(person, sent, scale) if scale else "",
    )


def moment(instant: datetime | None, zone: ZoneInfo) -> str:
    """A day and a time as clocks show it where the participant lives; "" for nothing."""
    return "" if instant is None else format_datetime(instant, DAY_AND_TIME, tzinfo=zone, locale=current.language)


def last_day(instant: datetime, zone: ZoneInfo) -> date:
    """The last whole day before a window ends: it ends at midnight."""
    return (instant.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone).date()


def reason(score: Score) -> str:
    """Why there is no number."""
    if score.answered >= score.needed:
        return _("not computed: the scale does not apply, or has no value for these answers")
    return ngettext(
        "%(answered)s of %(num)s question answered; at least %(needed)s needed",
        "%(answered)s of %(num)s questions answered; at least %(needed)s needed",
        score.of,
        answered=score.answered,
        needed=score.needed,
    )


def _visit(
    person: Person,
    standing: Standing,
    sent: Sequence[Sent],
    staff_names: Mapping[int, str],
) -> ShownVisit:
    key = standing.occasion.key
    of_visit = [one for one in sent if (one.visit_key, one.iteration) == key]
    languages = {one.language for one in of_visit}
    names = ", ".join(_language(language) for language in sorted(languages))
    reason = reason_words.reason(standing.excused_reason) if standing.state is State.EXCUSED else ""
    on_paper = tuple(_on_paper(person, one, staff_names) for one in of_visit if one.entered_at is not None)
    return ShownVisit(_visit_title(person, standing.occasion.visit_key), standing, names, reason, on_paper)


def _on_paper(person: Person, sent: Sent, staff_names: Mapping[int, str]) -> str:
    """That a questionnaire came in on paper, since when it counts, and who entered it when."""
    by = sent.entered_by or ""
    return _(
        "%(questionnaire)s on paper: answered on %(day)s, entered on %(time)s by %(name)s",
        questionnaire=scales.name_of(sent.instrument),
        day=day(_day(person, sent)),
        time=moment(sent.entered_at, person.zone),
        name=staff_names.get(int(by.removeprefix("staff:")), by) if by.startswith("staff:") else by,
    )


def _language(code: str) -> str:
    """What a language is called in the reader's."""
    return Locale.parse(code, sep="-").get_display_name(current.language) or code


def _visit_title(person: Person, key: str) -> str:
    """What a visit is called; by its key where today's protocol does not have it any more."""
    title = next((visit.title for visit in person.protocol.visits if visit.key == key), {"": key})
    return in_language(title, current.language)


def _questionnaire(person: Person, instrument: str, sent: Sequence[Sent]) -> Questionnaire:
    times = [one for one in sent if one.instrument == instrument]
    return Questionnaire(
        title=scales.name_of(instrument),
        columns=tuple((_visit_title(person, one.visit_key), _day(person, one)) for one in times),
        rows=tuple((scale, tuple(one.scores.get(scale.id) for one in times)) for scale in scales.scales_of(instrument)),
    )


def _picture(person: Person, sent: Sequence[Sent], scale: ShownScale) -> Markup:
    points = tuple(
        Point(on=_day(person, one), value=score.value, label=_visit_title(person, one.visit_key))
        for one, score in history.course(sent, scale.instrument, scale.id)
    )
    picture = line_chart(
        Series(scale.title, points),
        ids=Ids("course-title", "course-description"),
        title=_("%(scale)s: the course of %(subject)s", scale=scale.label, subject=person.subject_code),
        description=_("The table of scores on this page has the same numbers."),
        axis=scale.axis(),
        frame=WIDE,
    )
    # Our own drawing: every text in it was escaped by the XML writer.
    return Markup(picture)  # noqa: S704


def _day(person: Person, sent: Sent) -> date:
    return sent.submitted_at.astimezone(person.zone).date()
