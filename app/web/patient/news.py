"""News: of the studies an account takes part in, of those it could join, and what the person says to them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import accounts
from app.announcements import charts, news, posts, replies
from app.announcements.kinds import ANNOUNCEMENTS
from app.announcements.news import News
from app.audit import trail
from app.errors import Refusal
from app.web.access import Who, account_of, allow
from app.web.articles import KIND_NAMES, MUTED_NAMES, Article, article, other_language
from app.web.locale import lazy
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("patient_news", __name__)

MUTE, UNMUTE = "mute", "unmute"
SAID = {
    replies.INTERESTED: lazy("Thank you. The study team can now see that you are interested."),
    replies.NOT_INTERESTED: lazy("Thank you for telling us. You do not need to do anything else."),
    replies.TAKEN_BACK: lazy("Your answer is taken back. The study team no longer sees it."),
    MUTE: lazy("You will see no more announcements of this kind."),
    UNMUTE: lazy("You will see announcements of this kind again."),
}
WISHES = {"yes": True, "no": False}
WISHED = {
    True: lazy("You will find news of studies that you could join here, and we write to you when there is some."),
    False: lazy("You will get no news of studies that you could join."),
}


@bp.get("/account/news", endpoint="news")
@allow(Who.PARTICIPANT)
def listing() -> str:
    """Everything there is to read, the newest first; muted kinds only for whoever opens them."""
    account = account_of(current.person)
    found = news.of_account(current.session, account, current.language, current.at)
    return render_template(
        "patient/news.html",
        shown=[one for one in found if not one.is_muted],
        hidden=[one for one in found if one.is_muted],
        muted=sorted(news.muted_kinds(current.session, account)),
        kind_names=KIND_NAMES,
        muted_names=MUTED_NAMES,
        title_of=in_language,
        lang_of=other_language,
        wants_study_news=accounts.wants_study_news(current.session, account),
    )


@bp.get("/account/news/<key>")
@allow(Who.PARTICIPANT, writes=True)
def post(key: str) -> str:
    """One post, which is then no longer new."""
    account = account_of(current.person)
    found = _find(account, key)
    news.mark_read(current.session, account, found.post, current.at)
    return render_template(
        "patient/news_post.html",
        article=_article(found),
        post=found.post,
        is_announcement=found.post.kind in ANNOUNCEMENTS,
        said=_said(found),
        subject_code=None if found.participant is None else found.participant.subject_code,
        is_muted=found.is_muted,
        muted_name=MUTED_NAMES.get(found.post.kind),
    )


@bp.post("/account/news/<key>/reply")
@allow(Who.PARTICIPANT)
def reply(key: str) -> Response:
    """Interested, not interested, taken back, no more of this kind, or this kind again."""
    account = account_of(current.person)
    found = _find(account, key)
    said = request.form.get("answer", "")
    if said in (MUTE, UNMUTE):
        _mute(account, found.post.kind, said)
    elif found.participant is None:
        # The team would see a subject code, and somebody outside the study has none.
        raise Refusal("unknown-reply")
    elif replies.reply(current.session, found.post, found.participant, said, current.at):
        _record("post.replied", f"post:{key}", {"reply": said})
    flash(str(SAID[said]), "success")
    return redirect(url_for("patient_news.post", key=key), 303)


@bp.post("/account/news/mutes")
@allow(Who.PARTICIPANT)
def unmute() -> Response:
    """Change one's mind about a kind of announcement, from the list of them."""
    _mute(account_of(current.person), request.form.get("kind", ""), UNMUTE)
    flash(str(SAID[UNMUTE]), "success")
    return redirect(url_for("patient_news.news"), 303)


@bp.post("/account/news/studies")
@allow(Who.PARTICIPANT)
def wish() -> Response:
    """Say whether news of studies that one could join are wanted, from wherever that is asked."""
    account, wanted = account_of(current.person), WISHES.get(request.form.get("wish", ""))
    if wanted is None:
        raise Refusal("no-such-choice")
    if accounts.want_study_news(current.session, account, current.language, wanted=wanted):
        _record(f"study-news.{'wanted' if wanted else 'unwanted'}", f"account:{account}", {})
    flash(str(WISHED[wanted]), "success")
    return redirect(url_for("patient_news.news"), 303)


def _said(found: News) -> str | None:
    who = found.participant
    return None if who is None else replies.current(current.session, found.post.id, who.id)


def _find(account: str, key: str) -> News:
    """The post of this address if it is for this account, else 404."""
    return news.find(current.session, account, key, current.language, current.at) or abort(404)


def _article(found: News) -> Article:
    kept = found.post.chart
    return article(
        found.post.kind,
        in_language(found.study.titles, current.language),
        found.language,
        posts.words_of(current.session, found.post)[found.language],
        None if kept is None else charts.thaw(kept),
        found.post.published_at,
        is_offer=found.participant is None,
    )


def _mute(account: str, kind: str, wish: str) -> None:
    if kind not in ANNOUNCEMENTS:
        raise Refusal("unknown-reply")
    change = news.mute if wish == MUTE else news.unmute
    if change(current.session, account, kind, current.at):
        _record(f"announcements.{wish}d", f"kind:{kind}", {})


def _record(action: str, subject: str, facts: dict[str, object]) -> None:
    actor = f"account:{account_of(current.person)}"
    trail.record(current.session, current.at, actor, action, subject, facts, current.id)
