"""What decides beside the answers: the instrument made ready for scoring, and the facts about the participant."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.participants import facts as participant_facts
from app.participants.models import Participant
from app.questionnaires.definition import Fact, Instrument
from app.questionnaires.elements import FactId
from app.questionnaires.routing import Known
from app.scoring.adaptive_test import Adaptive, compile_test
from app.scoring.known import known_of
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import Facts


class Ready(NamedTuple):
    """An instrument as scoring takes it: its plan, and its adaptive test if it is one."""

    plan: Plan
    test: Adaptive | None


_READY: dict[str, Ready] = {}


def ready(instrument: Instrument, instrument_hash: str) -> Ready:
    """How the instrument is scored; worked out once per process for each content."""
    if instrument_hash not in _READY:
        _READY[instrument_hash] = Ready(compile_plan(instrument), compile_test(instrument))
    return _READY[instrument_hash]


def facts_for(session: Session, participant: Participant, instrument: Instrument, on: date | None = None) -> Facts:
    """What the instrument asks to know about the participant and the study knows; no statement where it asks nothing.

    ``on``: as it was on that day, for a form that was answered then. A word or a number that the instrument does not
    allow for is as good as unknown.
    """
    if not instrument.facts:
        return {}
    found = participant_facts.of(session, participant, on)
    return {name: found[name] for name, fact in instrument.facts.items() if _is_allowed(fact, name, found)}


def known(
    session: Session, participant: Participant, instrument: Instrument, instrument_hash: str, on: date | None = None
) -> Known:
    """What routing is told; one statement, none where the instrument asks for no fact."""
    plan, test = ready(instrument, instrument_hash)
    return known_of(plan, test, facts_for(session, participant, instrument, on))


def _is_allowed(fact: Fact, name: FactId, found: Mapping[str, float | str]) -> bool:
    value = found.get(name)
    if isinstance(value, str):
        return fact.values is not None and value in fact.values
    low, high = fact.minimum, fact.maximum
    return value is not None and low is not None and high is not None and low <= value <= high
