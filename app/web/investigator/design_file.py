"""The protocol as a YAML file: the same content as the pages show, to take away and to bring back."""

from typing import Any

import yaml
from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import select
from werkzeug.utils import secure_filename

from app.errors import Refusal
from app.questionnaires import yaml_source
from app.questionnaires.mistakes import BrokenFile
from app.scheduling.parse import brief_document
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

bp = Blueprint("investigator_design_file", __name__)
PARTS = ("arms", "events", "visits")


@bp.get("/studies/<code>/design/protocol.yaml")
@allow(Who.STAFF)
def download(code: str) -> Response:
    """The draft, or with ``?version=`` a published version."""
    access = study_for(code)
    number = request.args.get("version", type=int)
    if number is None:
        document, name = drafting.of(access).document, "draft"
    else:
        wanted = select(ProtocolVersion).where(
            ProtocolVersion.study_id == access.study.id, ProtocolVersion.version == number
        )
        stored = current.session.scalar(wanted) or abort(404)
        document, name = brief_document(parsed(stored.document)), f"v{number}"
    response = Response(written(document), content_type="application/yaml; charset=utf-8")
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
        return _page(found, written(found.document), found.draft.revision, [])
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


def written(document: Document) -> str:
    """A draft as YAML, in the order of its author."""
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def read(text: str) -> Document:
    """The draft that a YAML text says; BrokenFile with every place that cannot be read."""
    source = yaml_source.read(text, "protocol.yaml")
    if source.mistakes:
        raise BrokenFile(source.mistakes)
    plain = source.root.plain()
    found = _lists(plain) if isinstance(plain, dict) else {}
    unknown = {name: part for name, part in found.items() if name not in (*PARTS, "version")}
    return {**{name: found.get(name) or drafts.empty()[name] for name in PARTS}, **unknown}


def _lists(value: Any) -> Any:
    """Tuples as the lists that JSON knows."""
    if isinstance(value, dict):
        return {str(key): _lists(part) for key, part in value.items()}
    return [_lists(part) for part in value] if isinstance(value, tuple) else value


def _page(found: Drafting, text: str, revision: int, errors: list[str], status: int = 200) -> Any:
    page = study_page(
        "design_file.html", found.access, text=text, revision=revision, errors=[("text", one) for one in errors]
    )
    return page, status
