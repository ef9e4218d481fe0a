"""The topics of an instrument as if they were its wording: what can be shown where no wording is installed.

Neutral words of our own, in English, never the published text; ``provenance.kind`` is ``preview`` so that every screen
and every sheet of paper says so.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from app.questionnaires.definition import Instrument
from app.questionnaires.response_scales import NotAnswer
from app.questionnaires.wording import EndsText, OptionsText, Provenance, ResponseText, ScaleText, Wording

LANGUAGE: Final = "en"
NOT_ANSWERS: Mapping[NotAnswer, str] = {
    "not-applicable": "Does not apply",
    "prefer-not-to-answer": "Prefers not to answer",
    "do-not-know": "Does not know",
}


def topics(instrument: Instrument) -> Wording:
    """A wording made of the topics; options are named by their codes, pages by their section or their place."""
    return Wording(
        instrument=instrument.code,
        version=instrument.version,
        language=LANGUAGE,
        wording_version="0",
        # Every wording has a date; topics belong to the definition, and this one is shown nowhere.
        provenance=Provenance(kind="preview", author="WeShare", date=date(2026, 1, 1)),
        title=instrument.title,
        introduction="These are topics, not the questions of the questionnaire.",
        thanks="This was a preview with topics.",
        recall_periods=instrument.recall_periods,
        response_scales={
            name: LABELS[scale.kind](scale)
            for name, scale in instrument.response_scales.items()
            if scale.kind in LABELS
        },
        pages={
            page.key: instrument.sections[page.section] if page.section else f"Page {number}"
            for number, page in enumerate(instrument.pages, start=1)
        },
        items={name: item.topic for name, item in instrument.items.items()},
        scales={
            name: ScaleText(name=scale.title, explanation=scale.title, low="Lowest score", high="Highest score")
            for name, scale in instrument.scales.items()
        },
        checks={check.key: check.message for check in instrument.checks},
    )


def _options(scale: Any) -> ResponseText:
    beside = {code: NOT_ANSWERS[why] for code, why in getattr(scale, "not_answers", {}).items()}
    return OptionsText(options={code: str(code) for code in scale.options} | beside)


def _ends(scale: Any) -> ResponseText:
    beside = {code: NOT_ANSWERS[why] for code, why in scale.not_answers.items()}
    return EndsText(low="Lowest answer", high="Highest answer", not_answers=beside)


LABELS: Mapping[str, Callable[[Any], ResponseText]] = {
    "choice": _options,
    "multiple": _options,
    "ranking": _options,
    "rating": _ends,
    "vas": _ends,
}
"""How the answers of each kind of response scale are named; the other kinds have no labels."""
