"""From the draft to a version that never changes again, and the record that its messages were read before."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from app.accounts import staff_contacts
from app.notices import staff_outbox
from app.notices.models import StaffNotice
from app.studies import notice_tests, protocols, queries, readiness, studies
from app.studies.notice_tests import Tested
from app.studies.queries import StudyAccess
from app.studies.readiness import Known
from app.web.access import Who, allow
from app.web.investigator import drafting, readiness_words
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import designable, record
from app.web.investigator.frame import study_page
from app.web.investigator.notice_words import PROBLEMS, STATE_NAMES
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
    """Which messages the protocol sends, and which of them somebody has had sent and read in each language."""
    access = designable(code)
    protocol = next(iter(queries.protocols(current.session, access.study.id).values()), None)
    everything = Known(access.study.languages, {}, {}, 0, 0, protocol=protocol)
    wanted = readiness.untested(everything)
    if request.method == "POST":
        (_send if mail_works() else _tick)(access, wanted)
        return redirect(url_for("investigator_design_publish.messages", code=code), 303)
    tested = notice_tests.of_study(current.session, access.study.id)
    on_their_way = {
        _tested(one): one for one in staff_outbox.unsent_tests(current.session, access.study.id, staff_id())
    }
    return study_page(
        "design_messages.html",
        access,
        rows=[(*one, readiness_words.message(*one), tested.get(one), on_their_way.get(one)) for one in wanted],
        mail_works=mail_works(),
        address=staff_contacts.address_of(current.session, staff_id()),
        notice_states=STATE_NAMES,
        problems=PROBLEMS,
    )


def mail_works() -> bool:
    """Whether mail leaves, as far as this process knows: outside a demonstration another one may carry it."""
    return current.config.mail is not None or (not current.config.is_demo and staff_contacts.has_any(current.session))


def _send(access: StudyAccess, wanted: Sequence[Tested]) -> None:
    """Have what was chosen sent to oneself; it counts as tested once the mail server has taken it."""
    if staff_contacts.address_of(current.session, staff_id()) is None:
        flash(_("Please give your own address first."), "error")
        return
    chosen = [one for one in wanted if " ".join(one) in request.form.getlist("read")]
    mine = staff_outbox.unsent_tests(current.session, access.study.id, staff_id())
    under_way = {_tested(one) for one in mine if one.waits_until is not None}
    for kind, channel, language in chosen:
        if (kind, channel, language) not in under_way:
            facts = {"kind": kind, "channel": channel, "language": language}
            about = f"{access.study.id}:{kind}:{channel}:{language}:{current.id}"
            staff_outbox.post(current.session, staff_id(), staff_outbox.TEST, about, current.at, facts, access.study.id)
    record(access, "notices.test-asked", {"messages": [" ".join(one) for one in chosen]})
    flash(_("The messages are on their way to you. Look at this page again in a minute."), "success")


def _tick(access: StudyAccess, wanted: Sequence[Tested]) -> None:
    """Where no mail leaves, as in the demonstration, the professional's word has to do."""
    read = [one for one in wanted if " ".join(one) in request.form.getlist("read")]
    if notice_tests.record(current.session, access.study.id, read, staff_id(), current.at):
        record(access, "notices.tested", {"messages": [" ".join(one) for one in read]})
    flash(_("Written down."), "success")


def _tested(notice: StaffNotice) -> Tested:
    kind, channel, language = (str(notice.facts[name]) for name in ("kind", "channel", "language"))
    return kind, channel, language
