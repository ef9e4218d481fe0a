"""What each column of a study's data files means, in words; the columns are those of app.responses.tables."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.missing_rules import needed
from app.questionnaires.reach import ends_of_item
from app.questionnaires.response_scales import Choice, Coded, Multiple, NotAnswer, Ranking
from app.questionnaires.scales import Linear
from app.questionnaires.wording import Wording
from app.responses import tables
from app.responses.tables import Row
from app.scoring.score import SCORING_VERSION
from app.web.investigator.scales import ShownScale
from app.web.locale import _, lazy

HEADER = ("file", "column", "type", "meaning", "values", "range", "better", "items", "rule", "empty_means")

BOTH, ANSWERS, SCORES = "answers, scores", "answers", "scores"
TEXT, WHOLE, NUMBER, INSTANT, YES_OR_NO = (
    lazy("text"),
    lazy("whole number"),
    lazy("number"),
    lazy("instant (ISO 8601, UTC)"),
    lazy("0 = no, 1 = yes"),
)

KEYS: Mapping[str, tuple[Any, Any, Any]] = {
    "study": (TEXT, lazy("Study"), ""),
    "site": (TEXT, lazy("Site that enrolled the participant"), ""),
    "arm": (TEXT, lazy("Group of the study"), lazy("in no group")),
    "subject_code": (TEXT, lazy("Participant, by the code that the study gave; never a name"), ""),
    "visit": (TEXT, lazy("Visit of the protocol"), ""),
    "iteration": (WHOLE, lazy("Which time, for a visit that comes more than once"), ""),
    "instrument": (TEXT, lazy("Questionnaire and its version"), ""),
    "instrument_hash": (TEXT, lazy("Fingerprint (SHA-256) of the questionnaire’s definition when it was sent"), ""),
    "wording_version": (TEXT, lazy("Version of the wording that the participant read"), ""),
    "language": (TEXT, lazy("Language of that wording"), ""),
    "protocol_version": (WHOLE, lazy("Version of the study’s protocol that the participant follows"), ""),
    "scoring_version": (TEXT, lazy("Version of the program that computed the scores"), ""),
    "made_available": (INSTANT, lazy("From when the participant could have answered"), lazy("not noted")),
    "opened": (INSTANT, lazy("When the questionnaire was first opened"), lazy("not noted")),
    "started": (INSTANT, lazy("When the first answer was given"), lazy("not noted")),
    "submitted": (INSTANT, lazy("When the questionnaire was sent"), ""),
    "late": (YES_OR_NO, lazy("Sent when it was due or later"), ""),
    "mode": (
        TEXT,
        lazy("How it was answered: online, by the participant; paper, on a form that the site entered later"),
        "",
    ),
    "answered_on_paper": (
        lazy("date"),
        lazy("Day that stands on the form; the visit counts as answered then, and “submitted” is when it was entered"),
        lazy("answered online"),
    ),
    "consent_version": (
        WHOLE,
        lazy("Number of the newest version of the study’s consent that the participant has agreed to by now"),
        lazy("none is recorded"),
    ),
    "consent_agreed": (INSTANT, lazy("When an agreement was last recorded"), lazy("none is recorded")),
}
"""Type, meaning and what an empty cell means, for each key of app.responses.tables, and of app.consents.columns."""

METHODS: Mapping[str, Any] = {
    "linear": lazy("mean of the answered questions, stretched to 0 to 100"),
    "mean": lazy("mean of what is answered"),
    "sum": lazy("sum of what is answered"),
    "prorated": lazy("mean of what is answered, times the number of parts"),
    "highest": lazy("the highest of what is answered"),
    "lowest": lazy("the lowest of what is answered"),
    "product": lazy("product of all parts"),
    "count": lazy("how many parts fulfil a condition"),
    "first": lazy("the first part that has a value"),
    "weighted": lazy("weighted sum of all parts"),
    "standardised": lazy("weighted sum of all parts, each compared with a reference population"),
    "points": lazy("sum of the points that each answer is worth"),
    "table": lazy("sum of all parts, converted by the published table"),
    "lookup": lazy("looked up in the published table"),
    "value-set": lazy("value of the health state in the chosen set of preferences"),
    "cases": lazy("the first rule of a list that applies"),
    "irt": lazy("estimated from the pattern of answers (item response theory)"),
}
EMPTY: Mapping[str, Any] = {
    tables.DECLINED: lazy("Questions that the participant left out on purpose, by column"),
    tables.SKIPPED: lazy(
        "Questions that did not concern the participant, because of other answers or facts, by column"
    ),
    tables.NOT_SEEN: lazy("Questions that the participant never saw, by column"),
    tables.BLANK: lazy("Questions that were left blank on paper, nobody knows why, by column"),
    tables.UNUSED: lazy(
        "Questions whose answer on paper cannot be used (illegible, two boxes ticked, no possible answer), by column"
    ),
}
OPTION_VALUES: Mapping[str, Any] = {
    "multiple": lazy("0 = not chosen, 1 = chosen"),
    "ranking": lazy("place given, 1 = first; empty = no place"),
}
DATE_VALUES: Mapping[str, Any] = {
    "year": lazy("year, year-month or year-month-day"),
    "month": lazy("year-month or year-month-day"),
    "day": lazy("year-month-day"),
}
TYPES: Mapping[str, Callable[[Any], tuple[Any, Any]]] = {
    "choice": lambda _scale: (WHOLE, ""),
    "rating": lambda _scale: (WHOLE, ""),
    "vas": lambda _scale: (WHOLE, ""),
    "number": lambda scale: (NUMBER if scale.decimals else WHOLE, _("in %(unit)s", unit=scale.unit)),
    "date": lambda scale: (lazy("date"), DATE_VALUES[scale.precision]),
    "text": lambda _scale: (TEXT, lazy("the participant’s own words")),
}
"""Type and values of an item with one column, by the kind of its response scale."""
TURNED = lazy("turned round, so that the lowest answers give 100")
HALF = lazy("computed if at least half of the questions are answered (%(needed)s of %(of)s)")
AT_LEAST = lazy("computed if at least %(needed)s of %(of)s parts are there")
GATED = lazy("only for those to whom the scale applies")
ENDS: Mapping[str, Any] = {"high": lazy("higher"), "low": lazy("lower"), "neither": lazy("neither")}
NOT_ANSWERS: Mapping[NotAnswer, Any] = {
    "not-applicable": lazy("does not apply; not scored"),
    "prefer-not-to-answer": lazy("prefers not to answer; not scored"),
    "do-not-know": lazy("does not know; not scored"),
}

NOTES = (
    lazy(
        "The files are UTF-8 with a byte order mark, so that spreadsheets show accents. In R: fileEncoding = UTF-8-BOM."
    ),
    lazy(
        "A text that a spreadsheet could take for a formula begins with an apostrophe, and so does a text that begins "
        "with one anyway; the same holds inside a text behind a comma, a semicolon or a tab. Take one apostrophe away "
        "to have the original. Numbers are never changed."
    ),
)


@dataclass(frozen=True, slots=True)
class StudyWords:
    """What the codes of a study stand for, in the reader's language."""

    study: Mapping[str, str]
    site: Mapping[str, str]
    arm: Mapping[str, str]
    visit: Mapping[str, str]


