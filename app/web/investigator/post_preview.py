"""A post as a participant will see it, shown to its author, and what still keeps it from being published."""

from collections.abc import Mapping

from flask import render_template, request
from markupsafe import Markup

from app.announcements import charts, drafts, posts
from app.announcements.charts import FrozenChart
from app.announcements.kinds import ANNOUNCEMENTS, TO_EVERYBODY, TO_PARTICIPANTS
from app.announcements.models import Post
from app.announcements.posts import Words
from app.errors import Refusal
from app.studies.queries import StudyAccess
from app.web.articles import MUTED_NAMES, article
from app.web.errors import explained
from app.web.investigator import post_charts, post_form
from app.web.investigator.frame import study_page
from app.web.investigator.post_access import may_write
from app.web.locale import _, reading_in
from app.web.request import current
from app.web.texts import in_language

WIDTHS = ("wide", "phone")


def chart_of(access: StudyAccess, post: Post) -> FrozenChart | None:
    """The chart as it was frozen; of a draft, as it would be now."""
    if post.chart is not None:
        return charts.thaw(post.chart)
    choice = posts.choice_of(post)
    return None if choice is None or post.published_at is not None else post_charts.drawn(access.study, choice)


def obstacles(
    access: StudyAccess, post: Post, words: Mapping[str, Words], chart: FrozenChart | None
) -> list[tuple[str, str]]:
    """What still keeps a draft from being published: field and sentence."""
    found = post_form.sentences(drafts.missing(post.kind, words, access.study.languages), words)
    try:
        if post.scale is not None and chart is None:
            raise Refusal("unknown-chart")
        if chart is not None:
            charts.refuse_too_few(chart)
    except Refusal as refusal:
        found.append(("chart", explained(refusal)[1]))
    return found


def page(access: StudyAccess, post: Post, refused: str | None = None) -> str:
    """The preview in the language and width that the address asks for; ``refused`` says why it stayed a draft."""
    languages = access.study.languages
    language = request.args.get("language", "")
    if language not in languages:
        language = current.language if current.language in languages else languages[0]
    width = request.args.get("width", "")
    words, chart = posts.words_of(current.session, post), chart_of(access, post)
    is_draft = post.published_at is None
    return study_page(
        "post_preview.html",
        access,
        post=post,
        shown=_as_read(access, post, words.get(language, Words()), chart, language),
        lang=language,
        width=width if width in WIDTHS else WIDTHS[0],
        languages=[(code, post_form.language_name(code)) for code in languages],
        refused=refused,
        obstacles=obstacles(access, post, words, chart) if is_draft else [],
        is_draft=is_draft,
        is_proposed=is_draft and post.proposed_at is not None,
        needs_approval=post.audience in TO_EVERYBODY,
        may_write=may_write(access),
    )


def _as_read(access: StudyAccess, post: Post, words: Words, chart: FrozenChart | None, language: str) -> Markup:
    """The very templates of the participant's pages, in the participant's language."""
    with reading_in(language):
        study = in_language(access.study.titles, language)
        html = render_template(
            "investigator/post_as_read.html",
            article=article(
                post.kind,
                study,
                language,
                words,
                chart,
                post.published_at or current.at,
                is_offer=post.audience not in TO_PARTICIPANTS,
            ),
            is_announcement=post.kind in ANNOUNCEMENTS,
            muted_name=MUTED_NAMES.get(post.kind),
            subject_code=_("A-001"),
        )
    return Markup(html)  # noqa: S704  # a page of our own, escaped when it was made
