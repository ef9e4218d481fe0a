"""What professionals read of an instrument: licence, wording, ways of answering and routing; tables and sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.response_scales import Coded, ResponseScale
from app.questionnaires.wording import Wording
from app.web.condition_words import in_words, number_of
from app.web.investigator import codebook
from app.web.locale import _, lazy
from app.web.request import current

RESPONDENTS: Mapping[str, Any] = {
    "self": lazy("The person concerned"),
    "proxy": lazy("Somebody close, on the person’s behalf"),
    "interviewer": lazy("An interviewer asks"),
}
ELECTRONIC: Mapping[str, Any] = {
    "not-needed": lazy("Electronic use needs no licence."),
    "included": lazy("The licence includes electronic use."),
    "separate": lazy("Electronic use needs a licence of its own."),
    "ask": lazy("Ask the owner whether electronic use needs a licence."),
}
WORDING_TERMS: Mapping[str, Any] = {
    "free": lazy("The wording is free to use."),
    "by-permission": lazy("The wording may be used with the owner’s permission only."),
}
PROVENANCES: Mapping[str, Any] = {
    "own": lazy("WeShare’s own wording"),
    "licensed": lazy("Licensed wording"),
    "preview": lazy("Topics only"),
}
KINDS: Mapping[str, Any] = {
    "choice": lazy("One answer out of a list"),
    "rating": lazy("A rating from %(low)s to %(high)s"),
    "vas": lazy("A place on a line from %(low)s to %(high)s"),
    "multiple": lazy("Several answers out of a list"),
    "ranking": lazy("Answers put in order"),
    "number": lazy("A number from %(low)s to %(high)s, in %(unit)s"),
    "date": lazy("A date"),
    "text": lazy("Free text"),
}


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """A response scale in words: how it is answered, its options, and the questions that use it."""

    id: str
    kind: str
    options: tuple[str, ...]
    items: str


def language_name(code: str) -> str:
    """What a language is called in the reader's."""
    return Locale.parse(code, sep="-").get_display_name(current.language) or code


def responses(instrument: Instrument, wording: Wording) -> list[ShownResponse]:
    """Every way in which questions are answered."""
    shown = []
    for name, scale in instrument.response_scales.items():
        using = [item for item in instrument.order if instrument.items[item].response == name]
        options = _options(instrument, wording, using[0]) if using and isinstance(scale, Coded) else ()
        shown.append(ShownResponse(name, _kind(scale), options, _numbers(instrument, using)))
    return shown


def routes(instrument: Instrument, wording: Wording) -> list[str]:
    """One sentence for each question or page that not everybody is asked."""
    found = []
    for page in instrument.pages:
        if page.ask_if:
            condition = in_words(page.ask_if, instrument, wording)
            questions = _numbers(instrument, page.items)
            found.append(_("Questions %(questions)s: only if %(condition)s.", questions=questions, condition=condition))
    for name in instrument.order:
        asked_if = instrument.items[name].ask_if
        if asked_if:
            condition, number = in_words(asked_if, instrument, wording), number_of(instrument, name)
            found.append(_("Question %(number)s: only if %(condition)s.", number=number, condition=condition))
    return found


def _numbers(instrument: Instrument, items: Iterable[ItemId]) -> str:
    return ", ".join(number_of(instrument, item) for item in items)


def _kind(scale: ResponseScale) -> str:
    low, high = getattr(scale, "minimum", 0), getattr(scale, "maximum", 0)
    return str(KINDS[scale.kind]) % {"low": f"{low:g}", "high": f"{high:g}", "unit": getattr(scale, "unit", "")}


def _options(instrument: Instrument, wording: Wording, item: ItemId) -> tuple[str, ...]:
    """The options with their words; of a rating or a line the two ends, which alone have words."""
    scale, response = instrument.response_of(item), instrument.items[item].response
    if not isinstance(scale, Coded):
        return ()
    low, high = wording.ends(response) or ("", "")
    ends = {scale.scored[0]: low, scale.scored[-1]: high}
    named = ends if low else {code: wording.option_text(response, code) or str(code) for code in scale.scored}
    beside = {code: str(codebook.NOT_ANSWERS[why]) for code, why in scale.not_answers.items()}
    return tuple(_("%(code)s: %(label)s", code=code, label=label) for code, label in (named | beside).items())
