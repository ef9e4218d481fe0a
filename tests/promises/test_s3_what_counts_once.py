"""S3: a mailed link, a passkey's answer and an app's code, each sent sixteen times at the same instant, count once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import func, select

from app.accounts import closing, staff
from app.accounts.models import SignIn, Staff
from app.accounts.roles import DATA_MANAGER
from app.audit.models import AuditEntry
from app.errors import Refusal
from app.identity import mailbox, operator_resets, operators, people, person_factors
from tests.support import ways_in
from tests.support.authenticator import Device
from tests.support.browser_form import csrf_of, page_text
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


def test_of_sixteen_uses_of_an_operators_link_one_chooses_the_password(either_app: Flask, either_world: World) -> None:
    """On PostgreSQL too. Seen failing there with a use() that looked first and then wrote."""
    with either_world.vault() as session:
        olga = operators.add(session, "olga", "Olga", "a long password of hers", AT)
        link = f"/vault/operators/new-password/{operator_resets.make(session, olga.id, datetime.now(UTC))}"
        session.commit()
    browser = a_browser(either_app)
    token = csrf_of(browser.get(link))
    copies = [copy_of(either_app, browser) for _ in range(TIMES)]
    chosen = [f"seven quiet herons, number {number}" for number in range(TIMES)]
    forms = [{"csrf_token": token, "password": password} for password in chosen]
    presses = [
        lambda copy=copy, form=form: copy.post(link, data=form) for copy, form in zip(copies, forms, strict=True)
    ]
    statuses = [answer.status_code for answer in at_once(presses)]
    assert [303] + [410] * (TIMES - 1) == sorted(statuses)
    with either_world.vault() as session:
        assert operators.authenticate(session, "olga", chosen[statuses.index(303)]) is not None


def test_of_sixteen_failed_tries_and_a_sign_in_at_once_none_is_lost_and_nobody_waits_for_ever(
    either_app: Flask, either_world: World
) -> None:
    """Each is counted and on record, before the sign-in or after it. Seen failing with the count read, then written."""
    browsers = [a_browser(either_app) for _ in range(TIMES)]
    forms = [
        {"csrf_token": csrf_of(one.get("/staff/sign-in")), "login": "bob", "password": "wrong"} for one in browsers
    ]
    forms[7]["password"] = "bob-password-2026"

    def press(browser: Any, form: dict[str, str]) -> int:
        with browser.post("/staff/sign-in", data=form) as answer:
            answer.get_data()
            return int(answer.status_code)

    pairs = zip(browsers, forms, strict=True)
    statuses = at_once([lambda one=one, form=form: press(one, form) for one, form in pairs])
    assert [303] + [422] * (TIMES - 1) == sorted(statuses)
    told = re.search(r"Since your last sign-in (\d+) tr", page_text(browsers[7].get("/studies")))
    with either_world.study() as session:
        left = session.get_one(Staff, either_world.staff["bob"]).failed_tries
        failed = select(func.count()).where(AuditEntry.action == "staff.sign-in-failed")
        assert TIMES - 1 == session.scalar(failed)
    assert TIMES - 1 == left + (int(told[1]) if told else 0)


def test_two_managers_who_close_each_other_leave_one(either_world: World) -> None:
    """Seen failing (both were closed) without the lock."""
    with either_world.study() as session:
        staff.set_roles(session, either_world.staff["bob"], [DATA_MANAGER])
        session.commit()

    def close(number: int) -> bool:
        with either_world.study() as session:
            try:
                closing.close(session, number, AT)
            except Refusal:
                return False
            session.commit()
            return True

    both = [either_world.staff["bob"], either_world.staff["dana"]]
    assert [False, True] == sorted(at_once([lambda number=number: close(number) for number in both]))


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
