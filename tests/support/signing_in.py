"""Browsers on their way in: through the vault, as a professional, with a clock that stands where a test puts it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask

from app.identity import people, person_keys, sealed_rows
from app.identity.models import Pseudonym
from app.web.limits import limiter
from tests.support.browser_form import csrf_of
from tests.support.people import PASSWORD
from tests.support.world import ACCOUNTS, AT, World

EMAIL = "alice@example.org"
STATE = "s" * 32
VAULT_PAGE = f"/vault/sign-in?state={STATE}"


@dataclass(slots=True)
class Clock:
    """What the application takes for now."""

    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **how_long: float) -> None:
        """Let time pass."""
        self.at += timedelta(**how_long)


def a_browser(app: Flask, language: str = "en") -> Any:
    """A browser that nobody has used yet."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    return browser


def count_tries() -> None:
    """Switch the limits on, which the application of the tests has off, and count from zero."""
    limiter.enabled = True
    limiter.reset()


def known_to_the_vault(world: World, name: str = "alice", email: str = EMAIL, password: str = PASSWORD) -> None:
    """Give a participant of the world an identity, an address and a password."""
    with world.vault() as session:
        person = people.register(session, email, name.title(), "Aubert", "en", password, AT)
        session.add(Pseudonym(person_id=person.id, domain=people.ACCOUNT, value=ACCOUNTS[name]))
        session.commit()


def try_vault(browser: Any, email: str = EMAIL, password: str = PASSWORD, page: str = VAULT_PAGE) -> Any:
    """What the vault answers to an address and a password."""
    form = {"csrf_token": csrf_of(browser.get(page)), "email": email, "password": password}
    return browser.post(page, data=form)


def to_the_assertion(browser: Any, start: str = "/sign-in") -> str:
    """From the study side through the vault, up to the address that would open the account."""
    page = browser.get(start).location
    back = try_vault(browser, page=path_of(page))
    assert back.status_code == 303, back.text
    return path_of(back.location)


def through_the_vault(browser: Any, start: str = "/sign-in") -> Any:
    """The whole way in; the answer that opens the account."""
    return browser.get(to_the_assertion(browser, start))


def ask_for_link(browser: Any, email: str = EMAIL, purpose: str = "sign-in") -> Any:
    """Begin on the study side and ask the vault for a link by e-mail; what the vault answers, its mail gone."""
    state = parse_qs(urlsplit(browser.get("/sign-in").location).query)["state"][0]
    page = f"/vault/ask/{purpose}?state={state}"
    form = {"csrf_token": csrf_of(browser.get(page)), "state": state, "email": email}
    with browser.post(page, data=form) as answer:
        answer.get_data()
    return answer


def key_of(browser: Any) -> str | None:
    """The key that the browser holds, if any."""
    with browser.session_transaction() as cookie:
        held: str | None = cookie.get("_user_id")
        return held


def is_in(browser: Any) -> bool:
    """Whether the account's settings open to this browser."""
    return browser.get("/account/settings").status_code == 200


def password_hash_of(world: World, email: str = EMAIL) -> str:
    """What the vault keeps of a password."""
    with world.vault() as session:
        person = people.find_by_email(session, email)
        assert person is not None
        kept = sealed_rows.read(person, "password_hash", person_keys.of(session, person.id))
        assert kept is not None
        return kept


def path_of(url: str) -> str:
    """An address without its host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
