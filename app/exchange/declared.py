"""An instrument as plain data, and the part of it for which a format has no place of its own, as one line of JSON.

What a format can say is said in its own words and read back from them. Only the remainder travels in this line.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

from app.questionnaires.definition import Instrument

Plain: TypeAlias = dict[str, Any]
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
MAX_DEPTH = 40


def plain(instrument: Instrument) -> Plain:
    """What a definition file would say, without what goes without saying; keys of codes are numbers."""
    data: Plain = tidied(instrument.model_dump(mode="python", by_alias=True, exclude_defaults=True))
    return data


def tidied(value: Any) -> Any:
    """Tuples as lists, whole numbers without decimals: as one writes them by hand."""
    if isinstance(value, Mapping):
        return {key: tidied(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [tidied(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def line(data: Any) -> str:
    """Plain data as one line of JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def from_line(text: str) -> Any:
    """The plain data in such a line, keys that are whole numbers as numbers. ValueError for anything else."""
    try:
        return _numbered(json.loads(text, parse_constant=_refused), 0)
    except RecursionError:
        raise ValueError("nested too deep") from None


def without(data: Plain, names: Collection[str]) -> Plain:
    """The data without some entries; an entry that is left empty goes as well."""
    return {key: value for key, value in data.items() if key not in names and value not in ({}, [], None)}


def shaped(data: Mapping[Any, Any]) -> tuple[Plain, list[str]]:
    """The entries of a definition that have the shape of one at least, and the names of those that have not.

    Whether they make sense is for the reader of definitions to say; this only keeps nonsense from being taken apart.
    """
    good = {str(key): value for key, value in data.items() if SHAPES.get(str(key), _any)(value)}
    return good, [str(key)[:40] for key in data if str(key) not in good]


def _any(value: Any) -> bool:
    return isinstance(value, str | int | float | list)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _mapping_of(shape: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(isinstance(k, str) and shape(one) for k, one in value.items())


def _list_of(shape: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(shape, value))


def _entry(name: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and _text(value.get(name))


def _page(value: Any) -> bool:
    return _entry("key")(value) and bool(value.get("items")) and _list_of(_text)(value["items"])


SHAPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "code": _text,
    "version": _text,
    "title": _text,
    "family": _text,
    "owner": _text,
    "licence": _mapping_of(_text),
    "codes": _mapping_of(_text),
    "recall_periods": _mapping_of(_text),
    "sections": _mapping_of(_text),
    "facts": _mapping_of(_entry("title")),
    "response_scales": _mapping_of(_entry("kind")),
    "pages": _list_of(_page),
    "checks": _list_of(_entry("key")),
    "recodes": _mapping_of(lambda value: isinstance(value, dict)),
    "tables": _mapping_of(lambda value: isinstance(value, list)),
    "steps": _mapping_of(_entry("title")),
    "scales": _mapping_of(_entry("title")),
    "skipped": _mapping_of(lambda value: isinstance(value, int)),
    "order": _mapping_of(_list_of(_text)),
}


def _refused(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _numbered(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        return {int(key) if _WHOLE.fullmatch(key) else key: _numbered(one, depth + 1) for key, one in value.items()}
    return [_numbered(one, depth + 1) for one in value] if isinstance(value, list) else value
