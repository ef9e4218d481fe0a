"""The messages of a study: what will be sent, what was, what is in the way; and their words, in each language."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.notices import history, made_up, paragraphs
from app.notices.causes import CAUSES
from app.notices.compose import compose
from app.scheduling.elements import VisitKey
from app.scheduling.protocol import Protocol
from app.studies import queries as studies_queries
from app.studies.queries import StudyAccess, storable
from app.studies.roles import may_enrol
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import coming_messages
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.design_access import designable, enrolling, may_design, record
from app.web.investigator.frame import study_page
from app.web.investigator.notice_words import KIND_NAMES, PROBLEMS, STATE_NAMES
from app.web.locale import _
from app.web.request import current
from app.web.stored_numbers import LARGEST, asked
from app.web.texts import in_language, language_name

bp = Blueprint("investigator_messages", __name__)
LONGEST_REASON = 300
PARTICIPANTS = tuple(kind for kind, cause in CAUSES.items() if not cause.is_for_staff)


@bp.get("/studies/<code>/messages")
@allow(Who.STAFF)
def messages(code: str) -> str:
    """One page with everything."""
    return _page(study_for(code))


@bp.get("/studies/<code>/messages/sent")
@allow(Who.STAFF)
def sent(code: str) -> str:
    """All that was sent, the newest first, a page at a time; of one participant or kind if that is asked for."""
    access, kind = study_for(code), request.args.get("kind", "")
    subject, before = storable(request.args.get("subject", "").strip()), asked("before", LARGEST)
    kind = kind if kind in PARTICIPANTS else ""
    found = history.sent(
        current.session,
        access.study.id,
        access.site_ids,
        subject=subject or None,
        kind=kind or None,
        before=before,
    )
    return study_page(
        "messages_sent.html",
        access,
        lines=found,
        visit_name=_visit_names(studies_queries.protocols(current.session, access.study.id)),
        kept={name: value for name, value in (("subject", subject), ("kind", kind)) if value},
        is_later=before < LARGEST,
        oldest=found[-1].id if len(found) == history.PAGE else None,
        kinds=KIND_NAMES,
        words=PARTICIPANTS,
        notice_states=STATE_NAMES,
        problems=PROBLEMS,
    )


@bp.post("/studies/<code>/messages/<int(max=2147483647):notice>/recall")
@allow(Who.STAFF)
def recall(code: str, notice: int) -> Any:
    """Hold a message that has not left yet; with a reason."""
    access, reason = enrolling(code), _reason()
    if not reason:
        return _page(access, problem=_("Please say why: it is kept with the message.")), 422
    try:
        history.recall(current.session, access.study.id, access.site_ids, notice)
    except Refusal as refusal:
        return _page(access, problem=explained(refusal)[1]), 409
    return _done(access, "notice.recalled", f"notice:{notice}", reason, _("The message is held. Nobody sends it."))


@bp.post("/studies/<code>/messages/<int(max=2147483647):notice>/send")
@allow(Who.STAFF)
def send_again(code: str, notice: int) -> Any:
    """Try once more, if it is still wanted when its turn comes; with a reason."""
    access, reason = enrolling(code), _reason()
    if not reason:
        return _page(access, problem=_("Please say why: it is kept with the message.")), 422
    try:
        history.send_again(current.session, access.study.id, access.site_ids, notice, current.at)
    except Refusal as refusal:
        return _page(access, problem=explained(refusal)[1]), 409
    sentence = _("The message will be tried again within minutes, unless it has been answered meanwhile.")
    return _done(access, "notice.sent-again", f"notice:{notice}", reason, sentence)


@bp.post("/studies/<code>/messages/tasks/<int(max=2147483647):task>")
@allow(Who.STAFF)
def finish(code: str, task: int) -> Any:
    """Somebody has asked the participant for an address that works."""
    access = enrolling(code)
    if not history.finish_task(current.session, access.study.id, access.site_ids, task, staff_id(), current.at):
        abort(404)
    return _done(access, "contact-task.done", f"contact-task:{task}", "", _("Written down."))


@bp.get("/studies/<code>/messages/words/<message>/<spoken>")
@allow(Who.STAFF)
def preview(code: str, message: str, spoken: str) -> str:
    """One message with made-up data, as plain text and as it may go to a telephone."""
    return _preview(study_for(code), message, spoken)


@bp.post("/studies/<code>/messages/words/<message>/<spoken>")
@allow(Who.STAFF)
def write(code: str, message: str, spoken: str) -> Any:
    """Keep the study's own paragraph as a new version."""
    access, text = designable(code), request.form.get("text", "")
    _known(access, message, spoken)
    try:
        version = paragraphs.write(current.session, access.study.id, message, spoken, text, staff_id(), current.at)
    except Refusal as refusal:
        return _preview(access, message, spoken, typed=text, problem=explained(refusal)[1]), 422
    if version is not None:
        facts = {"kind": message, "language": spoken, "version": version}
        record(access, "paragraph.written", facts)
        flash(_("The paragraph is saved and goes out with the next messages."), "success")
    return redirect(url_for("investigator_messages.preview", code=code, message=message, spoken=spoken), 303)


def _page(access: StudyAccess, problem: str | None = None) -> str:
    found = history.of_study(current.session, access.study.id, access.site_ids, current.at)
    protocols = studies_queries.protocols(current.session, access.study.id)
    oldest, (coming, are_more) = found.oldest_due, coming_messages.coming(access, protocols)
    return study_page(
        "messages.html",
        access,
        found=found,
        coming=coming,
        are_more=are_more,
        visit_name=_visit_names(protocols),
        problem=problem,
        may_act=may_enrol(access.role),
        overdue=None if oldest is None else int((current.at - oldest).total_seconds() // 60),
        kinds=KIND_NAMES,
        language_name=language_name,
        notice_states=STATE_NAMES,
        problems=PROBLEMS,
        words=PARTICIPANTS,
    )


def _visit_names(protocols: Mapping[int, Protocol]) -> Callable[[str], str]:
    """What a visit is called, by its key; by the key itself where no version of the protocol has it."""
    titles = {visit.key: visit.title for visit in studies_queries.visits_of(protocols.values())}
    return lambda key: in_language(titles.get(VisitKey(key), {"": key}), current.language)


def _known(access: StudyAccess, kind: str, language: str) -> None:
    if kind not in PARTICIPANTS or language not in access.study.languages:
        abort(404)


def _preview(
    access: StudyAccess, kind: str, language: str, typed: str | None = None, problem: str | None = None
) -> str:
    _known(access, kind, language)
    kept = paragraphs.latest(current.session, access.study.id, kind, language)
    paragraph = typed if typed is not None else ("" if kept is None else kept.text)
    return study_page(
        "message_words.html",
        access,
        message=compose(kind, language, made_up.facts(current.config.public_url, paragraph, kind, current.at.date())),
        kind=kind,
        spoken=language,
        kinds=KIND_NAMES,
        language_name=language_name,
        paragraph=paragraph,
        version=None if kept is None else kept.version,
        longest=paragraphs.LONGEST,
        may_write=may_design(access),
        problem=problem,
    )


def _reason() -> str:
    return " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]


def _done(access: StudyAccess, action: str, subject: str, reason: str, sentence: str) -> Response:
    record(access, action, {"reason": reason} if reason else {}, subject)
    flash(sentence, "success")
    return redirect(url_for("investigator_messages.messages", code=access.study.code), 303)
