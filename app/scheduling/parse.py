"""Document -> Protocol and back: either the whole protocol is sound, or every mistake is listed."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.scheduling.checks import Outline, senseless
from app.scheduling.mistakes import BrokenProtocol, Mistake
from app.scheduling.protocol import EventKind, Protocol, Visit


def parse_protocol(
    document: Mapping[str, object], instruments: Mapping[str, Collection[str]] | None = None
) -> Protocol:
    """The protocol of a JSON or YAML document; BrokenProtocol with every mistake where it cannot be one.

    ``instruments``: the keys of those installed, each with the names of its scales; None asks nothing about them, as
    for a version that was published already. Visits that can be read are checked for sense even if others cannot.
    """
    try:
        protocol = Protocol.model_validate(document)
    except ValidationError as error:
        unreadable = tuple(_unreadable(error, document))
        raise BrokenProtocol(unreadable + tuple(senseless(_readable_part(document), instruments))) from None
    outline = Outline(protocol.arms, {str(key): event for key, event in protocol.events.items()}, protocol.visits)
    mistakes = tuple(senseless(outline, instruments))
    if mistakes:
        raise BrokenProtocol(mistakes)
    return protocol


def dump_protocol(protocol: Protocol) -> dict[str, Any]:
    """The document of a protocol, of texts, numbers, lists and mappings only; ``parse_protocol`` is its inverse.

    Everything is in it, so that a stored version means the same even if a default changes one day.
    """
    return protocol.model_dump(mode="json")


def brief_document(protocol: Protocol) -> dict[str, Any]:
    """The same without what says only what is so anyway, as a person would write it; ``parse_protocol`` reads it."""
    return protocol.model_dump(mode="json", exclude_defaults=True)


def _unreadable(error: ValidationError, document: Mapping[str, object]) -> Iterator[Mistake]:
    for problem in error.errors(include_url=False, include_input=False):
        place = [str(step) for step in problem["loc"]]
        if place[:1] == ["visits"] and len(place) > 1:
            place[1] = _name_of(document["visits"], int(place[1]))
        yield Mistake("unreadable", ".".join(place) or "protocol", {"problem": problem["msg"]})


def _name_of(visits: Any, index: int) -> str:
    """How to call a visit that may not even have a key: by its key, or by its number as people count."""
    key = visits[index].get("key") if isinstance(visits[index], Mapping) else None
    return key if isinstance(key, str) else str(index + 1)


def _readable_part(document: Mapping[str, object]) -> Outline:
    """What can be made out of a document that cannot be read as a whole."""
    if not isinstance(document, Mapping):
        return Outline((), {}, ())
    arms, events, visits = document.get("arms"), document.get("events"), document.get("visits")
    readable = []
    for visit in visits if isinstance(visits, list | tuple) else ():
        try:
            readable.append(Visit.model_validate(visit))
        except ValidationError:
            continue  # listed already
    kinds = {str(key): _kind(event) for key, event in events.items()} if isinstance(events, Mapping) else {}
    return Outline(arms if isinstance(arms, Mapping) else (), kinds, tuple(readable))


def _kind(event: object) -> EventKind | None:
    try:
        return EventKind.model_validate(event)
    except ValidationError:
        return None  # listed already
