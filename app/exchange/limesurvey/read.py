"""A LimeSurvey survey (tab-separated) into an instrument, with a list of everything that was not read.

Its questions are turned into fields of a REDCap form first and read by the same readers.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.exchange import declared, foreign
from app.exchange.draft import OWN_WORDS, Draft, Finished, completed_wording, finished
from app.exchange.limesurvey import columns
from app.exchange.limesurvey.columns import Row
from app.exchange.limesurvey.fields import Questions
from app.exchange.limesurvey.write import ABOUT, table
from app.exchange.notes import Imported, Note, Unreadable, listed
from app.exchange.redcap.read_fields import Fields

STATED: Final = "Not stated in the survey."
KNOWN: Final = frozenset(
    {"surveyls_title", "surveyls_welcometext", "surveyls_endtext", "language", "additional_languages"}
)


def instrument(content: bytes, on: date) -> Imported:
    """The instrument in a survey; one of ours that nobody changed comes back as it was. Raises Unreadable."""
    rows = columns.read(content)
    about = next((row for row in rows if row.get("class") == "Q" and row.get("name") == ABOUT), None)
    kept = _kept(about) if about is not None else {}
    if kept and (done := _trusted(rows, kept)) is not None:
        return Imported((done.folder,), ())
    done, notes = _native([row for row in rows if row.get("name") != ABOUT], on)
    changed = [Note(ABOUT, "Changed since WeShare wrote it; read from its questions.")] if kept else []
    return Imported((done.folder,), listed([*changed, *notes]))


def _kept(about: Row) -> dict[str, Any]:
    try:
        found = declared.from_line(about.get("text", ""))
    except ValueError:
        return {}
    return found if isinstance(found, dict) and {"instrument", "wordings"} <= found.keys() else {}


def _trusted(rows: Sequence[Row], kept: dict[str, Any]) -> Finished | None:
    """What WeShare keeps, where the whole survey still says the same; else None."""
    try:
        done = finished(Draft(kept["instrument"], dict(kept["wordings"])))
        expected, _notes = table(done.instrument, done.wordings)
        return done if _same(expected, rows) else None
    except (Unreadable, KeyError, TypeError, AttributeError, ValueError):
        return None


def _same(expected: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Are these the rows that WeShare would write? They are, once they have been written and read."""
    return columns.read(columns.written(expected)) == list(rows)


def _native(rows: Sequence[Row], on: date) -> tuple[Finished, list[Note]]:
    languages = [row.get("text", "") for row in rows if row.get("class") == "S" and row.get("name") == "language"]
    language = languages[0] if languages else next((row["language"] for row in rows if "language" in row), "en")
    mine = [row for row in rows if row.get("language", language) == language]
    texts = {row.get("name", ""): row.get("text", "") for row in mine if row.get("class") == "SL"}
    title = foreign.text(texts.get("surveyls_title", ""))[0] or "Survey"
    questions = Questions(foreign.code(title))
    questions.read(mine)
    fields = Fields({row.name: row for row in [questions.first, *questions.rows]}, {})
    fields.read(questions.rows)
    notes = [*questions.notes, *fields.notes, *_unread(rows, language)]
    if not fields.items:
        raise Unreadable([*notes, Note("", "No question of this survey could be read.")])
    data: dict[str, Any] = {
        "code": foreign.code(title), "version": "1.0", "title": title, "family": title[:60], "owner": STATED,
        "licence": {"terms": STATED, "contact": STATED}, "respondent": "self",
        "minutes": max(1, min(120, len(fields.items) // 5)), **fields.definition(), "scales": fields.scales,
    }  # fmt: skip
    draft = Draft(data, notes=notes)
    draft.note("items", OWN_WORDS)
    shown = {"introduction": "surveyls_welcometext", "thanks": "surveyls_endtext"}
    said = {key: plain for key, name in shown.items() if (plain := foreign.text(texts.get(name, ""))[0])}
    head = {"instrument": data["code"], "version": "1.0", "language": language, "wording_version": "1"}
    draft.wordings[language] = {**head, **said, **fields.texts()}
    if made := completed_wording(draft.wordings[language], data, on):
        draft.note(language, f"LimeSurvey does not say this of the wording, so it is made up: {', '.join(made)}.")
    return finished(draft), draft.notes


def _unread(rows: Sequence[Row], language: str) -> list[Note]:
    """Settings and other languages, which are not read from a survey of others."""
    others = sorted({row["language"] for row in rows if row.get("language", language) != language})
    settings = [row.get("name", "") for row in rows if row.get("class") in ("S", "SL") and row.get("name") not in KNOWN]
    found = [Note(one[:20], "Texts in this language are not read; install them as a wording.") for one in others]
    return found + [Note(one[:60], "This setting of the survey is not read.") for one in dict.fromkeys(settings)]
