"""A site enters several people from a list: on the vault's page, opened with a ticket of the study side.

Nothing is kept before the list has been looked at and confirmed; between the two it is in the page alone.
"""

from typing import Any

from flask import Blueprint, Response, render_template, request

from app.code_marks import mark, taken_apart
from app.errors import Refusal
from app.exchange.csv_text import LAYOUTS, encoded
from app.identity import assertions, batch_file, batches, ledger, people, tickets
from app.identity.batch_file import Mistake, Sheet
from app.identity.batches import Entry, Standing
from app.identity.models import Person
from app.identity.tickets import Ticket
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current
from app.web.uploads import accepts
from app.web.vault import inviting
from app.web.vault.batch_words import COLUMN_NAMES, MISTAKES
from app.web.vault.doubles import known_as
from app.web.vault.reading import read_on_in, ticket_for

bp = Blueprint("vault_batch", __name__)
LAYOUT_OF = {"fr": "semicolon"}
"""How a spreadsheet of that language wants its cells apart; commas elsewhere."""


@bp.get("/vault/enrolment/list")
@allow(Who.ANYONE)
def begin() -> str:
    """What the list must look like, and where to choose it."""
    ticket, token = _ticket()
    return _begin_page(ticket, token)


@bp.get("/vault/enrolment/list/empty.csv")
@allow(Who.ANYONE)
def template() -> Response:
    """An empty list with the names of its columns, in the reader's language."""
    header = batch_file.template(1 if current.language == "fr" else 0)
    rows = encoded([header], LAYOUTS[LAYOUT_OF.get(current.language, "comma")])
    answer = Response(rows, content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="weshare-participants.csv")
    return answer


@bp.post("/vault/enrolment/list")
@accepts(batch_file.MAX_BYTES)
@allow(Who.ANYONE)
def check() -> Any:
    """Read the file: every line that is wrong, everybody who may be known already, and all the others."""
    ticket, token = _ticket()
    sent = request.files.get("file")
    data = sent.stream.read(batch_file.MAX_BYTES + 1) if sent else b""
    try:
        return _preview(ticket, token, batch_file.decode(data))
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _begin_page(ticket, token, sentence), status


@bp.post("/vault/enrolment/list/confirm")
@accepts(batch_file.MAX_BYTES * 3)
@allow(Who.ANYONE)
def confirm() -> Any:
    """Enter the people of the list that was looked at; it is read once more, because it comes out of a browser."""
    ticket, token = _ticket()
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        sheet = _read(ticket, text)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _begin_page(ticket, token, sentence), status
    standings, others = batches.look(current.vault, ticket.facts["study"], sheet.lines)
    decisions = {one.line.number: request.form.get(f"decision-{one.line.number}", "") for one in standings}
    is_used = tickets.is_used(current.vault, ticket)
    if sheet.mistakes or others or (not is_used and batches.undecided(standings, decisions)):
        return _preview(ticket, token, text, decisions)
    entries = batches.enter(
        current.vault, ticket, standings, decisions, current.at, lambda entry: _entered(ticket, entry)
    )
    return _hand_back(ticket, token, entries)


def _ticket() -> tuple[Ticket, str]:
    token = request.values.get("ticket", "")
    ticket = ticket_for(token, tickets.BATCH)
    read_on_in(request.args.get("lang", ""))
    return ticket, token


def _begin_page(ticket: Ticket, token: str, problem: str | None = None) -> str:
    return render_template(
        "vault/batch.html",
        ticket=ticket,
        token=token,
        problem=problem,
        is_used=tickets.is_used(current.vault, ticket),
        columns=COLUMN_NAMES,
        needed=batch_file.NEEDED,
        most_lines=batch_file.MAX_LINES,
        most_kb=batch_file.MAX_BYTES // 1000,
    )


def _read(ticket: Ticket, text: str) -> Sheet:
    marks = taken_apart(ticket.facts["codes"])
    return batch_file.read(text, lambda code: mark(ticket.identifier, code) in marks, current.at.date())


def _preview(ticket: Ticket, token: str, text: str, decisions: dict[int, str] | None = None) -> Any:
    """The list as it was understood. Its text goes back and forth in the page, and is kept nowhere."""
    sheet = _read(ticket, text)
    standings, others = batches.look(current.vault, ticket.facts["study"], sheet.lines)
    mistakes = sorted([*sheet.mistakes, *others], key=lambda one: one.number)
    is_used = tickets.is_used(current.vault, ticket)
    missing = [] if decisions is None or is_used else batches.undecided(standings, decisions)
    page = render_template(
        "vault/batch_preview.html",
        ticket=ticket,
        token=token,
        text=text,
        standings=standings,
        is_used=is_used,
        mistakes=[(one, COLUMN_NAMES.get(one.column), _why(one)) for one in mistakes],
        decisions=decisions or {},
        missing=missing,
        choices=_choices,
        counts={
            "new": sum(one.entered is None and not one.is_doubtful for one in standings),
            "entered": sum(one.entered is not None for one in standings),
        },
    )
    return page, 422 if mistakes or missing else 200


def _why(mistake: Mistake) -> str:
    return str(MISTAKES[mistake.code]) % {"other": mistake.other}


def _choices(standing: Standing) -> list[tuple[str, str]]:
    """What can be said of a doubtful line; of those who are known nothing is told but what both entries share."""
    same = [(str(one.person_id), known_as(one)) for one in standing.known]
    new = [(batches.NEW, _("No, it is somebody else"))] if batches.NEW in standing.decisions else []
    return [*same, *new, (batches.SKIP, _("Leave this line out"))]


def _entered(ticket: Ticket, entry: Entry) -> None:
    """On the record, and for somebody new the invitation to choose a password."""
    if entry.is_new:
        _record(ticket, "person.entered", entry.person)
        inviting.invite(entry.person, ticket.facts["language"])
    elif entry.was_known:
        _record(ticket, "person.recognised", entry.person)


def _record(ticket: Ticket, action: str, person: Person) -> None:
    facts = {"study": ticket.facts["study"], "site": ticket.facts["site"], "list": ticket.identifier}
    actor = f"staff:{ticket.facts['staff']}"
    ledger.record(current.vault, current.at, actor, action, f"person:{person.id}", facts, current.id)


def _hand_back(ticket: Ticket, token: str, entries: list[Entry]) -> str:
    """The way back: two signed pseudonyms for each subject code, and nothing else of anybody."""
    domain = people.study_domain(ticket.facts["study"])
    stated = [
        (
            one.subject,
            people.pseudonym_of(current.vault, one.person, people.ACCOUNT),
            people.pseudonym_of(current.vault, one.person, domain),
        )
        for one in entries
    ]
    private = current.config.assertion_private_key or ""
    statement = assertions.state_batch(private, ticket.identifier, stated, current.config.public_url, current.at)
    return render_template(
        "vault/batch_done.html",
        ticket=ticket,
        token=token,
        statement=statement,
        entries=entries,
        back=f"{current.config.way_to_study}/enrolled/list",
    )
