"""A form that came in on paper: whose it is, of which visit, answered on which day. Entering it is paper_entry.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.participants import agenda, queries
from app.participants.agenda import Planned
from app.participants.models import Participant
from app.responses import paper
from app.responses.paper import ENTERABLE, Form
from app.responses.sheets import Asking
from app.scheduling.status import State
from app.studies.models import Study
from app.studies.queries import StudyAccess, storable
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.filling import languages
from app.web.investigator.dating import read_date
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.frame import study_page
from app.web.investigator.participants import last_day
from app.web.investigator.reasons import seen
from app.web.locale import _
from app.web.request import current
from app.web.showable import refuse_unless_answerable
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_paper", __name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """A visit to which a form may belong, or why none is entered for it."""

    visit: Planned
    title: str
    state: State
    first: date
    last: date

    @property
    def is_enterable(self) -> bool:
        """Whether a form may still come in."""
        return self.state in ENTERABLE


@bp.get("/studies/<code>/paper")
@allow(Who.STAFF)
def find(code: str) -> Any:
    """Whose form it is, by subject code."""
    access = enrolling(code)
    subject = request.args.get("subject", "").strip()
    person = (
        queries.participant(current.session, access.study.id, access.site_ids, storable(subject)) if subject else None
    )
    if person is not None:
        return redirect(url_for("investigator_paper.choose", code=code, subject=person.subject_code), 303)
    wrong = _("No participant has this subject code. Please check it.") if subject else None
    return study_page("paper_find.html", access, subject=subject, wrong=wrong), 422 if wrong else 200


@bp.get("/studies/<code>/participants/<subject>/paper")
@allow(Who.STAFF)
def choose(code: str, subject: str) -> str:
    """Of which visit it is."""
    access = enrolling(code)
    person = seen(access, subject)
    return study_page("paper_choose.html", access, person=person, choices=_choices(person))


@bp.route("/studies/<code>/participants/<subject>/visits/<visit>/<int:iteration>/paper", methods=["GET", "POST"])
@allow(Who.STAFF)
def begin(code: str, subject: str, visit: str, iteration: int) -> Any:
    """On which day it was answered, in which language; then its first question."""
    access = enrolling(code)
    person = seen(access, subject)
    choice = next((one for one in _choices(person) if one.visit.occasion.key == (visit, iteration)), None) or abort(404)
    asking = _asking(access.study, choice.visit)
    offered = _shared(access.study, choice.visit)
    own = paper.answers_of_ones_own(current.session, choice.visit)
    begun = paper.waiting(current.session, choice.visit.record) if choice.visit.record else []
    written = next((one.answered_on.isoformat() for one in begun if one.answered_on), "")
    wrong: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        answered_on, problem = read_date(request.form.get("answered", ""))
        language = request.form.get("language", "")
        if problem or answered_on is None:
            wrong["answered"] = problem or _("Enter the day that is written on the form.")
        if language not in offered:
            wrong["language"] = _("Please choose the language of the form.")
        if own and not request.form.get("instead"):
            wrong["instead"] = _("Please confirm that the form goes before these answers.")
        if not wrong and answered_on is not None:
            try:
                return _begun(access, choice, Form(answered_on, language, actor()), asking)
            except Refusal as refusal:
                status, sentence = explained(refusal)
                wrong["answered"] = str(sentence)
                current.session.rollback()
    page = study_page(
        "paper_begin.html",
        access,
        person=person,
        choice=choice,
        own=own,
        languages=[(one, language_name(one).capitalize()) for one in offered],
        titles=[current.library.instrument(key).title for key in choice.visit.occasion.instruments],
        answered=request.form.get("answered", written),
        language=request.form.get(
            "language", person.language if person.language in offered else next(iter(offered), "")
        ),
        instead=request.form.get("instead"),
        wrong=wrong,
    )
    return page, status if status != 200 else 422 if wrong else 200


def _begun(access: StudyAccess, choice: Choice, form: Form, asking: Mapping[str, Asking]) -> Response:
    person = choice.visit.participant
    opened = paper.begin(current.session, choice.visit, form, current.at, asking)
    facts = {
        "visit": choice.visit.occasion.visit_key,
        "iteration": choice.visit.occasion.iteration,
        "answered_on": form.answered_on.isoformat(),
        "language": form.language,
    }
    record(access, "paper.begun", facts, f"participant:{person.pseudonym}")
    first = next(one for one in opened if one.submission is None)
    return redirect(
        url_for(
            "investigator_paper_entry.screen",
            code=access.study.code,
            subject=person.subject_code,
            key=first.sheet.key,
            layout="page",
            number=1,
        ),
        303,
    )


def _choices(person: Participant) -> list[Choice]:
    """Every visit that has opened."""
    visits = agenda.of_participants(current.session, [person], current.at)[person.id]
    return [_choice(one) for one in visits if one.occasion.opens <= current.at]


def _choice(visit: Planned) -> Choice:
    occasion, zone = visit.occasion, visit.occasion.zone
    return Choice(
        visit,
        in_language(visit.protocol.visit(occasion.visit_key).title, current.language),
        visit.state,
        occasion.opens.astimezone(zone).date(),
        last_day(occasion.closes, zone),
    )


def _asking(study: Study, visit: Planned) -> Mapping[str, Asking]:
    """With which wordings the sheets begin; a test that chooses its questions by the answers cannot be on paper."""
    instruments = visit.occasion.instruments
    refuse_unless_answerable(current.library, instruments)
    if any(current.library.instrument(key).adaptive is not None for key in instruments):
        raise Refusal("adaptive-on-paper")
    return languages.asking(study, visit.participant, instruments)


def _shared(study: Study, visit: Planned) -> list[str]:
    """The languages that every questionnaire of the visit is offered in."""
    offered = languages.offered(study, visit.occasion.instruments)
    return [one for one in study.languages if all(one in of_one for of_one in offered.values())]
