"""Requests of participants about their data (GDPR, articles 15 to 21), each with an answer due within a month."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.participants.models import Participant
from app.rights import effects
from app.rights.models import RightRequest, RightStep
from app.scheduling.period import Period, add

KINDS: Final = ("access", "rectification", "objection", "restriction", "erasure", "portability")
"""Articles 15, 16, 21, 18, 17 and 20."""
ASKED, WORKED_ON, GRANTED, REFUSED, TAKEN_BACK = "asked", "worked-on", "granted", "refused", "taken-back"
LIFTED: Final = "lifted"
NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    ASKED: (WORKED_ON, GRANTED, REFUSED, TAKEN_BACK),
    WORKED_ON: (WORKED_ON, GRANTED, REFUSED, TAKEN_BACK),
    GRANTED: (LIFTED,),
    LIFTED: (),
    REFUSED: (),
    TAKEN_BACK: (),
}
"""Which state can follow which; granted, refused or taken back it is over, but what it switched off can be lifted."""
OPEN: Final = frozenset({ASKED, WORKED_ON})
NEEDS_ANSWER: Final = frozenset({GRANTED, REFUSED, LIFTED})
ERASABLE: Final = frozenset({WORKED_ON, GRANTED})
"""In which states of a request for erasure the vault may be asked: somebody has looked at it first."""
LONGEST: Final = 4000
KEY_BYTES: Final = 16
A_MONTH: Final = Period(months=1)


@dataclass(frozen=True, slots=True)
class Case:
    """A request with what was done about it, the oldest step first, and whose it is."""

    request: RightRequest
    participant: Participant
    steps: tuple[RightStep, ...]

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN

    @property
    def effect(self) -> str | None:
        """What is switched off because of it now."""
        return self.steps[-1].effect

    def is_late(self, on: date) -> bool:
        """Whether it is still open after the day on which the answer was due."""
        return self.is_open and on > self.request.due_on


def ask(session: Session, participant: Participant, kind: str, words: str, at: datetime) -> RightRequest:
    """A new request; the answer is due one month later (GDPR, article 12(3)), by the participant's own calendar.

    Refusal("unknown-right"), Refusal("text-too-long"), Refusal("right-already-asked") while one of its kind is open.
    """
    if kind not in KINDS:
        raise Refusal("unknown-right")
    if len(words) > LONGEST:
        raise Refusal("text-too-long")
    mine = (one for one in of_account(session, participant.account_pseudonym) if one.is_open)
    if any(one.request.kind == kind and one.participant.id == participant.id for one in mine):
        raise Refusal("right-already-asked")
    day = at.astimezone(ZoneInfo(participant.time_zone)).date()
    request = RightRequest(
        key=secrets.token_urlsafe(KEY_BYTES),
        participant_id=participant.id,
        kind=kind,
        words=words.strip(),
        asked_at=at,
        due_on=add(day, A_MONTH),
    )
    session.add(request)
    session.flush()
    _step(session, request, ASKED, "", f"account:{participant.account_pseudonym}", at)
    return request


def advance(
    session: Session, case: Case, state: str, answer: str, by: str, at: datetime, effect: str | None = None
) -> None:
    """One step on; what is granted, refused or lifted needs words that the participant reads.

    ``effect``: what a granted request switches off from now on. Refusal("right-is-over") where that state cannot
    follow, Refusal("answer-missing"), Refusal("text-too-long"), Refusal("effect-missing") for an effect that a request
    of this kind does not have, or none where it must have one.
    """
    # Two professionals at once: the second one waits here, and then sees what the first one did.
    session.execute(select(RightRequest.id).where(RightRequest.id == case.request.id).with_for_update())
    last = _steps(session, [case.request.id])[case.request.id][-1]
    if state not in NEXT[last.state] or (state == LIFTED and last.effect is None):
        raise Refusal("right-is-over")
    if state == GRANTED and effect not in effects.possible(case.request.kind):
        raise Refusal("effect-missing")
    if state in NEEDS_ANSWER and not answer.strip():
        raise Refusal("answer-missing")
    if len(answer) > LONGEST:
        raise Refusal("text-too-long")
    _step(session, case.request, state, answer.strip(), by, at, effect if state == GRANTED else None)
    effects.renew(session, case.participant, at)


def of_account(session: Session, account: str) -> list[Case]:
    """Everything that somebody has asked for, newest first."""
    return _cases(session, _all().where(Participant.account_pseudonym == account))


def of_study(session: Session, study_id: int, site_ids: Sequence[int] | None) -> list[Case]:
    """Everything that participants of a study have asked for, open ones by due day first; ``site_ids`` narrows it."""
    asked = _all().where(Participant.study_id == study_id)
    found = _cases(session, asked if site_ids is None else asked.where(Participant.site_id.in_(site_ids)))
    return sorted(found, key=lambda one: (not one.is_open, one.request.due_on))


def _all() -> Select[RightRequest, Participant]:
    return select(RightRequest, Participant).join(Participant, Participant.id == RightRequest.participant_id)


def _cases(session: Session, asked: Select[RightRequest, Participant]) -> list[Case]:
    rows = session.execute(asked.order_by(RightRequest.id.desc())).all()
    steps = _steps(session, [request.id for request, _participant in rows])
    return [Case(request, participant, tuple(steps[request.id])) for request, participant in rows]


def _steps(session: Session, ids: Sequence[int]) -> dict[int, list[RightStep]]:
    found: dict[int, list[RightStep]] = {number: [] for number in ids}
    for step in session.scalars(select(RightStep).where(RightStep.request_id.in_(ids)).order_by(RightStep.id)):
        found[step.request_id].append(step)
    return found


def _step(
    session: Session,
    request: RightRequest,
    state: str,
    answer: str,
    by: str,
    at: datetime,
    effect: str | None = None,
) -> None:
    session.add(RightStep(request_id=request.id, state=state, answer=answer, by=by, at=at, effect=effect))
    session.flush()
