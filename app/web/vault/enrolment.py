"""A site says who a new participant is: on the vault's page, opened with a ticket of the study side.

What it sends back are two pseudonyms. Of somebody who is here already nothing is shown but what both entries share.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, RadioField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from app.errors import Refusal
from app.identity import assertions, duplicates, enrolments, ledger, people, tickets
from app.identity.duplicates import Candidate
from app.identity.identity import Identity
from app.identity.models import Person
from app.identity.tickets import Ticket
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.locale import _, lazy
from app.web.request import current
from app.web.vault import inviting
from app.web.vault.birth_date import birth_date
from app.web.vault.doubles import known_as
from app.web.vault.reading import read_on_in, ticket_for
from app.web.vault.typed_address import ADDRESS

bp = Blueprint("vault_enrolment", __name__)
TOO_LONG = lazy("This is too long.")
NEW = "new"


class IdentityForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """Who somebody is."""

    given_name = StringField(
        lazy("Given name"), [InputRequired(lazy("Enter the given name.")), Length(max=120, message=TOO_LONG)]
    )
    family_name = StringField(
        lazy("Family name"), [InputRequired(lazy("Enter the family name.")), Length(max=120, message=TOO_LONG)]
    )
    birth_date = birth_date()
    email = EmailField(
        lazy("E-mail address"),
        [
            Optional(),
            Length(max=254, message=TOO_LONG),
            Regexp(ADDRESS, message=lazy("Enter an address such as name@example.org.")),
        ],
        description=lazy("The invitation goes there. Each person needs an address of their own, or none."),
    )
    phone = TelField(lazy("Telephone"), [Optional(), Length(max=40, message=TOO_LONG)])
    postal_address = TextAreaField(lazy("Postal address"), [Optional(), Length(max=500, message=TOO_LONG)])
    decision = RadioField(lazy("Is it the same person?"), [Optional()], validate_choice=False)

    def identity(self) -> Identity:
        """As it was typed."""
        return Identity(
            email=self.email.data or None,
            given_name=self.given_name.data.strip(),
            family_name=self.family_name.data.strip(),
            phone=self.phone.data or None,
            birth_date=self.birth_date.data,
            postal_address=self.postal_address.data or None,
        )


@bp.route("/vault/enrolment", methods=["GET", "POST"])
@allow(Who.ANYONE)
def enrol() -> Any:
    """The page is anybody's who brings a ticket; without one there is nothing to see."""
    token = request.values.get("ticket", "")
    ticket = ticket_for(token, tickets.ENROLMENT)
    read_on_in(request.args.get("lang", ""))
    if tickets.is_used(current.vault, ticket):
        raise Refusal("ticket-used")
    form = IdentityForm(request.form)
    found: list[Candidate] = []
    if request.method == "POST" and form.validate():
        found = duplicates.candidates(current.vault, form.identity())
        try:
            person = _decided(ticket, form, found)
        except Refusal as refusal:
            field = form.email if refusal.code == "address-already-registered" else form.decision
            field.errors = [explained(refusal)[1]]
        else:
            if person is not None:
                return _back(ticket, person)
    page = render_template(
        "vault/enrolment.html", form=form, ticket=ticket, token=token, choices=_choices(found), is_asked=bool(found)
    )
    return page, 422 if form.errors or found else 200


def _decided(ticket: Ticket, form: IdentityForm, found: list[Candidate]) -> Person | None:
    """Who is enrolled; None where somebody has to say first whether a likely double is the same person."""
    decision = form.decision.data or ""
    if not found or decision == NEW:
        person = enrolments.enter(current.vault, ticket, form.identity(), current.at)
        _record(ticket, "person.entered", person)
        inviting.invite(person, ticket.facts["language"])
        return person
    chosen = next((one for one in found if str(one.person_id) == decision), None)
    if chosen is None:
        form.decision.errors = [_("Somebody like this is known already. Say whether it is the same person.")]
        return None
    person = enrolments.recognise(current.vault, ticket, form.identity(), chosen.person_id)
    _record(ticket, "person.recognised", person)
    return person


def _record(ticket: Ticket, action: str, person: Person) -> None:
    facts = {"study": ticket.facts["study"], "site": ticket.facts["site"]}
    actor = f"staff:{ticket.facts['staff']}"
    ledger.record(current.vault, current.at, actor, action, f"person:{person.id}", facts, current.id)


def _choices(found: list[Candidate]) -> list[tuple[str, str]]:
    """One choice for each who may be the same, by what both share; and that it is somebody else."""
    if not found:
        return []
    same = [(str(one.person_id), known_as(one)) for one in found]
    return [*same, (NEW, _("No, it is somebody else"))]


def _back(ticket: Ticket, person: Person) -> Response:
    """To the study side with two signed pseudonyms, and nothing else of the person."""
    statement = assertions.state_enrolment(
        current.config.assertion_private_key or "",
        ticket.identifier,
        people.pseudonym_of(current.vault, person, people.ACCOUNT),
        people.pseudonym_of(current.vault, person, people.study_domain(ticket.facts["study"])),
        current.config.public_url,
        current.at,
    )
    return redirect(f"{current.config.way_to_study}/enrolled?{urlencode({'statement': statement})}", 303)
