"""What the study knows about a participant and its questionnaires use: recorded with its day, beside its history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from app.accounts import staff
from app.participants import facts
from app.participants.models import Participant, ParticipantFact
from app.responses import known_then
from app.studies import queries as studies_queries
from app.studies.queries import StudyAccess
from app.web import fact_words
from app.web.access import Who, allow
from app.web.filters import today
from app.web.investigator import fact_effects, scales
from app.web.investigator.dating import read_date
from app.web.investigator.design_access import actor, enrolling, record
from app.web.investigator.fact_effects import Read
from app.web.investigator.frame import study_page
from app.web.investigator.reasons import seen
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_facts", __name__)


@bp.get("/studies/<code>/participants/<subject>/facts")
@allow(Who.STAFF)
def listing(code: str, subject: str) -> str:
    """Every fact that a questionnaire of the study reads, with what is known."""
    access = enrolling(code)
    person = seen(access, subject)
    return study_page(
        "facts.html",
        access,
        person=person,
        read=_read(access),
        known=facts.of(current.session, person),
        words=fact_words,
    )


@bp.route("/studies/<code>/participants/<subject>/facts/<fact>", methods=["GET", "POST"])
@allow(Who.STAFF)
def one(code: str, subject: str, fact: str) -> Any:
    """What is true, and since when; it is kept beside what was known before."""
    access = enrolling(code)
    person = seen(access, subject)
    readers = _read(access).get(fact) or abort(404)
    known = facts.of(current.session, person)
    rows = facts.history(current.session, person).get(fact, [])
    counts = max(rows, key=lambda row: (row.on or date.min, row.id), default=None)
    known_since = counts.on.isoformat() if counts and counts.on else ""
    raw, since = request.form.get("value", ""), request.form.get("since", known_since)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        value = fact_words.read(readers[0].fact, raw.strip())
        if "value" not in request.form:
            abort(400)
        if value is None and raw != "":
            wrong["value"] = _("This is none of the possible values. Please check it.")
        on = _day(since, wrong)
        if not wrong:
            facts.record(current.session, person, fact, value, current.at, actor(), on)
            told = {"fact": fact, "on": on.isoformat() if on else None, "known": value is not None}
            record(access, "fact.recorded", told, f"participant:{person.pseudonym}")
            flash(_sentence(person, fact, readers, value), "success")
            return redirect(url_for("investigator_facts.listing", code=code, subject=subject), 303)
    page = study_page(
        "fact.html",
        access,
        person=person,
        fact=fact,
        readers=readers,
        title=_title(readers),
        value=raw if request.method == "POST" else fact_words.written(known.get(fact)),
        since=since,
        history=[(one, _name(one, _names(rows))) for one in rows],
        words=fact_words,
        wrong=wrong,
    )
    return page, 422 if wrong else 200


def _read(access: StudyAccess) -> Mapping[str, list[Read]]:
    protocols = studies_queries.protocols(current.session, access.study.id)
    instruments = studies_queries.instruments_of(studies_queries.visits_of(protocols.values()))
    return fact_effects.of_instruments(scales.installed(instruments))


def _title(readers: list[Read]) -> str:
    return " / ".join(dict.fromkeys(fact_words.title(one.fact) for one in readers))


def _day(written: str, wrong: dict[str, str]) -> date | None:
    """Since when; a day that is still to come is none."""
    on, problem = read_date(written)
    if problem:
        wrong["since"] = problem
    elif on is not None and on > today():
        wrong["since"] = _("This day is still to come. Record it when it has come.")
    return on


def _sentence(person: Participant, fact: str, readers: list[Read], value: float | str | None) -> str:
    """What becomes of it."""
    if facts.of(current.session, person).get(fact) != value:
        return _("Kept. What is true since a later day counts all the same.")
    with_other = known_then.sent_with_another(
        current.session, person.id, [one.instrument for one in readers], fact, value
    )
    if not with_other:
        return _("Kept. It counts for what is answered from now on.")
    return _(
        "Kept. It counts for what is answered from now on. What was sent before with another value (%(number)s) keeps "
        "its questions and its scores.",
        number=with_other,
    )


def _names(rows: list[ParticipantFact]) -> Mapping[int, str]:
    ids = {int(one.recorded_by[6:]) for one in rows if one.recorded_by.startswith("staff:")}
    return staff.names(current.session, ids)


def _name(row: ParticipantFact, names: Mapping[int, str]) -> str:
    by = row.recorded_by
    return names.get(int(by[6:]), by) if by.startswith("staff:") else by
