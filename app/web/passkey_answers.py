"""What devices answer about passkeys, as forms bring it: filled in by a script, refused politely, never repeated."""

import structlog
from flask import abort, jsonify
from werkzeug.wrappers import Response
from wtforms import Form, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.errors import Refusal
from app.passkeys import ceremony
from app.passkeys.ceremony import Made, Place, Refused
from app.web import challenges
from app.web.errors import explained
from app.web.locale import lazy
from app.web.request import current

log = structlog.get_logger("weshare.web")


class NameForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """A new passkey: how its owner calls it, and what the device has made."""

    name = StringField(
        lazy("Name of the passkey"),
        [InputRequired(lazy("Give the passkey a name.")), Length(max=60, message=lazy("This is too long."))],
        description=lazy("Such as “My telephone”, so that you know it again on this list."),
    )
    credential = HiddenField()


def place_or_404(url: str) -> Place:
    """Where this site's passkeys hold; 404 where its address has no name, since no browser would make one."""
    return ceremony.place_of(url) or abort(404)


def incomplete(form: Form) -> tuple[Response, int]:
    """What the script shows instead of asking the device."""
    return jsonify(error="incomplete", message=str(next(iter(form.errors.values()))[0])), 422


def refused(refusal: Refusal) -> tuple[Response, int]:
    """What the script shows where no passkey can be made at all."""
    status, sentence = explained(refusal)
    return jsonify(error=refusal.code, message=sentence), status


def made_by(form: NameForm, purpose: str, place: Place) -> tuple[Made, bytes]:
    """The new passkey and its user handle; Refusal("passkey-not-made") for anything that proves nothing."""
    held = challenges.take(purpose)
    try:
        if held is None:
            raise Refused("no-challenge")
        return ceremony.made(place, form.credential.data or "", held.challenge), bytes.fromhex(held.note)
    except Refused as refused:
        log.info("passkey not made", request_id=current.id, reason=refused.reason)
        raise Refusal("passkey-not-made") from refused
