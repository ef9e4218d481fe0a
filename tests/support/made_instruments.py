"""Instruments that Hypothesis makes: every kind of response scale, routing, facts, and every method that has a formula.

They are written as files are and read by the real reader, so that each is one that could be installed.
"""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from app.exchange.draft import yaml_text
from app.questionnaires.definition import Instrument
from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import Wording, parse_wording
from app.questionnaires.wording_checks import LABELLED

WORDS = st.sampled_from(
    ["Stairs", "À l’aise ?", "=1+1", "-2", "a | b", "1, 2", "“quoted”", "it's", 'say "so"', "x;=y", "日本"]
)
LINES = st.one_of(WORDS, st.just("two\nlines"))
CODES = st.lists(st.integers(-3, 12), min_size=2, max_size=5, unique=True)
NOT_ANSWERS = st.dictionaries(
    st.integers(90, 99), st.sampled_from(["not-applicable", "prefer-not-to-answer", "do-not-know"]), max_size=2
)
BOUNDS = st.tuples(st.integers(-5, 5), st.integers(1, 10)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def _steps(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda ends, beside: {"kind": kind, "minimum": ends[0], "maximum": ends[1], "not_answers": beside},
        BOUNDS,
        NOT_ANSWERS,
    )


KINDS = {
    "choice": st.builds(
        lambda codes, beside: {"kind": "choice", "options": codes, "not_answers": beside}, CODES, NOT_ANSWERS
    ),
    "rating": _steps("rating"),
    "vas": _steps("vas"),
    "multiple": st.builds(
        lambda codes, alone, most: {"kind": "multiple", "options": codes, "exclusive": codes[:alone], **most},
        CODES,
        st.integers(0, 1),
        st.sampled_from([{}, {"at_most": 2}, {"at_least": 1}]),
    ),
    "ranking": st.builds(
        lambda codes, limit: {"kind": "ranking", "options": codes, **limit}, CODES, st.sampled_from([{}, {"places": 2}])
    ),
    "number": st.builds(
        lambda ends, unit, decimals: {
            "kind": "number",
            "unit": unit,
            "minimum": ends[0] + (0.5 if decimals else 0),
            "maximum": ends[1] + 1,
            "decimals": decimals,
        },
        BOUNDS,
        st.sampled_from(["kg", "cm", "1"]),
        st.integers(0, 3),
    ),
    "date": st.builds(
        lambda precision, bound: {"kind": "date", "precision": precision, **bound},
        st.sampled_from(["year", "month", "day"]),
        st.sampled_from([{}, {"earliest": "1990-01-31"}, {"earliest": "1990-01-31", "latest": "2030-12-31"}]),
    ),
    "text": st.builds(
        lambda length, most: {"kind": "text", "length": length, **most},
        st.sampled_from(["short", "long"]),
        st.sampled_from([{}, {"at_most": 40}]),
    ),
}
LICENSED = {"translation_version": "3", "licence_number": "L-7"}
KINDS_OF_TEXT = st.sampled_from(["own", "licensed", "preview"])
FACTS = {"sex": {"title": "Sex", "values": ["female", "male"]}, "age": {"title": "Age", "minimum": 0, "maximum": 120}}


def _constants(scale: dict[str, Any]) -> list[Any]:
    """Values that an answer can have, to compare it with."""
    if scale["kind"] in ("rating", "vas"):
        return list(range(scale["minimum"], scale["maximum"] + 1))
    return scale.get("options") or ([scale["minimum"], scale["maximum"]] if scale["kind"] == "number" else [])


@st.composite
def tests_of(draw: st.DrawFn, asked: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """One comparison with a fact or with an item that is asked before."""
    subject = draw(st.sampled_from([*asked, "sex", "age"]))
    if subject == "sex":
        return draw(
            st.sampled_from(
                [{"fact": "sex", "eq": "male"}, {"fact": "sex", "in": ["female"]}, {"fact": "sex", "ne": "male"}]
            )
        )
    if subject == "age":
        return {"fact": "age", draw(st.sampled_from(["lt", "ge"])): draw(st.integers(18, 80))}
    constants = _constants(asked[subject])
    if not constants or draw(st.booleans()) is draw(st.booleans()) is True:
        return {"answer": subject, "answered": draw(st.booleans())}
    operator = draw(st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "in"]))
    value = (
        draw(st.lists(st.sampled_from(constants), min_size=1, max_size=3, unique=True))
        if operator == "in"
        else draw(st.sampled_from(constants))
    )
    return {"answer": subject, operator: value}


