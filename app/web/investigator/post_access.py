"""Who may read a study's posts, who may write them, which post an address means, and the trail of who did what."""

from flask import abort

from app.announcements import posts
from app.announcements.models import Post
from app.audit import trail
from app.studies.queries import StudyAccess
from app.web.investigator.access import staff_id, study_for
from app.web.request import current

WRITERS = ("investigator",)


def may_write(access: StudyAccess) -> bool:
    """A post speaks to the people of every site, so its author answers for the whole study."""
    return access.role in WRITERS and access.site_ids is None


def writable(code: str) -> StudyAccess:
    """The study of this address for somebody who may write to its participants, else 404."""
    access = study_for(code)
    return access if may_write(access) else abort(404)


def post_for(code: str, key: str, *, to_write: bool = False) -> tuple[StudyAccess, Post]:
    """The study and its post of this address, else 404."""
    access = writable(code) if to_write else study_for(code)
    return access, posts.find(current.session, access.study.id, key) or abort(404)


def record(action: str, post: Post, facts: dict[str, object]) -> None:
    """Note in the trail what the professional of this request did to a post."""
    actor = f"staff:{staff_id()}"
    trail.record(current.session, current.at, actor, action, f"post:{post.key}", facts, current.id)
