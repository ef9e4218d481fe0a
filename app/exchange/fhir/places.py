"""Looking into a FHIR resource of others: extensions by address, texts with their translations."""

import re
from collections.abc import Iterator
from typing import Any

from app.exchange import foreign
from app.exchange.fhir import names
from app.exchange.json_places import Place
from app.questionnaires.wording import LANGUAGE


def extensions(place: Place, url: str) -> Iterator[Place]:
    """The extensions of an element with that address; the others stay unseen."""
    inside = place.get("extension")
    for number, raw in enumerate(inside.value if isinstance(inside.value, list) else []):
        if isinstance(raw, dict) and raw.get("url") == url:
            path = f"{inside.path}[{number}]"
            place.document.seen.add(path)
            found = Place(place.document, path, raw)
            found.get("url")
            yield found


def value(place: Place, url: str, kind: str) -> Place:
    """The value of the first such extension; an empty place where there is none."""
    for one in extensions(place, url):
        return one.get(f"value{kind}")
    return Place(place.document, place.path, None)


def number(place: Place, url: str) -> float | int | None:
    """The number of the first such extension, of whichever type."""
    for one in extensions(place, url):
        for kind in ("valueDecimal", "valueInteger", "valueQuantity"):
            if isinstance(one.value, dict) and kind in one.value:
                found = one.get(kind)
                return found.get("value").number() if kind == "valueQuantity" else found.number()
    return None


def control(place: Place) -> str | None:
    """How an item is meant to be shown: the code of its control."""
    for one in value(place, names.CONTROL, "CodeableConcept").get("coding").each():
        one.get("system")
        one.get("display")
        if (code := one.get("code").text()) is not None:
            return code
    return None


def label(place: Place, key: str, language: str) -> dict[str, str]:
    """A text by language: the element itself in the language of the file, and its translations; plain text."""
    found: dict[str, str] = {}
    if (plain := clean(place.get(key))) is not None:
        found[language] = plain
    beside = f"_{key}"
    if not isinstance(place.value, dict) or beside not in place.value:
        return found
    for one in extensions(place.get(beside), names.TRANSLATION):
        lang = parts(one, "lang").get("valueCode").text()
        content = parts(one, "content")
        kind = "valueString" if isinstance(content.value, dict) and "valueString" in content.value else "valueMarkdown"
        text = clean(content.get(kind))
        if lang is not None and re.fullmatch(LANGUAGE, lang) and text is not None:
            found[lang] = text
        else:
            one.note("This translation is not read: it names no language that we know, or has no text.")
    return found


def parts(extension: Place, url: str) -> Place:
    """The part of a complex extension with that name; an empty place where there is none."""
    for one in extensions(extension, url):
        return one
    return Place(extension.document, extension.path, None)


def clean(place: Place) -> str | None:
    """The plain text of an element; a note where something was taken out of it."""
    raw = place.text()
    if raw is None:
        return None
    plain, is_changed = foreign.text(raw)
    if is_changed:
        place.note("Markup, invisible signs or what is beyond 4000 characters was taken out of this text.")
    return plain or None


def raw_value(place: Place) -> tuple[str, Any]:
    """The type and the value of an element value[x]: ``("Coding", {...})``; ("", None) where there is none."""
    if isinstance(place.value, dict):
        for key in place.value:
            if key.startswith("value") and key != "value":
                return key[5:], place.value[key]
    return "", None
