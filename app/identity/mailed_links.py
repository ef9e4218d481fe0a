"""Single-use links that are mailed to a person: to sign in without a password, or to choose a new one.

The token is random and kept as a hash; it lives briefly, works once, and only in the browser that asked for it, so that
nobody can be led into somebody else's account, and a forwarded or intercepted mail opens nothing.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.identity.models import Person
from app.identity.sign_in_models import MailedLink

TOKEN_BYTES = 24
LIFETIMES: Mapping[str, timedelta] = {"sign-in": timedelta(minutes=20), "password": timedelta(minutes=20)}
"""What a link can be for, and how long it waits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a link: a secret that only the asking browser holds, and its sign-in on the study side."""

    browser: str = field(repr=False)
    state: str


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that can still be used."""

    person: Person
    purpose: str
    state: str
    is_same_browser: bool


def issue(session: Session, person: Person, purpose: str, asked: Asked, at: datetime) -> str:
    """A new link; the raw token, which is nowhere else. Those sent before stay valid for their own short while."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        MailedLink(
            token_hash=_hash(token),
            person_id=person.id,
            purpose=purpose,
            browser_hash=_hash(asked.browser),
            state=asked.state,
            made_at=at,
            expires_at=at + LIFETIMES[purpose],
        )
    )
    session.flush()
    return token


def name_of(token: str) -> str:
    """A name for the message that carries a token, from which the token cannot be found."""
    return _hash(f"message of {token}")[:32]


def find(session: Session, token: str, browser: str, at: datetime) -> OpenLink:
    """What a link is for; looking changes nothing. Refusal("mailed-link-dead"): unknown, used, ended or too old."""
    row = session.scalar(select(MailedLink).where(_open(token, at)))
    person = None if row is None else session.get(Person, row.person_id)
    if row is None or person is None or person.erased_at is not None:
        raise Refusal("mailed-link-dead")
    is_same = hmac.compare_digest(row.browser_hash, _hash(browser))
    return OpenLink(person, row.purpose, row.state, is_same)


def use(session: Session, token: str, browser: str, at: datetime) -> OpenLink:
    """Use a link up, and with it every other one of that person.

    Refusal("mailed-link-dead") as for ``find`` and for whoever comes second, "mailed-link-elsewhere" in another browser
    than the one that asked: then the link stays as it is.
    """
    found = find(session, token, browser, at)
    if not found.is_same_browser:
        raise Refusal("mailed-link-elsewhere")
    claimed = session.execute(update(MailedLink).where(_open(token, at)).values(ended_at=at))
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal("mailed-link-dead")
    end_all(session, found.person.id, at)
    return found


def end_all(session: Session, person_id: int, at: datetime) -> None:
    """No link that this person was sent works any longer."""
    held = (MailedLink.person_id == person_id, MailedLink.ended_at.is_(None))
    session.execute(update(MailedLink).where(*held).values(ended_at=at))


def _open(token: str, at: datetime) -> ColumnElement[bool]:
    return and_(MailedLink.token_hash == _hash(token), MailedLink.ended_at.is_(None), MailedLink.expires_at > at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
