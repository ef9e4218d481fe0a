"""Interface words: collected from the source, merged into the translations, and checked for gaps."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.config import ROOT
from app.i18n import LANGUAGES, SOURCE_LANGUAGE

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
OPTIONS = {
    "**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"},
    "**/templates/**.txt": {"newstyle_gettext": "true", "silent": "false"},
}
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2), "saying": None, "sentence_form": None}
PLACES = re.compile(r"%\((\w+)\)[sd]")


def collected() -> Catalog:
    """Every message of the interface, with the files it is used in."""
    catalogue = Catalog(project="WeShare", charset="utf-8")
    found = extract_from_dir(ROOT / "app", METHODS, OPTIONS, keywords=KEYWORDS, strip_comment_tags=True)
    for file, _line, message, comments, context in found:
        # Without line numbers a moved line is no change of the translations.
        catalogue.add(message, None, [(f"app/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def po_file(language: str, folder: Path) -> Path:
    """Where the translations of a language are kept."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def update(folder: Path) -> None:
    """Bring every translation file up to date with the source; new messages are there, still empty."""
    template = collected()
    for language in LANGUAGES:
        if language != SOURCE_LANGUAGE:
            _write(merged(template, language, folder), po_file(language, folder))


def merged(template: Catalog, language: str, folder: Path) -> Catalog:
    """The translations of a language for exactly the messages of the source; nothing is guessed."""
    file = po_file(language, folder)
    catalogue = _read(file, language) if file.exists() else Catalog(locale=language)
    made_on = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    # Or every update would change the file, even where no word has changed.
    catalogue.creation_date = made_on
    catalogue.obsolete.clear()
    return catalogue


def mistakes(folder: Path) -> list[str]:
    """What keeps the translations from being complete: one sentence each."""
    template = collected()
    found: list[str] = []
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        file = po_file(language, folder)
        there = _read(file, language)
        known = {message.id for message in there if message.id}
        wanted = {message.id for message in template if message.id}
        found += [f"{language}: not in the file: {_first(message)!r}" for message in sorted(wanted - known, key=str)]
        found += [f"{language}: no longer used: {_first(message)!r}" for message in sorted(known - wanted, key=str)]
        for message in there:
            found += [f"{language}: {problem}: {_first(message.id)!r}" for problem in _problems(message)]
    return found


def _problems(message: Message) -> list[str]:
    if not message.id:
        return []
    texts = [text or "" for text in (message.string if isinstance(message.string, (tuple, list)) else [message.string])]
    if message.fuzzy:
        return ["marked fuzzy"]
    if not all(texts):
        return ["not translated"]
    allowed = set(PLACES.findall(" ".join(message.id) if isinstance(message.id, (tuple, list)) else message.id))
    return [
        f"the places {sorted(set(PLACES.findall(text)))} are not those of the source"
        for text in texts
        if not set(PLACES.findall(text)) <= allowed or (len(texts) == 1 and set(PLACES.findall(text)) != allowed)
    ]


def _first(message: object) -> str:
    return str(message[0]) if isinstance(message, (tuple, list)) else str(message)


def _read(file: Path, language: str) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=language)


def _write(catalogue: Catalog, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
