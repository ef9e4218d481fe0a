"""The small pieces that every FHIR resource is made of: extensions, texts with translations, codings, expressions."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from app.exchange.fhir import names
from app.exchange.texts import Label

Json: TypeAlias = dict[str, Any]


def extension(url: str, kind: str, value: Any) -> Json:
    """An extension with one value: ``kind`` is the word after value, ``Code``, ``Integer`` ..."""
    return {"url": url, f"value{kind}": value}


def labelled(key: str, label: Label) -> Json:
    """A text in its first language, and the others as its translations."""
    (_language, first), *others = label.items()
    if not others:
        return {key: first}
    return {key: first, f"_{key}": {"extension": [translation(language, text) for language, text in others]}}


def translation(language: str, text: str) -> Json:
    """One translation of a text."""
    parts = [extension("lang", "Code", language), extension("content", "String", text)]
    return {"url": names.TRANSLATION, "extension": parts}


def expression(text: str, name: str | None = None) -> Json:
    """A FHIRPath expression, maybe with the name of the variable that it gives."""
    named = {} if name is None else {"name": name}
    return {**named, "language": names.FHIRPATH, "expression": text}


def control(code: str) -> Json:
    """How an item is meant to be shown: radio buttons, check boxes, a slider."""
    return extension(names.CONTROL, "CodeableConcept", {"coding": [{"system": names.CONTROLS, "code": code}]})


def with_extensions(element: Json, extensions: Iterable[Json]) -> Json:
    """The element with extensions in front, where there are any."""
    found = list(extensions)
    return {"extension": found, **element} if found else element
