"""The versions of a study's note: the list, who agreed, and the form in which a version is written."""

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts import staff
from app.attached import MAX_BYTES
from app.consents import drafts, standing, versions
from app.consents.drafts import Draft
from app.consents.models import ConsentVersion
from app.errors import Refusal
from app.i18n import LANGUAGES
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import consent_form, post_form
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.consent_access import among, record, version_for
from app.web.investigator.consent_form import NO, YES, Typed
from app.web.investigator.consent_words import OPEN_STATES, STATE_NAMES, version_name
from app.web.investigator.frame import study_page
from app.web.investigator.post_access import may_write, writable
from app.web.locale import _
from app.web.request import current
from app.web.texts import language_name
from app.web.uploads import accepts

bp = Blueprint("investigator_consents", __name__)


@bp.get("/studies/<code>/consents")
@allow(Who.STAFF)
def consents(code: str) -> str:
    """Every version, and where people stand with the last one that they have to agree to."""
    access = study_for(code)
    found = versions.of_study(current.session, access.study.id)
    published = [one for one in found if one.number is not None]
    renewal = next((one for one in published if one.needs_renewal), None)
    by_site = {} if renewal is None else standing.counts(current.session, among(access), renewal)
    return study_page(
        "consents.html",
        access,
        versions=found if may_write(access) else published,
        in_force=versions.in_force(published, current.at),
        renewal=renewal,
        by_site=by_site,
        total=sum(by_site.values(), Counter()),
        said_to=standing.said_to(current.session, access.study.id, access.site_ids),
        names=STATE_NAMES,
        open_states=OPEN_STATES,
        version_name=version_name,
        may_write=may_write(access),
    )


@bp.get("/studies/<code>/consents/new")
@allow(Who.STAFF)
def new(code: str) -> Any:
    """An empty form; nothing is stored before somebody has written something."""
    return _page(writable(code), Typed(Draft("", needs_renewal=False, reason="", words={}), "", 0), None)


@bp.post("/studies/<code>/consents/new")
@allow(Who.STAFF)
@accepts(MAX_BYTES * len(LANGUAGES))
def create(code: str) -> Any:
    """Keep a first draft, or give everything that was typed back with what is wrong."""
    access = writable(code)
    typed = consent_form.read(access.study.languages, 0)
    if typed.errors:
        return _page(access, typed, None, 422)
    version = drafts.start(current.session, access.study.id, typed.draft, staff_id(), current.at)
    record("consent.drafted", version, {"study": access.study.code})
    return _saved(access, version)


@bp.get("/studies/<code>/consents/<key>")
@allow(Who.STAFF)
def version(code: str, key: str) -> Any:
    """A draft in its form; or what is on record about a published version."""
    access, found = version_for(code, key)
    if found.number is not None:
        names = staff.names(current.session, [found.published_by or 0])
        return study_page(
            "consent.html",
            access,
            version=found,
            name=version_name(found),
            published_by=names.get(found.published_by or 0, ""),
            said=standing.said_to(current.session, access.study.id, access.site_ids).get(found.id, Counter()),
            documents=versions.documents_of(current.session, found),
            language_name=language_name,
            names=STATE_NAMES,
        )
    words = versions.words_of(current.session, found)
    draft = Draft(found.label, found.needs_renewal, found.reason, words)
    return _page(access, Typed(draft, YES if found.needs_renewal else NO, found.revision), found)


@bp.post("/studies/<code>/consents/<key>")
@allow(Who.STAFF)
@accepts(MAX_BYTES * len(LANGUAGES))
def save(code: str, key: str) -> Any:
    """Keep a draft, or give everything that was typed back with what is wrong."""
    access, found = version_for(code, key, to_write=True)
    typed = consent_form.read(access.study.languages, post_form.seen())
    if typed.errors:
        return _page(access, typed, found, 422)
    try:
        drafts.save(current.session, found, typed.draft, typed.seen, staff_id(), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        stored = versions.words_of(current.session, found)
        return _page(access, consent_form.against(typed, found, stored, sentence), found, status)
    record("consent.saved", found, {"revision": found.revision})
    return _saved(access, found)


def _saved(access: StudyAccess, version: ConsentVersion) -> Response:
    flash(_("The draft is saved."), "success")
    page = (
        "investigator_consents_publishing.preview" if post_form.goes_to_preview() else "investigator_consents.version"
    )
    return redirect(url_for(page, code=access.study.code, key=version.key), 303)


def _page(access: StudyAccess, form: Typed, version: ConsentVersion | None, status: int = 200) -> Any:
    page = study_page(
        "consent_form.html",
        access,
        form=form,
        version=version,
        documents={} if version is None else versions.documents_of(current.session, version),
        saved_by=None if version is None else staff.names(current.session, [version.saved_by])[version.saved_by],
        names=consent_form.TEXT_NAMES,
        hints=consent_form.HINTS,
        renews=consent_form.RENEWS,
        field_id=post_form.field_id,
        language_name=language_name,
    )
    return page, status
