"""An HL7 FHIR R4 Questionnaire into an instrument's folder, with a list of everything that was not read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.exchange import declared, foreign
from app.exchange.draft import OWN_WORDS, Draft, Finished, completed_wording, finished
from app.exchange.fhir import names, places
from app.exchange.fhir.read_items import Items
from app.exchange.fhir.write import resource_of
from app.exchange.json_places import Place, differences, read
from app.exchange.notes import Imported, Note, Unreadable, listed

LICENCE = {"terms": "Not stated in the file.", "contact": "Not stated in the file."}


def instrument(content: bytes, on: date) -> Imported:
    """The instrument in a questionnaire. ``on`` is written as the day its wording was read, where the file has none.

    A file of ours is believed where it still says the same everywhere; each place where it does not is listed. Raises
    Unreadable.
    """
    root = read(content)
    done, _draft, place = _attempt(root, frozenset(), on)
    changed = frozenset(_owners(root.value, done)) if _is_ours(root) else frozenset()
    if changed:
        done, _draft, place = _attempt(read(content), changed, on)
    notes = [*place.document.notes, *_draft.notes]
    if _is_ours(root):
        resource, _lost = resource_of(done.instrument, done.wordings)
        where = list(differences(root.value, resource))
        notes += [Note(one, "The rest of the file does not bear this out; it is left aside.") for one in where]
    else:
        notes += [Note(one, "Not read.") for one in place.document.unseen()]
    return Imported((done.folder,), listed(notes))


def _attempt(root: Place, changed: frozenset[str], on: date) -> tuple[Finished, Draft, Place]:
    draft = _draft(root, changed, on)
    try:
        return finished(draft), draft, root
    except Unreadable as bad:
        raise Unreadable([*root.document.notes, *bad.notes]) from None


def _is_ours(root: Place) -> bool:
    return bool(_with_url(root.value, names.DECLARED))


def _with_url(element: dict[str, Any], url: str) -> list[Any]:
    every = element.get("extension")
    return [one for one in every if isinstance(one, dict) and one.get("url") == url] if isinstance(every, list) else []


def _owners(resource: Any, done: Finished) -> set[str]:
    """The items whose condition is not the one that WeShare would write for what it keeps beside it."""
    expected, _lost = resource_of(done.instrument, done.wordings)
    return {path.split(".says")[0] for path in differences(_conditions(resource), _conditions(expected))}


def _conditions(resource: Any) -> Any:
    """Only the items and their conditions, as a tree of the same shape."""
    if isinstance(resource, dict):
        kept = {key: resource[key] for key in ("enableWhen", "enableBehavior") if key in resource}
        found = _with_url(resource, names.ENABLE)
        return {"item": _conditions(resource.get("item")), "says": [kept, found]}
    return [_conditions(one) for one in resource] if isinstance(resource, list) else None


def _draft(root: Place, changed: frozenset[str], on: date) -> Draft:
    if root.get("resourceType").value != "Questionnaire":
        raise Unreadable([Note("resourceType", "This is no FHIR Questionnaire.")])
    for key in ("meta", "id", "url", "identifier", "name", "status", "experimental", "date", "subjectType"):
        root.get(key).whole()
    language = root.get("language").text() or "en"
    items = Items(language, changed)
    items.read(root)
    if not items.items:
        raise Unreadable([*root.document.notes, Note("item", "There is no question that could be read.")])
    titles = places.label(root, "title", language)
    title = titles.get(language) or foreign.text(str(root.value.get("name") or "Imported"))[0]
    data: dict[str, Any] = {
        "code": _code(root),
        "version": foreign.version(root.get("version").text()),
        "title": title,
        "family": title[:60],
        "owner": places.clean(root.get("publisher")) or "Not stated in the file.",
        "licence": dict(LICENCE),
        "respondent": "self",
        "minutes": max(1, min(120, len(items.items) // 5)),
        **items.definition(),
        "scales": {},
    }
    if codes := items.codes(root):
        data["codes"] = codes
    if terms := places.clean(root.get("copyright")):
        data["licence"]["terms"] = terms
    if contact := _contact(root):
        data["licence"]["contact"] = contact
    draft = Draft(data)
    if not items.has_topics:
        draft.note("items", OWN_WORDS)
    rest = _declared(root)
    _merge(data, rest)
    for lang, wording in _wordings(root, items, titles, rest).items():
        draft.wordings[lang] = wording
        if made := completed_wording(wording, data, on):
            draft.note(lang, f"The file does not say this of the wording, so it is made up: {', '.join(made)}.")
    return draft


def _code(root: Place) -> str:
    url = root.value.get("url")
    last = url.rstrip("/").rsplit("/", 1)[-1] if isinstance(url, str) else ""
    return foreign.code(last or str(root.value.get("name") or root.value.get("id") or ""))


def _contact(root: Place) -> str | None:
    named = [one.get("name").text() for one in root.get("contact").each()]
    plain = [foreign.text(one)[0] for one in named if one is not None]
    return ", ".join(one for one in plain if one) or None


def _declared(root: Place) -> dict[str, Any]:
    """What WeShare keeps for itself in one extension; nothing in a file of others."""
    kept = places.value(root, names.DECLARED, "String")
    if not isinstance(kept.value, str):
        return {}
    try:
        found = declared.from_line(kept.value)
    except ValueError as bad:
        kept.note(f"This cannot be read ({str(bad)[:100]}).")
        return {}
    good, strange = declared.shaped(found) if isinstance(found, dict) else ({}, ["all of it"])
    if strange:
        kept.note(f"This is not what WeShare writes: {', '.join(strange[:10])}; it is left aside.")
    return good


def _merge(data: dict[str, Any], rest: Mapping[str, Any]) -> None:
    """Put what only WeShare says beside what FHIR says; the order of groups is the one that is kept."""
    data.update({key: one for key, one in rest.items() if key not in TOGETHER})
    for group in ("licence", "response_scales", "recall_periods"):
        if group in rest:
            data[group] = {**data.get(group, {}), **rest[group]}
    for item, number in rest.get("skipped", {}).items():
        if item in data["items"]:
            data["items"][item]["skipped"] = number
    for group, order in rest.get("order", {}).items():
        if isinstance(data.get(group), dict):
            known = [one for one in order if one in data[group]]
            data[group] = {key: data[group][key] for key in dict.fromkeys([*known, *data[group]])}


TOGETHER = frozenset(
    {"skipped", "order", "licence", "response_scales", "recall_periods", "items", "pages", "code", "version"}
)


def _wordings(
    root: Place, items: Items, titles: Mapping[str, str], rest: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """A wording for each language of the file; in a file of ours, for each of which it says where it comes from."""
    stated = {one["language"]: one for place in places.extensions(root, names.WORDING) if (one := _stated(place))}
    found: dict[str, dict[str, Any]] = {}
    for language in stated if rest else items.languages():
        wording = items.wording(language)
        title = {"title": titles[language]} if language in titles else {}
        source = stated.get(language, {})
        texts = source.get("rest", {})
        for group in ("response_scales", "recall_periods"):
            wording[group] = {**wording.get(group, {}), **texts.get(group, {})}
        if "checks" in texts:
            wording["checks"] = texts["checks"]
        provenance = {"provenance": source["provenance"]} if "provenance" in source else {}
        head = {
            "instrument": _code(root),
            "version": foreign.version(
                root.value.get("version") if isinstance(root.value.get("version"), str) else None
            ),
        }
        number = {"wording_version": source["version"]} if "version" in source else {}
        found[language] = {**head, "language": language, **number, **provenance, **title, **wording}
    return found


def _stated(place: Place) -> dict[str, Any] | None:
    """Where the wording of a language comes from."""
    read_ = {key: places.parts(place, key).get(kind).text() for key, kind in STATED.items()}
    if read_["language"] is None or None in (read_["kind"], read_["author"], read_["date"]):
        place.note("This does not say where the wording comes from.")
        return None
    try:
        kept = declared.from_line(read_["rest"]) if read_["rest"] else {}
    except ValueError:
        kept = {}
    rest = {key: one for key, one in kept.items() if isinstance(one, dict)} if isinstance(kept, dict) else {}
    source = {key: read_[key] for key in ("kind", "author", "date")}
    source |= {name: read_[key] for key, name in LICENSED.items() if read_[key] is not None}
    return {"language": read_["language"], "version": read_["version"] or "1", "provenance": source, "rest": rest}


STATED = {
    "language": "valueCode",
    "version": "valueString",
    "kind": "valueCode",
    "author": "valueString",
    "date": "valueDate",
    "translation-version": "valueString",
    "certificate": "valueString",
    "licence-number": "valueString",
    "rest": "valueString",
}
LICENSED = {
    "translation-version": "translation_version",
    "certificate": "certificate",
    "licence-number": "licence_number",
}
"""What a licensed wording also says, and what it is called here."""
