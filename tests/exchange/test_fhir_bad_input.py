"""Questionnaires of others, broken ones, hostile ones: what was read, what was not, and never an uncaught exception."""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.fhir import names, read, write
from app.exchange.notes import Imported, Unreadable
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import parse_wording
from tests.support import routed_everywhere
from tests.support.instruments import DEFINITION, WORDING

TODAY = date(2026, 11, 26)
DISPLAY = {"linkId": "hint", "type": "display", "text": "A hint"}


def coding(code: str, **more: Any) -> dict[str, Any]:
    """An option."""
    return {"valueCoding": {"code": code, "display": f"Label {code}"}, **more}


def foreign(*items: dict[str, Any], **more: Any) -> bytes:
    """A small questionnaire as another program would write it."""
    return json.dumps(
        {"resourceType": "Questionnaire", "status": "active", "title": "Foreign", "item": items, **more}
    ).encode()


def imported(content: bytes) -> Imported:
    """What is read of a file; its files are read once more, so that they are sound."""
    found = read.instrument(content, TODAY)
    for folder in found.folders:
        parse_instrument(folder.files["definition.yaml"], "definition.yaml", (folder.code, folder.version))
    return found


def said(found: Imported) -> list[str]:
    """The notes, each in one line."""
    return [str(note) for note in found.notes]


def test_an_unknown_type_is_told_with_its_path_and_the_rest_is_read() -> None:
    found = imported(
        foreign(
            {"linkId": "1", "type": "boolean", "text": "Well?"}, {"linkId": "2", "type": "attachment", "text": "Photo"}
        )
    )
    assert any(one.startswith("item[1]: Items of the type “attachment”") for one in said(found))
    assert "Well?" in found.folders[0].files["wording.en.yaml"]
    assert "Photo" not in found.folders[0].files["definition.yaml"]


def test_everything_that_nobody_asked_for_is_listed() -> None:
    """Seen failing when unknown elements were passed over."""
    found = imported(
        foreign(
            {
                "linkId": "a",
                "type": "string",
                "text": "A",
                "initial": [{"valueString": "x"}],
                "extension": [{"url": "http://else.where", "valueCode": "y"}],
            },
            DISPLAY,
            purpose="Why",
        )
    )
    wanted = {"purpose", "item[0].initial", "item[0].extension[0]", "item[1]"}
    assert wanted <= {note.where for note in found.notes}


def test_codes_of_others_become_numbers_and_conditions_follow_them() -> None:
    options = [coding("LA6568-5"), coding("LA6569-3"), coding("LA6570-1")]
    weights = [{**one, "extension": [{"url": names.ORDINAL, "valueDecimal": n}]} for n, one in enumerate(options)]
    rows = [{"question": "/44250-9", "operator": "=", "answerCoding": one["valueCoding"]} for one in options[1:]]
    second = {"linkId": "/44255-8", "type": "string", "text": "Which?", "enableBehavior": "any", "enableWhen": rows}
    found = imported(
        foreign({"linkId": "/44250-9", "type": "choice", "text": "How often?", "answerOption": weights}, second)
    )
    instrument = parse_instrument(found.folders[0].files["definition.yaml"], "d")
    assert [[0, 1, 2], ("in", (1.0, 2.0))] == [
        list(instrument.response_of(instrument.order[0]).options),  # type: ignore[union-attr]
        instrument.items[instrument.order[1]].ask_if.operator,  # type: ignore[union-attr]
    ]
    assert any("LA6568-5 is 0" in one for one in said(found))


@pytest.mark.parametrize(
    "when",
    [
        {"question": "nowhere", "operator": "=", "answerBoolean": True},
        {"question": "a", "operator": "~", "answerBoolean": True},
        {"question": "a", "operator": "=", "answerReference": {}},
        {"question": "b", "operator": "exists", "answerBoolean": True},
        [],
        "text",
    ],
)
def test_a_condition_that_is_not_understood_is_told_and_the_question_is_asked(when: Any) -> None:
    asked = {"linkId": "b", "type": "string", "text": "B", "enableWhen": [when] if isinstance(when, dict) else when}
    found = imported(foreign({"linkId": "a", "type": "boolean", "text": "A"}, asked))
    assert "ask_if" not in found.folders[0].files["definition.yaml"]
    assert any("item[1].enableWhen" in one or "ask_if" in one for one in said(found))


