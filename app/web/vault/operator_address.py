"""Where an operator reads e-mail at work: given after a proof, confirmed by a code, for letters about the sign-in."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.identity import operator_contacts, operator_letters
from app.web import proof
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import CODES_PER_PERSON, limiter
from app.web.locale import _
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_own_frame import ACCOUNT, PROOF, oneself, page, proven_as, record

bp = Blueprint("vault_operator_address", __name__)
AN_HOUR = timedelta(hours=1)
MOST_CODES = 5
"""In an hour: nobody's inbox can be flooded by typing its address here."""


@bp.post("/vault/operators/account/address")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def give() -> Any:
    """Take an address, and have a code sent there."""
    me, address = operator(), request.form.get("address", "")
    try:
        if operator_letters.asked_lately(current.vault, me, current.at - AN_HOUR) >= MOST_CODES:
            raise Refusal("enough-codes")
        operator_contacts.give(current.vault, me, address, current.language)
    except Refusal as refusal:
        return page(wrong={"address": explained(refusal)[1]}, address=address)
    if current.config.is_demo and current.config.mail is None:
        code = operator_contacts.make_code(current.vault, me, current.at)
        sentence = _("In the demonstration no mail leaves. This is the code that it would bring: %(code)s", code=code)
    else:
        operator_letters.post(current.vault, me, operator_letters.CODE, current.at)
        sentence = _("A code is on its way to that address. It arrives within a minute.")
    record("operator.address-given")
    return _done(sentence)


@bp.post("/vault/operators/account/address/code")
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def confirm() -> Any:
    """The address counts from now on; the one of before is told."""
    me = operator()
    try:
        is_another = operator_contacts.confirm(current.vault, me, request.form.get("code", ""), current.at)
    except Refusal as refusal:
        return page(wrong={"code": explained(refusal)[1]})
    record("operator.address-confirmed")
    if is_another:
        operator_letters.post(current.vault, me, operator_letters.ADDRESS_CHANGED, current.at)
    return _done(_("Your address is confirmed. You are written to when something changes in how you sign in."))


@bp.post("/vault/operators/account/address/forget")
@allow(Who.OPERATOR)
@proof.needed(proven_as, PROOF)
def forget() -> Response:
    """No address any more; the one of before is told."""
    me = operator()
    if operator_contacts.forget(current.vault, me):
        operator_letters.post(current.vault, me, operator_letters.ADDRESS_CHANGED, current.at)
    record("operator.address-forgotten")
    return _done(_("Your address is deleted. You get no more messages."))


def _done(sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for(ACCOUNT), 303)
