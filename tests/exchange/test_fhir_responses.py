"""A submission as a FHIR QuestionnaireResponse and back."""

import json
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.fhir import responses
from app.exchange.fhir.responses import Response
from app.exchange.notes import Unreadable
from app.questionnaires.answers import DECLINED
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId, ScaleId
from tests.support import random_answers
from tests.support.instruments import tiny_instrument
from tests.support.made_instruments import instruments

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=timezone(timedelta(hours=2)))
Q1, Q2, Q3, PF = ItemId("q1"), ItemId("q2"), ItemId("q3"), ScaleId("PF")


def test_answers_scores_and_what_was_left_out_on_purpose_come_back() -> None:
    response = Response({Q1: 2, Q2: DECLINED, Q3: 7}, NOON, {PF: 66.6667}, subject="P-0042", language="fr")
    read = responses.read(tiny_instrument(), responses.written(tiny_instrument(), response))
    assert (response, ()) == (read.response, read.notes)


def test_a_score_that_is_not_computed_is_not_there() -> None:
    text = responses.written(tiny_instrument(), Response({Q1: 1}, NOON, {PF: None})).decode()
    assert "score." not in text


def test_the_response_names_its_questionnaire_with_the_version_and_the_instant_with_its_zone() -> None:
    resource = responses.resource_of(tiny_instrument(), Response({}, NOON))
    assert resource["questionnaire"].endswith("/Questionnaire/tiny|1.0")
    assert "2026-03-29T12:00:00+02:00" == resource["authored"]


@settings(max_examples=80)
@given(instruments(), st.randoms(use_true_random=False))
def test_answers_of_every_kind_come_back(instrument: Instrument, random: Random) -> None:
    given_ = random_answers.answers(instrument, random, 0.2)
    facts = {FactId("sex"): "male", FactId("age"): 61.5}
    response = Response(given_, NOON, facts=facts)
    read = responses.read(instrument, responses.written(instrument, response))
    assert (response, ()) == (read.response, read.notes)


def test_answers_of_another_instrument_are_a_bug_and_a_naive_instant_too() -> None:
    with pytest.raises(KeyError):
        responses.written(tiny_instrument(), Response({ItemId("q99"): 1}, NOON))
    with pytest.raises(ValueError):
        responses.written(tiny_instrument(), Response({}, datetime(2026, 1, 1)))  # noqa: DTZ001 -- the case itself


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"status": "in-progress"}, "status"),
        ({"questionnaire": "http://else|1.0"}, "questionnaire"),
        ({"authored": "2026-01-01"}, "authored"),
        ({"resourceType": "Bundle"}, "resourceType"),
    ],
)
def test_what_is_no_finished_response_to_this_instrument_is_refused(change: dict[str, str], where: str) -> None:
    resource = responses.resource_of(tiny_instrument(), Response({Q1: 1}, NOON))
    with pytest.raises(Unreadable) as refused:
        responses.read(tiny_instrument(), json.dumps({**resource, **change}).encode())
    assert [where] == [note.where for note in refused.value.notes]


def test_an_answer_that_is_none_and_an_unknown_item_are_told_with_their_paths() -> None:
    resource = responses.resource_of(tiny_instrument(), Response({Q1: 1, Q3: 2}, NOON))
    resource["item"][0]["item"][0]["answer"][0]["valueCoding"]["code"] = "5"
    resource["item"].append({"linkId": "else", "answer": [{"valueString": "x"}]})
    read = responses.read(tiny_instrument(), json.dumps(resource).encode())
    assert {Q3: 2} == read.response.answers
    assert ["item[0].item[0]", "item[2]"] == [note.where for note in read.notes]


def test_nobody_is_named_in_a_response() -> None:
    resource = responses.resource_of(
        tiny_instrument(), Response({Q1: 1}, datetime(2026, 1, 1, tzinfo=UTC), subject="P-1")
    )
    assert {"identifier": {"value": "P-1"}} == resource["subject"]
