"""The second factor of participants who want one: an authenticator app, its secret sealed by the person's own key."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.identity import person_keys, sealed_rows, sealing
from app.identity.sign_in_models import PersonFactor, PersonRecoveryCode
from app.second_factor.factors import Factors, UnreadableFactor
from app.second_factor.recovery import RecoveryCodes

LAPSES_AFTER = timedelta(days=3)
"""How long whoever has lost the app and its codes waits: long enough to notice that it was somebody else who asked."""


def kept(session: Session) -> Factors[PersonFactor]:
    """The apps of participants."""
    return Factors(
        session, PersonFactor, "person_id", lambda row, secret: _seal(session, row, secret), lambda r: _open(session, r)
    )


def recovery_codes(session: Session) -> RecoveryCodes[PersonRecoveryCode]:
    """What takes the place of the app."""
    return RecoveryCodes(session, PersonRecoveryCode, "person_id")


def is_on(session: Session, person_id: int, at: datetime) -> bool:
    """Whether a code is asked for when this person signs in at that instant."""
    not_lapsed = or_(PersonFactor.lapses_at.is_(None), PersonFactor.lapses_at > at)
    on = select(PersonFactor.person_id).where(
        PersonFactor.person_id == person_id, PersonFactor.confirmed_at.is_not(None), not_lapsed
    )
    return session.scalar(on) is not None


def prove_by_app(session: Session, person_id: int, code: str, at: datetime) -> bool:
    """True if this is a code of the app; UnreadableFactor where its secret cannot be read.

    Whoever has a code has not lost everything: an app that was waiting to lapse stays.
    """
    return kept(session).prove(person_id, code, at) and _stays(session, person_id)


def prove_by_paper(session: Session, person_id: int, code: str, at: datetime) -> bool:
    """The same for a recovery code, which is used up by this."""
    return recovery_codes(session).use(person_id, code, at) and _stays(session, person_id)


def let_lapse(session: Session, person_id: int, at: datetime) -> datetime:
    """The app and its codes are lost: from when on no code is asked for. Asking again does not begin anew."""
    mine = (PersonFactor.person_id == person_id, PersonFactor.confirmed_at.is_not(None))
    waiting = update(PersonFactor).where(*mine, PersonFactor.lapses_at.is_(None))
    session.execute(waiting.values(lapses_at=at + LAPSES_AFTER))
    return session.scalars(select(PersonFactor.lapses_at).where(*mine)).one() or at


def lapses_at(session: Session, person_id: int) -> datetime | None:
    """When the app stops being asked for, if somebody has said that it is lost."""
    return session.scalar(select(PersonFactor.lapses_at).where(PersonFactor.person_id == person_id))


def drop(session: Session, person_id: int) -> None:
    """No code is asked for any more."""
    kept(session).drop(person_id)
    recovery_codes(session).forget(person_id)


def _stays(session: Session, person_id: int) -> bool:
    session.execute(update(PersonFactor).where(PersonFactor.person_id == person_id).values(lapses_at=None))
    return True


def _seal(session: Session, row: PersonFactor, secret: str) -> None:
    sealed_rows.write(row, "secret", person_keys.for_sealing(session, row.person_id), secret)


def _open(session: Session, row: PersonFactor) -> str:
    try:
        return sealed_rows.read(row, "secret", person_keys.of(session, row.person_id)) or ""
    except sealing.Tampered:
        raise UnreadableFactor(f"the second factor of person {row.person_id} cannot be read") from None
