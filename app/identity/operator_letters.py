"""Letters to operators, who are written to when their ways in change: posted here, packed at the moment they leave."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import mailed_codes
from app.identity import letter_texts, operator_contacts
from app.identity.carriage import Parcel
from app.identity.sign_in_models import OperatorLetter

CODE: Final = "operator-code"
CHANGED: Final = "operator-changed"
ADDRESS_CHANGED: Final = "operator-address-changed"
TOLD: Final[Mapping[str, str]] = {
    "operator.password-changed": "password",
    "operator.password-chosen": "password",
    "operator.reset-link-made": "link",
    "operator.second-factor-dropped": "app",
    "operator.second-factor-set-up": "app",
    "operator.recovery-codes-renewed": "codes",
    "operator.passkey-added": "passkey",
    "operator.passkey-removed": "passkey",
    "operator.passkey-stopped": "stopped",
    "operator.signed-out-everywhere": "sign-ins",
}
"""Acts of which the operator whom they concern is told, whoever did them, and as what."""
WHAT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "password": "the password",
        "link": "somebody has made a one-time link for a new password",
        "app": "the app that shows codes",
        "codes": "the recovery codes",
        "passkey": "the passkeys",
        "stopped": "a passkey, which was stopped: there may be a copy of it",
        "sign-ins": "sign-ins were ended",
    },
    "fr": {
        "password": "le mot de passe",
        "link": "un lien à usage unique a été créé pour un nouveau mot de passe",
        "app": "l’application qui affiche des codes",
        "codes": "les codes de secours",
        "passkey": "les clés d’accès",
        "stopped": "une clé d’accès, qui a été arrêtée\u202f: il en existe peut-être une copie",
        "sign-ins": "des connexions ont été fermées",
    },
}
"""What can change in how an operator signs in, as the letter about it says it."""


def tell(session: Session, operator_id: int, action: str, at: datetime) -> None:
    """Post a letter about an act, if it is one of those, to an operator with a confirmed address."""
    what = TOLD.get(action)
    if what is not None and operator_contacts.of(session, operator_id).address is not None:
        post(session, operator_id, CHANGED, at, what)


def post(session: Session, operator_id: int, kind: str, at: datetime, what: str | None = None) -> None:
    """Keep a letter for ``app.jobs.carry_letters`` to carry at once."""
    name = f"{kind}:{secrets.token_hex(16)}"
    fresh = OperatorLetter(operator_id=operator_id, kind=kind, what=what, message_id=name)
    fresh.delivered_at = fresh.due_at = at
    session.add(fresh)
    session.flush()


def asked_lately(session: Session, operator_id: int, since: datetime) -> int:
    """How many codes were asked for since then."""
    mine = (OperatorLetter.operator_id == operator_id, OperatorLetter.kind == CODE, OperatorLetter.delivered_at > since)
    return session.scalar(select(func.count()).where(*mine)) or 0


def drop_all(session: Session, operator_id: int) -> None:
    """Nothing more goes to that operator."""
    waiting = (OperatorLetter.operator_id == operator_id, OperatorLetter.due_at.is_not(None))
    session.execute(update(OperatorLetter).where(*waiting).values(due_at=None))


def pack(session: Session, letter: OperatorLetter, url: str, at: datetime) -> Parcel | None:
    """The letter with its words and its address; None where it is not wanted any more. ``url``: of the vault."""
    held = operator_contacts.of(session, letter.operator_id)
    address = ADDRESS[letter.kind](held)
    if address is None:
        return None
    language = operator_contacts.language_of(session, letter.operator_id)
    words = {"account": f"{url}/vault/operators/account", "what": WHAT[language].get(letter.what or "", "")}
    if letter.kind == CODE:
        # Made here and only now: what waits in the database holds no secret.
        is_late = at - letter.delivered_at > mailed_codes.LIFETIME
        code = None if is_late else operator_contacts.make_code(session, letter.operator_id, at)
        if code is None:
            return None
        words["code"] = code
    return Parcel(address, letter_texts.compose(letter.kind, language, letter.message_id, words))


def over(session: Session, letter: OperatorLetter) -> None:
    """An address that was given up is kept for the letter about that, and no longer."""
    if letter.kind == ADDRESS_CHANGED:
        operator_contacts.forget_former(session, letter.operator_id)


ADDRESS: Final[Mapping[str, Callable[[operator_contacts.Addresses], str | None]]] = {
    CODE: lambda held: held.pending,
    CHANGED: lambda held: held.address,
    ADDRESS_CHANGED: lambda held: held.former,
}
