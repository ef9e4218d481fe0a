"""The history of each item of a sheet as rows: read, compared and appended to, never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.orm import Session

from app.db import table
from app.questionnaires.answers import BLANK, DECLINED, ON_PAPER, Declined, Said
from app.questionnaires.elements import ItemId
from app.responses.models import Answer
from app.responses.sheets import OpenSheet

# Asked by every save and every page, so built once and on plain columns: building a statement takes longer than
# running it, and no answer is ever changed, so none needs to be an object that is watched for changes.
_TABLE = table(Answer)
_NAMES = ("item", "revision", "seen", "value", "content", "declined", "paper", "request_id")
_ANSWERS = (
    select(*(_TABLE.c[name] for name in _NAMES))
    .where(_TABLE.c.sheet_id == bindparam("sheet"))
    .order_by(_TABLE.c.revision)
)
_ANSWERS_TO = _ANSWERS.where(_TABLE.c.item.in_(bindparam("items", expanding=True)))
_ADD = insert(_TABLE)
GIVEN = "given"
"""What is noted of an answer that was copied from paper."""


class Revision(NamedTuple):
    """One row of an item's history, as far as it decides anything."""

    item: ItemId
    revision: int
    seen: int
    answer: Said
    request_id: str
    is_from_paper: bool


History: TypeAlias = dict[ItemId, list[Revision]]


def of_sheet(session: Session, sheet_id: int) -> History:
    """Every revision of each item, oldest first: revision n stands at place n - 1. One statement."""
    return _by_item(session.execute(_ANSWERS, {"sheet": sheet_id}))


def of_items(session: Session, sheet_id: int, items: Sequence[ItemId]) -> History:
    """The same of some items; one statement."""
    return _by_item(session.execute(_ANSWERS_TO, {"sheet": sheet_id, "items": items}))


def append(
    session: Session,
    opened: OpenSheet,
    history: History,
    said: Iterable[tuple[ItemId, Said, int]],
    request: tuple[str, datetime, str],
) -> list[Revision]:
    """Add a revision of each item: what was said of it, and the revision that was seen before.

    ``request`` is its name, its instant and the language it was read in.
    """
    request_id, at, language = request
    is_from_paper = opened.answered_at is not None
    added = [
        Revision(item, revision, min(seen, revision - 1), answer, request_id, is_from_paper)
        for item, answer, seen in said
        for revision in [len(history.get(item, [])) + 1]
    ]
    if opened.record.started_at is None:
        opened.record.started_at = at
    shared = {"sheet_id": opened.sheet.id, "request_id": request_id, "saved_at": at, "language": language}
    rows = [{"item": row.item, "revision": row.revision, "seen": row.seen, **_columns(row)} for row in added]
    session.execute(_ADD, [row | shared for row in rows])
    return added


def seen_and_latest(rows: Sequence[Revision], seen: int) -> list[Said]:
    """What a page had shown that has seen a revision, and what counts now; nothing yet is as good as wiped out."""
    shown = rows[seen - 1].answer if 0 < seen <= len(rows) else BLANK
    return [shown, rows[-1].answer if rows else BLANK]


def _by_item(rows: Iterable[Row[Any]]) -> History:
    history: History = {}
    for found in rows:
        item, revision, seen, value, content, is_declined, on_paper, request_id = tuple(found)
        answer = _answer(value, content, is_declined, on_paper)
        row = Revision(item, revision, seen, answer, request_id, on_paper is not None)
        history.setdefault(item, []).append(row)
    return history


def _columns(row: Revision) -> dict[str, object]:
    """An answer as columns: a whole number stands in one of its own, every other kind as JSON."""
    answer = row.answer
    is_whole, is_none = isinstance(answer, int), isinstance(answer, Declined)
    mark = answer.value if isinstance(answer, Declined) and answer is not DECLINED else GIVEN
    return {
        "value": answer if is_whole else None,
        "content": None if is_whole or is_none or answer is BLANK else answer,
        "declined": is_none,
        "paper": mark if row.is_from_paper else None,
    }


def _answer(value: int | None, content: Any, is_declined: bool, on_paper: str | None) -> Said:
    if is_declined:
        return ON_PAPER.get(on_paper or "", DECLINED)
    if content is not None:
        return tuple(content) if isinstance(content, list) else content
    return BLANK if value is None else value
