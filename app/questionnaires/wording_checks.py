"""Does a wording fit its instrument: nothing missing, nothing left over, all of it in the order of the instrument."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from app.questionnaires.definition import Instrument
from app.questionnaires.response_scales import Coded
from app.questionnaires.sayings import Saying, saying
from app.questionnaires.schema import Check, Finding
from app.questionnaires.sentences import shown, suggestion
from app.questionnaires.yaml_source import Key, Node


def checks(instrument: Instrument | None, language: str | None) -> tuple[Check, ...]:
    """What is to be checked against an instrument and against the language in the name of the file, where known."""
    found: list[Check] = [_licensed_says_more]
    if language is not None:
        found.append(partial(_says, key="language", expected=language, say_so=_name_says))
    if instrument is not None:
        found += (
            partial(_says, key="instrument", expected=instrument.code, say_so=_definition_says),
            partial(_says, key="version", expected=instrument.version, say_so=_definition_says),
            partial(_same_names, instrument=instrument),
            partial(_same_order, instrument=instrument),
            partial(_same_answers, instrument=instrument),
        )
    return tuple(found)


def _says(root: Node, key: str, expected: str, say_so: Callable[[str, str], Saying]) -> Iterator[Finding]:
    written = root.child(key)
    if isinstance(written.value, str) and written.value != expected:
        yield Finding(written, say_so(shown(written.value), shown(expected)))


def _name_says(written: str, expected: str) -> Saying:
    return saying(
        "%(written)s is written here, but the name of this file says %(expected)s.", written=written, expected=expected
    )


def _definition_says(written: str, expected: str) -> Saying:
    return saying(
        "%(written)s is written here, but the definition says %(expected)s.", written=written, expected=expected
    )


def _licensed_says_more(root: Node) -> Iterator[Finding]:
    provenance = root.child("provenance")
    if provenance.child("kind").value == "licensed":
        for name in ("translation_version", "licence_number"):
            if name not in provenance.children:
                yield Finding(provenance, saying("A licensed wording also says its %(name)s.", name=name), name)


def _same_order(root: Node, instrument: Instrument) -> Iterator[Finding]:
    """Items and pages stand in the order of the definition: a text that moved is most likely the text of another."""
    orders: Mapping[str, tuple[Key, ...]] = {
        "pages": tuple(page.key for page in instrument.pages),
        "items": tuple(instrument.items),
    }
    for part, names in orders.items():
        written = root.child(part).children
        if set(written) != set(names):
            continue  # what is missing or left over is told elsewhere, and moves all the others
        for node, name in zip(written.values(), names, strict=True):
            if node.where[-1] != name:
                yield Finding(
                    node,
                    saying(
                        "The definition has %(name)s here. Write the %(part)s in its order.",
                        name=shown(name),
                        part=part,
                    ),
                )
                break


def _same_names(root: Node, instrument: Instrument) -> Iterator[Finding]:
    parts: Mapping[str, Iterable[Key]] = {
        "recall_periods": instrument.recall_periods,
        "response_scales": [name for name, one in instrument.response_scales.items() if one.kind in LABELLED],
        "pages": [page.key for page in instrument.pages],
        "items": instrument.items,
        "scales": instrument.scales,
        "checks": [check.key for check in instrument.checks],
    }
    for part, names in parts.items():
        yield from _exactly(root.child(part), tuple(names))


def _same_answers(root: Node, instrument: Instrument) -> Iterator[Finding]:
    for name, scale in instrument.response_scales.items():
        text = root.child("response_scales").children.get(name)
        if text is not None and text.kind == "mapping":
            yield from ANSWER_CHECKS[scale.kind](text, scale)


def _labelled(text: Node, scale: Any) -> Iterator[Finding]:
    codes: tuple[int, ...] = scale.values if isinstance(scale, Coded) else scale.options
    options = text.children.get("options")
    if options is None:
        yield Finding(text, saying("This is a %(kind)s: write the text of its options.", kind=scale.kind), "options")
        return
    yield from _exactly(options, codes)
    if set(options.children) == set(codes) and tuple(options.children) != codes:
        yield Finding(
            options,
            saying("Write the options in the order of the definition: %(codes)s.", codes=", ".join(map(str, codes))),
        )


def _two_ends(text: Node, scale: Any) -> Iterator[Finding]:
    if options := text.children.get("options"):
        yield Finding(
            options,
            saying(
                "This is a %(kind)s: write the texts of its two ends, low and high, and no options.", kind=scale.kind
            ),
        )
    yield from _exactly(text.child("not_answers"), tuple(scale.not_answers))


def _nothing(text: Node, scale: Any) -> Iterator[Finding]:
    yield Finding(
        text, saying("The answers are a %(kind)s; nothing is labelled, so leave this entry out.", kind=scale.kind)
    )


def _exactly(group: Node, names: tuple[Key, ...]) -> Iterator[Finding]:
    for name in names:
        if name not in group.children:
            yield Finding(group, saying("The text of %(name)s is missing.", name=shown(name)), name)
    known = frozenset(names)
    for name, node in group.children.items():
        if name not in known:
            yield Finding(
                node, saying("The definition has no %(name)s here.", name=shown(name)).then(suggestion(name, names))
            )


ANSWER_CHECKS: Mapping[str, Callable[[Node, Any], Iterator[Finding]]] = {
    "choice": _labelled,
    "multiple": _labelled,
    "ranking": _labelled,
    "rating": _two_ends,
    "vas": _two_ends,
    "number": _nothing,
    "date": _nothing,
    "text": _nothing,
}
LABELLED = frozenset(kind for kind, check in ANSWER_CHECKS.items() if check is not _nothing)
