"""A professional shows once more who it is, before changing how to sign in: password and code, or a passkey."""

from typing import Any

from flask import Blueprint, render_template

from app.accounts import passkeys
from app.passkeys.ceremony import Place
from app.web import challenges
from app.web.access import Who, allow, staff_of
from app.web.investigator.own_frame import ACCOUNT, PLACES, PROOF, oneself, proven_as, record
from app.web.investigator.proving import is_password, proven
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.proof_pages import ProofPages
from app.web.request import current

bp = Blueprint("investigator_own_proof", __name__)


def _owner_of(place: Place, answer: str, challenge: bytes) -> int:
    return passkeys.prove(current.session, place, answer, challenge, current.at).staff_id


PAGES = ProofPages(
    who=lambda: staff_of(current.person),
    named=proven_as,
    url=lambda: current.config.public_url,
    is_password=is_password,
    proven=proven,
    owner_of=_owner_of,
    purpose=challenges.STAFF_SIGN_IN,
    shown=lambda form, place: render_template("own/proof.html", form=form, place=place, places=PLACES),
    account=ACCOUNT,
    page=PROOF,
)


@bp.route("/staff/account/proof", methods=["GET", "POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=oneself)
@allow(Who.STAFF)
def prove() -> Any:
    """Ask for the password and a code; what is right holds for some minutes."""
    return PAGES.prove(lambda: record("staff.proven-again"))


@bp.post("/staff/account/proof/passkey")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.STAFF)
def by_passkey() -> Any:
    """The same by one of the professional's own passkeys."""
    return PAGES.by_passkey(lambda: record("staff.proven-again"), lambda: record("staff.passkey-stopped"))
