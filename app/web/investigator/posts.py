"""What a study gives back: the list of its posts, and the form in which drafts are written."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.models import Staff
from app.announcements import drafts, posts, replies
from app.announcements.charts import LEAST_PEOPLE
from app.announcements.drafts import Draft
from app.announcements.kinds import ANNOUNCEMENTS, KINDS, TO_EVERYBODY, TO_PARTICIPANTS
from app.announcements.models import Post
from app.errors import Refusal
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.articles import KIND_NAMES
from app.web.errors import explained
from app.web.investigator import post_charts, post_form
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.frame import study_page
from app.web.investigator.post_access import may_write, post_for, record, writable
from app.web.investigator.post_form import Form
from app.web.locale import _
from app.web.request import current
from app.web.stored_numbers import asked
from app.web.texts import in_language

bp = Blueprint("investigator_posts", __name__)
PAGE_SIZE = 100


@bp.get("/studies/<code>/posts", endpoint="posts")
@allow(Who.STAFF)
def listing(code: str) -> str:
    """Every post of the study with how it was received; a fixed number of statements."""
    access = study_for(code)
    found = posts.of_study(current.session, access.study.id)
    return study_page(
        "posts.html",
        access,
        posts=found,
        titles=posts.titles(current.session, found),
        receptions=replies.receptions(current.session, access.study.id, access.site_ids),
        kinds=KINDS,
        kind_names=KIND_NAMES,
        may_write=may_write(access),
    )


@bp.get("/studies/<code>/posts/new")
@allow(Who.STAFF)
def new(code: str) -> Any:
    """An empty form; nothing is stored before somebody has written something."""
    access = writable(code)
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        abort(404)
    return _page(access, Form(kind, access.study.languages, Draft({}), 0), None)


@bp.post("/studies/<code>/posts/new")
@allow(Who.STAFF)
def create(code: str) -> Any:
    """Keep a first draft."""
    access = writable(code)
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise Refusal("unknown-kind")
    draft = post_form.read(kind, access.study.languages)
    errors = post_form.mistakes(kind, draft, post_charts.options(access.study))
    if errors:
        return _page(access, Form(kind, access.study.languages, draft, 0, errors), None, 422)
    post = drafts.start(current.session, access.study.id, kind, draft, staff_id(), current.at)
    record("post.created", post, {"study": access.study.code, "kind": kind})
    return _saved(access, post)


@bp.get("/studies/<code>/posts/<key>")
@allow(Who.STAFF)
def post(code: str, key: str) -> Any:
    """A draft in its form; or what was published, and how it was received."""
    access, found = post_for(code, key)
    if found.published_at is not None:
        return _reception(access, found)
    if not may_write(access):
        abort(404)
    if found.proposed_at is not None:
        return _waits(access, found)
    draft = Draft(posts.words_of(current.session, found), posts.choice_of(found), found.audience)
    form = Form(found.kind, access.study.languages, draft, found.revision, marks=post_form.marks(draft))
    return _page(access, form, found)


@bp.post("/studies/<code>/posts/<key>")
@allow(Who.STAFF)
def save(code: str, key: str) -> Any:
    """Keep a draft, or give everything that was typed back with what is wrong."""
    access, found = post_for(code, key, to_write=True)
    draft = post_form.read(found.kind, access.study.languages)
    seen = post_form.seen()
    errors = post_form.mistakes(found.kind, draft, post_charts.options(access.study))
    if errors:
        form = Form(found.kind, access.study.languages, draft, seen, errors, post_form.read_marks(draft))
        return _page(access, form, found, 422)
    try:
        drafts.save(current.session, found, draft, seen, staff_id(), current.at)
    except Refusal as refusal:
        return _conflict(access, found, draft, refusal)
    record("post.saved", found, {"revision": found.revision})
    return _saved(access, found)


def _saved(access: StudyAccess, post: Post) -> Response:
    page = "investigator_publishing.preview" if post_form.goes_to_preview() else "investigator_posts.post"
    flash(_("The draft is saved."), "success")
    return redirect(url_for(page, code=access.study.code, key=post.key), 303)


def _conflict(access: StudyAccess, post: Post, typed: Draft, refusal: Refusal) -> Any:
    """Somebody was faster: what was typed comes back beside what is stored now, and the next save may replace it."""
    status, sentence = explained(refusal)
    stored = posts.words_of(current.session, post)
    form = Form(
        kind=post.kind,
        languages=access.study.languages,
        draft=post_form.merged(typed, stored),
        seen=post.revision,
        errors=[("", sentence)],
        marks=post_form.marks(Draft(stored)),
        theirs=stored,
    )
    return _page(access, form, post, status)


def _page(access: StudyAccess, form: Form, post: Post | None, status: int = 200) -> Any:
    page = study_page(
        "post_form.html",
        access,
        form=form,
        post=post,
        kind=KINDS[form.kind],
        kind_name=KIND_NAMES[form.kind],
        charts=post_charts.options(access.study) if KINDS[form.kind].has_chart else (),
        chart=f"{form.draft.chart.instrument}/{form.draft.chart.scale}" if form.draft.chart else "",
        saved_by=_name(None if post is None else post.saved_by),
        audiences=[(key, post_form.AUDIENCE_NAMES[key]) for key in KINDS[form.kind].audiences],
        sent_back_by=_name(None if post is None else post.sent_back_by),
        least=LEAST_PEOPLE,
        names=post_form.TEXT_NAMES,
        hints=post_form.HINTS,
        long=post_form.LONG,
        field_id=post_form.field_id,
        value=post_form.value,
        language_name=post_form.language_name,
    )
    return page, status


def _waits(access: StudyAccess, post: Post) -> str:
    """A draft that nobody changes, because a data manager is to look at it."""
    return study_page(
        "post_proposed.html",
        access,
        post=post,
        title=in_language(posts.titles(current.session, [post])[post.id], current.language),
        audience=post_form.AUDIENCE_NAMES[post.audience],
        proposed_by=_name(post.proposed_by),
    )


def _name(staff: int | None) -> str | None:
    return None if staff is None else current.session.get_one(Staff, staff).name


def _reception(access: StudyAccess, post: Post) -> str:
    number = asked("page")
    received = replies.receptions(current.session, access.study.id, access.site_ids)
    people = replies.interested(
        current.session, post, access.site_ids, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    reception = received.get(post.id, replies.Reception())
    return study_page(
        "post.html",
        access,
        post=post,
        kind_name=KIND_NAMES[post.kind],
        title=in_language(posts.titles(current.session, [post])[post.id], current.language),
        is_for_participants=post.audience in TO_PARTICIPANTS,
        asks_for_replies=post.kind in ANNOUNCEMENTS and post.audience in TO_PARTICIPANTS,
        is_for_everybody=post.audience in TO_EVERYBODY,
        audience=post_form.AUDIENCE_NAMES[post.audience],
        approved_by=_name(post.approved_by),
        reception=reception,
        people=people,
        sites={site.id: site for site in access.sites},
        page=number,
        pages=-(-reception.interested // PAGE_SIZE),
        may_write=may_write(access),
    )
