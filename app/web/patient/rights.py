"""Rights over one's own data: ask, follow what becomes of it, and take a copy away at any time."""

import json
from collections.abc import Callable, Iterator, Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from app.audit import trail
from app.consents import answers
from app.errors import Refusal
from app.exchange.csv_text import LAYOUTS, encoded
from app.participants.models import Participant
from app.questionnaires.wording import Wording
from app.responses import own_copy
from app.responses.own_copy import Given
from app.rights import requests
from app.studies.models import Study
from app.web.access import Who, account_of, allow
from app.web.errors import explained
from app.web.filters import today
from app.web.locale import _
from app.web.request import current
from app.web.right_words import EFFECTS, KINDS, STATES
from app.web.texts import in_language, wording_for

bp = Blueprint("patient_rights", __name__)
COLUMNS = ("study", "subject_code", "visit", "iteration", "questionnaire", "sent_at", "kind", "name", "words", "value")


@bp.route("/account/rights", methods=["GET", "POST"])
@allow(Who.PARTICIPANT)
def rights() -> tuple[str, int] | Response:
    """What was asked for and where it stands; a new request is written below."""
    account = account_of(current.person)
    mine = current.session.execute(
        select(Participant, Study)
        .join(Study, Study.id == Participant.study_id)
        .where(Participant.account_pseudonym == account)
        .order_by(Participant.id)
    ).all()
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        whose = next((one for one, study in mine if study.code == request.form.get("study")), None)
        kind, words = request.form.get("kind", ""), request.form.get("words", "")
        if whose is None:
            errors.append(("study", _("Choose the study.")))
        if kind not in KINDS:
            errors.append(("kind", _("Choose what you ask for.")))
        if whose is not None and not errors:
            try:
                asked = requests.ask(current.session, whose, kind, words, current.at)
            except Refusal as refusal:
                errors.append(("kind", explained(refusal)[1]))
            else:
                _record("right.asked-for", asked.key, kind)
                flash(_("Your request has reached the study. You will find the answer here."), "success")
                return redirect(url_for("patient_rights.rights"), 303)  # type: ignore[return-value]
    page = render_template(
        "patient/rights.html",
        cases=requests.of_account(current.session, account),
        studies=[(study.code, in_language(study.titles, current.language)) for _one, study in mine],
        titles={one.id: in_language(study.titles, current.language) for one, study in mine},
        kinds=KINDS,
        states=STATES,
        effects=EFFECTS,
        errors=errors,
        typed=request.form if request.method == "POST" else {"kind": request.args.get("kind", "")},
        today=today(),
    )
    return page, 422 if errors else 200


@bp.post("/account/rights/<key>/take-back")
@allow(Who.PARTICIPANT)
def take_back(key: str) -> Response:
    """The participant no longer asks for it."""
    account = account_of(current.person)
    mine = requests.of_account(current.session, account)
    case = next((one for one in mine if one.request.key == key), None) or abort(404)
    requests.advance(current.session, case, requests.TAKEN_BACK, "", f"account:{account}", current.at)
    _record("right.taken-back", key, case.request.kind)
    flash(_("Your request is taken back."), "success")
    return redirect(url_for("patient_rights.rights"), 303)  # type: ignore[return-value]


@bp.get("/account/rights/my-data.<any(csv, json):form>")
@allow(Who.PARTICIPANT, writes=True)
def copy(form: str) -> Response:
    """Everything that was said on this account: answers, scores, consents; as a file that people and programs read."""
    account = account_of(current.person)
    rows = [_row(given) for given in own_copy.of_account(current.session, account)]
    rows += _consents(account)
    _record("right.copy-taken", "copy", form)
    body, kind = FILES[form](rows)
    response = Response(body, content_type=f"{kind}; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"weshare-{current.at:%Y-%m-%d}.{form}")
    return response


Row = tuple[str | int | float | None, ...]


def _row(given: Given) -> Row:
    sent = given.sent
    wording = wording_for(sent.instrument, sent.language)
    value = " ".join(map(str, given.value)) if isinstance(given.value, list) else given.value
    where = (sent.study, sent.subject_code, sent.visit, sent.iteration, wording.title, sent.sent_at.isoformat())
    return (*where, given.kind, given.name, WORDS[given.kind](wording, given.name), value)


def _consents(account: str) -> list[Row]:
    """What was said to the notes of the studies, the oldest first."""
    mine = select(Participant, Study).join(Study, Study.id == Participant.study_id)
    of_account = mine.where(Participant.account_pseudonym == account)
    whose = {person.id: (study.code, person.subject_code) for person, study in current.session.execute(of_account)}
    return [
        (
            *whose[one.answer.participant_id],
            *("", None, ""),
            one.answer.answered_at.isoformat(),
            "consent",
            str(one.version.number),
            one.version.label,
            one.answer.answer,
        )
        for one in reversed(answers.of_account(current.session, account))
    ]


def _question(wording: Wording, name: str) -> str:
    return next((text for item, text in wording.items.items() if item == name), "")


def _scale(wording: Wording, name: str) -> str:
    return next((text.name for scale, text in wording.scales.items() if scale == name), "")


WORDS: Mapping[str, Callable[[Wording, str], str]] = {"answer": _question, "score": _scale}
"""What an answer or a score is called, by its kind."""


def _csv(rows: list[Row]) -> tuple[Iterator[bytes], str]:
    return encoded([COLUMNS, *rows], LAYOUTS["comma"]), "text/csv"


def _json(rows: list[Row]) -> tuple[str, str]:
    records = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=1), "application/json"


FILES: Mapping[str, Callable[[list[Row]], tuple[Iterator[bytes] | str, str]]] = {"csv": _csv, "json": _json}


def _record(action: str, subject: str, kind: str) -> None:
    who = f"account:{account_of(current.person)}"
    trail.record(current.session, current.at, who, action, f"right:{subject}", {"kind": kind}, current.id)
