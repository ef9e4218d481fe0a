"""Calculated fields into scales, where they are sums, means, highest or lowest values of fields of the same form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange.redcap.grammar import Call, Field, Joined, Literal, NotUnderstood, Tree, tree

Ends = tuple[float, float]
METHODS: Final = {
    "sum": "sum",
    "mean": "mean",
    "max": "highest",
    "maximum": "highest",
    "min": "lowest",
    "minimum": "lowest",
}


@dataclass(frozen=True, slots=True)
class Source:
    """An item that a calculation may use, with its lowest and highest answer."""

    item: str
    ends: Ends


def scale(text: str, title: str, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The scale that a calculation is, as a definition writes it. Raises NotUnderstood."""
    return {"title": title, "better": "neither", **_read(tree(text), sources)}


def _read(one: Tree, sources: Mapping[str, Source]) -> dict[str, Any]:
    match one:
        case Call("round", (inner, Literal(text, True))) if text in ("0", "1", "2", "3", "4", "5", "6"):
            return {**_read(inner, sources), "decimals": int(text)}
        case Call(name, arguments) if name in METHODS:
            return _method(METHODS[name], _fields(arguments, sources), "any")
        case Joined("/", (inner, Literal(text, True))):
            found = _fields(_terms(inner), sources)
            if text != str(len(found)):
                raise NotUnderstood(f"a sum of {len(found)} fields is divided by {text}")
            return _method("mean", found, "all")
        case Joined("+", _):
            return _method("sum", _fields(_terms(one), sources), "all")
    raise NotUnderstood("only sums, means, highest and lowest values of fields are read")


def _terms(one: Tree) -> tuple[Tree, ...]:
    if isinstance(one, Joined) and one.operator == "+":
        return tuple(term for part in one.parts for term in _terms(part))
    return (one,)


def _fields(trees: tuple[Tree, ...], sources: Mapping[str, Source]) -> list[Source]:
    found: list[Source] = []
    for one in trees:
        if not isinstance(one, Field) or one.code is not None or one.event is not None or one.name not in sources:
            raise NotUnderstood("it uses something that is no scored field of this form")
        found.append(sources[one.name])
    if not found or len({one.item for one in found}) < len(found):
        raise NotUnderstood("it uses no field, or one of them twice")
    return found


def _method(method: str, found: list[Source], missing: str) -> dict[str, Any]:
    low, high = RANGES[method](found, missing)
    items = [one.item for one in found]
    return {"method": method, "items": items, "missing": missing, "range": [_tidy(low), _tidy(high)]}


def _of_sum(found: list[Source], missing: str) -> Ends:
    """Where fields may be blank, those that are add nothing."""
    lows, highs = [one.ends[0] for one in found], [one.ends[1] for one in found]
    if missing == "all":
        return sum(lows), sum(highs)
    return sum(min(low, 0) for low in lows), sum(max(high, 0) for high in highs)


def _outer(found: list[Source], _missing: str) -> Ends:
    return min(one.ends[0] for one in found), max(one.ends[1] for one in found)


def _tidy(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


RANGES: Final = {"sum": _of_sum, "mean": _outer, "highest": _outer, "lowest": _outer}
