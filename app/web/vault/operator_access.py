"""Who works for the trusted third party: help for one who has lost a way in, the end of sign-ins and of accounts."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.identity import operator_closing, operator_contacts, operator_factors, operator_resets, operators
from app.identity.operator_resets import FACTOR_DROPPED, LINK_MADE
from app.identity.sign_in_models import Operator
from app.web import account_reasons
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current
from app.web.vault.duty import operator
from app.web.vault.operator_frame import page, record

bp = Blueprint("vault_operator_access", __name__)
LISTING = "vault_operator_access.listing"
BIGGEST_ID = 2**31 - 1
PERSON = f"/vault/operators/access/<int(max={BIGGEST_ID}):number>"


@bp.get("/vault/operators/access")
@allow(Who.OPERATOR)
def listing() -> str:
    """All operators, each with whether the second factor is set up and whether letters reach them."""
    return page(
        "vault/operator_access.html",
        people=operators.everybody(current.vault),
        with_factor=operator_factors.kept(current.vault).those_set_up(),
        with_address=operator_contacts.those_reachable(current.vault),
    )


@bp.get(f"{PERSON}")
@allow(Who.OPERATOR)
def person(number: int) -> str:
    """What can be done for another operator, or about one."""
    found = _another(number, is_closed=None)
    return page(
        "vault/operator_access_person.html",
        person=found,
        is_set_up=operator_factors.kept(current.vault).is_set_up(number),
        is_reachable=number in operator_contacts.those_reachable(current.vault),
        reasons=(account_reasons.TO_CLOSE if found.closed_at is None else account_reasons.TO_REOPEN).items(),
    )


@bp.post(f"{PERSON}/lost")
@allow(Who.OPERATOR)
def lost(number: int) -> Any:
    """Another operator's app counts no longer; a one-time code, shown this once, to set up a new one. Not oneself's."""
    found = _another(number)
    try:
        operator_resets.check_helper(current.vault, operator(), number, FACTOR_DROPPED, current.at)
    except Refusal as refusal:
        return _back(refusal)
    code = operator_factors.hand_out(current.vault, number, current.at)
    record(operator(), "operator.second-factor-dropped", f"operator:{number}")
    return page("vault/operator_handed.html", person=found, code=code)


@bp.post(f"{PERSON}/link")
@allow(Who.OPERATOR)
def link(number: int) -> Any:
    """A one-time link, shown this once, with which another operator chooses a new password. Not oneself's."""
    found = _another(number)
    try:
        operator_resets.check_helper(current.vault, operator(), number, LINK_MADE, current.at)
    except Refusal as refusal:
        return _back(refusal)
    token = operator_resets.make(current.vault, number, current.at)
    record(operator(), "operator.reset-link-made", f"operator:{number}")
    address = current.config.vault_url + url_for("vault_operator_reset.look", token=token)
    return page("vault/operator_link.html", person=found, address=address)


@bp.post(f"{PERSON}/sign-ins")
@allow(Who.OPERATOR)
def end_sign_ins(number: int) -> Response:
    """Sign another operator out everywhere. Not oneself: that is done on the own page."""
    found = _another(number)
    record(operator(), "operator.signed-out-everywhere", f"operator:{number}")
    operators.end_all(current.vault, number, current.at)
    flash(_("%(name)s is signed out everywhere.", name=found.name), "success")
    return redirect(url_for(LISTING), 303)


@bp.post(f"{PERSON}/close")
@allow(Who.OPERATOR)
def close(number: int) -> Response:
    """Close another operator's account: no way in, no letter; what was done there stays on record."""
    found, reason = _another(number), account_reasons.chosen(account_reasons.TO_CLOSE)
    needs_second_factor = current.config.needs_second_factor
    # The ledger first, as every sign-in does: two of them must not wait for each other crosswise.
    record(operator(), "operator.account-closed", f"operator:{number}", reason=reason)
    try:
        operator_closing.close(current.vault, number, reason, current.at, needs_second_factor=needs_second_factor)
    except Refusal as refusal:
        return _undone(refusal, number)
    flash(_("The account of %(name)s is closed.", name=found.name), "success")
    return redirect(url_for(LISTING), 303)


@bp.post(f"{PERSON}/reopen")
@allow(Who.OPERATOR)
def reopen(number: int) -> Response:
    """Open another operator's account again, without a way in: password and telephone are helped with as always."""
    found, reason = _another(number, is_closed=True), account_reasons.chosen(account_reasons.TO_REOPEN)
    record(operator(), "operator.account-reopened", f"operator:{number}", reason=reason)
    try:
        operator_closing.reopen(current.vault, number, reason, current.at)
    except Refusal as refusal:
        return _undone(refusal, number)
    flash(
        _(
            "The account of %(name)s is open again, without a way in. Give a one-time link for a password; another "
            "operator gives the one-time code for the telephone.",
            name=found.name,
        ),
        "success",
    )
    return redirect(url_for("vault_operator_access.person", number=number), 303)


def _another(number: int, *, is_closed: bool | None = False) -> Operator:
    """Another operator, whose account is open, or closed, or either."""
    found = current.vault.get(Operator, number)
    if found is None or number == operator() or is_closed not in (None, found.closed_at is not None):
        abort(404)
    return found


def _back(refusal: Refusal) -> Response:
    flash(explained(refusal)[1], "error")
    return redirect(url_for(LISTING), 303)


def _undone(refusal: Refusal, number: int) -> Response:
    """The same after something was written down that has not happened."""
    current.vault.rollback()
    flash(explained(refusal)[1], "error")
    return redirect(url_for("vault_operator_access.person", number=number), 303)
