"""From a draft to its readers: the preview, publishing or proposing after a second thought, and taking back."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.announcements import approval, drafts, news, posts
from app.announcements.kinds import ANNOUNCEMENTS, AUDIENCES, TO_EVERYBODY
from app.announcements.models import Post
from app.errors import Refusal
from app.notices import outbox
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.errors import explained
from app.web.investigator import post_form, post_preview
from app.web.investigator.access import staff_id
from app.web.investigator.frame import study_page
from app.web.investigator.post_access import may_write, post_for, record
from app.web.locale import _
from app.web.request import current
from app.web.stored_numbers import asked
from app.web.texts import in_language

bp = Blueprint("investigator_publishing", __name__)
TELLING = ("results", "announcement", "study-news")
"""The messages that tell of a post."""


@bp.get("/studies/<code>/posts/<key>/preview")
@allow(Who.STAFF)
def preview(code: str, key: str) -> Any:
    """The post as a participant sees it, in one language and at one width."""
    access, post = post_for(code, key)
    if post.published_at is None and not may_write(access):
        abort(404)
    return post_preview.page(access, post)


@bp.get("/studies/<code>/posts/<key>/publish")
@allow(Who.STAFF)
def confirm(code: str, key: str) -> Any:
    """Who will see it, and that it cannot be changed: the last page before publishing."""
    access, post = _draft_for(code, key)
    words, chart = posts.words_of(current.session, post), post_preview.chart_of(access, post)
    if post_preview.obstacles(access, post, words, chart):
        return redirect(url_for("investigator_publishing.preview", code=code, key=key), 303)
    return study_page(
        "post_publish.html",
        access,
        post=post,
        seen=asked("seen", post.revision),
        title=in_language({language: text.title for language, text in words.items()}, current.language),
        languages=[post_form.language_name(language) for language in access.study.languages],
        audience=AUDIENCES[post.audience],
        people=news.audience(current.session, access.study.id, post.kind),
        outside=news.outside(current.session, access.study.id),
        is_announcement=post.kind in ANNOUNCEMENTS,
        chart=chart,
    )


@bp.post("/studies/<code>/posts/<key>/publish")
@allow(Who.STAFF)
def publish(code: str, key: str) -> Any:
    """Publish what was seen, with the chart as it is now, or propose it; or say what is missing."""
    access, post = post_for(code, key, to_write=True)
    seen = post_form.seen()
    is_done = post.published_at is not None or post.proposed_at is not None
    if is_done and post.revision == seen + 1:
        return _to_post(access, post)  # the second click of a double click
    if post.audience in TO_EVERYBODY:
        return _propose(access, post, seen)
    chart = post_preview.chart_of(access, post)
    try:
        if post.scale is not None and chart is None:
            raise Refusal("unknown-chart")
        drafts.publish(current.session, post, access.study.languages, chart, seen, current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return post_preview.page(access, post, sentence), status
    record("post.published", post, {"study": access.study.code, "kind": post.kind, "scale": post.scale})
    flash(_("Published. Participants find it on their account from now on."), "success")
    return _to_post(access, post)


@bp.post("/studies/<code>/posts/<key>/take-back")
@allow(Who.STAFF)
def take_back(code: str, key: str) -> Response:
    """Go on writing what waits for a data manager."""
    access, post = post_for(code, key, to_write=True)
    approval.take_back(current.session, post, post_form.seen())
    record("post.proposal-taken-back", post, {"study": access.study.code})
    flash(_("It is a draft again."), "success")
    return _to_post(access, post)


@bp.route("/studies/<code>/posts/<key>/withdraw", methods=["GET", "POST"])
@allow(Who.STAFF)
def withdraw(code: str, key: str) -> Any:
    """Take a published post back, after a second thought."""
    access, post = post_for(code, key, to_write=True)
    if post.published_at is None:
        abort(404)
    if request.method == "GET":
        return study_page("post_withdraw.html", access, post=post, title=_title(post))
    if drafts.withdraw(current.session, post, current.at):
        # Whatever of it has not left is not sent any more.
        outbox.settle_about(current.session, [f"{kind}:{post.id}" for kind in TELLING])
        record("post.withdrawn", post, {"study": access.study.code})
    flash(_("Taken back. Participants no longer see it."), "success")
    return _to_post(access, post)


@bp.route("/studies/<code>/posts/<key>/discard", methods=["GET", "POST"])
@allow(Who.STAFF)
def discard(code: str, key: str) -> Any:
    """Throw a draft away, after a second thought."""
    access, post = _draft_for(code, key)
    if request.method == "GET":
        return study_page("post_discard.html", access, post=post, title=_title(post))
    record("post.discarded", post, {"study": access.study.code})
    drafts.discard(current.session, post, post_form.seen())
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("investigator_posts.posts", code=access.study.code), 303)


def _propose(access: StudyAccess, post: Post, seen: int) -> Any:
    try:
        approval.propose(current.session, post, access.study.languages, seen, staff_id(), current.at)
    except Refusal as refusal:
        status, sentence = explained(refusal)
        return post_preview.page(access, post, sentence), status
    record("post.proposed", post, {"study": access.study.code, "kind": post.kind, "audience": post.audience})
    flash(_("Proposed. A data manager looks at it before it goes out."), "success")
    return _to_post(access, post)


def _draft_for(code: str, key: str) -> tuple[StudyAccess, Post]:
    access, post = post_for(code, key, to_write=True)
    return (access, post) if post.published_at is None and post.proposed_at is None else abort(404)


def _to_post(access: StudyAccess, post: Post) -> Response:
    return redirect(url_for("investigator_posts.post", code=access.study.code, key=post.key), 303)


def _title(post: Post) -> str:
    words = posts.words_of(current.session, post)
    return in_language({language: text.title for language, text in words.items()}, current.language)
