"""An instrument goes out as a FHIR questionnaire and comes back as the same one: the library's, and made ones."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.exchange.fhir import names, read, write
from app.exchange.notes import Imported
from app.questionnaires import library
from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import Wording, parse_wording
from tests.support.made_instruments import instruments, wordings

LIBRARY = library.load(ROOT / "instruments")
TODAY = date(2026, 11, 26)
Wordings = dict[str, Wording]


def back(imported: Imported, languages: Any = ()) -> tuple[Instrument, Wordings]:
    """The instrument and the wordings in the files that an import would write."""
    files = imported.folders[0].files
    instrument = parse_instrument(files["definition.yaml"], "definition.yaml")
    read_ = {one: parse_wording(files[f"wording.{one}.yaml"], "wording", instrument, one) for one in languages}
    return instrument, read_


def without_own(resource: Any) -> Any:
    """The resource as a program leaves it that keeps none of our own extensions."""
    if isinstance(resource, list):
        return [
            without_own(one)
            for one in resource
            if not (isinstance(one, dict) and str(one.get("url", "")).startswith(names.OWN + "Struc"))
        ]
    return {key: without_own(one) for key, one in resource.items()} if isinstance(resource, dict) else resource


@pytest.mark.parametrize("key", LIBRARY.keys)
def test_every_instrument_of_the_library_comes_back_as_it_was(key: str) -> None:
    """Seen failing when the order of the response scales was left to the items."""
    instrument = LIBRARY.instrument(key)
    texts = {one: LIBRARY.wording(key, one) for one in LIBRARY.languages(key)}
    imported = read.instrument(write.questionnaire(instrument, texts).content, TODAY)
    assert () == imported.notes
    assert (instrument, texts) == back(imported, texts)
    assert instrument.content_hash == back(imported)[0].content_hash


@pytest.mark.parametrize("key", LIBRARY.keys)
def test_without_our_own_extensions_the_questions_and_answers_still_come_back(key: str) -> None:
    instrument = LIBRARY.instrument(key)
    texts = {one: LIBRARY.wording(key, one) for one in LIBRARY.languages(key)}
    resource, _notes = write.resource_of(instrument, texts)
    imported = read.instrument(json.dumps(without_own(resource)).encode(), TODAY)
    found, _texts = back(imported)
    assert instrument.order == found.order
    for item in instrument.order:
        before, after = instrument.items[item], found.items[item]
        assert (before.topic, before.number, before.required) == (after.topic, after.number, after.required)
        if instrument.response_of(item).kind != "ranking":
            assert instrument.response_of(item) == found.response_of(item)
    assert [page.items for page in instrument.pages] == [page.items for page in found.pages]
    assert instrument.facts == found.facts


@settings(max_examples=150)
@given(st.data())
def test_made_instruments_of_every_kind_come_back_as_they_were(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    languages = data.draw(st.sampled_from([(), ("fr",), ("en", "fr"), ("fr", "de-CH")]))
    texts = {one: data.draw(wordings(instrument, one)) for one in languages}
    imported = read.instrument(write.questionnaire(instrument, texts).content, TODAY)
    assert () == imported.notes
    assert (instrument, texts) == back(imported, languages)
    assert instrument.content_hash == back(imported)[0].content_hash


def test_what_an_import_writes_passes_the_check_of_installed_questionnaires(tmp_path: Path) -> None:
    for key in ("weshare-core@1.0", "promis-29@2.1", "pro-ctcae@1.0"):
        texts = {one: LIBRARY.wording(key, one) for one in LIBRARY.languages(key)}
        folder = read.instrument(write.questionnaire(LIBRARY.instrument(key), texts).content, TODAY).folders[0]
        path = tmp_path / folder.code / folder.version
        path.mkdir(parents=True)
        for name, text in folder.files.items():
            (path / name).write_text(text, encoding="utf-8")
    assert () == library.check(tmp_path)


def test_a_preview_says_that_it_is_one() -> None:
    resource, _notes = write.resource_of(LIBRARY.instrument("phq-9@1.0"), {})
    assert ("draft", True) == (resource["status"], resource["experimental"])
    assert "Preview" in resource["item"][0]["text"]


def test_a_condition_that_was_changed_elsewhere_is_read_as_it_is_now() -> None:
    """Seen failing when the condition that WeShare keeps beside enableWhen was believed whatever enableWhen said."""
    resource, _notes = write.resource_of(LIBRARY.instrument("pro-ctcae@1.0"), {})
    item = next(one for group in resource["item"] for one in group.get("item", []) if "enableWhen" in one)
    item["enableWhen"] = item["enableWhen"][-1:]
    item.pop("enableBehavior", None)
    imported = read.instrument(json.dumps(resource).encode(), TODAY)
    found, _texts = back(imported)
    operator, value = found.items[item["linkId"]].ask_if.operator
    assert ("eq", float(item["enableWhen"][0]["answerCoding"]["code"])) == (operator, value)
    assert any(
        item["linkId"] in str(note) or "enableWhen" in note.where or "extension" in note.where
        for note in imported.notes
    )


def test_a_formula_that_was_changed_elsewhere_is_told() -> None:
    resource, _notes = write.resource_of(LIBRARY.instrument("gad-7@1.0"), {})
    variable = next(one for one in resource["extension"] if one["url"] == names.VARIABLE and "sum" in str(one))
    variable["valueExpression"]["expression"] = "42"
    imported = read.instrument(json.dumps(resource).encode(), TODAY)
    assert [f"extension[{resource['extension'].index(variable)}].valueExpression.expression"] == [
        one.where for one in imported.notes
    ]
