"""Every kind of question and every rule of the way, by a tiny instrument each, in a browser without scripts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import func, select

import app.web
from app.questionnaires.answers import DECLINED
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import RESPONSE_KINDS
from app.responses.collect import Kept
from app.responses.models import Answer, Submission
from app.web import instrument_form, question_parts, question_shapes, question_words
from app.web.request import Request
from tests.support import features
from tests.support.browser_form import page_text
from tests.support.feature_browser import FeatureBrowser
from tests.support.world import AT

OpenFeature = Callable[[str], FeatureBrowser]
TABLES = {
    "options": question_shapes.OPTIONS,
    "details": question_shapes.DETAILS,
    "first field": question_shapes.FIRST,
    "parts": question_parts.PARTS,
    "hints": question_words.HINTS,
    "refused": question_words.REFUSED,
    "missing": question_words.MISSING,
    "labels": question_words.LABELS,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_kind_has_its_row_in_every_table(name: str):
    """Seen failing with a kind left out of one of them."""
    assert set(TABLES[name]) == RESPONSE_KINDS


def test_every_kind_has_its_template(feature_app: Flask):
    found = {
        name.rsplit("/", 1)[-1].removesuffix(".html")
        for name in feature_app.jinja_env.list_templates()
        if "/kinds/" in name
    }
    assert found == RESPONSE_KINDS


def test_the_script_reads_and_fills_every_kind():
    """Seen failing with a kind left out of fields.js."""
    script = (Path(app.web.__file__).parent / "static" / "fields.js").read_text(encoding="utf-8")
    table = script[script.index("const KINDS = {") : script.index("// What a question says now")]
    assert set(re.findall(r"^  (\w+):", table, re.MULTILINE)) == RESPONSE_KINDS


KINDS = {
    "choice": ({"answer-c1": "3"}, {"c1": 3}, "Hard"),
    "rating": ({"answer-r1": "7"}, {"r1": 7}, "7"),
    "vas": ({"answer-v1": "62"}, {"v1": 62}, "62 on the line from 0 to 100"),
    "multiple": ({"answer-m1": ["1", "3"]}, {"m1": (1, 3)}, "My family and Neighbours"),
    "number": ({"answer-n1": "72,5", "answer-n2": "3"}, {"n1": 72.5, "n2": 3}, "72.5\N{NO-BREAK SPACE}kg"),
    "date": (
        {"day-d1": "7", "month-d1": "3", "year-d1": "2026", "year-d2": "2019", "month-d2": "11"},
        {"d1": "2026-03-07", "d2": "2019-11"},
        "November 2019",
    ),
    "text": (
        {"answer-t1": " Gardener ", "answer-t2": "One\r\ntwo"},
        {"t1": "Gardener", "t2": "One\ntwo"},
        "Gardener",
    ),
    "ranking": (
        {"place1-k1": "2", "place2-k1": "3", "place3-k1": "1"},
        {"k1": (3, 1, 2)},
        "1. Time with my family · 2. Less pain · 3. More energy",
    ),
    "body-sites": ({"answer-b1": ["1", "4"]}, {"b1": (1, 4)}, "Head and Lower back"),
    "grid": ({"answer-g1": "1", "answer-g2": "2", "answer-g3": "4"}, {"g1": 1, "g2": 2, "g3": 4}, "Very much"),
}


@pytest.mark.parametrize("feature", KINDS)
def test_an_answer_of_every_kind_is_kept_shown_again_read_back_and_sent(open_feature: OpenFeature, feature: str):
    fields, expected, words = KINDS[feature]
    browser = open_feature(feature)
    assert browser.post(fields).location.endswith("/review")
    assert expected == browser.answers
    again = browser.post({} if feature not in ("multiple", "body-sites", "ranking", "text") else fields)
    assert again.location.endswith("/review")
    with browser.world.study() as session:
        assert len(expected) == session.scalar(select(func.count()).select_from(Answer))  # nothing was stored twice
    assert words in browser.review()
    assert browser.send().location.endswith("/done")
    with browser.world.study() as session:
        frozen = session.scalars(select(Submission)).one()
        listed = {item: list(value) if isinstance(value, tuple) else value for item, value in expected.items()}
        assert (listed, []) == (frozen.answers, frozen.skipped)


@pytest.mark.parametrize("feature", [*KINDS, "checks", "required"])
def test_nothing_is_chosen_or_written_beforehand(open_feature: OpenFeature, feature: str):
    """Seen failing with the line's slider named, which sends its middle."""
    browser = open_feature(feature)
    page = browser.get(browser.start).text
    assert not re.search(r"\schecked|\sselected", page)
    boxes = [box for box in re.findall(r"<input[^>]*>", page) if re.search(r'name="(answer|day|month|year)-', box)]
    written = [box for box in boxes if 'type="radio"' not in box and 'type="checkbox"' not in box]
    assert [] == [box for box in written if 'value=""' not in box]