def rows(instrument: Instrument, wording: Wording | None, scales: list[ShownScale], study: StudyWords) -> Iterator[Row]:
    """The codebook: a header, then a row for each column of either file, then notes that belong to all of them."""
    yield HEADER
    for key, (type, meaning, empty) in KEYS.items():
        values = _labels(getattr(study, key, {}))
        yield (BOTH, key, str(type), str(meaning), values, "", "", "", "", str(empty))
    for item in instrument.order:
        yield from _item(instrument, wording, item)
    for column, meaning in EMPTY.items():
        yield (ANSWERS, column, str(TEXT), str(meaning), "", "", "", "", "", _("none"))
    if instrument.adaptive is not None:
        order = _("Questions that were asked, in that order, by column; each was chosen by the answers before it")
        yield (ANSWERS, tables.ASKED, str(TEXT), order, "", "", "", "", "", "")
    for scale in scales:
        yield from _scale(scale)
    version = _("Scores were computed by version %(version)s of the scoring program.", version=SCORING_VERSION)
    made_of = _("Questionnaire %(key)s, fingerprint %(hash)s.", key=instrument.key, hash=instrument.content_hash)
    for note in (made_of, version, *NOTES):
        yield (BOTH, "", "", str(note), "", "", "", "", "", "")


def _item(instrument: Instrument, wording: Wording | None, item: ItemId) -> Iterator[Row]:
    """A row for each column of an item: one, or one for each option where several can be chosen or are ranked."""
    response = instrument.response_of(item)
    question = _question(instrument, wording, item)
    empty = _(
        "explained at the end of the row by %(declined)s, %(skipped)s, %(not_seen)s, %(blank)s or %(unusable)s",
        declined=tables.DECLINED,
        skipped=tables.SKIPPED,
        not_seen=tables.NOT_SEEN,
        blank=tables.BLANK,
        unusable=tables.UNUSED,
    )
    if not isinstance(response, Multiple | Ranking):
        values, span = _values(instrument, wording, item), _range(ends_of_item(instrument, item))
        type, unit = TYPES[response.kind](response)
        yield (ANSWERS, item, str(type), question, values or str(unit), span, "", "", "", empty)
        return
    options = instrument.items[item].response
    for column, code in zip(tables.columns_of(instrument, item), response.options, strict=True):
        label = (wording and wording.option_text(options, code)) or str(code)
        values = str(OPTION_VALUES[response.kind])
        yield (ANSWERS, column, str(WHOLE), f"{question}: {label}", values, "", "", "", "", empty)


