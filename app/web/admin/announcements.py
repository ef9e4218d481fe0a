"""What studies want to tell everybody with an account: looked at by a data manager who did not write it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.announcements import approval, news, posts
from app.announcements.kinds import AUDIENCES
from app.announcements.models import Post
from app.announcements.posts import Words
from app.errors import Refusal
from app.studies.models import Study
from app.web.access import Who, allow
from app.web.admin.frame import page, record, staff_id
from app.web.articles import KIND_NAMES, MUTED_NAMES, article
from app.web.errors import explained
from app.web.locale import _, reading_in
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("admin_announcements", __name__)
ONE = "/manage/announcements/<key>"


@bp.get("/manage/announcements")
@allow(Who.DATA_MANAGER)
def listing() -> str:
    """What waits, the one that waits longest first, and what was approved last."""
    waiting, approved = approval.waiting(current.session), approval.approved(current.session)
    titles = posts.titles(current.session, [post for post, _study in (*waiting, *approved)])
    return page(
        "announcements.html",
        waiting=waiting,
        approved=approved,
        titles={post: in_language(words, current.language) for post, words in titles.items()},
        kind_names=KIND_NAMES,
        is_own=_is_own,
    )


@bp.get(ONE)
@allow(Who.DATA_MANAGER)
def announcement(key: str) -> Any:
    """The text in each language as its readers will see it, and what can be decided about it."""
    return _page(*_find(key))


@bp.post(f"{ONE}/approve")
@allow(Who.DATA_MANAGER)
def approve(key: str) -> Any:
    """Publish what was looked at."""
    post, study = _find(key)
    if post.published_at is not None and post.approved_by == staff_id():
        return _done()  # the second click of a double click
    try:
        approval.approve(current.session, post, study.languages, _seen(), staff_id(), current.at)
    except Refusal as refusal:
        return _refused(post, study, refusal)
    facts: dict[str, object] = {"study": study.code, "kind": post.kind, "audience": post.audience}
    record("post.approved", f"post:{post.key}", facts)
    flash(_("Approved. It is published from now on."), "success")
    return _done()


@bp.post(f"{ONE}/send-back")
@allow(Who.DATA_MANAGER)
def send_back(key: str) -> Any:
    """Give it back to its author with a reason."""
    post, study = _find(key)
    reason = request.form.get("reason", "")
    try:
        approval.send_back(current.session, post, _seen(), reason, staff_id(), current.at)
    except Refusal as refusal:
        return _refused(post, study, refusal, reason)
    facts: dict[str, object] = {"study": study.code, "kind": post.kind, "reason": post.sent_back_reason}
    record("post.sent-back", f"post:{post.key}", facts)
    flash(_("Sent back. Its author reads your reason."), "success")
    return _done()


def _find(key: str) -> tuple[Post, Study]:
    """What waits or was approved at this address, else 404."""
    return approval.find(current.session, key) or abort(404)


def _refused(post: Post, study: Study, refusal: Refusal, reason: str = "") -> Any:
    status, sentence = explained(refusal)
    if refusal.code in ("reason-missing", "text-too-long"):
        return _page(post, study, reason, [("reason", sentence)]), status
    if post.proposed_at is None:
        # Its author has taken it back meanwhile, or somebody else has sent it back.
        flash(sentence, "error")
        return _done()
    return _page(post, study, reason, [("", sentence)]), status


def _page(post: Post, study: Study, reason: str = "", errors: list[tuple[str, str]] | None = None) -> str:
    words = posts.words_of(current.session, post)
    return page(
        "announcement.html",
        post=post,
        study=study,
        title=in_language({language: text.title for language, text in words.items()}, current.language),
        kind_name=KIND_NAMES[post.kind],
        audience=AUDIENCES[post.audience],
        people=news.audience(current.session, study.id, post.kind),
        outside=news.outside(current.session, study.id),
        proposed_by=_name(post.proposed_by),
        approved_by=_name(post.approved_by),
        is_own=_is_own(post),
        shown={language: _as_read(post, study, words, language) for language in study.languages},
        reason=reason,
        errors=errors or [],
        longest=approval.LONGEST_REASON,
    )


def _as_read(post: Post, study: Study, words: Mapping[str, Words], language: str) -> Markup:
    """The very templates of the account's page, in the reader's language, for somebody outside the study."""
    with reading_in(language):
        html = render_template(
            "admin/announcement_as_read.html",
            article=article(
                post.kind,
                in_language(study.titles, language),
                language,
                words.get(language, Words()),
                None,
                post.published_at or current.at,
                is_offer=True,
            ),
            muted_name=MUTED_NAMES[post.kind],
        )
    return Markup(html)  # noqa: S704  # a page of our own, escaped when it was made


def _is_own(post: Post) -> bool:
    return approval.is_own(post, staff_id())


def _name(staff: int | None) -> str | None:
    return None if staff is None else current.session.get_one(Staff, staff).name


def _seen() -> int:
    """The revision that the page had shown; 0, which never is one, for nonsense."""
    written = request.form.get("revision", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def _done() -> Response:
    return redirect(url_for("admin_announcements.listing"), 303)
