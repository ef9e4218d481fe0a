"""An operator signs a person out everywhere on request, such as after a telephone was lost.

The vault ends its own keys and links at once. What is open on the study side is ended by ``app.jobs.sign_people_out``,
which alone reaches both sides; a sign-in that was opened afterwards stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity import courier, letter_texts, mailed_links, people, steps
from app.identity.models import Person, Pseudonym
from app.identity.sign_in_models import PersonSignOut

REASONS: Final = ("lost-device", "somebody-else", "asked")
"""A telephone or computer is lost; somebody else may have got in; the person wishes it without saying why."""
ERASED: Final = "erased"
BATCH: Final = 100
_ACCOUNT: Final = (Pseudonym.person_id == PersonSignOut.person_id) & (Pseudonym.domain == people.ACCOUNT)


def find(session: Session, typed: str) -> Person | None:
    """Whose address or pseudonym that is. Refusal("pseudonym-unknown") for a pseudonym that nobody has.

    Whether somebody has an address is told to nobody, not to operators either: one alone would find out who is here.
    """
    typed = typed.strip().replace("\x00", "\ufffd")
    if "@" in typed:
        found = people.find_by_email(session, typed)
        return None if found is None or found.erased_at is not None else found
    try:
        return people.person_for(session, typed)
    except people.UnknownPseudonym as unknown:
        raise Refusal("pseudonym-unknown") from unknown


def ask(session: Session, person: Person, reason: str, operator_id: int, link: str, at: datetime) -> None:
    """Sign the person out everywhere and write to the person. Refusal("reason-not-chosen") for none of REASONS.

    ``link``: where the person reads when and why.
    """
    if reason not in REASONS:
        raise Refusal("reason-not-chosen")
    asked = PersonSignOut(person_id=person.id, reason=reason, asked_by=operator_id, asked_at=at)
    session.add(asked)
    session.flush()
    steps.end_all(session, person.id, at)
    mailed_links.end_all(session, person.id, at)
    message = letter_texts.compose("signed-out", person.language, f"signed-out:{asked.id}", {"link": link})
    courier.post(session, people.pseudonym_of(session, person, people.ACCOUNT), message, at)


def after_erasure(session: Session, person: Person, at: datetime) -> None:
    """Let what an erased person has open on the study side end too: the pseudonym alone is left, and no letter goes."""
    session.add(PersonSignOut(person_id=person.id, reason=ERASED, asked_at=at))
    session.flush()


def of_account(session: Session, account_pseudonym: str) -> Sequence[PersonSignOut]:
    """Every time that somebody was signed out so, for the person of the account, newest first."""
    whose = select(Pseudonym.person_id).where(Pseudonym.value == account_pseudonym, Pseudonym.domain == people.ACCOUNT)
    asked = select(PersonSignOut).where(PersonSignOut.person_id.in_(whose), PersonSignOut.reason.in_(REASONS))
    return session.scalars(asked.order_by(PersonSignOut.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Order:
    """Something that the study side has not ended yet: of which account, and what was open at which instant."""

    number: int
    account: str
    asked_at: datetime
    is_erasure: bool


def waiting(session: Session) -> Sequence[Order]:
    """The orders that wait, the oldest first, at most BATCH."""
    asked = select(PersonSignOut.id, Pseudonym.value, PersonSignOut.asked_at, PersonSignOut.reason)
    orders = asked.join(Pseudonym, _ACCOUNT).where(PersonSignOut.done_at.is_(None)).order_by(PersonSignOut.id)
    rows = session.execute(orders.limit(BATCH))
    return [Order(number, account, asked_at, reason == ERASED) for number, account, asked_at, reason in rows]


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the study side should have ended something; None where nothing waits."""
    return session.scalar(
        select(func.min(PersonSignOut.asked_at)).join(Pseudonym, _ACCOUNT).where(PersonSignOut.done_at.is_(None))
    )


def done(session: Session, number: int, at: datetime) -> None:
    """The study side has ended what was open."""
    mine = (PersonSignOut.id == number, PersonSignOut.done_at.is_(None))
    session.execute(update(PersonSignOut).where(*mine).values(done_at=at))