def test_markup_of_others_never_gets_into_an_instrument() -> None:
    text = "<b>Bold</b> &amp; <script>alert(1)</script>{{ 7*7 }} <img src=x onerror=alert(1)>"
    found = imported(
        foreign({"linkId": "a", "type": "string", "text": text}, copyright="<i>Mine</i>", title="<h1>T</h1>")
    )
    for content in found.folders[0].files.values():
        assert not [one for one in ("<", "alert", "{{", "onerror") if one in content]
    assert any("Markup" in one for one in said(found))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "JSON"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[]", "object"),
        (b"{", "JSON"),
        (b'{"a": NaN}', "number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "JSON"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a":' * 200_000, "deep"),
        (b'{"item":[' * 100 + b"]}" * 100, "deep"),
        (b'{"item": [' + b"0," * 600_000 + b"0]}", "values"),
        (b'"' + b"x" * 10_000_001 + b'"', "10 MB"),
        (b'{"resourceType": "Patient"}', "Questionnaire"),
        (b'{"resourceType": "Questionnaire"}', "item"),
    ],
)
def test_what_is_no_questionnaire_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read.instrument(content, TODAY)
    assert sentence in str(refused.value)


def test_numbers_and_names_beyond_all_bounds_do_no_harm() -> None:
    huge = [{"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 10**300}]
    found = imported(
        foreign(
            {"linkId": "x" * 5000, "type": "integer", "text": "t" * 9000, "extension": huge},
            {
                "linkId": "../../etc",
                "type": "choice",
                "text": "B",
                "answerOption": [coding("9" * 50), coding("-0"), coding("\u202e")],
            },
            version="../1.0",
            url="http://x/../../..",
            name="..",
        )
    )
    folder = found.folders[0]
    assert (folder.code, folder.version) == (Path(folder.code).name, Path(folder.version).name)
    assert len(folder.files["definition.yaml"]) < 20_000


PLACES = st.sampled_from(
    [
        "item",
        "type",
        "linkId",
        "text",
        "answerOption",
        "extension",
        "enableWhen",
        "url",
        "valueCoding",
        "valueString",
        "code",
        "version",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["choice", "group", "display", "integer", "date", "1", "q1", "page.first", "score.X", "=", "exists"]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLACES | st.text(max_size=6), inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=100)
@given(st.dictionaries(PLACES, JSON, max_size=6))
def test_no_json_whatever_is_more_than_refused(made: dict[str, Any]) -> None:
    with suppress(Unreadable):
        imported(json.dumps({**made, "resourceType": "Questionnaire"}).encode())


TINY = parse_instrument(DEFINITION, "definition.yaml")
OURS = [
    write.resource_of(TINY, {"en": parse_wording(WORDING, "wording.en.yaml", TINY)})[0],
    write.resource_of(routed_everywhere.instrument(), {})[0],
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a piece of JSON."""
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [one for key, child in children for one in places(child, (*path, key))]


@settings(max_examples=100)
@given(st.data())
def test_a_questionnaire_of_ours_with_anything_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever was changed is either read as it is now, or listed."""
    resource = json.loads(json.dumps(data.draw(st.sampled_from(OURS))))
    path = data.draw(st.sampled_from(places(resource)))
    holder = resource
    for key in path[:-1]:
        holder = holder[key]
    before, after = holder[path[-1]], data.draw(JSON)
    holder[path[-1]] = after
    try:
        found = imported(json.dumps(resource).encode())
    except Unreadable:
        return
    assert found.notes or same(before, after) or is_read_as_it_is(resource, found)


def same(before: Any, after: Any) -> bool:
    """The same JSON, for which 1 and true are two things."""
    return json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)


def is_read_as_it_is(resource: Any, found: Imported) -> bool:
    """Does what was read say the very same when it is written once more?"""
    files = found.folders[0].files
    instrument = parse_instrument(files["definition.yaml"], "definition.yaml")
    wordings = [name for name in files if name.startswith("wording")]
    texts = {name.split(".")[1]: parse_wording(files[name], name, instrument) for name in wordings}
    return same(resource, write.resource_of(instrument, texts)[0])
