"""Branching logic into a condition of ours, with REDCap's meaning of a blank: it differs from every answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange.redcap.grammar import Call, Field, Joined, Literal, NotUnderstood, Tree, tree

SIGNS: Final = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
TURNED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that logic may look at: our kind and name of it, our code for each of its codes (empty: none).

    ``is_text``: it is compared with texts. ``is_several``: it has boxes.
    """

    kind: str
    name: str
    codes: Mapping[str, Any]
    is_text: bool = False
    is_several: bool = False


Resolve = Callable[[Field], Asked]
"""What a field is; raises NotUnderstood for one that is not there."""


def condition(text: str, resolve: Resolve) -> Plain:
    """The condition that an expression is. Raises NotUnderstood."""
    return _read(tree(text), resolve)


def _read(one: Tree, resolve: Resolve) -> Plain:
    if isinstance(one, Joined) and one.operator in ("and", "or"):
        return _simple(one.operator, [_read(part, resolve) for part in one.parts])
    if isinstance(one, Joined) and one.operator in SIGNS and len(one.parts) == 2:
        left, right = one.parts
        if isinstance(left, Field) and isinstance(right, Literal):
            return _compared(left, one.operator, right, resolve)
        if isinstance(right, Field) and isinstance(left, Literal):
            return _compared(right, TURNED[one.operator], left, resolve)
        raise NotUnderstood("only a field is compared with a text or a number")
    if isinstance(one, Call):
        raise NotUnderstood(f"the function {one.name[:30]} has no counterpart in a condition")
    raise NotUnderstood("a comparison is needed there")


def _compared(field: Field, sign: str, literal: Literal, resolve: Resolve) -> Plain:
    asked = resolve(field)
    subject = {asked.kind: asked.name}
    if field.code is not None:
        return _box(field, asked, sign, literal)
    if asked.is_several:
        raise NotUnderstood(f"[{field.name}] has boxes, and none of them is named")
    if literal.text == "" and sign in ("=", "<>"):
        return {**subject, "answered": sign == "<>"}
    value = _value(asked, literal)
    if sign == "<>":
        return {"or": [{**subject, "ne": value}, {**subject, "answered": False}]}
    if isinstance(value, str) and sign != "=":
        raise NotUnderstood(f"“{literal.text[:20]}” has no order")
    return {**subject, SIGNS[sign]: value}


def _value(asked: Asked, literal: Literal) -> Any:
    if asked.codes:
        if literal.text in asked.codes:
            return asked.codes[literal.text]
        if any(isinstance(code, str) for code in asked.codes.values()):
            raise NotUnderstood(f"“{literal.text[:20]}” is no choice of that field")
    if asked.is_text:
        return literal.text
    try:
        number = float(literal.text)
    except ValueError:
        raise NotUnderstood(f"“{literal.text[:20]}” is no choice and no number") from None
    if abs(number) > 1_000_000:
        raise NotUnderstood("that number is beyond a million")
    return int(number) if number.is_integer() else number


def _box(field: Field, asked: Asked, sign: str, literal: Literal) -> Plain:
    """A box is ticked or it is not; one that is not may be so because none is."""
    if (
        field.code is None
        or not asked.is_several
        or field.code not in asked.codes
        or literal.text not in ("0", "1", "")
        or sign not in ("=", "<>")
    ):
        raise NotUnderstood(f"[{field.name}({field.code})] has no such box, or is compared with something else")
    test = {asked.kind: asked.name, "eq": asked.codes[field.code]}
    if (literal.text == "1") is (sign == "="):
        return test
    return {"or": [{"not": test}, {asked.kind: asked.name, "answered": False}]}


def _simple(word: str, parts: list[Plain]) -> Plain:
    """The same with fewer words: "answered and more than 1" is "more than 1"; "1 or 2" is "in 1, 2"."""
    flat = [inner for part in parts for inner in (part[word] if set(part) == {word} else [part])]
    flat = _and(flat) if word == "and" else _or(flat)
    return flat[0] if len(flat) == 1 else {word: flat}


def _subject(part: Plain) -> tuple[str, str] | None:
    return next(((kind, part[kind]) for kind in ("answer", "score", "fact") if kind in part), None)


def _and(parts: list[Plain]) -> list[Plain]:
    answered = [_subject(part) for part in parts if part.get("answered") is True]
    parts = [_known(part, answered) for part in parts]
    others = [_subject(part) for part in parts if "answered" not in part]
    return [part for part in parts if part.get("answered") is not True or _subject(part) not in others]


def _known(part: Plain, answered: list[Any]) -> Plain:
    """ "Not 1, or not answered" is "not 1" where it is answered."""
    match part:
        case {"or": [one, {"answered": False, **rest}]} if tuple(*rest.items()) in answered:
            if "ne" in one and _subject(one) in answered:
                return dict(one)
            if "not" in one and _subject(one["not"]) in answered:
                return dict(one)
    return part


def _or(parts: list[Plain]) -> list[Plain]:
    subjects = {_subject(part) for part in parts}
    if len(subjects) == 1 and None not in subjects and all("eq" in part for part in parts) and len(parts) > 1:
        kind, name = next(one for one in subjects if one is not None)
        return [{kind: name, "in": [part["eq"] for part in parts]}]
    return parts
