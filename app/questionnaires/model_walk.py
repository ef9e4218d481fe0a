"""How the path of a pydantic error runs through our models: which of its words are keys of the file and which are not.

Pydantic puts the name of a union's variant ("linear", "and") between the keys; a file has no such level.
"""

from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, Tag

from app.questionnaires.yaml_source import Key

TELLING = ("kind", "method")  # the fields whose word tells the variants of a union apart


def enter(place: Any, part: Key) -> tuple[Any, bool]:
    """What stands under ``part`` in a model or an annotation, and whether ``part`` only names a variant."""
    place = _bare(place)
    origin, inner = get_origin(place), get_args(place)
    if origin in (Union, UnionType):
        return next((member for member in inner if part in _tags(member)), place), True
    if origin is not None:
        return (place if part == "[key]" else inner[0] if origin is tuple else inner[-1]), False
    if not (isinstance(place, type) and issubclass(place, BaseModel)):
        return place, False
    if issubclass(place, RootModel):
        return enter(place.model_fields["root"].annotation, part)
    fields = {field.alias or name: field for name, field in place.model_fields.items()}
    return (fields[str(part)].annotation if part in fields else place), False


def known_keys(place: Any) -> tuple[str, ...]:
    """The keys that the model at a place knows, as a file writes them."""
    place = _bare(place)
    return tuple(field.alias or name for name, field in place.model_fields.items())


def _bare(place: Any) -> Any:
    """Without annotations, and without "or None"."""
    while True:
        if get_origin(place) is Annotated:
            place = get_args(place)[0]
        elif get_origin(place) in (Union, UnionType) and len(_members(place)) == 1:
            place = _members(place)[0]
        else:
            return place


def _members(union: Any) -> list[Any]:
    return [member for member in get_args(union) if member is not NoneType]


def _tags(member: Any) -> tuple[object, ...]:
    """The words by which pydantic names a member of a union in an error's path."""
    for extra in getattr(member, "__metadata__", ()):
        if isinstance(extra, Tag):
            return (extra.tag,)
    fields = getattr(_bare(member), "model_fields", {})
    return next((get_args(fields[word].annotation) for word in TELLING if word in fields), ())