REFUSED = {
    "vas": ({"answer-v1": "101"}, "Write a whole number from 0 to 100."),
    "multiple, an exclusive one": ({"answer-m1": ["0", "1"]}, "excludes the others"),
    "multiple, too many": ({"answer-m1": ["1", "2", "3"]}, "You may choose up to 2 answers."),
    "number": ({"answer-n1": "19"}, "Write a number from 20 to 300 (kg); decimals are allowed."),
    "date": ({"day-d1": "31", "month-d1": "2", "year-d1": "2026"}, "between 1 January 1950 and 31 December 2030"),
    "date, without its year": ({"day-d2": "3"}, "Write a date that exists"),
    "text": ({"answer-t1": "x" * 41}, "Your answer has 41 characters; at most 40 can be kept."),
    "ranking": ({"place1-k1": "1", "place2-k1": "1", "place3-k1": "2"}, "Each place is given once."),
    "number, answered and declined": ({"answer-n2": "3", "beside-n2": "declined"}, "Please take one of the two away."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_answer_is_refused_with_its_bounds_and_nothing_typed_is_lost(open_feature: OpenFeature, case: str):
    fields, words = REFUSED[case]
    browser = open_feature(case.split(",")[0])
    refused = browser.post(fields)
    assert 400 == refused.status_code
    assert words in page_text(refused)
    assert {} == browser.answers
    for value in fields.values():
        for one in value if isinstance(value, list) else [value]:
            assert re.search(rf'value="{one}"[^>]*(checked|selected)|value="{one}"', refused.text)


def test_declining_is_an_answer_of_its_own_for_what_is_written_too(open_feature: OpenFeature):
    browser = open_feature("number")
    browser.post({"beside-n1": "declined", "answer-n2": "0"})
    assert {"n1": DECLINED, "n2": 0} == browser.answers
    assert "I prefer not to answer" in browser.review()
    assert re.search(r'id="n1-declined"[^>]*checked', browser.get(browser.start).text)


def test_a_code_that_is_no_answer_is_a_box_beside_the_line(open_feature: OpenFeature):
    browser = open_feature("vas")
    browser.post({"beside-v1": "-9"})
    assert {"v1": -9} == browser.answers
    assert "I do not know" in browser.review()


def test_words_that_are_wiped_out_are_not_sent(open_feature: OpenFeature):
    """Seen failing when an empty field was taken for a field that nobody had touched."""
    browser = open_feature("text")
    browser.post({"answer-t1": "Something that I regret", "answer-t2": "More"})
    browser.post({"answer-t1": "", "answer-t2": "More"})
    assert {"t2": "More"} == browser.answers
    with browser.world.study() as session:
        assert 3 == session.scalar(select(func.count()).select_from(Answer))
    assert "regret" not in browser.review()


def test_the_word_of_declining_is_an_answer_where_somebody_writes_it(open_feature: OpenFeature):
    """Seen failing when the text “declined” was taken for a refusal to answer."""
    browser = open_feature("text")
    browser.post({"answer-t1": "declined", "beside-t2": "declined"})
    assert {"t1": "declined", "t2": DECLINED} == browser.answers
    assert 200 == browser.save("t2", "declined").status_code
    assert "declined" == browser.answers["t2"]


@pytest.mark.parametrize(
    ("feature", "item", "raw", "stored"),
    [
        ("number", "n1", "72,50", "72.5"),
        ("multiple", "m1", "3,1", "1,3"),
        ("date", "d2", "2019", "2019"),
        ("text", "t2", " a\r\nb ", "a\nb"),
        ("ranking", "k1", "2,3,1", "2,3,1"),
        ("vas", "v1", "0", "0"),
        ("text", "t2", "", ""),
    ],
)
def test_a_script_saves_every_kind_and_is_told_what_was_stored(
    open_feature: OpenFeature, feature: str, item: str, raw: str, stored: str
):
    said = open_feature(feature).save(item, raw, request_id="request-1").json
    expected = {"item": item, "value": stored, "declined": False, "revision": 1, "conflict": False}
    assert expected | {"request_id": "request-1"} == said


def test_a_script_is_told_the_bounds(open_feature: OpenFeature):
    refused = open_feature("number").save("n2", "8")
    assert (400, "Write a whole number from 0 to 7 (days).") == (refused.status_code, refused.json["message"])


def test_half_a_surrogate_is_refused_and_breaks_nothing(open_feature: OpenFeature):
    """Seen failing with 500 when it reached the database."""
    assert 400 == open_feature("text").save("t1", "\ud800").status_code


def test_boxes_that_were_unticked_stay_so_on_a_page_that_comes_back(feature_app: Flask):
    """A browser sends nothing for them. Seen failing when such a question was shown as it is stored."""
    instrument, wording = (
        features.library().instrument("multiple@1.0"),
        features.library().wording("multiple@1.0", "en"),
    )
    item = ItemId("m1")
    kept = {item: Kept(item, (1, 3), 1, is_conflict=False)}
    screen = features.first_screen(instrument)
    with feature_app.test_request_context("/"):
        g.weshare = Request(feature_app.extensions["weshare"], id="boxes", at=AT, language="en")
        [stored] = instrument_form.questions(instrument, wording, screen, kept, {})
        [unticked] = instrument_form.questions(instrument, wording, screen, kept, {"seen-m1": "1"})
    assert (("1", "3"), ()) == (stored.values(), unticked.values())
