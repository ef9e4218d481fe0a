"""A participant's own messages: what was sent, rests, preferences, a calendar; stopping messages is not leaving."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.notices import choices, keys
from app.notices.models import MessageKey
from app.participants.models import Participant
from tests.support.browser_form import without_tokens
from tests.support.stage import token_of
from tests.support.world import ACCOUNTS, AT, World, sign_in

ALICE = ACCOUNTS["alice"]


@pytest.fixture
def browser(client: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Alice's, in English, on the day on which the world was built."""
    monkeypatch.setattr("app.web.transaction.now", lambda: AT)
    client.set_cookie("language", "en")
    sign_in(world, client, "alice", AT)
    return client


def post(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, data={"csrf_token": token_of(browser), **fields})


def wishes(world: World) -> tuple[Any, ...]:
    with world.study() as session:
        row = choices.of_account(session, ALICE)
        return row.channel, row.hour, row.rests_until, row.rest_reason, row.stopped_at


@pytest.mark.parametrize(("said", "kept"), [("yes", True), ("no", False), ("", None)])
def test_whether_a_receipt_is_wanted_is_kept(browser: Any, world: World, said: str, kept: bool | None):
    """Seen failing with “as my study does” kept as a no."""
    assert 303 == post(browser, "/account/messages", receipts=said).status_code
    with world.study() as session:
        assert kept is choices.of_account(session, "acc-alice").receipts
    checked = re.search(r'name="receipts" value="(\w*)" checked', browser.get("/account/messages").text)
    assert checked
    assert said == checked[1]


def test_the_channel_and_the_hour_are_kept(browser: Any, world: World):
    assert 303 == post(browser, "/account/messages", channel="sms", hour="18").status_code
    assert ("sms", 18) == wishes(world)[:2]
    post(browser, "/account/messages", channel="", hour="")
    assert (None, None) == wishes(world)[:2]


def test_a_rest_with_a_reason_ends_by_itself_or_when_one_likes(browser: Any, world: World):
    post(browser, "/account/messages/rest", days="7", reason="treatment")
    assert (AT + timedelta(days=7), "treatment") == wishes(world)[2:4]
    assert "No messages until" in browser.get("/account/messages").text
    post(browser, "/account/messages/rest", days="0")
    assert (None, None) == wishes(world)[2:4]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/messages", {"channel": "pigeon"}),
        ("/account/messages", {"hour": "25"}),
        ("/account/messages", {"receipts": "perhaps"}),
        ("/account/messages/rest", {"days": "400"}),
        ("/account/messages/rest", {"days": "7", "reason": "because"}),
    ],
)
def test_what_is_not_on_the_list_is_refused_and_nothing_changes(
    browser: Any, world: World, path: str, fields: dict[str, str]
):
    answer = post(browser, path, **fields)
    assert 422 == answer.status_code
    assert "Nothing was changed" in answer.text
    assert (None, None, None, None, None) == wishes(world)


def test_stopping_messages_leaves_the_participation_as_it_is(browser: Any, world: World):
    """Seen failing with a withdrawal from contact recorded too."""
    post(browser, "/account/messages/stop")
    assert AT == wishes(world)[4]
    with world.study() as session:
        alice = session.scalars(select(Participant).where(Participant.account_pseudonym == ALICE)).one()
        assert (None, None, None) == (alice.withdrawn_at, alice.contact_withdrawn_at, alice.use_withdrawn_at)
    assert "You still take part" in browser.get("/account/messages").text
    post(browser, "/account/messages/stop", act="start")
    assert wishes(world)[4] is None


def stop_key(world: World) -> str:
    with world.study() as session:
        key = keys.mint(session, ALICE, keys.STOP, AT)
        session.commit()
    return key


def test_a_mail_scanner_that_looks_stops_nothing(client: Any, world: World):
    """S3. Seen failing with the GET doing it."""
    key = stop_key(world)
    for _time in range(3):
        assert 200 == client.get(f"/messages/stop/{key}").status_code
    assert wishes(world)[4] is None


def test_a_mail_program_stops_messages_by_one_post_without_cookie_or_token(client: Any, world: World):
    """RFC 8058. Seen failing with the browser's token asked for."""
    answer = client.post(f"/messages/stop/{stop_key(world)}", data={"List-Unsubscribe": "One-Click"})
    assert 200 == answer.status_code
    assert wishes(world)[4] is not None


def test_a_key_does_only_what_it_is_for_and_is_kept_hashed(client: Any, world: World):
    """S3: 192 bits. Seen failing without the purpose in the look-up."""
    key = stop_key(world)
    assert len(key) >= 32
    assert 404 == client.get(f"/calendar/{key}.ics").status_code
    assert 404 == client.post(f"/messages/stop/{key[:-1]}x").status_code
    with world.study() as session:
        assert key not in repr([vars(row) for row in session.scalars(select(MessageKey))])


def test_the_calendar_has_the_windows_stable_names_and_no_word_about_health(browser: Any):
    page = post(browser, "/account/messages/calendar")
    address = re.search(r"http://localhost(/calendar/[\w-]+\.ics)", page.text)
    assert address, without_tokens(page)
    feed = browser.get(address[1])
    assert "text/calendar" == feed.mimetype
    first = Calendar.from_ical(feed.data)
    events = list(first.walk("VEVENT"))
    assert 3 == len(events)
    assert {"WeShare: a questionnaire is open"} == {str(event["summary"]) for event in events}
    assert date(2026, 4, 24) == events[0].decoded("dtstart")
    again = Calendar.from_ical(browser.get(address[1]).data)
    assert [str(event["uid"]) for event in events] == [str(event["uid"]) for event in again.walk("VEVENT")]
    for secret in ("HORIZON", "par-alice", ALICE, "M3"):
        assert secret not in feed.text
    post(browser, "/account/messages/calendar", act="revoke")
    assert 404 == browser.get(address[1]).status_code
