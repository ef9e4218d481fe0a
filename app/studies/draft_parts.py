"""The parts of a draft's document: found, put in, moved and taken out. The document given is never changed."""

from collections.abc import Mapping
from typing import Any

Part = dict[str, Any]
Document = dict[str, Any]


def visits(document: Mapping[str, Any]) -> list[Part]:
    """The visits that can be shown at all, in order; a draft from a file may hold anything."""
    found = document.get("visits")
    return [visit for visit in found if isinstance(visit, dict)] if isinstance(found, list) else []


def visit(document: Mapping[str, Any], key: str) -> Part | None:
    """The visit of that key."""
    return next((one for one in visits(document) if one.get("key") == key), None)


def with_visit(document: Document, key: str | None, part: Part) -> Document:
    """With that visit in the place of the one of ``key``; at the end where there is none (any more)."""
    found = visits(document)
    if visit(document, key or "") is None:
        return {**document, "visits": [*found, part]}
    return {**document, "visits": [part if one.get("key") == key else one for one in found]}


def without_visit(document: Document, key: str) -> Document:
    """Without the visit of that key."""
    return {**document, "visits": [one for one in visits(document) if one.get("key") != key]}


def moved(document: Document, key: str, by: int) -> Document:
    """With that visit so many places further down (up, if negative), as far as there are places."""
    found = visits(document)
    place = next((number for number, one in enumerate(found) if one.get("key") == key), None)
    if place is None:
        return document
    one = found.pop(place)
    found.insert(min(max(place + by, 0), len(found)), one)
    return {**document, "visits": found}


def named(document: Mapping[str, Any], kind: str) -> dict[str, Part]:
    """The arms or events that can be shown, by key, in order."""
    found = document.get(kind)
    return {str(key): part for key, part in found.items() if isinstance(part, dict)} if isinstance(found, dict) else {}


def with_named(document: Document, kind: str, key: str | None, new: str, part: Part) -> Document:
    """With that arm or event under the key ``new``, in the place of the one of ``key``, else at the end."""
    found = named(document, kind)
    if key not in found:
        return {**document, kind: {**found, new: part}}
    return {
        **document,
        kind: {new if one == key else one: part if one == key else known for one, known in found.items()},
    }


def without_named(document: Document, kind: str, key: str) -> Document:
    """Without the arm or event of that key."""
    return {**document, kind: {one: part for one, part in named(document, kind).items() if one != key}}
