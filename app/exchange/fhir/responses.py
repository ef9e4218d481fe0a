"""A submission as an HL7 FHIR R4 QuestionnaireResponse, and back. Its groups and linkIds are the questionnaire's."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from app.exchange import json_places
from app.exchange.declared import tidied
from app.exchange.fhir import names, places
from app.exchange.fhir.elements import Json, extension
from app.exchange.fhir.names import part
from app.exchange.json_places import Place
from app.exchange.notes import Note, Unreadable, listed
from app.exchange.numbers import decimal
from app.questionnaires.answers import DECLINED, Declined, Value, value_of
from app.questionnaires.definition import Instrument, Page
from app.questionnaires.elements import FactId, ItemId, ScaleId
from app.questionnaires.response_scales import (
    Choice,
    Day,
    Multiple,
    Quantity,
    Ranking,
    Rating,
    ResponseScale,
    Vas,
    Words,
)

AnyAnswer: TypeAlias = Value | Declined
DECLINED_CODE: Final = "asked-declined"


@dataclass(frozen=True, slots=True)
class Response:
    """What one person said and what it was worth. ``authored`` is aware of its zone; a score of None is not computed.

    ``answers`` hold what counts: of the items that were asked. ``subject`` is a pseudonym, never more.
    """

    answers: Mapping[ItemId, AnyAnswer]
    authored: datetime
    scores: Mapping[ScaleId, float | None] = field(default_factory=dict)
    facts: Mapping[FactId, float | str] = field(default_factory=dict)
    subject: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A response that was read, and what of its file was not."""

    response: Response
    notes: tuple[Note, ...]


def written(instrument: Instrument, response: Response) -> bytes:
    """The JSON of the response. ValueError for a naive instant, KeyError for an item the instrument does not have."""
    return json.dumps(resource_of(instrument, response), ensure_ascii=False, indent=1).encode()


def resource_of(instrument: Instrument, response: Response) -> Json:
    """The same as plain data."""
    if response.authored.tzinfo is None:
        raise ValueError("the instant needs its zone")
    if foreign := response.answers.keys() - instrument.items.keys():
        raise KeyError(*sorted(foreign))
    return {
        "resourceType": "QuestionnaireResponse",
        **({} if response.language is None else {"language": response.language}),
        "questionnaire": f"{names.questionnaire(instrument.code)}|{instrument.version}",
        "status": "completed",
        **({} if response.subject is None else {"subject": {"identifier": {"value": response.subject}}}),
        "authored": response.authored.isoformat(),
        "item": list(_groups(instrument, response)),
    }


def _groups(instrument: Instrument, response: Response) -> Iterator[Json]:
    if facts := [_fact(instrument, name, value) for name, value in response.facts.items()]:
        yield {"linkId": "facts", "item": facts}
    found: list[Json] = []
    for page in instrument.pages:
        items = [_item(instrument, item, response.answers[item]) for item in page.items if item in response.answers]
        if not items:
            continue
        inside = found
        if page.section is not None:
            link = part("section", page.section)
            if not found or found[-1]["linkId"] != link:
                found.append({"linkId": link, "item": []})
            inside = found[-1]["item"]
        inside.append({"linkId": _link(page), "item": items})
    yield from found
    computed = [(name, value) for name, value in response.scores.items() if value is not None]
    if computed:
        scores = [
            {"linkId": part("score", name), "answer": [{"valueDecimal": tidied(value)}]} for name, value in computed
        ]
        yield {"linkId": "scores", "item": scores}


def _link(page: Page) -> str:
    return part("page", page.key)


def _fact(instrument: Instrument, name: FactId, value: float | str) -> Json:
    system = names.options(instrument.code, name)
    is_word = isinstance(value, str)
    answer = {"valueCoding": {"system": system, "code": value}} if is_word else {"valueDecimal": tidied(value)}
    return {"linkId": part("fact", name), "answer": [answer]}


def _item(instrument: Instrument, item: ItemId, answer: AnyAnswer) -> Json:
    if isinstance(answer, Declined):
        return {"extension": [extension(names.ABSENT, "Code", DECLINED_CODE)], "linkId": item}
    response = instrument.response_of(item)
    system = names.options(instrument.code, instrument.items[item].response)
    return {"linkId": item, "answer": list(WRITERS[type(response)](response, system, answer))}


def _codings(_response: ResponseScale, system: str, answer: Value) -> Iterator[Json]:
    for code in answer if isinstance(answer, tuple) else (answer,):
        yield {"valueCoding": {"system": system, "code": str(code)}}


def _plain(kind: str) -> Callable[[Any, str, Any], Iterator[Json]]:
    def write(_response: ResponseScale, _system: str, answer: Value) -> Iterator[Json]:
        yield {f"value{kind}": tidied(answer)}

    return write


