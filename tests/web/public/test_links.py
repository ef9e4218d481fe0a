"""A reminder's link: looking changes nothing, following opens one visit and nothing else, and it dies in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import StudyBase
from app.participants import agenda, links
from app.participants.models import OccasionRecord, Participant
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, page_text
from tests.support.signing_in import Clock, a_browser, is_in, key_of
from tests.support.world import AT, World

pytestmark = pytest.mark.usefixtures("clock")


@dataclass(frozen=True)
class Link:
    """A link and the visit that it leads to."""

    path: str
    visit: str
    occasion_id: int


def a_link(world: World, name: str = "alice", lasts: timedelta = timedelta(days=7)) -> Link:
    with world.study() as session:
        person = session.get_one(Participant, world.participants[name])
        visits = agenda.of_participants(session, [person], AT)[person.id]
        record = next(v.record for v in agenda.make_available(session, visits, AT) if v.record is not None)
        token = links.mint(session, record.id, AT, AT + lasts)
        session.commit()
        return Link(f"/l/{token}", f"/visits/{record.key}", record.id)


def follow(browser: Any, link: Link) -> Any:
    token = csrf_of(browser.get("/about"))
    return browser.post(link.path, data={"csrf_token": token})


def everything_stored(world: World) -> dict[str, int]:
    with world.study() as session:
        tables = StudyBase.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
def browser(app: Flask) -> Any:
    """A browser in which nobody is signed in."""
    return a_browser(app)


def test_the_page_says_what_is_asked_and_has_a_button(browser: Any, world: World) -> None:
    page = browser.get(a_link(world).path)
    assert page.status_code == 200
    assert "<h1>At the start</h1>" in page.text
    assert '<p class="eyebrow">Study HORIZON</p>' in page.text
    for words in ("Your days and your well-being", "6 minutes", "Open my questionnaire"):
        assert words in page_text(page)
    assert '<form method="post">' in page.text


def test_looking_consumes_nothing_however_often_a_mail_scanner_does(browser: Any, world: World) -> None:
    """Seen failing with the sign-in opened by GET."""
    link = a_link(world)
    before = everything_stored(world)
    for _ in range(5):
        assert browser.get(link.path).status_code == 200
        assert browser.head(link.path).status_code == 200
    assert everything_stored(world) == before
    assert key_of(browser) is None
    assert follow(browser, link).status_code == 303


def test_following_opens_that_visit_and_nothing_else(browser: Any, world: World) -> None:
    """Seen failing with open_for_account in place of open_for_link."""
    link, other = a_link(world), a_link(world, "dora")
    followed = follow(browser, link)
    assert (followed.status_code, followed.location) == (303, link.visit)
    assert browser.get(link.visit).status_code == 200
    assert browser.get(other.visit).status_code == 404
    assert not is_in(browser)


def test_a_link_can_be_followed_again_on_another_device_until_the_visit_is_sent(
    app: Flask, browser: Any, world: World
) -> None:
    """Seen failing without the look at submitted_at in links.find."""
    link = a_link(world)
    for device in (browser, a_browser(app)):
        assert follow(device, link).status_code == 303
    with world.study() as session:
        session.get_one(OccasionRecord, link.occasion_id).submitted_at = AT
        session.commit()
    late = a_browser(app)
    for answer in (late.get(link.path), follow(late, link)):
        assert answer.status_code == 410
        assert "Nothing was sent twice" in page_text(answer)
        assert 'href="/sign-in"' in answer.text
    assert key_of(late) is None


def test_an_expired_link_says_so_and_where_to_go(browser: Any, world: World, clock: Clock) -> None:
    link = a_link(world)
    clock.wait(days=7)
    for answer in (browser.get(link.path), follow(browser, link)):
        assert answer.status_code == 410
        assert "This questionnaire is closed" in page_text(answer)
        assert 'href="/sign-in"' in answer.text
    assert key_of(browser) is None


GONE: dict[str, tuple[Callable[[OccasionRecord, Participant], None], str]] = {
    "excused": (lambda visit, _who: setattr(visit, "excused_at", AT), "Your study team knows"),
    "declined": (lambda visit, _who: setattr(visit, "declined_at", AT), "Your study team knows"),
    "left": (lambda _visit, who: setattr(who, "withdrawn_at", AT), "does not ask you anything any more"),
    "not used": (lambda _visit, who: setattr(who, "use_withdrawn_at", AT), "does not ask you anything any more"),
}


@pytest.mark.parametrize("what", GONE)
def test_a_link_that_comes_too_late_says_what_happened_whom_to_ask_and_where_to_go(
    browser: Any, world: World, what: str
) -> None:
    """Seen failing with one sentence for all of them, and without the team's contact."""
    link = a_link(world)
    act, sentence = GONE[what]
    with world.study() as session:
        visit = session.get_one(OccasionRecord, link.occasion_id)
        act(visit, session.get_one(Participant, visit.participant_id))
        session.commit()
    for answer in (browser.get(link.path), follow(browser, link)):
        assert 410 == answer.status_code
        assert "There is nothing to answer here any more" in page_text(answer)
        assert sentence in page_text(answer)
        assert "Your study team is there for your questions: The study team" in page_text(answer)
        assert 'href="/sign-in"' in answer.text
    assert key_of(browser) is None


def test_a_link_that_was_never_made_says_what_may_have_happened_and_names_no_study(browser: Any) -> None:
    answer = browser.get("/l/" + "x" * 32)
    assert 404 == answer.status_code
    assert "may have been cut off" in page_text(answer)
    assert "study team" not in page_text(answer)


def test_the_sign_in_of_a_link_ends_with_the_link(browser: Any, world: World, clock: Clock) -> None:
    """Seen failing with the absolute limit alone."""
    link = a_link(world, lasts=timedelta(minutes=30))
    follow(browser, link)
    clock.wait(minutes=29)
    assert browser.get(link.visit).status_code == 200
    clock.wait(minutes=1)
    assert browser.get(link.visit).status_code == 302


@pytest.mark.parametrize("guess", ["x", "x" * 32, "é" * 300, "%00", "%FF%FE", "' OR 1=1 --"])
def test_an_unknown_link_is_a_404(browser: Any, world: World, guess: str) -> None:
    a_link(world)
    answer = browser.get(f"/l/{guess}")
    assert answer.status_code == 404
    assert "We do not know this link" in page_text(answer)


def test_following_needs_the_pages_own_token(browser: Any, world: World) -> None:
    link = a_link(world)
    assert browser.post(link.path).status_code == 400
    assert key_of(browser) is None


def test_a_link_takes_nothing_away_from_somebody_who_is_fully_signed_in(browser: Any, world: World) -> None:
    """Seen failing with every link opening a sign-in of its own."""
    worlds.sign_in(world, browser, "alice", AT)
    held = key_of(browser)
    assert follow(browser, a_link(world)).status_code == 303
    assert key_of(browser) == held


def test_a_link_replaces_somebody_elses_sign_in(browser: Any, world: World) -> None:
    worlds.sign_in(world, browser, "charlie", AT)
    held = key_of(browser)
    link = a_link(world)
    follow(browser, link)
    assert key_of(browser) != held
    assert browser.get(link.visit).status_code == 200


def test_no_token_is_in_the_log(browser: Any, world: World, capfd: pytest.CaptureFixture[str]) -> None:
    """Seen failing with request.path in place of the route's rule in the log."""
    link = a_link(world)
    follow(browser, link)
    browser.get(link.path)
    logged = capfd.readouterr()
    assert "/l/<token>" in logged.out + logged.err
    assert link.path.removeprefix("/l/") not in logged.out + logged.err
