"""An operator's passkeys: added and removed after a proof of who it is."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from app.identity import operator_passkeys
from app.identity.sign_in_models import Operator
from app.passkeys.ceremony import Owner
from app.web import challenges, proof
from app.web.access import Who, allow
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.passkey_pages import PasskeyPages
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_own_frame import ACCOUNT, PROOF, page, proven_as, record

bp = Blueprint("vault_operator_passkeys", __name__)


def _owner(who: int, handle: bytes) -> Owner:
    person = current.vault.get_one(Operator, who)
    return Owner(handle, person.login, person.name)


PAGES = PasskeyPages(
    who=operator,
    url=lambda: current.config.vault_url,
    kept=lambda: operator_passkeys.kept(current.vault),
    owner=_owner,
    keep=lambda who, made, handle, name: operator_passkeys.add(current.vault, who, made, handle, name, current.at),
    purpose=challenges.OPERATOR_MAKE,
    page=lambda form: page(passkey_form=form),
    account=ACCOUNT,
)


@bp.post("/vault/operators/account/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.OPERATOR)
def start() -> Any:
    """What the browser asks its device for, to make a passkey."""
    return PAGES.start() if proof.is_given(proven_as()) else proof.missing()


@bp.post("/vault/operators/account/passkeys")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def add() -> Any:
    """Keep what the device has made."""
    return PAGES.add(lambda: record("operator.passkey-added"))


@bp.post("/vault/operators/account/passkeys/remove")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def remove() -> Response:
    """Take one off the list."""
    return PAGES.remove(lambda: record("operator.passkey-removed"))
