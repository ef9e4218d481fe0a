"""Answer sheets for tests, opened as a participant's browser would have them opened."""

from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from app.config import ROOT
from app.participants import agenda
from app.participants.models import Participant
from app.questionnaires.library import Library, load
from app.responses import sheets
from app.responses.sheets import OpenSheet
from tests.support.world import ACCOUNTS, AT, World


@cache
def library() -> Library:
    """The instruments that the project ships."""
    return load(ROOT / "instruments")


def open_sheet(session: Session, world: World, name: str, at: datetime = AT) -> OpenSheet:
    """The first sheet of the visit that is open at ``at``, as its owner finds it."""
    participant = session.get_one(Participant, world.participants[name])
    visits = agenda.of_participants(session, [participant], at)[participant.id]
    visit = next(one for one in agenda.make_available(session, visits, at) if one.record is not None)
    assert visit.record is not None
    sheet = sheets.open_all(session, visit.record, visit.occasion.instruments, "fr", at)[0]
    found = sheets.find_owned(session, sheet.key, ACCOUNTS[name])
    assert found is not None
    return found
