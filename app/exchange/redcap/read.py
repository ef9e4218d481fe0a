"""A REDCap data dictionary into instruments, one a form, with a list of everything that was not read."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.exchange import declared, foreign
from app.exchange.draft import OWN_WORDS, Draft, Finished, completed_wording, finished
from app.exchange.notes import Imported, Note, Unreadable, listed
from app.exchange.redcap import columns
from app.exchange.redcap.columns import Row
from app.exchange.redcap.read_fields import Fields
from app.exchange.redcap.write import MARK, Layout, rows_of

DEFAULT_LANGUAGE: Final = "en"
LICENCE: Final = {"terms": "Not stated in the dictionary.", "contact": "Not stated in the dictionary."}


def instruments(content: bytes, on: date, language: str = DEFAULT_LANGUAGE) -> Imported:
    """Every form of a dictionary as an instrument of its own. ``language`` is the one its labels are written in.

    ``on`` is written as the day the wording was read. A form that WeShare wrote and nobody changed comes back as
    it was. Raises Unreadable where no form can be read.
    """
    forms: dict[str, list[Row]] = {}
    for row in columns.read(content):
        forms.setdefault(row.form or "form", []).append(row)
    notes: list[Note] = []
    folders = []
    every = {row.name: row for rows in forms.values() for row in rows}
    for rows in forms.values():
        try:
            done, said = _form(rows, every, on, language)
        except Unreadable as bad:
            notes += [Note(f"form {rows[0].form[:60]}", "This form is not read."), *bad.notes]
        else:
            notes += said
            folders.append(done.folder)
    if not folders:
        raise Unreadable(notes or [Note("", "There is no field in this dictionary.")])
    return Imported(tuple(folders), listed(notes))


def _form(rows: Sequence[Row], every: Mapping[str, Row], on: date, language: str) -> tuple[Finished, list[Note]]:
    own = [found for row in rows if (found := _own(row)) is not None and "instrument" in found]
    if not own or not isinstance(own[0]["instrument"], dict):
        return _native(rows, every, {}, on, language)
    changed: list[str] = []
    try:
        done = finished(_trusted(rows, own[0]))
        changed = _changed(rows, done, own[0])
        if not changed:
            return done, []
    except (Unreadable, KeyError, TypeError, AttributeError, ValueError):
        changed = ["its annotations"]
    shown = ", ".join(changed[:10])
    done, notes = _native(rows, every, own[0], on, language)
    return done, [
        Note(f"form {rows[0].form}", f"Changed since WeShare wrote it ({shown}); read from its columns."),
        *notes,
    ]


def _own(row: Row) -> dict[str, Any] | None:
    """What WeShare keeps in the annotation of a field."""
    if not row.annotation.startswith(MARK) or "{" not in row.annotation:
        return None
    try:
        found = declared.from_line(row.annotation[row.annotation.index("{") :])
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _trusted(rows: Sequence[Row], about: Mapping[str, Any]) -> Draft:
    """The form as it was when WeShare wrote it; whether that is still so, the caller finds out."""
    items = {own["item"]: (row, own) for row in rows if (own := _own(row)) is not None and "item" in own}
    order = [name for name in about["order"] if name in items]
    definition = {
        "scales": {},  # where there are none, none were written
        **about["instrument"],
        "items": {name: {k: one for k, one in items[name][1].items() if k != "item"} for name in order},
    }
    draft = Draft(definition)
    if isinstance(wording := about.get("wording"), dict):
        first = {page["items"][0]: page["key"] for page in definition["pages"]}
        head = {"instrument": definition["code"], "version": definition["version"]}
        texts = {
            "items": {name: items[name][0].label for name in order},
            "pages": {key: items[item][0].section for item, key in first.items()},
        }
        draft.wordings[wording["language"]] = {**head, **wording, **texts}
    return draft


def _changed(rows: Sequence[Row], done: Finished, about: Mapping[str, Any]) -> list[str]:
    """The fields that differ from what WeShare would write for what was read."""
    wording = next(iter(done.wordings.values()), None)
    if wording is None and "wording" in about:
        return ["its texts"]
    layout = Layout(str(about.get("prefix", "")), about.get("event"))
    expected, _lost = rows_of(done.instrument, wording, layout)
    before, after = ({row.name: _cells(row) for row in some} for some in (expected, rows))
    found = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return found or ([] if list(before) == list(after) else ["the order of its fields"])


def _cells(row: Row) -> list[str]:
    """The cells of a field; whether lines end in one sign or two does not matter, nor a blank at the ends."""
    return [getattr(row, name).replace("\r\n", "\n").strip() for name in columns.COLUMNS]


def _native(
    rows: Sequence[Row], every: Mapping[str, Row], about: Mapping[str, Any], on: date, language: str
) -> tuple[Finished, list[Note]]:
    """The form as its columns say it; of what WeShare kept, only the scoring and the licence are believed."""
    fields = Fields(every, {row.name: own for row in rows if (own := _own(row)) is not None})
    fields.read(rows)
    if not fields.items:
        raise Unreadable([*fields.notes, Note(f"form {rows[0].form[:60]}", "No field of this form is a question.")])
    shaped, _bad = declared.shaped(about["instrument"]) if isinstance(about.get("instrument"), dict) else ({}, [])
    kept = {key: one for key, one in shaped.items() if key not in REPLACED}
    scales = {**fields.scales, **kept.get("scales", {})}
    title = rows[0].form.replace("_", " ").strip().capitalize() or "Form"
    data: dict[str, Any] = {
        "code": foreign.code(rows[0].form),
        "version": "1.0",
        "title": title,
        "family": title,
        "owner": "Not stated in the dictionary.",
        "licence": LICENCE,
        "respondent": "self",
        "minutes": max(1, min(120, len(fields.items) // 5)),
        **kept,
        **fields.definition(),
    }
    data["scales"] = scales
    draft = Draft(data, notes=fields.notes)
    draft.note(f"form {rows[0].form}", OWN_WORDS)
    wording: dict[str, Any] = {
        "instrument": data["code"],
        "version": data["version"],
        "language": _language(about, language),
        "wording_version": "1",
        **fields.texts(),
    }
    draft.wordings[wording["language"]] = wording
    if made := completed_wording(wording, data, on):
        draft.note(
            f"form {rows[0].form}", f"REDCap does not say this of the wording, so it is made up: {', '.join(made)}."
        )
    return finished(draft), draft.notes


def _language(about: Mapping[str, Any], otherwise: str) -> str:
    kept = about.get("wording")
    return str(kept["language"]) if isinstance(kept, dict) and "language" in kept else otherwise


REPLACED: Final = ("recall_periods", "facts", "response_scales", "items", "sections", "pages", "order")
