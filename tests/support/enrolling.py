"""A site on its way through the vault's page and back."""

from typing import Any

from tests.support.browser_form import csrf_of
from tests.support.forms import form_at, send
from tests.support.signing_in import path_of

ENROL = "/studies/HORIZON/enrol"
KNOWN = {"subject": "S2-009", "site": "S2", "language": "en"}
ZOE = {
    "given_name": "Zoé",
    "family_name": "Quillévéré",
    "birth_date": "1953-11-29",
    "email": "zoe@patients.example",
    "phone": "+33 6 98 76 54 32",
    "postal_address": "17 chaussée des Ormes",
}


def begin(browser: Any, **known: str) -> str:
    """The address of the vault's page, after the study's page."""
    asked = send(browser, ENROL, **{**KNOWN, **known})
    assert 303 == asked.status_code, asked.text
    return path_of(asked.location)


def say_who(browser: Any, page: str, **identity: str) -> Any:
    """What the vault answers to an identity."""
    shown = browser.get(page)
    fields: dict[str, Any] = form_at(shown, "/vault/enrolment")
    return browser.post("/vault/enrolment", data={**fields, **identity, "csrf_token": csrf_of(shown)})


def enrol(browser: Any, known: dict[str, str], identity: dict[str, str]) -> Any:
    """The whole way; the study's last answer."""
    back = say_who(browser, begin(browser, **known), **identity)
    assert 303 == back.status_code, back.text
    return browser.get(path_of(back.location))
