"""Two versions of the demonstration's note: the second one has to be agreed to, and Alice has not answered yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from app.audit import trail
from app.consents import answers, drafts, versions
from app.consents.answers import AGREED, REFUSED, TALK_FIRST
from app.consents.drafts import Draft
from app.demo import consent_texts
from app.demo.cast import Character, Part
from app.demo.founding import Founded
from app.participants.models import Participant

RENEWED_AGO: Final = timedelta(days=8, hours=5)
"""Less than two weeks, so that nobody is asked a second time yet."""
REASON = "Made up for this demonstration: the committee has approved a wider use of the answers."
AGREES, REFUSES, WANTS_TO_TALK = 0.7, 0.04, 0.04


@dataclass(frozen=True, slots=True)
class Answering:
    """What somebody says to the second version, and when."""

    at: datetime
    answer: str


def found(session: Session, founded: Founded, at: datetime) -> None:
    """The first version, which everybody signs who enters."""
    _publish(session, founded, Draft("1.0", needs_renewal=False, reason="", words=consent_texts.FIRST), at)


def renew(session: Session, founded: Founded, at: datetime) -> None:
    """The second version, which those who take part already are asked to agree to."""
    _publish(session, founded, Draft("2.0", needs_renewal=True, reason=REASON, words=consent_texts.SECOND), at)


def enter(session: Session, participant: Participant, by: str, at: datetime) -> None:
    """Somebody signs the version in force."""
    version = versions.in_force(versions.published(session, participant.study_id), at)
    if version is not None:
        answers.agree_at_enrolment(session, version, participant, by, at)


def answering(who: Character, at: datetime, seed: int) -> Answering | None:
    """What somebody who was asked is going to say before ``at``; None for whoever says nothing, such as Alice."""
    asked = at - RENEWED_AGO
    if who.part is Part.ALICE or who.enrolled_at > asked:
        return None
    random = np.random.default_rng((seed, 3, who.number))
    mood, moment = random.random(), asked + random.uniform(0.15, 0.95) * RENEWED_AGO
    chances: Mapping[str, float] = {AGREED: AGREES, REFUSED: REFUSES, TALK_FIRST: WANTS_TO_TALK}
    for answer, chance in chances.items():
        if mood < chance:
            return Answering(moment, answer)
        mood -= chance
    return None


def answer(session: Session, participant_id: int, language: str, planned: Answering) -> None:
    """Somebody answers on the account, if the person still takes part."""
    participant = session.get_one(Participant, participant_id)
    if participant.asked_until is not None:
        return
    version = versions.published(session, participant.study_id)[0]
    answers.answer(session, version, participant, planned.answer, language, planned.at)
    facts = {"answer": planned.answer, "version": version.number, "participant": participant.pseudonym}
    actor = f"account:{participant.account_pseudonym}"
    trail.record(session, planned.at, actor, "consent.answered", f"consent:{version.key}", facts)


def _publish(session: Session, founded: Founded, draft: Draft, at: datetime) -> None:
    version = drafts.start(session, founded.study, draft, founded.staff, at)
    drafts.publish(session, version, version.revision, founded.staff, at)
    facts = {"version": version.number, "renews": version.needs_renewal}
    trail.record(session, at, f"staff:{founded.staff}", "consent.published", f"consent:{version.key}", facts)
