"""The second factor of participants who switched it on: asked for after a password and after a mailed link alike."""

from typing import Any

from flask import Blueprint, render_template, request

from app.identity import person_factors
from app.identity.models import Person
from app.identity.steps import Step
from app.web.access import Who, allow
from app.web.code_form import CodeForm
from app.web.limits import CODES_PER_PERSON, SIGN_INS_PER_ORIGIN, limiter, person_key
from app.web.locale import _
from app.web.request import current
from app.web.vault import duty
from app.web.vault.handing_over import let_in, record
from app.web.vault.proving import TRIES, proven
from app.web.vault.security_mails import tell

bp = Blueprint("vault_code", __name__)


def half_way() -> str:
    """Whose tries are counted: the person's, of whom one factor is known already."""
    return person_key(f"second factor of person {current.half_owner}")


@bp.route("/vault/code", methods=["GET", "POST"])
@limiter.limit(SIGN_INS_PER_ORIGIN, methods=["POST"])
@limiter.limit(CODES_PER_PERSON, methods=["POST"], key_func=half_way)
@allow(Who.HALF_OWNER)
def prove() -> Any:
    """Ask for a code of the app, or one of the recovery codes in its place."""
    step, person = _here()
    form, is_wrong = CodeForm(request.form), False
    if request.method == "POST" and form.validate():
        found = proven(person.id, form.code.data or "")
        if found is not None:
            return let_in(person, step.state, step.way, ends_others=step.ends_others, second_factor=found)
        form.code.errors = [_("This code does not fit, or was used already. Wait for the next one, then type it in.")]
        is_wrong = True
    lapses_at = person_factors.lapses_at(current.vault, person.id)
    page = render_template("vault/code.html", form=form, lapses_at=lapses_at), 422 if form.errors else 200
    return TRIES.note_wrong_code(page, person.id) if is_wrong else page


@bp.post("/vault/code/lost")
@allow(Who.HALF_OWNER)
def lost() -> Any:
    """Neither app nor codes: in three days no code is asked for any more, unless somebody types one before."""
    _step, person = _here()
    lapses_at = person_factors.let_lapse(current.vault, person.id, current.at)
    record(person, "second-factor.lost")
    tell(person)
    duty.stop()
    return render_template("vault/code_lost.html", lapses_at=lapses_at)


def _here() -> tuple[Step, Person]:
    found = duty.step()
    if found is None:
        raise RuntimeError("this view must be declared for participants on the way to the code")
    return found, current.vault.get_one(Person, found.person_id)
