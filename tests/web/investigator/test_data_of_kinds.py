"""Answers of every kind in the files that are taken away, and every way of not answering told apart."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from flask import Flask

from app.consents import columns
from app.responses import tables
from tests.support import features
from tests.support import world as worlds
from tests.support.feature_browser import FeatureBrowser
from tests.support.world import World

OpenFeature = Callable[[str], FeatureBrowser]
EXPLAINED = ("declined_items", "skipped_items", "not_seen_items")


@pytest.fixture
def take(feature_app: Flask, feature_world: World) -> Callable[[str, str], list[dict[str, str]]]:
    """A file of a feature, as its investigator takes it away."""
    bob = feature_app.test_client()
    bob.set_cookie("language", "en")
    worlds.sign_in(feature_world, bob, "bob")

    def taken(file: str, feature: str) -> list[dict[str, str]]:
        answer = bob.get(f"/studies/HORIZON/data/{file}.csv?instrument={feature}@1.0")
        assert 200 == answer.status_code
        return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))

    return taken


def sent(browser: FeatureBrowser, *pages: dict[str, Any]) -> None:
    for number, fields in enumerate(pages, start=1):
        browser.post(fields, browser.start.replace("/page/1", f"/page/{number}"))
    assert browser.send(leave_out="1").location.endswith("/done")


@pytest.mark.parametrize(
    ("feature", "fields", "expected"),
    [
        ("multiple", {"answer-m1": ["1", "3"]}, {"m1.1": "1", "m1.2": "0", "m1.3": "1", "m1.0": "0"}),
        ("multiple", {"beside-m1": "declined"}, {"m1.1": "", "m1.3": "", "declined_items": "m1"}),
        ("ranking", {"place1-k1": "2", "place2-k1": "3", "place3-k1": "1"}, {"k1.1": "2", "k1.2": "3", "k1.3": "1"}),
        ("number", {"answer-n1": "72,5", "answer-n2": "3"}, {"n1": "72.5", "n2": "3"}),
        ("date", {"year-d2": "2019", "month-d2": "11"}, {"d1": "", "d2": "2019-11", "declined_items": "d1"}),
        ("text", {"answer-t1": "-1", "answer-t2": "a\nb"}, {"t1": "'-1", "t2": "a\nb"}),
        ("vas", {"answer-v1": "62"}, {"v1": "62", "declined_items": ""}),
        ("vas", {"beside-v1": "-9"}, {"v1": "-9", "declined_items": ""}),
        ("choice", {"answer-c1": "9"}, {"c1": "9", "declined_items": ""}),
    ],
)
def test_each_kind_has_its_cells(
    open_feature: OpenFeature, take: Any, feature: str, fields: dict[str, Any], expected: dict[str, str]
):
    sent(open_feature(feature), fields)
    [row] = take("answers", feature)
    assert expected == {column: row[column] for column in expected}


def test_declined_skipped_and_never_seen_are_told_apart(open_feature: OpenFeature, take: Any):
    """Nobody knows Alice's age, so whether w6 is for her stays unknown: it was never seen, and is not skipped."""
    sent(open_feature("routing"), {"answer-w1": "1", "answer-w2": "1"}, {"answer-w5": "declined"})
    [row] = take("answers", "routing")
    assert ("w5", "w3 w4", "w6") == tuple(row[column] for column in EXPLAINED)
    assert ("1", "", "", "", "") == (row["w1"], row["w3.1"], row["w4"], row["w5"], row["w6"])


def test_an_adaptive_test_tells_in_which_order_it_asked(open_feature: OpenFeature, take: Any):
    browser = open_feature("adaptive")
    for number, item in enumerate(("a3", "a1", "a5", "a2"), start=1):
        browser.post({f"answer-{item}": "3"}, browser.start.replace("/page/1", f"/page/{number}"))
    assert browser.send().location.endswith("/done")
    [row] = take("answers", "adaptive")
    assert ("a3 a1 a5 a2", "", "", "a4 a6") == (row["asked_in_order"], *(row[column] for column in EXPLAINED))


@pytest.mark.parametrize("feature", [key.split("@")[0] for key in features.library().keys])
def test_the_codebook_explains_every_column_once(take: Any, feature: str):
    """Seen failing with one row for an item that has a column for each of its options."""
    instrument = features.library().instrument(f"{feature}@1.0")
    explained = [row["column"] for row in take("codebook", feature) if row["column"]]
    extract = tables.Extract(0, instrument, None, columns.COLUMNS)
    expected = {*tables.answer_columns(extract), *tables.score_columns(extract)}
    assert sorted(expected) == sorted(explained)


def test_the_codebook_says_of_what_kind_a_column_is(take: Any):
    kinds = {}
    for feature in ("multiple", "number", "date", "text", "ranking", "vas"):
        kinds |= {row["column"]: row for row in take("codebook", feature)}
    assert ("Who helps you at home?: A nurse", "0 = not chosen, 1 = chosen") == (
        kinds["m1.2"]["meaning"],
        kinds["m1.2"]["values"],
    )
    assert ("number", "in kg", "20 to 300") == tuple(kinds["n1"][key] for key in ("type", "values", "range"))
    assert ("date", "year, year-month or year-month-day") == (kinds["d2"]["type"], kinds["d2"]["values"])
    assert "text" == kinds["t1"]["type"]
    assert "place given, 1 = first; empty = no place" == kinds["k1.3"]["values"]
    assert "-9 = does not know; not scored" in kinds["v1"]["values"]
    assert "declined_items" in kinds["m1.2"]["empty_means"]
