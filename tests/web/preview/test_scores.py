"""The scores of a preview are those of the engine, and its words cover everything the engine can say."""

import pytest
from flask import Flask, g

from app.questionnaires.cases import Case
from app.questionnaires.library import Library
from app.questionnaires.topics import topics
from app.scoring.block import STATUS
from app.web.preview import scores
from app.web.preview.shown import Preview
from app.web.preview.tried import Tried

ENGLISH = {"Accept-Language": "en"}
SAMPLE = ("eortc-qlq-c30@3.0", "phq-9@1.0", "audit-c@1.0", "fact-g@4.0", "weshare-core@1.0", "eq-5d-5l@1.0")


def test_every_reason_of_the_engine_has_its_words() -> None:
    """Seen failing with one row taken away."""
    assert set(STATUS) == set(scores.REASONS)


@pytest.mark.parametrize("key", SAMPLE)
def test_the_scores_of_the_worked_cases_are_computed(shipped: Flask, key: str) -> None:
    """The same answers as in the instrument's own cases give the same numbers. Seen failing with the facts left out."""
    library: Library = shipped.extensions["weshare"].library
    instrument = library.instrument(key)
    with shipped.test_request_context("/", headers=ENGLISH):
        shipped.preprocess_request()
        assert g.weshare
        for case in library.cases(key):
            answers = {item: int(value) for item, value in case.answers.items()}
            preview = Preview(instrument, topics(instrument), "topics", Tried(answers, case.facts))
            _compare(case, scores.computed(preview, case.value_set))


def _compare(case: Case, shown: list[scores.ShownScore]) -> None:
    found = {one.score.scale: one for one in shown}
    for scale, expected in case.scores.items():
        one = found[scale]
        if expected is None:
            assert "–" == one.value, case.name
            assert one.why.startswith("Not computed"), case.name
        else:
            assert abs(expected - float(one.value)) <= 5e-4 + 5e-5, case.name
            assert one.why.startswith("Computed."), case.name


def test_a_threshold_that_is_reached_is_told_with_its_source(shipped: Flask) -> None:
    library: Library = shipped.extensions["weshare"].library
    instrument = library.instrument("phq-9@1.0")
    confirmed = [one for scale in instrument.scales.values() for one in scale.thresholds if one.status == "confirmed"]
    with shipped.test_request_context("/", headers=ENGLISH):
        shipped.preprocess_request()
        worst = {item: max(instrument.response_of(item).scored) for item in instrument.order}
        shown = scores.computed(Preview(instrument, topics(instrument), "topics", Tried(worst)))
    told = [source for one in shown for _sentence, source in one.reached]
    assert {one.source for one in confirmed if one.at == "ge"} <= set(told) or not confirmed