def _question(instrument: Instrument, wording: Wording | None, item: ItemId) -> str:
    """The question where the wording is ours to pass on; else our neutral topic: a licence may not allow more."""
    if wording is None or wording.provenance.kind != "own":
        return instrument.items[item].topic
    recall = wording.recall_of(instrument, item)
    return f"{recall}: {wording.item_text(item)}" if recall else wording.item_text(item)


def _values(instrument: Instrument, wording: Wording | None, item: ItemId) -> str:
    response = instrument.items[item].response
    codes = instrument.response_of(item)
    if not isinstance(codes, Coded):
        return ""
    labels: dict[str, str] = {}
    if wording is not None and isinstance(codes, Choice):
        labels = {str(code): wording.option_text(response, code) or "" for code in codes.scored}
    elif wording is not None:
        low, high = wording.ends(response) or ("", "")
        labels = {str(codes.scored[0]): low, str(codes.scored[-1]): high}
    return _labels(labels | {str(code): str(NOT_ANSWERS[why]) for code, why in codes.not_answers.items()})


def _scale(scale: ShownScale) -> Iterator[Row]:
    one, of = scale.scale, len(scale.scale.sources)
    is_gated = one.unless is not None or one.only_if is not None
    steps = [METHODS[one.method], *([TURNED] if isinstance(one, Linear) and one.reversed else [])]
    enough = HALF if one.rule == "half" else AT_LEAST
    conditions = [str(enough) % {"needed": needed(one.rule, of), "of": of}, *([str(GATED)] if is_gated else [])]
    low, high = (f"{end:g}" for end in scale.span)
    ends = _labels({low: scale.low, high: scale.high} if scale.low else {})
    items = " ".join(one.sources)
    gated, always = _("too few answers to compute it, or it does not apply"), _("too few answers to compute it")
    rule, empty = "; ".join([*map(str, steps), *conditions]), gated if is_gated else always
    yield (
        SCORES,
        scale.id,
        str(NUMBER),
        scale.title,
        ends,
        _range(scale.span),
        str(ENDS[one.better]),
        items,
        rule,
        empty,
    )
    counted = _("How many questions of %(scale)s were answered", scale=scale.label)
    yield (SCORES, f"{scale.id}{tables.COUNTED}", str(WHOLE), counted, "", _range((0, of)), "", items, "", "")


def _range(ends: tuple[float, float] | None) -> str:
    """In words: a spreadsheet takes 1-4 for a day of April. Nothing where nothing bounds it."""
    if ends is None or not all(map(math.isfinite, ends)):
        return ""
    low, high = (f"{end:g}" for end in ends)
    return _("%(low)s to %(high)s", low=low, high=high)


def _labels(labels: Mapping[str, str]) -> str:
    return " | ".join(f"{code} = {label}" for code, label in labels.items())
