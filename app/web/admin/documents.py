"""The files beside a licence: attached, and given back as files to keep, never shown inside a page."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, send_file, url_for

from app.attached import MAX_BYTES, MEDIA_TYPES
from app.errors import Refusal
from app.licences import documents, register
from app.studies import queries
from app.web.access import Who, allow
from app.web.admin.frame import record, staff_id
from app.web.admin.licence_page import licence_page
from app.web.errors import explained
from app.web.locale import _
from app.web.request import current
from app.web.uploads import accepts

bp = Blueprint("admin_documents", __name__)


@bp.post("/manage/licences/<key>/documents")
@allow(Who.DATA_MANAGER)
@accepts(MAX_BYTES)
def attach(key: str) -> Any:
    """Keep a file with a licence."""
    history = register.history(current.session, queries.storable(key)) or abort(404)
    sent = request.files.get("document")
    content = sent.stream.read(MAX_BYTES + 1) if sent else b""
    name = (sent.filename if sent else None) or ""
    try:
        kept = documents.attach(current.session, history[0].licence_id, name, content, staff_id(), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return licence_page(history, sentence), status
    record("licence.document-attached", f"licence:{key}", {"document": kept.key, "hash": kept.content_hash})
    flash(_("The file is attached."), "success")
    return redirect(url_for("admin_licences.licence", key=key), 303)


@bp.get("/manage/licences/<key>/documents/<document>")
@allow(Who.DATA_MANAGER)
def download(key: str, document: str) -> Response:
    """A file as it was attached."""
    found = documents.find(current.session, queries.storable(key), queries.storable(document)) or abort(404)
    return send_file(
        BytesIO(found.content), mimetype=MEDIA_TYPES[found.kind], as_attachment=True, download_name=found.name
    )
