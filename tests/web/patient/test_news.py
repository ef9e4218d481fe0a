"""Alice reads the news of her study and answers; Charlie, who is in another study, gets 404 everywhere."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.accounts import sign_ins
from app.announcements import drafts, news
from app.announcements.drafts import Draft
from app.announcements.models import Mute, Post, Reading, Reply
from app.announcements.posts import Words
from app.audit.models import AuditEntry
from app.participants.enrol import withdraw
from app.participants.models import Participant
from tests.announcements.builders import ANNOUNCEMENT, ENERGY, SUMMARY, a_chart, a_draft, published
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, page_text
from tests.support.signing_in import Clock, a_browser
from tests.support.world import ACCOUNTS, AT, World

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\"'&amp;"


@pytest.fixture
def browser(app: Flask, clock: Clock) -> Any:
    """A browser at the time of the world."""
    assert clock.at == AT
    return a_browser(app)


@pytest.fixture
def alice(browser: Any, world: World) -> Any:
    worlds.sign_in(world, browser, "alice", AT)
    return browser


def publish(world: World, kind: str = "summary", **what: Any) -> str:
    """The address of a newly published post."""
    with world.study() as session:
        post = published(session, world, kind, **what)
        session.commit()
        return f"/account/news/{post.key}"


def say(browser: Any, path: str, answer: str) -> Any:
    token = csrf_of(browser.get(path))
    return browser.post(f"{path}/reply", data={"csrf_token": token, "answer": answer})


def said(browser: Any, path: str, answer: str) -> str:
    response = say(browser, path, answer)
    assert 303 == response.status_code
    return page_text(browser.get(response.location))


def count(world: World, model: type) -> int:
    with world.study() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_without_news_the_page_says_what_will_come(alice: Any):
    assert "There is no news yet" in page_text(alice.get("/account/news"))


def test_a_post_is_marked_new_in_words_until_it_is_opened(alice: Any, world: World):
    """Seen failing without mark_read."""
    path = publish(world)
    assert "New" in page_text(alice.get("/account/news")).split()
    assert "1 new item to read" in page_text(alice.get("/account"))
    assert 200 == alice.get(path).status_code
    assert "New" not in page_text(alice.get("/account/news")).split()
    assert "new message" not in page_text(alice.get("/account"))


def test_the_newest_comes_first(alice: Any, world: World):
    publish(world, title="older")
    publish(world, title="newer")
    assert re.findall("older|newer", page_text(alice.get("/account/news"))) == ["newer", "older"]


def test_charlie_gets_404_and_sees_nothing(browser: Any, world: World):
    """Seen failing without the join on the study."""
    path = publish(world, "trial")
    worlds.sign_in(world, browser, "charlie", AT)
    assert ANNOUNCEMENT["en"].title not in browser.get("/account/news").text
    assert 404 == browser.get(path).status_code
    token = csrf_of(browser.get("/account/news"))
    refused = browser.post(f"{path}/reply", data={"csrf_token": token, "answer": "interested"})
    assert (404, 0, 0) == (refused.status_code, count(world, Reading), count(world, Reply))


def test_a_draft_and_a_post_taken_back_do_not_exist_for_participants(alice: Any, world: World):
    with world.study() as session:
        draft, gone = a_draft(session, world).key, published(session, world)
        drafts.withdraw(session, gone, AT)
        gone_key = gone.key
        session.commit()
    for key in (draft, gone_key, "nobody", "%00"):
        assert 404 == alice.get(f"/account/news/{key}").status_code


def test_nobody_reads_news_without_signing_in(browser: Any, world: World):
    path = publish(world)
    for address in ("/account/news", path):
        response = browser.get(address)
        assert response.status_code == 302
        assert "/sign-in" in response.location


def test_a_professional_gets_404_and_the_holder_of_a_link_must_sign_in(app: Flask, world: World, clock: Clock):
    path = publish(world)
    professional, holder = a_browser(app), a_browser(app)
    worlds.sign_in(world, professional, "bob", clock.at)
    with world.study() as session:
        key = sign_ins.open_for_link(session, ACCOUNTS["alice"], "occasion:1", clock.at, clock.at + timedelta(days=1))
        session.commit()
    with holder.session_transaction() as cookie:
        cookie["_user_id"] = key
    for address in ("/account/news", path):
        assert (404, 302) == (professional.get(address).status_code, holder.get(address).status_code)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_reader_gets_the_own_language(app: Flask, world: World, clock: Clock, language: str):
    path = publish(world, "trial")
    browser = a_browser(app, language)
    worlds.sign_in(world, browser, "alice", clock.at)
    other = "en" if language == "fr" else "fr"
    text = page_text(browser.get(path))
    for field in ("title", "body", "who", "duration"):
        assert getattr(ANNOUNCEMENT[language], field) in text
        assert getattr(ANNOUNCEMENT[other], field) not in text


def test_hostile_text_is_shown_as_text(alice: Any, world: World):
    """Seen failing with |safe on the body, and with the title left unescaped in the list."""
    with world.study() as session:
        words = {language: Words(*[f"{HOSTILE}\n- {HOSTILE}"] * 6) for language in ("fr", "en")}
        words = {language: replace(text, title=HOSTILE) for language, text in words.items()}
        post = a_draft(session, world, "trial", Draft(words))
        drafts.publish(session, post, ("fr", "en"), None, 1, AT)
        path = f"/account/news/{post.key}"
        session.commit()
    for address in ("/account/news", path):
        html = alice.get(address).text
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "{{7*7}}" in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_paragraphs_and_lists_are_laid_out_and_addresses_are_not_linked(alice: Any, world: World):
    body = "One\ntwo\n\nYou will:\n- walk\n- rest\n\nhttps://example.org/a"
    with world.study() as session:
        post = a_draft(session, world, "summary", Draft({k: replace(w, body=body) for k, w in SUMMARY.items()}))
        drafts.publish(session, post, ("fr", "en"), None, 1, AT)
        path = f"/account/news/{post.key}"
        session.commit()
    html = re.sub(r"\s+(?=<)|(?<=>)\s+", "", alice.get(path).text)
    assert "<p>One<br>two</p>" in html
    assert "<p>You will:</p><ul><li>walk</li><li>rest</li></ul>" in html
    assert "<p>https://example.org/a</p>" in html


def test_before_clicking_one_reads_what_the_team_will_see(alice: Any, world: World):
    text = page_text(alice.get(publish(world, "trial")))
    assert "sees your code in the study, H-001, and nothing else" in text


def test_a_reply_is_shown_can_be_changed_and_taken_back(alice: Any, world: World):
    path = publish(world, "trial")
    assert "You said that you are interested" in said(alice, path, "interested")
    assert "You said that you are not interested" in said(alice, path, "not-interested")
    back = said(alice, path, "taken-back")
    assert "You said" not in back
    assert "Your answer is taken back" in back
    assert 3 == count(world, Reply)


def test_a_double_click_is_one_reply(alice: Any, world: World):
    path = publish(world, "trial")
    for _click in range(2):
        said(alice, path, "interested")
    assert 1 == count(world, Reply)


def test_the_trail_tells_who_replied_and_when(alice: Any, world: World):
    path = publish(world, "trial")
    for answer in ("interested", "interested", "mute"):
        said(alice, path, answer)
    with world.study() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        found = [(entry.actor, entry.action, dict(entry.facts), entry.at) for entry in entries]
    actor = f"account:{ACCOUNTS['alice']}"
    assert found == [
        (actor, "post.replied", {"reply": "interested"}, AT),
        (actor, "announcements.muted", {}, AT),
    ]


@pytest.mark.parametrize("answer", ["", "maybe", "interested' OR 1=1", "\x00"])
def test_an_answer_that_does_not_exist_is_refused_in_a_sentence(alice: Any, world: World, answer: str):
    refused = say(alice, publish(world, "trial"), answer)
    assert 400 == refused.status_code
    assert "not one of the possible answers" in page_text(refused)
    assert 0 == count(world, Reply)


@pytest.mark.parametrize("answer", ["interested", "mute"])
def test_a_summary_takes_no_reply_and_cannot_be_muted(alice: Any, world: World, answer: str):
    path = publish(world)
    assert "interested" not in page_text(alice.get(path))
    token = csrf_of(alice.get("/account/news"))
    assert 400 == alice.post(f"{path}/reply", data={"csrf_token": token, "answer": answer}).status_code
    assert (0, 0) == (count(world, Reply), count(world, Mute))


def test_a_forged_reply_changes_nothing(alice: Any, world: World):
    path = publish(world, "trial")
    assert 400 == alice.post(f"{path}/reply", data={"answer": "interested"}).status_code
    assert 0 == count(world, Reply)


def test_a_muted_kind_is_hidden_not_new_and_can_be_wanted_again(alice: Any, world: World):
    path = publish(world, "trial", title="walking")
    publish(world, "survey", title="sleeping")
    assert "no more announcements of this kind" in said(alice, path, "mute")
    publish(world, "trial", title="running")
    listed = alice.get("/account/news").text
    shown, hidden = listed.split("<details")
    assert "sleeping" in shown
    assert not {"walking", "running"} & set(page_text_of(shown).split())
    assert {"walking", "running"} < set(page_text_of(hidden).split())
    assert "1 new item to read" in page_text(alice.get("/account"))
    response = alice.post("/account/news/mutes", data={"csrf_token": csrf_of(alice.get("/account")), "kind": "trial"})
    again = alice.get(response.location)
    assert "running" in again.text
    assert "<details" not in again.text
    assert "2 new items to read" in page_text(alice.get("/account"))


def page_text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_a_mute_can_be_undone_where_it_was_said_and_keeps_the_reply(alice: Any, world: World):
    path = publish(world, "trial")
    said(alice, path, "interested")
    muted = said(alice, path, "mute")
    assert "You said that you are interested" in muted
    assert "You asked for no more of these" in muted
    assert "You asked for no more of these" not in said(alice, path, "unmute")


@pytest.mark.parametrize("kind", ["", "summary", "nothing"])
def test_a_kind_that_cannot_be_muted_cannot_be_unmuted(alice: Any, kind: str):
    data = {"csrf_token": csrf_of(alice.get("/account/news")), "kind": kind}
    assert 400 == alice.post("/account/news/mutes", data=data).status_code


def test_whoever_left_the_study_reads_its_results_only(alice: Any, world: World):
    summary, trial = publish(world), publish(world, "trial")
    with world.study() as session:
        withdraw(session.get_one(Participant, world.participants["alice"]), AT)
        session.commit()
    listed = alice.get("/account/news").text
    assert SUMMARY["en"].title in listed
    assert ANNOUNCEMENT["en"].title not in listed
    assert [200, 404] == [alice.get(path).status_code for path in (summary, trial)]


def test_the_chart_has_its_table_its_words_and_its_ends(alice: Any, world: World):
    with world.study() as session:
        post = a_draft(session, world, "summary", Draft(SUMMARY, ENERGY))
        drafts.publish(session, post, ("fr", "en"), a_chart(), 1, AT)
        path = f"/account/news/{post.key}"
        session.commit()
    page = alice.get(path)
    text = page_text(page)
    assert "<svg" in page.text
    for words in ("Energy", "Your energy.", "0: none", "100: plenty", "higher always means better", "55 and 65"):
        assert words in text


@pytest.mark.parametrize("number", [1, 25])
def test_the_list_takes_the_same_statements_whatever_the_number_of_posts(
    alice: Any, app: Flask, world: World, number: int
):
    """Seen failing with the study of each post loaded apart."""
    for _post in range(number):
        publish(world, "trial")
    statements: list[str] = []
    engine = app.extensions["weshare"].databases.study.engine
    alice.get("/account/news")
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert number == alice.get("/account/news").text.count("<article")
    assert 8 >= len(statements), statements


def test_unread_counts_what_the_home_page_says(alice: Any, world: World):
    for kind in ("summary", "trial", "survey"):
        publish(world, kind)
    with world.study() as session:
        assert 3 == news.unread(session, ACCOUNTS["alice"], AT)
        assert 3 == session.scalar(select(func.count()).select_from(Post))
    assert "3 new items to read" in page_text(alice.get("/account"))
