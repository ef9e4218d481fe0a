"""What a protocol names: its events and its groups (arms), each with a key and a title in every language."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.fields import SelectField
from wtforms.form import BaseForm

from app.errors import Refusal
from app.studies import draft_parts, drafts
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import drafting
from app.web.investigator.design_access import designable
from app.web.investigator.drafting import Drafting
from app.web.investigator.event_words import EVENT_KINDS
from app.web.investigator.frame import study_page
from app.web.investigator.selects import offered
from app.web.investigator.study_form import KEY, KEY_MESSAGE
from app.web.locale import _
from app.web.texts import language_name

bp = Blueprint("investigator_design_names", __name__)
KINDS = ("events", "arms")
KIND = "<any(events, arms):kind>"


@bp.route(f"/studies/<code>/design/new/{KIND}", methods=["GET", "POST"])
@allow(Who.STAFF)
def new(code: str, kind: str) -> Any:
    """One more."""
    return _edit(drafting.of(designable(code)), kind, None, {})


@bp.route(f"/studies/<code>/design/{KIND}/<part>", methods=["GET", "POST"])
@allow(Who.STAFF)
def part(code: str, kind: str, part: str) -> Any:
    """One of them, to be changed."""
    found = drafting.of(designable(code))
    stored = draft_parts.named(found.document, kind).get(part)
    if stored is None and request.method == "GET":
        abort(404)
    return _edit(found, kind, part, stored or {})


@bp.post(f"/studies/<code>/design/{KIND}/<part>/delete")
@allow(Who.STAFF)
def delete(code: str, kind: str, part: str) -> Response:
    """Take it out of the draft; what still names it is told at once."""
    found = drafting.of(designable(code))
    drafting.keep(
        found,
        drafts.mark(found.document),
        lambda document: document,
        lambda document: draft_parts.without_named(document, kind, part),
        "draft.part-deleted",
        {"kind": kind, "key": part},
    )
    flash(_("It is no longer in the draft."), "success")
    return _back(code, kind)


def _form(found: Drafting, kind: str, key: str | None, stored: draft_parts.Part) -> BaseForm:
    fields: dict[str, Any] = {"key": StringField()}
    fields |= {f"title-{language}": StringField() for language in found.access.study.languages}
    title = stored.get("title")
    data: dict[str, Any] = {
        f"title-{language}": text for language, text in (title if isinstance(title, dict) else {}).items()
    }
    if kind == "events":
        fields |= {
            "kind": SelectField(choices=offered(EVENT_KINDS.items()), validate_choice=False),
            "repeatable": BooleanField(),
            "ending": BooleanField(),
        }
        data |= {name: stored.get(name) for name in ("kind", "repeatable", "ending")}
    form = BaseForm(fields)
    form.process(request.form or None, data={**data, "key": key or ""})
    return form


def _edit(found: Drafting, kind: str, key: str | None, stored: draft_parts.Part) -> Any:
    form = _form(found, kind, key, stored)
    if request.method == "GET":
        return _page(found, kind, key, form, drafts.mark(stored if key else None), [])
    new_key, title = (form["key"].data or "").strip(), {}
    for language in found.access.study.languages:
        if text := (form[f"title-{language}"].data or "").strip():
            title[language] = text
    changed: draft_parts.Part = {"title": title}
    if kind == "events":
        changed["kind"] = form["kind"].data or "other"
        changed |= {name: True for name in ("repeatable", "ending") if form[name].data}
    seen = request.form.get("seen", "")
    if errors := _errors(found, kind, key, new_key, title):
        return _page(found, kind, key, form, seen, errors, 422)
    try:
        drafting.keep(
            found,
            seen,
            lambda document: draft_parts.named(document, kind).get(key or ""),
            lambda document: draft_parts.with_named(document, kind, key, new_key, changed),
            "draft.part-saved",
            {"kind": kind, "key": new_key},
        )
    except Refusal as refusal:
        status, sentence = explained(refusal)
        fresh = drafting.of(found.access)
        theirs = draft_parts.named(fresh.document, kind).get(key or "")
        return _page(fresh, kind, key, form, drafts.mark(theirs), [("", sentence)], status)
    flash(_("Saved in the draft."), "success")
    return _back(found.access.study.code, kind)


def _errors(found: Drafting, kind: str, key: str | None, new_key: str, title: dict[str, str]) -> list[tuple[str, str]]:
    errors = []
    if not KEY.fullmatch(new_key) or len(new_key) > 40:
        errors.append(("key", str(KEY_MESSAGE)))
    elif new_key != key and new_key in draft_parts.named(found.document, kind):
        errors.append(("key", _("This key is taken already. Choose another one.")))
    for language in found.access.study.languages:
        if not title.get(language):
            sentence = _("Enter the title in this language: %(language)s.", language=language_name(language))
            errors.append((f"title-{language}", sentence))
    return errors


def _page(
    found: Drafting,
    kind: str,
    key: str | None,
    form: BaseForm,
    seen: str,
    errors: list[tuple[str, str]],
    status: int = 200,
) -> Any:
    page = study_page(
        "design_name.html",
        found.access,
        kind=kind,
        key=key,
        form=form,
        seen=seen,
        errors=errors,
        kinds=EVENT_KINDS.items(),
        language_name=language_name,
    )
    return page, status


def _back(code: str, kind: str) -> Response:
    return redirect(url_for("investigator_design_protocol.protocol", code=code, _anchor=kind), 303)
