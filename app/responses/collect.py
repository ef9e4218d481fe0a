"""Answers come in and are kept: appended row by row, never changed, frozen with their scores when they are sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.errors import Refusal
from app.questionnaires.answers import AnswerValue, Blank, Said
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.wording import Wording
from app.responses import freeze, revisions
from app.responses.models import Submission
from app.responses.revisions import History, Revision
from app.responses.sheets import OpenSheet

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a browser sends it, with the revision that the browser had seen before (0: none).

    ``is_old``: the browser kept it while it could not be sent, so anything newer goes before it.
    """

    item: ItemId
    answer: Said
    seen: int
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as stored. ``is_conflict``: somebody had changed it meanwhile; both are in the history."""

    item: ItemId
    answer: Said
    revision: int
    is_conflict: bool


class SavedPage(NamedTuple):
    """What was stored of a page, and all answers of the sheet as they are now: they decide what is asked next."""

    saved: list[Kept]
    kept: dict[ItemId, Kept]

    @property
    def answers(self) -> dict[ItemId, AnswerValue]:
        """The answers alone."""
        return in_force(self.kept)


def current_answers(session: Session, sheet_id: int) -> dict[ItemId, Kept]:
    """The last revision of every answered item; one statement."""
    return {item: _kept(rows[-1], rows) for item, rows in revisions.of_sheet(session, sheet_id).items()}


def save(
    session: Session, opened: OpenSheet, given: Sequence[Given], request_id: str, at: datetime, language: str
) -> list[Kept]:
    """Append answers, all of one request in one transaction; what is stored comes back.

    The same request again changes nothing and gets the same answer; under its name nothing else can be saved. Refusals:
    ``bad-request-id``, ``already-sent``, ``closed``, ``answered-elsewhere``. Two statements, whatever the number of
    items.
    """
    if not REQUEST_ID.fullmatch(request_id):
        raise Refusal("bad-request-id")
    history = revisions.of_items(session, opened.sheet.id, [one.item for one in given])
    if repeated := _repeated(history, given, request_id):
        return repeated
    refuse_unless_open(opened, at)
    if any(one.is_old and len(history.get(one.item, [])) > one.seen for one in given):
        raise Refusal("answered-elsewhere")
    return _append(session, opened, history, given, (request_id, at, language))


def save_page(
    session: Session, opened: OpenSheet, given: Sequence[Given], request_id: str, at: datetime, language: str
) -> SavedPage:
    """Append, of a whole page, only what its reader changed since the page was made and what is not stored already.

    Without this, an old tab would overwrite with its old answers what was changed elsewhere since, and a page that is
    sent twice would be stored twice. Refusals: ``already-sent``, ``closed``. Two statements at most.
    """
    refuse_unless_open(opened, at)
    history = revisions.of_sheet(session, opened.sheet.id)
    changed = [one for one in given if one.answer not in revisions.seen_and_latest(history.get(one.item, []), one.seen)]
    saved = _append(session, opened, history, changed, (request_id, at, language)) if changed else []
    latest = {item: _kept(rows[-1], rows) for item, rows in history.items()}
    return SavedPage(saved, latest | {one.item: one for one in saved})


def submit(
    session: Session,
    opened: OpenSheet,
    instrument: Instrument,
    instrument_hash: str,
    wording: Wording,
    request_id: str,
    at: datetime,
) -> Submission:
    """Freeze the sheet: answers, scores and versions, once.

    Every item must be answered or, unless it is required, left out on purpose (``not-complete``), and no hard check
    may have anything to say (``not-plausible``). A repeat of the same request gets the same submission; another one is
    refused (``already-sent``).
    """
    if opened.submission is not None and opened.submission.request_id == request_id:
        return opened.submission
    refuse_unless_open(opened, at)
    answers = in_force(current_answers(session, opened.sheet.id))
    return freeze.freeze(session, opened, instrument, (instrument_hash, wording), answers, (request_id, at))


def in_force(kept: Mapping[ItemId, Kept]) -> dict[ItemId, AnswerValue]:
    """The answers alone, as routing takes them; what was wiped out is none."""
    return {item: one.answer for item, one in kept.items() if not isinstance(one.answer, Blank)}


def refuse_unless_open(opened: OpenSheet, at: datetime) -> None:
    """Say why a sheet takes no answers: it was sent, its visit is closed, or a site is entering it from paper."""
    if opened.submission is not None:
        raise Refusal("already-sent")
    if opened.sheet.answered_on is not None and opened.answered_at is None:
        raise Refusal("entered-from-paper")
    if not opened.is_answerable(at):
        raise Refusal("closed")


def _repeated(history: History, given: Sequence[Given], request_id: str) -> list[Kept]:
    """What this very request has stored before, if it has; a name is good for one request."""
    stored = {row.item: _kept(row, rows) for rows in history.values() for row in rows if row.request_id == request_id}
    if stored and {item: kept.answer for item, kept in stored.items()} != {one.item: one.answer for one in given}:
        raise Refusal("bad-request-id")
    return list(stored.values())


def _append(
    session: Session,
    opened: OpenSheet,
    history: History,
    given: Sequence[Given],
    request: tuple[str, datetime, str],
) -> list[Kept]:
    said = ((one.item, one.answer, one.seen) for one in given)
    return [_kept(row, history.get(row.item, [])) for row in revisions.append(session, opened, history, said, request)]


def _kept(row: Revision, rows: Sequence[Revision]) -> Kept:
    """The stored answer; a conflict if the browser had not seen the revision before it, and that one said otherwise."""
    is_unseen = row.seen < row.revision - 1
    is_conflict = is_unseen and rows[row.revision - 2].answer != row.answer
    return Kept(row.item, row.answer, row.revision, is_conflict)
