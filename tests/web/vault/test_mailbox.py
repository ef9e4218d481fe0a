"""The demonstration's mailbox: everything that was "sent", with links to ourselves only, and none in production."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from app.factory import create_app
from app.identity import courier
from app.identity.carriage import Message
from app.web.vault.mailbox import linked
from tests.support.browser_form import page_text
from tests.support.signing_in import a_browser, known_to_the_vault
from tests.support.world import ACCOUNTS, AT, World

HOME = "https://weshare.example"
TEXT = "Hello,\n\nplease answer: http://localhost/l/abc-123.\nThank you <3"


@pytest.fixture
def browser(app: Flask, world: World) -> Any:
    """A browser in front of a mailbox with two messages."""
    known_to_the_vault(world)
    with world.vault() as session:
        for hours, subject in enumerate(("An invitation", "A <b>reminder</b>")):
            message = Message(f"id-{hours}", "en", subject, TEXT)
            courier.deliver(session, ACCOUNTS["alice"], message, AT + timedelta(hours=hours))
        session.commit()
    return a_browser(app)


def test_every_message_is_listed_newest_first_with_its_reader_and_its_time(browser: Any) -> None:
    page = browser.get("/vault/mailbox")
    assert page.status_code == 200
    assert page.text.index("A &lt;b&gt;reminder") < page.text.index("An invitation")
    assert "Alice Aubert" in page_text(page)
    assert "4 May 2026" in page_text(page)


def test_a_message_is_shown_with_its_link_to_follow_and_the_rest_escaped(browser: Any) -> None:
    page = browser.get("/vault/mailbox/1")
    assert '<a href="http://localhost/l/abc-123">http://localhost/l/abc-123</a>.<br>Thank you &lt;3' in page.text
    assert "<p>Hello,</p>" in page.text


def test_an_empty_mailbox_says_so(app: Flask) -> None:
    assert "No message yet" in page_text(a_browser(app).get("/vault/mailbox"))


@pytest.mark.parametrize("number", ["3", "0", "99999999999999999999", "x", "-1"])
def test_a_message_that_is_not_there_is_a_404(browser: Any, number: str) -> None:
    assert browser.get(f"/vault/mailbox/{number}").status_code == 404


@pytest.mark.usefixtures("browser")
def test_there_is_no_mailbox_in_production(world: World) -> None:
    """Seen failing with Who.ANYONE on the two views."""
    production = create_app(replace(world.config, mode="production"))
    for path in ("/vault/mailbox", "/vault/mailbox/1"):
        assert a_browser(production).get(path).status_code == 404
    production.extensions["weshare"].databases.close()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Go: {HOME}/l/abc?x=1&y=2!", f'Go: <a href="{HOME}/l/abc?x=1&amp;y=2">{HOME}/l/abc?x=1&amp;y=2</a>!'),
        (f"({HOME}/l/a-b_c) then", f'(<a href="{HOME}/l/a-b_c">{HOME}/l/a-b_c</a>) then'),
        (f"{HOME}/", f'<a href="{HOME}/">{HOME}/</a>'),
        ("https://evil.example/l/abc", "https://evil.example/l/abc"),
        (f"{HOME}.evil.example/l/abc", f"{HOME}.evil.example/l/abc"),
        (f"{HOME}@evil.example/", f"{HOME}@evil.example/"),
        (f"{HOME}:8080/", f"{HOME}:8080/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (f'{HOME}/"onclick="x', f'<a href="{HOME}/&#34;onclick=&#34;x">{HOME}/&#34;onclick=&#34;x</a>'),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_only_addresses_of_ours_become_links_and_everything_is_escaped(text: str, shown: str) -> None:
    """Seen failing with a pattern for any address, with one that did not ask for the slash, and without escape."""
    assert linked(text, HOME) == shown


@given(st.lists(st.sampled_from([HOME, "/", "<b>", "&", '"', " ", ".", "\n", "a", "http://evil.example"])).map("".join))
def test_no_text_is_lost_or_added_by_the_links(text: str) -> None:
    without_links = re.sub('<a href="[^"]*">|</a>', "", linked(text, HOME))
    assert without_links == str(escape(text)).replace("\n", "<br>")