def conditions(asked: dict[str, dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A tree over such comparisons."""

    def joined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        parts = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            parts.map(lambda one: {"and": one}), parts.map(lambda one: {"or": one}), inner.map(lambda one: {"not": one})
        )

    return st.recursive(tests_of(asked), joined, max_leaves=4)


MISSING = st.sampled_from(["half", "more-than-half", "all", "any", {"at_least": 1}, {"share_above": 0.5}])


@st.composite
def _scales(draw: st.DrawFn, scored: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A few scales over items that are answered with numbers."""
    found: dict[str, Any] = {}
    base = {"title": draw(WORDS), "better": draw(st.sampled_from(["high", "low", "neither"]))}
    names = list(scored)
    ends = {name: (min(_constants(one)), max(_constants(one))) for name, one in scored.items()}
    same = [name for name in names if ends[name] == ends[names[0]]]
    coded = [name for name in same if scored[name]["kind"] != "number"]
    low, high = ends[names[0]]
    turned = {"reverse": coded[:1]} if draw(st.booleans()) else {}
    missing = draw(MISSING)
    found["LIN"] = {
        **base,
        "method": "linear",
        "reversed": draw(st.booleans()),
        "items": same,
        "missing": missing,
        **turned,
    }
    found["MEAN"] = {**base, "method": "mean", "items": same, "missing": missing, "range": [low, high], **turned}
    found["PRO"] = {
        **base,
        "method": "prorated",
        "items": same,
        "missing": missing,
        "range": [low * len(same), high * len(same)],
    }
    found["NUM"] = {
        **base,
        "method": "count",
        "items": names,
        "at": "ge",
        "value": high,
        "missing": "any",
        "range": [0, len(names)],
    }
    found["TOP"] = {
        **base,
        "method": draw(st.sampled_from(["highest", "lowest"])),
        "items": same,
        "missing": "any",
        "range": [low, high],
    }
    found["W_t"] = {**base, "method": "weighted", "constant": 1.5, "weights": dict.fromkeys(names, 0.25)}
    found["SUMZ"] = {
        **base, "method": "sum", "items": names, "missing": "all", "factor": 2,
        "range": [2 * sum(ends[name][0] for name in names), 2 * sum(ends[name][1] for name in names)],
    }  # fmt: skip
    if draw(st.booleans()):
        found["LIN"]["only_if"] = draw(conditions(scored))
        found["MEAN"]["unless"] = draw(conditions(scored))
    chosen = draw(st.sets(st.sampled_from(list(found)), min_size=1))
    return {name: one for name, one in found.items() if name in chosen}


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """A sound instrument of three to seven items on one to three pages."""
    kinds = [
        "choice",
        draw(st.sampled_from(["choice", "rating", "number"])),
        *draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=5)),
    ]
    scales = {f"{kind}_{number}": draw(KINDS[kind]) for number, kind in enumerate(kinds)}
    items: dict[str, dict[str, Any]] = {}
    asked: dict[str, dict[str, Any]] = {}
    for number, name in enumerate(scales, start=1):
        item = f"{draw(st.sampled_from(['q', 'Q_', 'it_']))}{number}"
        items[item] = {"topic": draw(LINES), "response": name}
        items[item] |= draw(st.sampled_from([{}, {"recall": "week"}, {"required": True}, {"number": "5a"}]))
        if asked and draw(st.booleans()):
            items[item]["ask_if"] = draw(conditions(asked))
            codes = scales[name].get("options")
            if scales[name]["kind"] == "choice" and draw(st.booleans()):
                items[item]["skipped"] = codes[0]
        asked[item] = scales[name]
    names = list(items)
    cut = draw(st.integers(1, len(names)))
    pages = [{"key": "first", "items": names[:cut], **draw(st.sampled_from([{}, {"section": "body"}]))}]
    if names[cut:]:
        pages.append({"key": "second", "items": names[cut:]})
        if draw(st.booleans()):
            pages[-1]["ask_if"] = draw(conditions({name: asked[name] for name in names[:cut]}))
    scored = {name: one for name, one in asked.items() if one["kind"] in ("choice", "rating", "number")}
    data = {
        "code": "made-one", "version": "1.0", "title": draw(WORDS), "family": "Tests", "owner": draw(WORDS),
        "licence": {"terms": draw(LINES), "contact": draw(WORDS)}, "respondent": "self", "minutes": 2,
        "recall_periods": {"week": "The past week"}, "facts": FACTS, "response_scales": scales, "items": items,
        **({"sections": {"body": "Body"}} if "section" in pages[0] else {}), "pages": pages,
        "scales": draw(_scales(scored)), "notes": [draw(LINES)],
    }  # fmt: skip
    try:
        return parse_instrument(yaml_text(data), "made")
    except BrokenFile:
        assume(False)  # such as a condition that can never be true
        raise


@st.composite
def wordings(draw: st.DrawFn, instrument: Instrument, language: str) -> Wording:
    """A complete wording with texts that are hard on formats."""

    def of(scale: Any) -> dict[str, Any]:
        codes = getattr(scale, "values", None) or scale.options
        if scale.kind in ("rating", "vas"):
            return {
                "low": draw(WORDS),
                "high": draw(WORDS),
                "not_answers": {code: draw(WORDS) for code in scale.not_answers},
            }
        return {"options": {code: draw(LINES) for code in codes}}

    provenance = {"kind": draw(KINDS_OF_TEXT), "author": draw(WORDS), "date": "2026-01-31"}
    data = {
        "instrument": instrument.code, "version": instrument.version, "language": language, "wording_version": "2",
        "provenance": provenance | ({} if provenance["kind"] != "licensed" else LICENSED),
        "title": draw(LINES), "introduction": draw(LINES), "thanks": draw(LINES),
        "recall_periods": {name: draw(WORDS) for name in instrument.recall_periods},
        "response_scales": {name: of(one) for name, one in instrument.response_scales.items() if one.kind in LABELLED},
        "pages": {page.key: draw(WORDS) for page in instrument.pages},
        "items": {name: draw(LINES) for name in instrument.items},
        "scales": {
            name: {"name": draw(WORDS), "explanation": draw(LINES), "low": "l", "high": "h"}
            for name in instrument.scales
        },
    }  # fmt: skip
    return parse_wording(yaml_text(data), "made", instrument, language)
