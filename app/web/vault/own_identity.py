"""A person sees and corrects what the vault keeps: reached from the account, with a ticket of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.errors import Refusal
from app.identity import address_changes, corrections, erasure, identities, ledger, tickets
from app.identity.identity import Identity
from app.identity.models import Person
from app.identity.tickets import Ticket
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.limits import SIGN_INS_PER_ORIGIN, limiter
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault.birth_date import birth_date
from app.web.vault.new_password import TOO_LONG
from app.web.vault.reading import read_on_in, ticket_for
from app.web.vault.typed_address import ADDRESS

bp = Blueprint("vault_own_identity", __name__)


class DetailsForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """What is corrected at once."""

    given_name = StringField(
        lazy("Given name"), [InputRequired(lazy("Enter the given name.")), Length(max=120, message=TOO_LONG)]
    )
    family_name = StringField(
        lazy("Family name"), [InputRequired(lazy("Enter the family name.")), Length(max=120, message=TOO_LONG)]
    )
    birth_date = birth_date()
    phone = TelField(lazy("Telephone"), [Optional(), Length(max=40, message=TOO_LONG)])
    postal_address = TextAreaField(lazy("Postal address"), [Optional(), Length(max=500, message=TOO_LONG)])

    def identity(self, held: Identity, *, keeps_birth: bool) -> Identity:
        """As it was typed; what the page does not offer stays as it is."""
        return Identity(
            email=held.email,
            given_name=self.given_name.data.strip(),
            family_name=self.family_name.data.strip(),
            phone=(self.phone.data or "").strip() or None,
            birth_date=held.birth_date if keeps_birth else self.birth_date.data,
            postal_address=(self.postal_address.data or "").strip() or None,
        )


class AddressForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Another e-mail address."""

    email = EmailField(
        lazy("New e-mail address"),
        [
            InputRequired(lazy("Enter an address such as name@example.org.")),
            Length(max=254, message=TOO_LONG),
            Regexp(ADDRESS, message=lazy("Enter an address such as name@example.org.")),
        ],
        description=lazy("We send a link there. The earlier address stays in use until you have opened it."),
    )


@bp.get("/vault/identity")
@allow(Who.ANYONE, writes=True)
def identity() -> str:
    """Everything that is kept, to the person alone; that it was shown is on the record."""
    ticket, token, person = _whose()
    held = identities.read(current.vault, person)
    _record(ticket, "identity.shown", {})
    return _page(token, person, held, DetailsForm(obj=held), AddressForm())


@bp.post("/vault/identity")
@allow(Who.ANYONE)
def correct() -> Any:
    """Keep what was corrected, sealed; and find the person by it from now on."""
    ticket, token, person = _whose()
    held = identities.read(current.vault, person)
    form = DetailsForm(request.form)
    if not form.validate():
        return _page(token, person, held, form, AddressForm()), 422
    keeps_birth = corrections.is_birth_relied_on(current.vault, person, held)
    changed = corrections.correct(current.vault, person, form.identity(held, keeps_birth=keeps_birth))
    if changed:
        _record(ticket, "identity.corrected", {"fields": list(changed)})
    flash(_("Your details are saved."), "success")
    return _again(token)


@bp.post("/vault/identity/address")
@limiter.limit(SIGN_INS_PER_ORIGIN)
@allow(Who.ANYONE)
def change_address() -> Any:
    """Write to the new address; the answer is the same whoever it belongs to."""
    ticket, token, person = _whose()
    form = AddressForm(request.form)
    try:
        if not form.validate():
            raise Refusal("not-an-address")
        by, link = f"account:{ticket.facts['account']}", f"{current.config.vault_url}/vault/address/"
        address_changes.ask(current.vault, person, form.email.data, by, link, current.at)
    except Refusal as refusal:
        if not form.errors:
            form.email.errors = [explained(refusal)[1]]
        held = identities.read(current.vault, person)
        return _page(token, person, held, DetailsForm(obj=held), form), 422
    _record(ticket, "address.change-asked", {})
    flash(_("A message is on its way to the new address. Open its link to confirm it."), "success")
    return _again(token)


@bp.route("/vault/identity/erase", methods=["GET", "POST"])
@allow(Who.ANYONE)
def erase() -> Any:
    """What will be gone, and the button; for somebody whom no study knows. Others ask their study."""
    ticket, token, person = _whose()
    if request.method == "GET":
        if erasure.studies_of(current.vault, person):
            raise Refusal("known-in-studies")
        return render_template("vault/own_erasure.html", token=token)
    erasure.erase_oneself(current.vault, person, current.at, f"account:{ticket.facts['account']}")
    sentence = _(
        "Your name, your address and your password are gone for ever, in backups too. You can close this page."
    )
    return render_template("vault/over.html", heading=_("Your account is erased"), sentence=sentence)


def _whose() -> tuple[Ticket, str, Person]:
    token = request.values.get("ticket", "")
    ticket = ticket_for(token, tickets.OWN_IDENTITY)
    read_on_in(ticket.facts["language"])
    return ticket, token, corrections.person_of(current.vault, ticket.facts["account"])


def _page(token: str, person: Person, held: Identity, form: DetailsForm, address: AddressForm) -> str:
    study_side = current.config.way_to_study
    return render_template(
        "vault/own_identity.html",
        token=token,
        form=form,
        address=address,
        held=held,
        is_alone=not erasure.studies_of(current.vault, person),
        keeps_birth=corrections.is_birth_relied_on(current.vault, person, held),
        account_url=f"{study_side}/account/settings",
        rights_url=f"{study_side}/account/rights",
    )


def _again(token: str) -> Response:
    return redirect(url_for("vault_own_identity.identity", ticket=token), 303)


def _record(ticket: Ticket, action: str, facts: dict[str, object]) -> None:
    who = f"account:{ticket.facts['account']}"
    ledger.record(current.vault, current.at, who, action, who, facts, current.id)
