"""The link in a reminder: a page with a button. Looking consumes nothing, since mail scanners look too."""

from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts import sign_ins
from app.audit import trail
from app.errors import Refusal
from app.participants import links
from app.participants.links import OpenLink
from app.scheduling.elements import ArmKey, VisitKey
from app.scheduling.protocol import Visit
from app.studies.models import Arm, ProtocolVersion, Study
from app.studies.protocols import parsed
from app.web import session
from app.web.access import Who, allow, is_participant
from app.web.errors import REFUSALS
from app.web.locale import lazy
from app.web.request import current
from app.web.texts import in_language, wording_for

bp = Blueprint("public_links", __name__)

HEADINGS = {
    "link-unknown": lazy("We do not know this link"),
    "link-expired": lazy("This questionnaire is closed"),
    "link-not-needed": lazy("There is nothing to answer here any more"),
    "link-left": lazy("There is nothing to answer here any more"),
    "link-already-answered": lazy("You have already answered"),
}


@bp.get("/l/<token>")
@allow(Who.ANYONE)
def look(token: str) -> Any:
    """What the link opens, and the button that opens it."""
    try:
        opened = links.find(current.session, token, current.at)
    except Refusal as refusal:
        return _dead(token, refusal)
    visit = _visit(opened)
    instruments = visit.instruments_for(_arm(opened, visit))
    return render_template(
        "public/link.html",
        study=current.session.get_one(Study, opened.participant.study_id).titles,
        visit=visit.title,
        titles=[wording_for(one, opened.participant.language).title for one in instruments],
        minutes=sum(current.library.instrument(instrument).minutes for instrument in instruments),
    )


@bp.post("/l/<token>")
@allow(Who.ANYONE)
def follow(token: str) -> Any:
    """Sign the browser in to this one visit and go there."""
    try:
        opened = links.find(current.session, token, current.at)
    except Refusal as refusal:
        return _dead(token, refusal)
    account = opened.participant.account_pseudonym
    if not _is_already_in(account):
        scope = sign_ins.occasion_scope(opened.occasion.id)
        key = sign_ins.open_for_link(current.session, account, scope, current.at, opened.link.expires_at)
        session.start(key)
        trail.record(current.session, current.at, f"account:{account}", "link.followed", scope, request_id=current.id)
    return redirect(f"/visits/{opened.occasion.key}", 303)


def _is_already_in(account: str) -> bool:
    """Signed in to the whole account: a link must not take that away."""
    person = current.person
    return is_participant(person) and person is not None and person.account == account


def _visit(opened: OpenLink) -> Visit:
    own = opened.occasion.protocol_version_id
    version = current.session.get_one(ProtocolVersion, own or opened.participant.protocol_version_id)
    return parsed(version.document).visit(VisitKey(opened.occasion.visit_key))


def _arm(opened: OpenLink, visit: Visit) -> ArmKey | None:
    """The arm, where the visit makes a difference."""
    arm = opened.participant.arm_id if visit.instruments_by_arm else None
    return None if arm is None else ArmKey(current.session.get_one(Arm, arm).key)


def _dead(token: str, refusal: Refusal) -> tuple[str, int] | Response:
    """Say plainly what happened to the link, whom to ask, and where to go instead."""
    status, sentence = REFUSALS[refusal.code]
    found = links.known(current.session, token)
    study = None if found is None else current.session.get_one(Study, found.participant.study_id)
    page = render_template(
        "public/link_dead.html",
        heading=HEADINGS[refusal.code],
        sentence=sentence,
        contact=None if study is None else in_language(study.contacts, current.language),
    )
    return page, status
