"""A team corrects something for a participant who asked for it: what is typed is kept, what is kept is never shown."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import EmailField, Form, StringField, TelField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from app.errors import Refusal
from app.identity import address_changes, corrections, identities, ledger, tickets
from app.identity.identity import Identity
from app.identity.tickets import Ticket
from app.web.access import Who, allow
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault.birth_date import birth_date
from app.web.vault.new_password import TOO_LONG
from app.web.vault.reading import read_on_in, ticket_for
from app.web.vault.typed_address import ADDRESS

bp = Blueprint("vault_correction", __name__)


class CorrectionForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Only what is to be another; what stays empty stays as it is."""

    given_name = StringField(lazy("Given name"), [Optional(), Length(max=120, message=TOO_LONG)])
    family_name = StringField(lazy("Family name"), [Optional(), Length(max=120, message=TOO_LONG)])
    birth_date = birth_date()
    email = EmailField(
        lazy("E-mail address"),
        [
            Optional(),
            Length(max=254, message=TOO_LONG),
            Regexp(ADDRESS, message=lazy("Enter an address such as name@example.org.")),
        ],
        description=lazy("A link is sent there. The address is used once its owner has opened it."),
    )
    phone = TelField(lazy("Telephone"), [Optional(), Length(max=40, message=TOO_LONG)])
    postal_address = TextAreaField(lazy("Postal address"), [Optional(), Length(max=500, message=TOO_LONG)])

    def onto(self, held: Identity) -> Identity:
        """What is kept, with what was typed in its place."""
        return Identity(
            email=held.email,
            given_name=(self.given_name.data or "").strip() or held.given_name,
            family_name=(self.family_name.data or "").strip() or held.family_name,
            phone=(self.phone.data or "").strip() or held.phone,
            birth_date=self.birth_date.data or held.birth_date,
            postal_address=(self.postal_address.data or "").strip() or held.postal_address,
        )


@bp.route("/vault/correction", methods=["GET", "POST"])
@allow(Who.ANYONE)
def correct() -> Any:
    """One correction for each ticket; the participant is told by mail that there was one."""
    token = request.values.get("ticket", "")
    ticket = ticket_for(token, tickets.CORRECTION)
    read_on_in(request.args.get("lang", ""))
    if tickets.is_used(current.vault, ticket):
        raise Refusal("correction-used")
    back = f"{current.config.way_to_study}/studies/{ticket.facts['study']}/rights/{ticket.facts['right']}"
    form = CorrectionForm(request.form)
    if request.method == "POST" and form.validate():
        if any(field.data for field in form):
            _correct(ticket, form)
            return redirect(back, 303)
        form.form_errors.append(_("Nothing was typed. Fill in what is to be corrected."))
    page = render_template("vault/correction.html", form=form, token=token, study=ticket.facts["study"], back=back)
    return page, 422 if form.errors else 200


def _correct(ticket: Ticket, form: CorrectionForm) -> None:
    tickets.use_up(current.vault, ticket)
    person = corrections.person_of(current.vault, ticket.facts["account"])
    by = f"staff:{ticket.facts['staff']}"
    changed = corrections.correct(current.vault, person, form.onto(identities.read(current.vault, person)))
    config = current.config
    if form.email.data:
        address_changes.ask(
            current.vault, person, form.email.data, by, f"{config.vault_url}/vault/address/", current.at
        )
        changed = (*changed, "email-asked")
    if set(changed) - {"email-asked"}:
        corrections.tell(current.vault, person, ticket.identifier, f"{config.public_url}/account/settings", current.at)
    facts = {"study": ticket.facts["study"], "right": ticket.facts["right"], "fields": list(changed)}
    subject = f"account:{ticket.facts['account']}"
    ledger.record(current.vault, current.at, by, "identity.corrected", subject, facts, current.id)
