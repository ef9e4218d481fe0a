"""A wording is brought as a file, checked, shown beside the topics, and installed once somebody has compared them."""

from typing import Any

from flask import Blueprint, flash, redirect, request

from app.errors import Refusal
from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.wording import Wording
from app.web import licence_words
from app.web.access import Who, allow
from app.web.admin import side_by_side
from app.web.admin.frame import page, record, staff_id
from app.web.admin.wording_page import address_of, new_page
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current
from app.wordings import install
from app.wordings.install import MAX_BYTES

bp = Blueprint("admin_installing", __name__)


@bp.get("/manage/wordings/new")
@allow(Who.DATA_MANAGER)
def new() -> str:
    """The page to begin from."""
    return new_page()


@bp.post("/manage/wordings/check")
@allow(Who.DATA_MANAGER)
def check() -> Any:
    """Read the file: every mistake with its line, or all its texts to compare."""
    sent = request.files.get("file")
    text = sent.stream.read(MAX_BYTES + 1) if sent else b""
    if not text:
        return new_page(errors=[("file", _("Choose the file with the wording."))]), 422
    name = (sent.filename if sent else None) or "wording.yaml"
    return _compare(name, text)


@bp.post("/manage/wordings/install")
@allow(Who.DATA_MANAGER)
def confirm() -> Any:
    """Install what was compared; it is checked once more, because it comes out of a browser."""
    name, text = request.form.get("name", "wording.yaml"), request.form.get("text", "").replace("\r\n", "\n").encode()
    if not text:
        return new_page(errors=[("file", _("Choose the file with the wording."))]), 422
    if not request.form.get("compared"):
        return _compare(name, text, _("Say that you have compared the texts, or leave the page."))
    try:
        wording = install.check(current.library, text, name)
        pack = install.install(
            current.services.shelf.shipped, current.config.wordings, wording, text, f"staff:{staff_id()}", current.at
        )
    except BrokenFile as broken:
        return new_page(mistakes=broken.mistakes, name=name), 422
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return new_page(errors=[("file", sentence)]), status
    record("wording.installed", wording.key, {"hash": wording.content_hash, "kind": wording.provenance.kind})
    flash(_("Installed. From now on this version stays as it is."), "success")
    return redirect(address_of(pack), 303)


def _compare(name: str, text: bytes, problem: str | None = None) -> Any:
    try:
        wording = install.check(current.library, text, name)
    except BrokenFile as broken:
        return new_page(mistakes=broken.mistakes, name=name), 422
    taken = _taken(wording)
    if taken:
        return new_page(errors=[("file", taken)]), 409
    shown = page(
        "wording_compare.html",
        name=name,
        text=text.decode("utf-8-sig"),
        wording=wording,
        kinds=licence_words.KINDS,
        parts=side_by_side.parts(current.library.instrument(wording.instrument_key), wording),
        doubled=side_by_side.doubled(wording),
        problem=problem,
    )
    return shown, 422 if problem else 200


def _taken(wording: Wording) -> str | None:
    """Why this version cannot be installed, told before anybody compares a hundred texts."""
    for pack in current.library.packs(wording.instrument_key, wording.language):
        if pack.wording.wording_version == wording.wording_version:
            if pack.wording.content_hash != wording.content_hash:
                return explained(Refusal("wording-version-taken"))[1]
            return None if pack.is_usable else explained(Refusal("wording-withdrawn"))[1]
    return None
