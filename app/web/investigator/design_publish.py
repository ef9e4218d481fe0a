"""From the draft to a version that never changes again, and the record that its messages were read before."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.studies import notice_tests, protocols, queries, readiness, studies
from app.studies.readiness import Known
from app.web.access import Who, allow
from app.web.investigator import drafting, readiness_words
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import designable, record
from app.web.investigator.frame import study_page
from app.web.locale import _
from app.web.request import current

bp = Blueprint("investigator_design_publish", __name__)


@bp.route("/studies/<code>/design/publish", methods=["GET", "POST"])
@allow(Who.STAFF)
def publish(code: str) -> Any:
    """Publish the draft as the next version, if nothing is wrong with it; who is enrolled keeps the older one."""
    access = designable(code)
    found = drafting.of(access)
    is_stale = request.method == "POST" and request.form.get("revision") != str(found.draft.revision)
    if request.method == "GET" or is_stale or found.protocol is None or found.draft.is_as_published:
        status = 409 if request.method == "POST" else 200
        return study_page("design_publish.html", access, found=found, draft=found.draft, is_stale=is_stale), status
    version = protocols.publish(current.session, access.study.id, found.document, current.at)
    arms = {str(key): arm.title for key, arm in found.protocol.arms.items()}
    studies.sync_arms(current.session, access.study, arms)
    record(access, "protocol.published", {"version": version.version, "revision": found.draft.revision})
    flash(_("Version %(version)s is published and never changes again.", version=version.version), "success")
    return redirect(url_for("investigator_design.design", code=code), 303)


@bp.route("/studies/<code>/design/messages", methods=["GET", "POST"])
@allow(Who.STAFF)
def messages(code: str) -> Any:
    """Which messages the protocol sends, and which of them somebody has read in each language."""
    access = designable(code)
    protocol = next(iter(queries.protocols(current.session, access.study.id).values()), None)
    everything = Known(access.study.languages, {}, {}, 0, 0, protocol=protocol)
    wanted = readiness.untested(everything)
    if request.method == "POST":
        read = [one for one in wanted if " ".join(one) in request.form.getlist("read")]
        if notice_tests.record(current.session, access.study.id, read, staff_id(), current.at):
            record(access, "notices.tested", {"messages": [" ".join(one) for one in read]})
        flash(_("Written down."), "success")
        return redirect(url_for("investigator_design_publish.messages", code=code), 303)
    tested = notice_tests.of_study(current.session, access.study.id)
    rows = [(" ".join(one), readiness_words.message(*one), tested.get(one)) for one in wanted]
    return study_page("design_messages.html", access, rows=rows)
