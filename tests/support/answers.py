"""Questionnaires filled in by the real services, from the opening of the visit to the frozen scores."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.participants import agenda
from app.participants.models import Participant
from app.questionnaires.answers import AnswerValue
from app.responses import collect, sheets, visits
from app.responses.collect import Given
from app.responses.models import Submission
from tests.support.sheets import library
from tests.support.world import AT, World

MIDDLING = 2


def answer_all(
    session: Session,
    world: World,
    who: str | int,
    visit: str = "M0",
    at: datetime = AT,
    values: Mapping[str, AnswerValue] | None = None,
    language: str = "fr",
) -> list[Submission]:
    """Answer and send every questionnaire of a visit at one instant; the caller commits.

    ``who`` is a name of the world or a participant's id. Items that ``values`` does not name are answered with 2.
    """
    participant = session.get_one(Participant, world.participants[who] if isinstance(who, str) else who)
    planned = agenda.of_participants(session, [participant], at)[participant.id]
    [found] = agenda.make_available(session, [one for one in planned if one.occasion.visit_key == visit], at)
    assert found.record is not None, f"{visit} is {found.state} at {at}"
    opened = sheets.open_all(session, found.record, found.occasion.instruments, language, at)
    keys = [(sheet.key, sheet.instrument) for sheet in opened]
    return [_send(session, participant, key, instrument, (at, language), values or {}) for key, instrument in keys]


def _send(
    session: Session,
    participant: Participant,
    key: str,
    instrument: str,
    when: tuple[datetime, str],
    values: Mapping[str, AnswerValue],
) -> Submission:
    at, language = when
    opened = sheets.find_owned(session, key, participant.account_pseudonym)
    assert opened is not None
    definition = library().instrument(instrument)
    given = [Given(item, values.get(item, MIDDLING), 0) for item in definition.items]
    collect.save(session, opened, given, "answers-saved", at, language)
    submission = collect.submit(
        session,
        opened,
        definition,
        library().instrument_hash(instrument),
        library().wording(instrument, language),
        "answers-sent",
        at,
    )
    visits.close_if_complete(session, opened, at)
    return submission
