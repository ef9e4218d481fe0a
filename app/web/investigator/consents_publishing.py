"""From a draft of the note to the participants: the preview, the publishing after a second thought, the files."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from markupsafe import Markup

from app.attached import MEDIA_TYPES
from app.consents import drafts, standing, versions
from app.consents.models import ConsentVersion
from app.errors import Refusal
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.consents import ANSWER_NAMES, note
from app.web.errors import explained
from app.web.investigator import consent_form, post_form
from app.web.investigator.access import staff_id
from app.web.investigator.consent_access import among, draft_for, record, version_for
from app.web.investigator.frame import study_page
from app.web.investigator.post_preview import WIDTHS
from app.web.locale import _, reading_in
from app.web.request import current
from app.web.stored_numbers import asked
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_consents_publishing", __name__)
VERSION = "/studies/<code>/consents/<key>"


@bp.get(f"{VERSION}/preview")
@allow(Who.STAFF)
def preview(code: str, key: str) -> Any:
    """The page as a participant who is asked sees it, in one language and at one width."""
    access, version = version_for(code, key)
    return _preview(access, version)


@bp.get(f"{VERSION}/publish")
@allow(Who.STAFF)
def confirm(code: str, key: str) -> Any:
    """Whom it concerns, and that it cannot be changed: the last page before publishing."""
    access, version = draft_for(code, key)
    if drafts.missing(current.session, version, access.study.languages):
        return redirect(url_for("investigator_consents_publishing.preview", code=code, key=key), 303)
    return study_page(
        "consent_publish.html",
        access,
        version=version,
        seen=asked("seen", version.revision),
        languages=[language_name(language) for language in access.study.languages],
        people=standing.people_asked(current.session, among(access)),
    )


@bp.post(f"{VERSION}/publish")
@allow(Who.STAFF)
def publish(code: str, key: str) -> Any:
    """Publish what was seen, for good; or say what is missing."""
    access, version = version_for(code, key, to_write=True)
    seen = post_form.seen()
    if version.number is not None and version.revision == seen + 1:
        return _to(access, version)  # the second click of a double click
    try:
        drafts.publish(current.session, version, seen, staff_id(), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _preview(access, version, sentence), status
    facts = {"study": access.study.code, "version": version.number, "renews": version.needs_renewal}
    record("consent.published", version, facts)
    flash(_("Published: from now on this is the note of the study."), "success")
    return _to(access, version)


@bp.route(f"{VERSION}/discard", methods=["GET", "POST"])
@allow(Who.STAFF)
def discard(code: str, key: str) -> Any:
    """Throw a draft away, after a second thought."""
    access, version = draft_for(code, key)
    if request.method == "GET":
        return study_page("consent_discard.html", access, version=version)
    record("consent.discarded", version, {"study": access.study.code})
    drafts.discard(current.session, version, post_form.seen())
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("investigator_consents.consents", code=code), 303)


@bp.get(f"{VERSION}/note/<spoken>")
@allow(Who.STAFF)
def document(code: str, key: str, spoken: str) -> Response:
    """The note that was attached in one language."""
    found = versions.documents_of(current.session, version_for(code, key)[1]).get(spoken) or abort(404)
    return send_file(
        BytesIO(found.content), mimetype=MEDIA_TYPES[found.kind], as_attachment=True, download_name=found.name
    )


def _to(access: StudyAccess, version: ConsentVersion) -> Any:
    return redirect(url_for("investigator_consents.version", code=access.study.code, key=version.key), 303)


def _preview(access: StudyAccess, version: ConsentVersion, refused: str | None = None) -> str:
    languages = access.study.languages
    language = request.args.get("language", "")
    if language not in languages:
        language = current.language if current.language in languages else languages[0]
    width = request.args.get("width", "")
    missing = [] if version.number is not None else drafts.missing(current.session, version, languages)
    return study_page(
        "consent_preview.html",
        access,
        version=version,
        shown=_as_read(access, version, language),
        lang=language,
        width=width if width in WIDTHS else WIDTHS[0],
        languages=[(code, language_name(code)) for code in languages],
        refused=refused,
        obstacles=consent_form.sentences(missing),
    )


def _as_read(access: StudyAccess, version: ConsentVersion, language: str) -> Markup:
    """The very templates of the participant's pages, in the participant's language."""
    with reading_in(language):
        titles, contacts = access.study.titles, access.study.contacts
        before = max((version.number or 1) - 1, 0)
        shown = note(version, in_language(titles, language), in_language(contacts, language), before, (language,))
        here: dict[str, Any] = {"code": access.study.code, "key": version.key, "spoken": shown.spoken}
        html = render_template(
            "investigator/consent_as_read.html",
            note=shown,
            note_url=url_for("investigator_consents_publishing.document", **here) if shown.document else None,
            answers=ANSWER_NAMES,
            needs_renewal=version.needs_renewal,
        )
    return Markup(html)  # noqa: S704  # a page of our own, escaped when it was made
