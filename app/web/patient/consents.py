"""The note of a study: what is new in it, all of it, and what the participant says to it; and what was said before."""

from io import BytesIO

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select

from app.attached import MEDIA_TYPES
from app.audit import trail
from app.consents import answers, standing, versions
from app.consents.standing import Readable
from app.errors import Refusal
from app.notices import matters, outbox
from app.studies.models import Study
from app.web.access import Who, account_of, allow
from app.web.consents import ANSWER_NAMES, SAID_NAMES, WAY_NAMES, Note, note
from app.web.locale import _, lazy
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("patient_consents", __name__)
CONSENT = "consent"
THANKS = {
    answers.AGREED: lazy("Thank you. Your agreement is kept, and you can read here what you agreed to."),
    answers.REFUSED: lazy("Your answer is kept. You still take part as before; below is what you can do now."),
    answers.TALK_FIRST: lazy("Your study team has been told and will get in touch with you. Nothing else has changed."),
}
MATTERS = {answers.REFUSED: matters.CONSENT_REFUSED, answers.TALK_FIRST: matters.CONSENT_TALK}
"""What the team is told of."""


@bp.get("/account/consents")
@allow(Who.PARTICIPANT)
def consents() -> str:
    """What is asked now, and everything that was said, the newest first."""
    account = account_of(current.person)
    said = answers.of_account(current.session, account)
    ids = {one.version.study_id for one in said}
    studies = {one.id: one for one in current.session.scalars(select(Study).where(Study.id.in_(ids)))}
    asked = standing.of_account(current.session, account, current.at)
    return render_template(
        "patient/consents.html",
        asked=[one for one in asked if one.is_open],
        said=said,
        studies=studies,
        said_names=SAID_NAMES,
        way_names=WAY_NAMES,
    )


@bp.get("/account/consents/<key>")
@allow(Who.PARTICIPANT)
def consent(key: str) -> str:
    """One version, and the three things that can be said to it."""
    return _page(_find(key))


@bp.post("/account/consents/<key>")
@allow(Who.PARTICIPANT)
def answer(key: str) -> tuple[str, int] | Response:
    """Keep what the participant says, once; messages that ask for it are not needed any more."""
    found, what = _find(key), request.form.get("answer", "")
    if what not in answers.ANSWERS:
        return _page(found, _("Choose one of the three answers.")), 422
    if not found.is_asked:
        raise Refusal("consent-over")
    who, version = found.participant, found.version
    row = answers.answer(current.session, version, who, what, _note(found).spoken, current.at)
    outbox.settle(current.session, who.id, CONSENT)
    if row is not None:
        if what in MATTERS:
            matters.raise_once(current.session, who, MATTERS[what], str(row.id), current.at)
        facts = {"answer": what, "version": version.number, "participant": who.pseudonym}
        actor = f"account:{who.account_pseudonym}"
        trail.record(current.session, current.at, actor, "consent.answered", f"consent:{key}", facts, current.id)
    flash(str(THANKS[what]), "success")
    return redirect(url_for("patient_consents.consent", key=key), 303)  # type: ignore[return-value]


@bp.get("/account/consents/<key>/note/<spoken>")
@allow(Who.PARTICIPANT)
def document(key: str, spoken: str) -> Response:
    """The attached note, as a file to keep and read."""
    found = versions.documents_of(current.session, _find(key).version).get(spoken) or abort(404)
    return send_file(
        BytesIO(found.content), mimetype=MEDIA_TYPES[found.kind], as_attachment=True, download_name=found.name
    )


def _find(key: str) -> Readable:
    return standing.find(current.session, account_of(current.person), key, current.at) or abort(404)


def _note(found: Readable) -> Note:
    languages = (current.language, found.participant.language, *found.study.languages)
    titles, contacts = found.study.titles, found.study.contacts
    return note(
        found.version,
        in_language(titles, current.language),
        in_language(contacts, current.language),
        found.known,
        languages,
    )


def _page(found: Readable, wrong: str | None = None) -> str:
    shown = _note(found)
    url = None
    if shown.document is not None:
        url = url_for("patient_consents.document", key=found.version.key, spoken=shown.spoken)
    return render_template(
        "patient/consent.html",
        found=found,
        note=shown,
        note_url=url,
        said=found.said.answer if found.said else None,
        answers=ANSWER_NAMES,
        said_names=SAID_NAMES,
        wrong=wrong,
    )
