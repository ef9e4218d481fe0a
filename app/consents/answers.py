"""What participants say to a version of the note: online, on paper, at enrolment. Rows are added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.consents import versions
from app.consents.models import ConsentAnswer, ConsentVersion
from app.errors import Refusal
from app.participants.models import Participant

AGREED, REFUSED, TALK_FIRST = "agreed", "refused", "talk-first"
ANSWERS: Final = (AGREED, REFUSED, TALK_FIRST)
"""The last one asks the team to get in touch, and changes nothing else."""
PAPER_ANSWERS: Final = (AGREED, REFUSED)
"""Who signs a paper has talked to the team already."""
ONLINE, ON_PAPER, AT_ENROLMENT = "online", "on-paper", "at-enrolment"
WAYS: Final = (ONLINE, ON_PAPER, AT_ENROLMENT)
LONGEST_REASON: Final = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said, and to which version."""

    answer: ConsentAnswer
    version: ConsentVersion


def answer(
    session: Session, version: ConsentVersion, participant: Participant, what: str, language: str, at: datetime
) -> ConsentAnswer | None:
    """Add what a participant says online; None, and nothing added, if it is what they said to this version last.

    Refusals: ``unknown-reply``, ``consent-over`` (the person no longer takes part), ``consent-changed`` (it is not the
    version in force, so the person may not have read what holds).
    """
    if what not in ANSWERS:
        raise Refusal("unknown-reply")
    # Two clicks at the same instant: the second one waits here, and then sees the first one.
    session.refresh(participant, with_for_update=True)
    if participant.asked_until is not None:
        raise Refusal("consent-over")
    current = versions.in_force(versions.published(session, version.study_id), at)
    if current is None or current.id != version.id:
        raise Refusal("consent-changed")
    last = session.scalars(_to(version, participant).limit(1)).first()
    if last is not None and last.answer == what:
        return None
    said = ConsentAnswer(answer=what, way=ONLINE, language=language, reason="")
    return _add(session, said, version, participant, f"account:{participant.account_pseudonym}", at)


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a signed paper says, its day, and why staff record it."""

    what: str
    signed_on: date
    reason: str


def record_on_paper(
    session: Session, version: ConsentVersion, participant: Participant, paper: OnPaper, by: str, at: datetime
) -> ConsentAnswer:
    """Record what somebody answered on paper; it holds from now on, whatever was said before.

    Refusals: ``unknown-reply`` (a paper says yes or no), ``reason-missing``, ``text-too-long``.
    """
    reason = paper.reason.strip()
    if paper.what not in PAPER_ANSWERS:
        raise Refusal("unknown-reply")
    if not reason:
        raise Refusal("reason-missing")
    if len(reason) > LONGEST_REASON:
        raise Refusal("text-too-long")
    signed = ConsentAnswer(answer=paper.what, way=ON_PAPER, signed_on=paper.signed_on, reason=reason)
    return _add(session, signed, version, participant, by, at)


def agree_at_enrolment(
    session: Session, version: ConsentVersion, participant: Participant, by: str, at: datetime
) -> ConsentAnswer:
    """The version that the paper carries with which somebody entered the study."""
    signed = ConsentAnswer(answer=AGREED, way=AT_ENROLMENT, reason="")
    return _add(session, signed, version, participant, by, at)


def of_participant(session: Session, participant_id: int) -> list[Said]:
    """Everything that one participant said, the newest first."""
    return _read(session, _all().where(ConsentAnswer.participant_id == participant_id))


def of_participant_in(session: Session, study_id: int, participant_id: int) -> list[Said] | None:
    """The same; None where the study keeps no version. One statement."""
    rows = session.execute(
        select(ConsentVersion, ConsentAnswer)
        .outerjoin(
            ConsentAnswer,
            (ConsentAnswer.version_id == ConsentVersion.id) & (ConsentAnswer.participant_id == participant_id),
        )
        .where(ConsentVersion.study_id == study_id, ConsentVersion.number.is_not(None))
        .order_by(ConsentAnswer.id.desc())
    ).all()
    return [Said(answer, version) for version, answer in rows if answer is not None] if rows else None


def of_account(session: Session, account: str) -> list[Said]:
    """Everything that one person said over all studies, the newest first."""
    mine = _all().join(Participant, Participant.id == ConsentAnswer.participant_id)
    return _read(session, mine.where(Participant.account_pseudonym == account))


def standing(said: Sequence[Said], renewal: ConsentVersion | None) -> Said | None:
    """Of what one participant said, the newest first, what counts now: the last word since agreement was asked anew."""
    least = 0 if renewal is None else renewal.number or 0
    return next((one for one in said if (one.version.number or 0) >= least), None)


def _to(version: ConsentVersion, participant: Participant) -> Select[ConsentAnswer]:
    mine = (ConsentAnswer.version_id == version.id, ConsentAnswer.participant_id == participant.id)
    return select(ConsentAnswer).where(*mine).order_by(ConsentAnswer.id.desc())


def _all() -> Select[ConsentAnswer, ConsentVersion]:
    return select(ConsentAnswer, ConsentVersion).join(ConsentVersion, ConsentVersion.id == ConsentAnswer.version_id)


def _read(session: Session, asked: Select[ConsentAnswer, ConsentVersion]) -> list[Said]:
    return [Said(answer, version) for answer, version in session.execute(asked.order_by(ConsentAnswer.id.desc()))]


def _add(
    session: Session, row: ConsentAnswer, version: ConsentVersion, participant: Participant, by: str, at: datetime
) -> ConsentAnswer:
    row.participant_id, row.version_id, row.answered_at, row.by = participant.id, version.id, at, by
    session.add(row)
    session.flush()
    return row
