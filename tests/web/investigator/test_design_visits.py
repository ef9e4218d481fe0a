"""One visit in its form: everything it can say comes back as it was, and nobody overwrites anybody."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.scheduling.parse import parse_protocol
from app.studies import draft_parts, drafts
from app.web.investigator import visit_document, visit_fields
from tests.support.browser_form import page_text
from tests.support.forms import form_at, press, send
from tests.support.world import World, protocol_document

VISITS = "/studies/HORIZON/design/visits"
EVERYTHING = {
    "key": "M9",
    "title": {"fr": "Neuf", "en": "Nine"},
    "event": "inclusion",
    "offset": "P9M",
    "opens": "-P3D",
    "notify": "P0D",
    "due": "P1W",
    "closes": "P10D",
    "opens_hour": 8,
    "notify_hour": 0,
    "due_hour": 20,
    "closes_hour": 22,
    "repeats": {"every": "P1M", "times": 3, "until": "P2Y", "until_event": "inclusion"},
    "burst": {"times": 2, "every": "P1D"},
    "instruments": ["weshare-core@1.0"],
    "instruments_by_arm": {"B": ["phq-9@1.0", "weshare-core@1.0"]},
    "only_if": {
        "arms": ["B"],
        "scores": [{"visit": "M0", "instrument": "weshare-core@1.0", "scale": "FA", "at_least": 30.5}],
    },
    "stops_at": ["inclusion"],
    "in_pause": "asked",
    "late_answers": "taken",
    "expiry": {"never_opened_hours": 5, "started_hours": 6},
    "reminders": [
        {"step": "invitation", "kind": "invitation", "after": "P0D"},
        {"step": "text", "kind": "reminder", "after": "P2D", "hour": 18, "channel": "sms"},
    ],
    "sending": {"quiet_from": 20, "quiet_until": 8, "weekends": False},
    "escalation": {"after": "P5D", "to": "investigator"},
}


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


@pytest.mark.parametrize("visit", [EVERYTHING, protocol_document()["visits"][0]], ids=["everything", "plain"])
def test_a_visit_comes_back_from_its_form_as_it_was(visit: dict[str, Any], app: Flask):
    """Seen failing with the weekends' box read as ticked where it was empty, and with hours of 0 left out."""
    with app.test_request_context("/"):
        data = visit_document.to_form(visit, ("fr", "en"), ("A", "B"))
        form = visit_fields.visit_form(("fr", "en"), ("A", "B"), MultiDict(), data)
        again = visit_document.from_form(form, ("fr", "en"), ("A", "B"))
    assert parsed(visit) == parsed(again)


def parsed(visit: dict[str, Any]) -> Any:
    """As the core reads it; what makes no sense in this little protocol is no matter here."""
    document = {**protocol_document(), "arms": {"A": {"title": {"fr": "A"}}, "B": {"title": {"fr": "B"}}}}
    return drafts.Protocol.model_validate({**document, "visits": [visit]}).visits[0]


def test_the_form_of_the_page_sends_back_what_it_shows(world: World, bob: Any):
    for key in ("M0", "M3", "M6"):
        assert 303 == send(bob, f"{VISITS}/{key}").status_code
    with world.study() as session:
        draft = drafts.load(session, world.study_id)
        assert draft.is_as_published
        assert parse_protocol({**draft.document, "version": 1})


def test_what_makes_no_sense_is_saved_told_and_shown_again(bob: Any):
    page = send(bob, f"{VISITS}/M3", offset=["soon", "M"], closes=["1", "D"])
    assert (303, f"{VISITS}/M3") == (page.status_code, page.headers["Location"])
    shown = bob.get(f"{VISITS}/M3")
    assert "Something here is missing or cannot be read." in text_of(shown)
    assert ["soon", "iso"] == form_at(shown, f"{VISITS}/M3")["offset"]
    send(bob, f"{VISITS}/M3", offset=["3", "M"])
    assert "It is due after it closes. Let it be due earlier or close later." in text_of(bob.get(f"{VISITS}/M3"))


@pytest.mark.parametrize("key", ["", "M0", "9M", "a b"])
def test_a_visit_needs_a_key_of_its_own_and_what_was_typed_stays(key: str, bob: Any):
    address = "/studies/HORIZON/design/new-visit"
    page = send(bob, address, key=key, **{"title-en": "Something long typed"})
    assert 422 == page.status_code
    assert ["Something long typed"] == form_at(page, address)["title-en"]


def test_two_who_change_one_visit_are_told_and_nothing_is_lost(world: World, bob: Any):
    """Seen failing when the mark of what was seen was compared with the new visit."""
    seen = form_at(bob.get(f"{VISITS}/M3"), f"{VISITS}/M3")
    send(bob, f"{VISITS}/M3", **{"title-en": "By the other one"})
    page = bob.post(f"{VISITS}/M3", data={**seen, "title-en": "By me"})
    assert 409 == page.status_code
    assert "Your changes are not saved yet" in text_of(page)
    assert "By the other one" in page.text
    again = form_at(page, f"{VISITS}/M3")
    assert ["By me"] == again["title-en"]
    assert 303 == bob.post(f"{VISITS}/M3", data=again).status_code
    with world.study() as session:
        visit = draft_parts.visit(drafts.load(session, world.study_id).document, "M3")
        assert visit is not None
        assert "By me" == visit["title"]["en"]


def test_two_who_change_different_visits_are_both_kept(world: World, bob: Any):
    seen = form_at(bob.get(f"{VISITS}/M3"), f"{VISITS}/M3")
    send(bob, f"{VISITS}/M6", **{"title-en": "Six"})
    assert 303 == bob.post(f"{VISITS}/M3", data={**seen, "title-en": "Three"}).status_code
    with world.study() as session:
        document = drafts.load(session, world.study_id).document
        assert ["At the start", "Three", "Six"] == [visit["title"]["en"] for visit in draft_parts.visits(document)]


def test_more_rows_keep_what_was_typed_and_save_nothing(world: World, bob: Any):
    page = send(bob, f"{VISITS}/M3", go="rows", **{"title-en": "Typed", "reminders-2-after": ["9", "D"]})
    assert 200 == page.status_code
    fields = form_at(page, f"{VISITS}/M3")
    assert (["Typed"], ["9", "D"]) == (fields["title-en"], fields["reminders-2-after"])
    assert "reminders-4-after" in fields
    with world.study() as session:
        assert 0 == drafts.load(session, world.study_id).revision


def test_visits_are_moved_and_taken_out(world: World, bob: Any):
    page = "/studies/HORIZON/design/protocol"
    press(bob, page, f"{VISITS}/M6/move", to="up")
    assert 200 == bob.get(f"{VISITS}/M0/delete").status_code
    press(bob, page, f"{VISITS}/M0/delete")
    with world.study() as session:
        document = drafts.load(session, world.study_id).document
        assert ["M6", "M3"] == [visit["key"] for visit in draft_parts.visits(document)]
    assert 404 == bob.get(f"{VISITS}/M0").status_code


def test_an_event_that_a_visit_names_is_missed_at_once(bob: Any):
    page = "/studies/HORIZON/design/protocol"
    press(bob, page, "/studies/HORIZON/design/events/inclusion/delete")
    assert "It names the event “inclusion”, which the study does not have." in text_of(bob.get(page))
