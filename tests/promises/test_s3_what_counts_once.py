"""S3: a mailed link, a passkey's answer and an app's code, each sent sixteen times at the same instant, count once."""

from datetime import timedelta
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import SignIn
from app.identity import mailbox, people, person_factors
from tests.support import ways_in
from tests.support.authenticator import Device
from tests.support.browser_form import csrf_of
from tests.support.signing_in import EMAIL, a_browser, ask_for_link, known_to_the_vault, path_of
from tests.support.stage import token_of
from tests.support.together import at_once
from tests.support.world import ACCOUNTS, AT, World

TIMES = 16


def test_of_sixteen_presses_at_once_one_opens_one_session(either_app: Flask, either_world: World) -> None:
    """On PostgreSQL too. Seen failing there with a use() that looked first and then wrote."""
    known_to_the_vault(either_world)
    browser = a_browser(either_app)
    ask_for_link(browser)
    with either_world.vault() as session:
        text = mailbox.messages(session)[0].text
    link = path_of(text.split("http", 1)[1].split()[0].split("localhost", 1)[1])
    token = csrf_of(browser.get(link))
    copies = [copy_of(either_app, browser) for _ in range(TIMES)]
    answers = at_once([lambda copy=copy: copy.post(link, data={"csrf_token": token}) for copy in copies])
    assert [303] + [410] * (TIMES - 1) == sorted(answer.status_code for answer in answers)
    for copy, answer in zip(copies, answers, strict=True):
        if answer.status_code == 303:
            copy.get(path_of(answer.location))
    assert 1 == sign_ins_of_alice(either_world)


def test_of_sixteen_answers_to_one_challenge_one_opens_one_session(either_app: Flask, either_world: World) -> None:
    """Seen failing with a challenge that only the cookie knew."""
    known_to_the_vault(either_world)
    owner, browser, device = a_browser(either_app), a_browser(either_app), Device(counts=False)
    ways_in.enter(owner)
    assert 303 == ways_in.add_passkey(owner, device).status_code
    state = browser.get("/sign-in").location.split("state=")[1].split("&")[0]
    asked = ways_in.post(browser, "/vault/passkeys/start")
    form = {"csrf_token": token_of(browser), "state": state, "credential": device.sign(asked.json)}
    copies = [copy_of(either_app, browser) for _ in range(TIMES)]
    answers = at_once([lambda copy=copy: copy.post("/vault/passkeys", data=form) for copy in copies])
    (way,) = [answer.location for answer in answers if "/session?" in answer.location]
    assert "/account" == browser.get(path_of(way)).location
    assert 1 == sign_ins_of_alice(either_world)


def test_of_sixteen_times_the_same_code_one_is_taken(either_world: World) -> None:
    """Seen failing with a look at the last step before the update."""
    known_to_the_vault(either_world)
    with either_world.vault() as session:
        person = people.find_by_email(session, EMAIL)
        assert person is not None
        who, secret = person.id, person_factors.kept(session).begin(person.id, AT)
        assert person_factors.kept(session).confirm(who, pyotp.TOTP(secret).at(AT), AT)
        session.commit()
    later = AT + timedelta(minutes=1)
    code = pyotp.TOTP(secret).at(later)

    def prove() -> bool:
        with either_world.vault() as session:
            is_right = person_factors.prove_by_app(session, who, code, later)
            session.commit()
            return is_right

    assert [False] * (TIMES - 1) + [True] == sorted(at_once([prove] * TIMES))


def sign_ins_of_alice(world: World) -> int:
    """How many there have ever been."""
    with world.study() as session:
        mine = select(func.count()).select_from(SignIn).where(SignIn.account_pseudonym == ACCOUNTS["alice"])
        return session.scalar(mine) or 0


def copy_of(app: Flask, browser: Any) -> Any:
    """The same browser once more: another window of it."""
    other = a_browser(app)
    other.set_cookie("weshare", browser.get_cookie("weshare").value)
    return other
