"""A professional's passkeys: added and removed after a proof of who it is."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from app.accounts import passkeys
from app.accounts.models import Staff
from app.passkeys.ceremony import Owner
from app.web import challenges, proof
from app.web.access import Who, allow, staff_of
from app.web.investigator.own_frame import ACCOUNT, PROOF, page, proven_as, record
from app.web.investigator.own_tidings import tell
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.passkey_pages import PasskeyPages
from app.web.request import current

bp = Blueprint("investigator_own_passkeys", __name__)


def _owner(who: int, handle: bytes) -> Owner:
    person = current.session.get_one(Staff, who)
    return Owner(handle, person.login, person.name)


PAGES = PasskeyPages(
    who=lambda: staff_of(current.person),
    url=lambda: current.config.public_url,
    kept=lambda: passkeys.kept(current.session),
    owner=_owner,
    keep=lambda who, made, handle, name: passkeys.add(current.session, who, made, handle, name, current.at),
    purpose=challenges.STAFF_MAKE,
    page=lambda form: page(passkey_form=form),
    account=ACCOUNT,
)


@bp.post("/staff/account/passkeys/start")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.STAFF)
def start() -> Any:
    """What the browser asks its device for, to make a passkey."""
    return PAGES.start() if proof.is_given(proven_as()) else proof.missing()


@bp.post("/staff/account/passkeys")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def add() -> Any:
    """Keep what the device has made."""
    return PAGES.add(lambda: _changed("staff.passkey-added"))


@bp.post("/staff/account/passkeys/remove")
@allow(Who.STAFF)
@proof.needed(proven_as, PROOF)
def remove() -> Response:
    """Take one off the list."""
    return PAGES.remove(lambda: _changed("staff.passkey-removed"))


def _changed(action: str) -> None:
    record(action)
    tell(staff_of(current.person), "passkey")
