"""S3: one mailed link, sixteen presses of its button at the same instant: exactly one of them signs in."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import SignIn
from app.identity import mailbox
from tests.support.browser_form import csrf_of
from tests.support.signing_in import a_browser, ask_for_link, known_to_the_vault, path_of
from tests.support.together import at_once
from tests.support.world import ACCOUNTS, World

PRESSES = 16


def test_of_sixteen_presses_at_once_one_opens_one_session(either_app: Flask, either_world: World) -> None:
    """On PostgreSQL too. Seen failing there with a use() that looked first and then wrote."""
    known_to_the_vault(either_world)
    browser = a_browser(either_app)
    ask_for_link(browser)
    with either_world.vault() as session:
        text = mailbox.messages(session)[0].text
    link = path_of(text.split("http", 1)[1].split()[0].split("localhost", 1)[1])
    token = csrf_of(browser.get(link))
    copies = [copy_of(either_app, browser) for _ in range(PRESSES)]
    answers = at_once([lambda copy=copy: copy.post(link, data={"csrf_token": token}) for copy in copies])
    assert [303] + [410] * (PRESSES - 1) == sorted(answer.status_code for answer in answers)
    for copy, answer in zip(copies, answers, strict=True):
        if answer.status_code == 303:
            copy.get(path_of(answer.location))
    with either_world.study() as session:
        mine = select(func.count()).select_from(SignIn).where(SignIn.account_pseudonym == ACCOUNTS["alice"])
        assert 1 == session.scalar(mine)


def copy_of(app: Flask, browser: Any) -> Any:
    """The same browser once more: another window of it."""
    other = a_browser(app)
    other.set_cookie("weshare", browser.get_cookie("weshare").value)
    return other
