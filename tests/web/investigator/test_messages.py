"""The team's page of messages: what will be sent, was sent, failed and why; recalled and sent again with a reason."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.notices import outbox
from app.notices.models import ContactTask, Notice
from app.participants.models import OccasionRecord
from tests.support.stage import token_of
from tests.support.world import AT, World, sign_in

PAGE = "/studies/HORIZON/messages"


@pytest.fixture
def notice(world: World) -> int:
    """One of Alice's that failed."""
    with world.study() as session:
        alice = world.participants["alice"]
        visit = OccasionRecord(key="k" * 22, participant_id=alice, visit_key="M0", iteration=1)
        session.add(visit)
        session.flush()
        row = Notice(
            participant_id=alice,
            occasion_id=visit.id,
            about=outbox.about_visit(visit),
            channel="email",
            step="invitation",
            kind="invitation",
            state=outbox.FAILED,
            message_id="m-1",
            created_at=AT,
            problem="dead-address",
        )
        session.add_all([row, ContactTask(participant_id=alice, channel="email", reason="dead-address", raised_at=AT)])
        session.commit()
        return row.id


@pytest.fixture
def browser(client: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Bob's, in English."""
    monkeypatch.setattr("app.web.transaction.now", lambda: AT)
    client.set_cookie("language", "en")
    sign_in(world, client, "bob", AT)
    return client


def post(browser: Any, path: str, **fields: str) -> Any:
    return browser.post(path, data={"csrf_token": token_of(browser), **fields})


def test_one_page_shows_what_failed_and_why_and_who_needs_help(browser: Any, notice: int):  # noqa: ARG001
    page = browser.get(PAGE).text
    for words in ("The address has bounced too often", "Please ask for an address that works", "H-001", "Send again"):
        assert words in page
    assert "@example.org" not in page


def test_sending_again_needs_a_reason_and_leaves_an_entry(browser: Any, world: World, notice: int):
    """Seen failing without the reason asked for."""
    assert 422 == post(browser, f"{PAGE}/{notice}/send").status_code
    assert 303 == post(browser, f"{PAGE}/{notice}/send", reason="New address").status_code
    with world.study() as session:
        assert (outbox.DUE, AT) == (
            session.get_one(Notice, notice).state,
            session.get_one(Notice, notice).waits_until,
        )
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.sent-again")).one()
        assert "New address" in str(entry.facts)


def test_what_is_under_way_can_be_recalled(browser: Any, world: World, notice: int):
    post(browser, f"{PAGE}/{notice}/send", reason="again")
    assert 303 == post(browser, f"{PAGE}/{notice}/recall", reason="Wrong person").status_code
    assert 409 == post(browser, f"{PAGE}/{notice + 1}/recall", reason="Wrong person").status_code
    with world.study() as session:
        assert (outbox.HELD, "recalled", None) == (
            session.get_one(Notice, notice).state,
            session.get_one(Notice, notice).problem,
            session.get_one(Notice, notice).waits_until,
        )


def test_a_task_ends_when_somebody_has_asked(browser: Any, notice: int):  # noqa: ARG001
    assert 303 == post(browser, f"{PAGE}/tasks/1").status_code
    assert "Please ask for an address" not in browser.get(PAGE).text


def test_each_message_is_read_with_made_up_data_and_a_paragraph_of_the_study_is_kept_in_versions(browser: Any):
    words = f"{PAGE}/words/reminder/fr"
    assert "Votre questionnaire est toujours ouvert" in browser.get(words).text
    for number, text in enumerate(("Nos bureaux ont déménagé.", "Nouvelle adresse."), start=1):
        post(browser, words, text=text)
        page = browser.get(words).text
        assert f"<p>{text}</p>" in page
        assert f"Version {number}." in page
    assert 422 == post(browser, words, text="a" * 601).status_code
    assert 404 == browser.get(f"{PAGE}/words/reminder/de").status_code
