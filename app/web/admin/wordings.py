"""Wordings: what is installed, an empty file to fill in, and a version with its origin beside the topics."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request
from werkzeug.utils import secure_filename

from app.errors import Refusal
from app.questionnaires.pack import Pack
from app.questionnaires.wording_template import template as template_of
from app.web import licence_words
from app.web.access import Who, allow
from app.web.admin import side_by_side
from app.web.admin.frame import page, record, staff_id
from app.web.admin.wording_page import address_of, new_page
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current
from app.wordings import install
from app.wordings.register import Name
from app.wordings.shelf import key_of

bp = Blueprint("admin_wordings", __name__)
ONE = "/manage/wordings/<instrument>/<language>/<version>"


@bp.get("/manage/wordings")
@allow(Who.DATA_MANAGER)
def wordings() -> str:
    """Every version of every wording."""
    packs = list(current.library.all_packs())
    return page(
        "wordings.html",
        rows=[(pack, licence_words.state_of(pack)) for pack in packs],
        kinds=licence_words.KINDS,
        faults=current.services.shelf.stand().faults,
        fault_sentence=licence_words.fault,
    )


@bp.get("/manage/wordings/template")
@allow(Who.DATA_MANAGER)
def template() -> Any:
    """An empty file for one questionnaire and one language."""
    key, language = request.args.get("instrument", ""), request.args.get("language", "").strip()
    errors = []
    if key not in current.library.installed:
        errors.append(("instrument", _("Choose one of the questionnaires of the list.")))
    if not install.is_language(language):
        errors.append(("language", _("Write the code of the language, such as fr, en or pt-BR.")))
    if errors:
        return new_page(errors=errors), 422
    instrument = current.library.instrument(key)
    response = Response(template_of(instrument, language), content_type="text/plain; charset=utf-8")
    name = secure_filename(f"wording-{instrument.code}-{instrument.version}.{language}.yaml")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get(ONE)
@allow(Who.DATA_MANAGER)
def wording(instrument: str, language: str, version: str) -> str:
    """One version: where it comes from, how it stands, and all its texts."""
    pack = _pack(instrument, language, version)
    return page(
        "wording.html",
        pack=pack,
        wording=pack.wording,
        state=licence_words.state_of(pack),
        kinds=licence_words.KINDS,
        parts=side_by_side.parts(current.library.instrument(instrument), pack.wording),
    )


@bp.route(f"{ONE}/withdraw", methods=["GET", "POST"])
@allow(Who.DATA_MANAGER)
def withdraw(instrument: str, language: str, version: str) -> Any:
    """Let nobody begin with it any more, after a second thought and for a reason."""
    pack = _pack(instrument, language, version)
    if pack.installed_at is None or not pack.is_usable:
        abort(404)
    because, problem, status = request.form.get("because", ""), None, 200
    if request.method == "POST":
        name = Name(instrument, language, version)
        try:
            install.withdraw(current.config.wordings, name, because, f"staff:{staff_id()}", current.at)
        except Refusal as refusal:
            status, problem = explained(refusal)
        else:
            record("wording.withdrawn", key_of(name), {"hash": pack.wording.content_hash})
            flash(_("Withdrawn. Nobody begins with this wording any more."), "success")
            return redirect(address_of(pack), 303)
    return page("wording_withdraw.html", pack=pack, wording=pack.wording, because=because, problem=problem), status


def _pack(instrument: str, language: str, version: str) -> Pack:
    packs = current.library.packs(instrument, language) if instrument in current.library.installed else ()
    return next((pack for pack in packs if pack.wording.wording_version == version), None) or abort(404)
