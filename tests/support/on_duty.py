"""Operators on duty, as outside the demonstration: each with a browser, an app, and a number."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.identity import operator_factors, operators
from app.identity.models import LedgerEntry
from tests.support.signing_in import Clock, a_browser
from tests.support.ways_in import code_at, post
from tests.support.world import World

HOME = "/vault/operators"
OWN, ACCESS = f"{HOME}/account", f"{HOME}/access"
PROOF, SET_UP, PROVE = f"{OWN}/proof", f"{HOME}/second-factor/set-up", f"{HOME}/second-factor"
SIGN_IN = f"{HOME}/sign-in"
PASSWORD, NEW_PASSWORD = "a long password of somebody", "seven quiet herons at dawn"


@dataclass(slots=True)
class Duty:
    """An operator on duty: the browser, the secret of the app, and the number."""

    browser: Any
    secret: str
    number: int

    @property
    def who(self) -> str:
        return f"operator:{self.number}"


def on_duty(app: Flask, world: World, login: str, clock: Clock) -> Duty:
    """A new operator with an app, signed in at this instant; within a minute no other code of that app counts."""
    with world.vault() as session:
        number = operators.add(session, login, login.title(), PASSWORD, clock.at).id
        factors = operator_factors.kept(session)
        secret = factors.begin(number, clock.at)
        assert factors.confirm(number, code_at(secret, clock, -30), clock.at)
        session.commit()
    found = Duty(password(app, login), secret, number)
    assert HOME == post(found.browser, PROVE, PROVE, code=code_at(secret, clock)).location
    return found


def password(app: Flask, login: str, typed: str = PASSWORD) -> Any:
    """A browser in which that password was typed."""
    browser = a_browser(app)
    with post(browser, SIGN_IN, SIGN_IN, login=login, password=typed) as answer:
        answer.get_data()
    return browser


def is_in(browser: Any) -> bool:
    return bool(browser.get(HOME).status_code == 200)


def act(duty: Duty, address: str, page: str = OWN, /, **typed: str) -> Any:
    return post(duty.browser, address, page, **typed)


def again(production: Flask, duty: Duty, clock: Clock, typed: str = PASSWORD, login: str = "olga") -> Any:
    """Another browser of the same operator; a minute later it is."""
    browser = password(production, login, typed)
    assert HOME == post(browser, PROVE, PROVE, code=code_at(duty.secret, clock)).location
    clock.wait(minutes=1)
    return browser


def acts(world: World, subject: str) -> list[tuple[str, str]]:
    with world.vault() as session:
        rows = session.scalars(select(LedgerEntry).where(LedgerEntry.subject == subject).order_by(LedgerEntry.id))
        return [(row.actor, row.action) for row in rows]
