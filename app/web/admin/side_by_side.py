"""A wording beside what its definition says each text is about, in the order of the file, for somebody to compare."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.questionnaires.definition import Instrument
from app.questionnaires.response_scales import Coded
from app.questionnaires.wording import EndsText, OptionsText, Wording
from app.web.locale import _


@dataclass(frozen=True, slots=True)
class Line:
    """One text: its place in the file, what it is about (English, as definitions are), and what it says."""

    place: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """The texts of one part of the file."""

    title: str
    lines: tuple[Line, ...]


def parts(instrument: Instrument, wording: Wording) -> list[Part]:
    """Every text of the wording, once."""
    found = [
        Part(_("The whole"), tuple(_whole(wording))),
        Part(_("Recall periods"), tuple(_topics(instrument.recall_periods, wording.recall_periods))),
        Part(_("Answers"), tuple(_answers(instrument, wording))),
        Part(_("Pages"), tuple(_topics({one.key: ", ".join(one.items) for one in instrument.pages}, wording.pages))),
        Part(_("Questions"), tuple(_questions(instrument, wording))),
        Part(_("Scales on the results page"), tuple(_scales(instrument, wording))),
        Part(_("Checks of the answers"), tuple(_topics({c.key: c.message for c in instrument.checks}, wording.checks))),
    ]
    return [part for part in found if part.lines]


def doubled(wording: Wording) -> list[tuple[str, ...]]:
    """The items that share one text: rarely meant, mostly a slip of copying."""
    counts = Counter(text.strip().casefold() for text in wording.items.values())
    twice = [text for text, count in counts.items() if count > 1]
    return [tuple(item for item, text in wording.items.items() if text.strip().casefold() == one) for one in twice]


def _whole(wording: Wording) -> Iterator[Line]:
    yield Line("title", "", wording.title)
    yield Line("introduction", "", wording.introduction)
    yield Line("thanks", "", wording.thanks)


def _topics(topics: Mapping[Any, str], texts: Mapping[Any, str]) -> Iterator[Line]:
    yield from (Line(str(key), topics[key], text) for key, text in texts.items())


def _questions(instrument: Instrument, wording: Wording) -> Iterator[Line]:
    for item, text in wording.items.items():
        one = instrument.items[item]
        yield Line(item, " · ".join(filter(None, (one.topic, one.response, one.recall))), text)


def _answers(instrument: Instrument, wording: Wording) -> Iterator[Line]:
    for name, text in wording.response_scales.items():
        yield from SHOWN[type(text)](name, instrument.response_scales[name], text)


def _options(name: str, scale: Any, text: OptionsText) -> Iterator[Line]:
    beside = scale.not_answers if isinstance(scale, Coded) else {}
    yield from (Line(f"{name} {code}", beside.get(code, ""), label) for code, label in text.options.items())


def _ends(name: str, scale: Any, text: EndsText) -> Iterator[Line]:
    yield Line(f"{name} {scale.minimum}", "low", text.low)
    yield Line(f"{name} {scale.maximum}", "high", text.high)
    yield from (Line(f"{name} {code}", scale.not_answers[code], label) for code, label in text.not_answers.items())


def _scales(instrument: Instrument, wording: Wording) -> Iterator[Line]:
    for name, text in wording.scales.items():
        title = instrument.scales[name].title
        yield Line(f"{name} name", title, text.name)
        yield Line(f"{name} explanation", title, text.explanation)
        yield Line(f"{name} low", title, text.low)
        yield Line(f"{name} high", title, text.high)


SHOWN: Mapping[type, Callable[[str, Any, Any], Iterator[Line]]] = {OptionsText: _options, EndsText: _ends}
