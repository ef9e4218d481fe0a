"""Fidelity packs of an instrument: asked for here, made in the background, taken away as a file."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, redirect, send_file, url_for
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from app.licences import packs
from app.web import licence_words
from app.web.access import Who, allow
from app.web.admin.frame import page, record, staff_id
from app.web.locale import _, lazy
from app.web.request import current

bp = Blueprint("admin_packs", __name__)
ALL = "/manage/packs/<instrument>"
PROBLEMS: Mapping[str, Any] = {
    "no-playwright": lazy(
        "This server cannot make pictures of screens: Playwright is not installed. Whoever runs it installs it with "
        "“pip install weshare[fidelity]”, then the pack can be asked for again."
    ),
    "no-browser": lazy(
        "This server cannot make pictures of screens: Chromium is not installed. Whoever runs it installs Chromium, "
        "then the pack can be asked for again."
    ),
    "too-long": lazy("It took longer than a quarter of an hour and was stopped. Please ask for it again later."),
    "failed": lazy("It could not be made. The command “weshare instruments fidelity” says why."),
}


@bp.get(ALL)
@allow(Who.DATA_MANAGER)
def listing(instrument: str) -> str:
    """The packs there are, and the button to ask for one more."""
    key = _key(instrument)
    made = packs.of_instrument(current.session, key)
    return page(
        "packs.html",
        instrument=current.library.instrument(key),
        name=licence_words.name_of(key),
        packs=made,
        problems=PROBLEMS,
        is_newest=bool(made) and made[0].hashes == _hashes(key) and made[0].problem is None,
    )


@bp.post(ALL)
@allow(Who.DATA_MANAGER)
def ask(instrument: str) -> Response:
    """Ask for one of the wordings of today."""
    key = _key(instrument)
    asked = packs.ask(current.session, key, _hashes(key), staff_id(), current.at)
    record("pack.asked-for", f"instrument:{key}", {"pack": asked.id})
    flash(_("The pack is being made. This takes about a minute; this page says when it is there."), "success")
    return redirect(url_for("admin_packs.listing", instrument=key), 303)


@bp.get(f"{ALL}/<int:number>.pdf")
@allow(Who.DATA_MANAGER)
def download(instrument: str, number: int) -> Response:
    """The file."""
    pack = packs.find(current.session, _key(instrument), number) or abort(404)
    name = secure_filename(f"fidelity-{pack.instrument.replace('@', '-')}-{(pack.content_hash or '')[:12]}.pdf")
    return send_file(BytesIO(pack.content or b""), mimetype="application/pdf", as_attachment=True, download_name=name)


def _key(instrument: str) -> str:
    return instrument if instrument in current.library.installed else abort(404)


def _hashes(key: str) -> dict[str, str]:
    """By language the wording that is in use."""
    return {one: current.library.wording(key, one).content_hash for one in current.library.languages(key)}