def _quantity(response: Quantity, _system: str, answer: Value) -> Iterator[Json]:
    yield {"valueDecimal" if response.decimals else "valueInteger": tidied(answer)}


WRITERS: Final[Mapping[type[ResponseScale], Callable[[Any, str, Any], Iterator[Json]]]] = {
    Choice: _codings,
    Rating: _codings,
    Multiple: _codings,
    Ranking: _codings,
    Vas: _plain("Integer"),
    Quantity: _quantity,
    Day: _plain("Date"),
    Words: _plain("String"),
}


def read(instrument: Instrument, content: bytes) -> Read:
    """The response in a file to this instrument. Raises Unreadable where it is none, or to another instrument."""
    root = json_places.read(content)
    if root.get("resourceType").value != "QuestionnaireResponse":
        raise _stop("resourceType", "This is no FHIR QuestionnaireResponse.")
    expected = f"{names.questionnaire(instrument.code)}|{instrument.version}"
    if root.get("questionnaire").value != expected:
        raise _stop("questionnaire", f"These are not answers to {expected}.")
    if root.get("status").value not in ("completed", "amended"):
        raise _stop("status", "Only a completed response is read.")
    for key in ("meta", "id"):
        root.get(key).whole()
    walk = _Walk(instrument)
    walk.down(root, 0)
    response = Response(
        answers=walk.answers,
        authored=_instant(root.get("authored")),
        scores=walk.scores,
        facts=walk.facts,
        subject=root.get("subject").get("identifier").get("value").text(),
        language=root.get("language").text(),
    )
    unread = (Note(path, "Not read.") for path in root.document.unseen())
    return Read(response, listed([*root.document.notes, *unread]))


def _instant(place: Place) -> datetime:
    try:
        found = datetime.fromisoformat(str(place.value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise _stop("authored", "The instant with its zone is needed here.")
    return found


class _Walk:
    """Collects answers, facts and scores out of the items of a response."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.answers: dict[ItemId, AnyAnswer] = {}
        self.facts: dict[FactId, float | str] = {}
        self.scores: dict[ScaleId, float | None] = {}

    def down(self, parent: Place, depth: int) -> None:
        for item in parent.get("item").each():
            link = item.get("linkId").text() or ""
            item.get("text")
            kind, _, name = link.rpartition(".")
            if ItemId(link) in self.instrument.items:
                self._answer(item, ItemId(link))
            elif kind == "fact" and FactId(name) in self.instrument.facts:
                self._fact(item, FactId(name))
            elif kind == "score" and ScaleId(name) in self.instrument.computed:
                self._score(item, ScaleId(name))
            elif depth < 10 and isinstance(item.value, dict) and "item" in item.value:
                self.down(item, depth + 1)
            else:
                item.note("The questionnaire has no such item.")
                item.whole()

    def _answer(self, item: Place, name: ItemId) -> None:
        absent = places.value(item, names.ABSENT, "Code").value
        raws = [raw for one in item.get("answer").each() if (raw := _raw(one)) is not None]
        if not raws:
            if absent == DECLINED_CODE:
                self.answers[name] = DECLINED
            return
        value = value_of(self.instrument.response_of(name), ",".join(raws) if len(raws) > 1 else raws[0])
        if value is None or name in self.answers:
            item.note("This is no answer to the question, or a second one.")
        else:
            self.answers[name] = value

    def _fact(self, item: Place, name: FactId) -> None:
        fact = self.instrument.facts[name]
        for one in item.get("answer").each():
            raw = _raw(one)
            number = one.value.get("valueDecimal") if isinstance(one.value, dict) else None
            if fact.values is not None and raw in fact.values:
                self.facts[name] = raw
            elif fact.values is None and isinstance(number, int | float) and not isinstance(number, bool):
                self.facts[name] = float(number)
            else:
                one.note("This is no value of the fact.")

    def _score(self, item: Place, name: ScaleId) -> None:
        for one in item.get("answer").each():
            number = one.get("valueDecimal").number()
            if number is not None:
                self.scores[name] = float(number)


def _raw(answer: Place) -> str | None:
    """The answer as a form would send it."""
    kind, value = places.raw_value(answer)
    inside = answer.get(f"value{kind}") if kind else answer
    if kind == "Coding":
        inside.get("system")
        inside.get("display")
        return inside.get("code").text()
    if kind in ("Integer", "Decimal") and (number := inside.number()) is not None:
        return decimal(number)
    if kind in ("Date", "String") and isinstance(value, str):
        return value
    answer.note("An answer of this type is not read.")
    return None


def _stop(where: str, message: str) -> Unreadable:
    return Unreadable([Note(where, message)])
