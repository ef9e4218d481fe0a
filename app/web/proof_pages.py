"""The page on which professionals and operators show once more who they are: the same, with tables of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for

from app.passkeys import ceremony
from app.passkeys.ceremony import Place
from app.web import proof
from app.web.passkey_answers import place_or_404
from app.web.proof import ProofForm


@dataclass(frozen=True, slots=True)
class ProofPages:
    """What differs from one kind of people to another.

    ``who``: whoever asks, by number, and ``named`` as the proof keeps it. ``is_password`` and ``proven`` take a number
    and what was typed. ``owner_of`` says whose passkey has answered a challenge; it raises Refused and WentBack as
    app/passkeys/kept.py does. ``purpose``: of the challenges of their sign-in. ``shown`` draws the page.
    ``account`` and ``page``: the views that a right and a wrong proof lead to.
    """

    who: Callable[[], int]
    named: Callable[[], str]
    url: Callable[[], str]
    is_password: Callable[[int, str], bool]
    proven: Callable[[int, str], str | None]
    owner_of: Callable[[Place, str, bytes], int]
    purpose: str
    shown: Callable[[ProofForm, Place | None], str]
    account: str
    page: str

    def prove(self, given: Callable[[], None]) -> Any:
        """Ask for the password and a code; what is right holds for some minutes, and ``given`` writes it down."""
        who, form = self.who(), ProofForm(request.form)
        if request.method == "POST" and proof.is_shown(
            form, lambda typed: self.is_password(who, typed), lambda typed: self.proven(who, typed) is not None
        ):
            return self._go_on(given)
        return self.shown(form, ceremony.place_of(self.url())), 422 if form.errors else 200

    def by_passkey(self, given: Callable[[], None], stopped: Callable[[], None]) -> Any:
        """The same by one of one's own passkeys; ``stopped`` writes down that one was copied."""
        place = place_or_404(self.url())

        def is_own(answer: str, challenge: bytes) -> bool:
            return self.owner_of(place, answer, challenge) == self.who()

        if not proof.is_shown_by_passkey(self.purpose, is_own, stopped):
            return redirect(url_for(self.page), 303)
        return self._go_on(given)

    def _go_on(self, given: Callable[[], None]) -> Any:
        given()
        proof.give(self.named())
        return redirect(url_for(self.account), 303)
