"""WeShare's own questionnaires: complete in French and English, in words that a tired person can read on a phone."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from app.config import ROOT
from app.questionnaires import library, routing
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.library import Library
from app.questionnaires.reach import ends
from app.questionnaires.wording import OptionsText, Wording

OWN = tuple(f"weshare-{name}@1.0" for name in ("carer", "clinical", "core", "end-of-study", "socioeconomic"))
LANGUAGES = ("en", "fr")
EVERY_WORDING = [(key, language) for key in OWN for language in LANGUAGES]
MOST_WORDS = 25
MOST_WORDS_OF_AN_ANSWER = 16
NARROW = "\u202f"


@cache
def installed() -> Library:
    return library.load(ROOT / "instruments")


def instrument(key: str) -> Instrument:
    return installed().instrument(key)


def texts(wording: Wording) -> Iterator[tuple[str, str]]:
    """Everything that a person reads, with its place."""

    def below(value: Any, place: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield place, value
        elif isinstance(value, dict):
            for key, one in value.items():
                yield from below(one, f"{place}.{key}")

    content = wording.model_dump()
    for part in ("title", "introduction", "thanks", "recall_periods", "response_scales"):
        yield from below(content[part], part)
    for part in ("pages", "items", "scales", "checks"):
        yield from below(content[part], part)


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.?!…:])\s+", text) if one]


def words(text: str) -> int:
    return len(re.findall(r"[\w’,-]+", text))


def answers(wording: Wording) -> Iterator[tuple[str, str]]:
    for name, text in wording.response_scales.items():
        labels = text.options.values() if isinstance(text, OptionsText) else (text.low, text.high)
        yield from ((name, label) for label in labels)


def test_our_own_questionnaires_are_these() -> None:
    assert OWN == tuple(key for key in installed().keys if instrument(key).family == "WeShare")


@pytest.mark.parametrize("key", OWN)
def test_each_speaks_french_and_english_and_says_the_same_things_in_both(key: str) -> None:
    """Seen failing with one check left out of the French wording."""
    assert LANGUAGES == installed().languages(key)
    french, english = ([place for place, _ in texts(installed().wording(key, one))] for one in LANGUAGES)
    assert french == english
    assert [check.key for check in instrument(key).checks] == list(installed().wording(key, "fr").checks)


@pytest.mark.parametrize("key", OWN)
def test_every_question_may_be_left_out(key: str) -> None:
    assert not [name for name, item in instrument(key).items.items() if item.required]


@pytest.mark.parametrize("key", OWN)
def test_every_scale_goes_from_0_to_100_and_has_a_good_end(key: str) -> None:
    one = instrument(key)
    assert dict.fromkeys(one.scales, (0, 100)) == {name: ends(one)[name] for name in one.scales}
    assert {scale.better for scale in one.scales.values()} <= {"high", "low"}


@pytest.mark.parametrize(("key", "language"), EVERY_WORDING)
def test_sentences_are_short(key: str, language: str) -> None:
    """Seen failing with the two sentences of an introduction joined by a comma."""
    wording = installed().wording(key, language)
    long = [(place, one) for place, text in texts(wording) for one in sentences(text) if words(one) > MOST_WORDS]
    assert [] == long
    assert [] == [(name, label) for name, label in answers(wording) if words(label) > MOST_WORDS_OF_AN_ANSWER]


@pytest.mark.parametrize(("key", "language"), EVERY_WORDING)
def test_questions_ask_and_answers_differ(key: str, language: str) -> None:
    wording = installed().wording(key, language)
    assert [] == [item for item, text in wording.items.items() if "?" not in text]
    for name, text in wording.response_scales.items():
        labels = list(text.options.values()) if isinstance(text, OptionsText) else [text.low, text.high]
        assert (name, len(labels)) == (name, len(set(labels)))


@pytest.mark.parametrize(("key", "language"), EVERY_WORDING)
def test_the_typography_is_that_of_the_language(key: str, language: str) -> None:
    """Seen failing with a plain blank before a question mark, a straight apostrophe and “soutenu(e)”."""
    wrong = {"en": r"['\"]|\s[:;?!]|[.!?]{2}|  ", "fr": rf"['\"]|[^{NARROW}][:;?!»%]|«[^{NARROW}]|\((e|s)\)|[·]|  "}
    found = [text for _, text in texts(installed().wording(key, language)) if re.search(wrong[language], text)]
    assert [] == found


@pytest.mark.parametrize("key", OWN)
def test_what_every_screen_says_by_itself_is_not_said_again(key: str) -> None:
    """How many answers may be chosen, how exact a date must be and how long it takes stand beside the question."""
    hints = {
        "en": r"(several|[0-9]) answers|year is enough|takes about",
        "fr": r"(plusieurs|[0-9]) réponses|année suffi|environ [0-9]",
    }
    for language, hint in hints.items():
        wording = installed().wording(key, language)
        asked = [wording.introduction, *(text for item, text in wording.items.items() if is_hinted(key, item))]
        assert [] == [text for text in asked if re.search(hint, text)]


def is_hinted(key: str, item: ItemId) -> bool:
    return instrument(key).response_of(item).kind in ("multiple", "date")


def asked(key: str, **given: int) -> set[str]:
    return set(routing.asked(instrument(key), {ItemId(item): value for item, value in given.items()}))


def test_without_a_cancer_only_health_in_general_is_asked() -> None:
    assert asked("weshare-clinical@1.0", q1=0) == {"q1", "q14", "q17", "q18", "q19", "q21", "q22"}


def test_who_finished_the_treatments_is_asked_when_and_not_which_are_under_way() -> None:
    found = asked("weshare-clinical@1.0", q1=1, q10=2)
    assert ("q12" in found, "q11" in found) == (True, False)


def test_a_retired_person_is_not_asked_about_work() -> None:
    work = {f"q{number}" for number in (6, 7, *range(9, 16))}
    assert set() == asked("weshare-socioeconomic@1.0", q5=5, q8=6) & work


def test_who_went_back_to_work_is_asked_when_and_how_it_went() -> None:
    assert {"q10", "q11", "q12", "q13", "q14"} <= asked("weshare-socioeconomic@1.0", q5=1, q8=1, q9=1)


def test_a_carer_without_work_is_not_asked_how_both_go_together() -> None:
    assert not {"q24", "q25"} & asked("weshare-carer@1.0", q23=4)


def test_who_would_not_take_part_again_may_say_why() -> None:
    assert "q18" in asked("weshare-end-of-study@1.0", q17=4)
    assert "q18" not in asked("weshare-end-of-study@1.0", q17=1)


def test_an_unlikely_weight_is_asked_about_and_goes_through() -> None:
    one = instrument("weshare-clinical@1.0")
    assert [("heavy", "soft")] == [(check.key, check.level) for check in routing.objections(one, {ItemId("q18"): 640})]
