"""A participant changes the password: the one of today is asked for, on a page that asked for the code before."""

from typing import Any

from flask import Blueprint, flash, redirect, request, session
from werkzeug.wrappers import Response

from app.identity import people, steps
from app.identity.models import Person
from app.web.access import Who, allow
from app.web.limits import CODES_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter, person_key
from app.web.locale import _
from app.web.proof import NewPasswordForm
from app.web.request import current
from app.web.vault import duty
from app.web.vault.duty import owner
from app.web.vault.handing_over import ENDS_OTHERS, record
from app.web.vault.new_password import is_good
from app.web.vault.security_mails import tell
from app.web.vault.security_page import page

bp = Blueprint("vault_security_password", __name__)


def oneself() -> str:
    """Whose tries are counted."""
    return person_key(f"own password of person {current.owner}")


@bp.post("/vault/security/password")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@limiter.limit(CODES_PER_PERSON, key_func=oneself)
@allow(Who.OWNER)
def change() -> Any:
    """Take the new password. Signing in with it, which comes next, ends every other sign-in."""
    person, form = current.vault.get_one(Person, owner()), NewPasswordForm(request.form)
    if not form.validate():
        return page(password_form=form)
    if not _is_old(person.id, form.old_password.data or ""):
        form.old_password.errors = [_("This is not your password of today.")]
    if form.errors or not is_good(form, person):
        return page(password_form=form)
    people.set_password(current.vault, person, form.password.data or "")
    record(person, "password.changed")
    tell(person)
    duty.stop()
    steps.end_all(current.vault, person.id, current.at)
    session[ENDS_OTHERS] = person.id
    flash(_("Your new password holds. Please sign in with it now: that signs you out everywhere else."), "success")
    return _to_sign_in()


def _is_old(who: int, password: str) -> bool:
    # Hashing takes a while: nobody may wait for the write lock meanwhile.
    with current.reader("vault") as reading:
        return people.is_password(reading, who, password)


def _to_sign_in() -> Response:
    return redirect(f"{current.config.way_to_study}/sign-in?again=1", 303)
