"""The tiny instruments of tests/web/patient/features, one a feature, in a world whose visits ask for all of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.config import ROOT, Config, embedded
from app.participants import agenda
from app.participants.models import Participant
from app.questionnaires.definition import Instrument
from app.questionnaires.library import Library, load
from app.questionnaires.routing import Screen
from app.responses import collect, sheets
from app.responses.models import AnswerSheet
from tests.support.world import AT, World

FOLDER = ROOT / "tests/web/patient/features"


@cache
def library() -> Library:
    """All of them, read as the program reads instruments."""
    return load(FOLDER)


def settings(folder: Path, url: str) -> Config:
    """Settings of an embedded default that has these instruments and no others."""
    return replace(embedded(folder, url), instruments=FOLDER)


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet that its owner has opened."""

    key: str
    id: int


def open_sheet(world: World, feature: str, at: datetime = AT, name: str = "alice") -> Opened:
    """The sheet of a feature, in French, opened as the visit's page does."""
    with world.study() as session:
        participant = session.get_one(Participant, world.participants[name])
        visits = agenda.of_participants(session, [participant], at)[participant.id]
        visit = next(one for one in agenda.make_available(session, visits, at) if one.record is not None)
        assert visit.record is not None
        sheets.open_all(session, visit.record, visit.occasion.instruments, "fr", at)
        found = session.scalars(
            select(AnswerSheet).where(
                AnswerSheet.occasion_id == visit.record.id, AnswerSheet.instrument == f"{feature}@1.0"
            )
        ).one()
        opened = Opened(found.key, found.id)
        session.commit()
    return opened


def latest(world: World, sheet_id: int) -> dict[str, Any]:
    """The answers of a sheet that are in force."""
    with world.study() as session:
        return dict(collect.in_force(collect.current_answers(session, sheet_id)))


def first_screen(instrument: Instrument) -> Screen:
    """A screen with every item of an instrument, whatever the answers."""
    return Screen(1, instrument.order, instrument.pages[0].key)
