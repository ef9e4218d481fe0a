"""The protocol as a YAML file: the same content as the pages show, to take away and to bring back."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.utils import secure_filename

from app.errors import Refusal
from app.exchange.protocol_yaml import read_document, write_document, write_protocol
from app.questionnaires.mistakes import BrokenFile
from app.studies import drafts
from app.studies.drafts import Document
from app.studies.models import ProtocolVersion
from app.studies.protocols import parsed
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import drafting
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.design_access import designable, record
from app.web.investigator.drafting import Drafting
from app.web.investigator.frame import study_page
from app.web.locale import _
from app.web.request import current
from app.web.stored_numbers import LARGEST, asked

bp = Blueprint("investigator_design_file", __name__)


@bp.get("/studies/<code>/design/protocol.yaml")
@allow(Who.STAFF)
def download(code: str) -> Response:
    """The draft, or with ``?version=`` a published version."""
    access = study_for(code)
    if "version" not in request.args:
        text, name = written(drafting.of(access)), "draft"
    else:
        number = asked("version", LARGEST)  # a version that there never is, for what is no number
        wanted = select(ProtocolVersion).where(
            ProtocolVersion.study_id == access.study.id, ProtocolVersion.version == number
        )
        stored = current.session.scalar(wanted) or abort(404)
        text, name = write_protocol(parsed(stored.document)), f"v{number}"
    response = Response(text, content_type="application/yaml; charset=utf-8")
    file = secure_filename(f"{access.study.code}-protocol-{name}.yaml")
    response.headers.set("Content-Disposition", "attachment", filename=file)
    return response


@bp.route("/studies/<code>/design/file", methods=["GET", "POST"])
@allow(Who.STAFF)
def edit(code: str) -> Any:
    """The whole draft as text, typed here or taken from a file; mistakes in it are listed like any others."""
    access = designable(code)
    found = drafting.of(access)
    if request.method == "GET":
        return _page(found, written(found), found.draft.revision, [])
    typed = request.form.get("text", "").replace("\r\n", "\n")
    sent = request.files.get("file")
    text = sent.read().decode("utf-8", "replace") if sent and sent.filename else typed
    seen = request.form.get("revision", "")
    try:
        document = read(text)
        revision = drafts.save(
            current.session, access.study.id, document, int(seen) if seen.isdigit() else -1, staff_id(), current.at
        )
    except BrokenFile as broken:
        lines = [
            _("Line %(line)s cannot be read. Check indentation and quotes.", line=one.line) for one in broken.mistakes
        ]
        return _page(found, text, found.draft.revision if not seen.isdigit() else int(seen), lines, 422)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return _page(drafting.of(access), text, drafting.of(access).draft.revision, [sentence], status)
    record(access, "draft.file-saved", {"revision": revision})
    if drafting.of(access).flaws:
        flash(_("Saved, but something does not fit together yet. Each problem is listed on this page."), "warning")
    else:
        flash(_("The draft is saved."), "success")
    return redirect(url_for("investigator_design_protocol.protocol", code=code), 303)


def written(found: Drafting) -> str:
    """The draft as a file, under the number that it would be published with."""
    return write_document({"version": found.draft.published + 1, **found.document})


def read(text: str) -> Document:
    """The draft that a file says: any number is left out, for publishing gives it. BrokenFile where it is no YAML."""
    found = read_document(text)
    found.pop("version", None)
    return {**drafts.empty(), **found}


def _page(found: Drafting, text: str, revision: int, errors: list[str], status: int = 200) -> Any:
    page = study_page(
        "design_file.html", found.access, text=text, revision=revision, errors=[("text", one) for one in errors]
    )
    return page, status
