"""Adding and removing one's own passkeys: the same for all kinds of people, each with tables and pages of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.passkeys import ceremony
from app.passkeys.ceremony import Made, Owner
from app.passkeys.kept import Passkeys
from app.web import challenges
from app.web.errors import explained
from app.web.locale import _
from app.web.passkey_answers import NameForm, incomplete, made_by, place_or_404, refused


@dataclass(frozen=True, slots=True)
class PasskeyPages:
    """What differs from one kind of people to another.

    ``who``: whose passkeys they are. ``url``: the address of the site that they are bound to. ``owner`` says what a
    device shows of somebody that it knows by a user handle. ``keep`` takes number, passkey, user handle and name.
    ``purpose``: of the challenges. ``page`` shows the page with what was typed; ``account`` is its view.
    """

    who: Callable[[], int]
    url: Callable[[], str]
    kept: Callable[[], Passkeys[Any]]
    owner: Callable[[int, bytes], Owner]
    keep: Callable[[int, Made, bytes, str], object]
    purpose: str
    page: Callable[[NameForm], Any]
    account: str

    def start(self) -> Any:
        """What the browser asks its device for, to make a passkey."""
        who, place, form = self.who(), place_or_404(self.url()), NameForm(request.form)
        if not form.validate():  # before the device makes one that nobody would keep
            return incomplete(form)
        kept = self.kept()
        try:
            kept.make_room(who)
        except Refusal as refusal:
            return refused(refusal)
        handle = kept.user_handle(who)
        challenge = challenges.begin(f"{self.purpose}/{who}", handle.hex())
        known = [row.credential_id for row in kept.listed(who)]
        return jsonify(ceremony.to_make(place, self.owner(who, handle), known, challenge))

    def add(self, added: Callable[[], None]) -> Any:
        """Keep what the device has made; ``added`` writes it down."""
        who, place, form = self.who(), place_or_404(self.url()), NameForm(request.form)
        if not form.validate():
            return self.page(form)
        try:
            made, handle = made_by(form, f"{self.purpose}/{who}", place)
            self.keep(who, made, handle, form.name.data or "")
        except Refusal as refusal:
            form.name.errors = [explained(refusal)[1]]
            return self.page(form)
        added()
        flash(_("From now on you can sign in with this passkey."), "success")
        return redirect(url_for(self.account), 303)

    def remove(self, removed: Callable[[], None]) -> Response:
        """Take one off the list: it opens nothing from now on, on whatever device it is. ``removed`` writes it down."""
        handle = request.form.get("handle", "")[:24].replace("\x00", "")
        if self.kept().remove(self.who(), handle):
            removed()
            flash(_("The passkey is removed. Nobody can sign in with it any more."), "success")
        return redirect(url_for(self.account), 303)
