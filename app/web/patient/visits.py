"""The start of a visit: what it asks, how long it takes, and the button to begin or to go on."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response

from app.accounts.sign_ins import occasion_scope
from app.participants import agenda
from app.participants.agenda import Planned
from app.participants.models import OccasionRecord, Participant
from app.questionnaires import routing
from app.questionnaires.wording import Wording
from app.responses import collect, knowledge, sheets
from app.responses.models import AnswerSheet, Submission
from app.responses.sheets import Asking
from app.scheduling.status import ANSWERABLE, State
from app.studies.models import Study
from app.web.access import Who, account_of, allow, is_in_scope
from app.web.filling import languages
from app.web.patient.sheet import layout_for
from app.web.request import current
from app.web.showable import refuse_unless_answerable
from app.web.texts import in_language

bp = Blueprint("patient_visits", __name__)

# Built once: building a statement takes longer than running it.
_VISIT = (
    select(OccasionRecord, Participant, Study)
    .join(Participant, Participant.id == OccasionRecord.participant_id)
    .join(Study, Study.id == Participant.study_id)
    .where(OccasionRecord.key == bindparam("key"))
)
_SENT = select(Submission.sheet_id).where(Submission.occasion_id == bindparam("occasion"))


@bp.get("/visits/<key>")
@allow(Who.RESPONDENT)
def start(key: str) -> str:
    """What is asked today."""
    visit, study = _visit(key)
    wordings = _wordings(visit, study) if visit.state in ANSWERABLE else []
    minutes = sum(current.library.instrument(instrument).minutes for instrument in visit.occasion.instruments)
    return render_template(
        "patient/visit.html",
        visit=visit,
        title=in_language(visit.protocol.visit(visit.occasion.visit_key).title, current.language),
        study=study,
        wordings=wordings,
        minutes=minutes,
        is_answerable=visit.state in ANSWERABLE,
        is_sent=visit.state in (State.SUBMITTED, State.SUBMITTED_LATE),
        is_early=visit.state is State.NOT_YET,
    )


@bp.post("/visits/<key>")
@allow(Who.RESPONDENT)
def begin(key: str) -> Response:
    """Open the visit's sheets and go to the first question without an answer."""
    visit, study = _visit(key)
    if visit.state not in ANSWERABLE or visit.record is None:
        return redirect(url_for("patient_visits.start", key=key), 303)
    begun = sheets.of_visit(current.session, visit.record)
    asking = _asking(visit, study, begun)
    opened = sheets.open_all(
        current.session, visit.record, visit.occasion.instruments, current.language, current.at, asking
    )
    sent = set(current.session.scalars(_SENT, {"occasion": visit.record.id}))
    sheet = next(sheet for sheet in opened if sheet.id not in sent)
    layout = layout_for(request.form.get("width", ""), _is_phone())
    return redirect(where_to_go_on(sheet, visit.participant, layout), 303)


def where_to_go_on(sheet: AnswerSheet, participant: Participant, layout: routing.Layout) -> str:
    """The screen of the first question without an answer; the review once there is none."""
    instrument = current.library.instrument(sheet.instrument)
    content = current.library.instrument_hash(sheet.instrument)
    known = knowledge.known(current.session, participant, instrument, content)
    answers = collect.in_force(collect.current_answers(current.session, sheet.id))
    item = routing.first_unanswered(instrument, answers, known)
    if item is None:
        return url_for("patient_questionnaire.review", key=sheet.key)
    screen = routing.screen_of(instrument, layout, item, answers, known)
    return url_for("patient_questionnaire.screen", key=sheet.key, layout=layout, number=screen.number)


def _asking(visit: Planned, study: Study, begun: Mapping[str, AnswerSheet]) -> Mapping[str, Asking]:
    """How what was not begun yet is asked; what was begun stays as it is."""
    still_to_begin = [key for key in visit.occasion.instruments if key not in begun]
    refuse_unless_answerable(current.library, still_to_begin)
    return languages.asking(study, visit.participant, still_to_begin)


def _wordings(visit: Planned, study: Study) -> list[Wording]:
    """What will be asked, or is being asked, in the order of the visit."""
    begun = sheets.of_visit(current.session, visit.record) if visit.record and visit.record.opened_at else {}
    asking = _asking(visit, study, begun)
    return [
        languages.wording_of(begun[key])
        if key in begun
        else current.library.wording(key, asking[key].language, asking[key].wordings[asking[key].language])
        for key in visit.occasion.instruments
    ]


def _visit(key: str) -> tuple[Planned, Study]:
    """The visit of this address if it is this person's, else 404."""
    row = current.session.execute(_VISIT, {"key": key}).one_or_none()
    if row is None:
        abort(404)
    record, participant, study = row
    is_own = participant.account_pseudonym == account_of(current.person)
    if not is_own or not is_in_scope(current.person, occasion_scope(record.id)):
        abort(404)
    visits = agenda.of_participants(current.session, [participant], current.at)[participant.id]
    visit = next((one for one in visits if one.record is not None and one.record.id == record.id), None)
    # None: the event it hung on has lost its date, so there is nothing to answer any more.
    return (visit, study) if visit is not None else abort(404)


def _is_phone() -> bool:
    hint = request.headers.get("Sec-CH-UA-Mobile")
    return hint == "?1" if hint else "Mobi" in (request.user_agent.string or "")
