"""Who may change a study itself, and the trail of what was changed."""

from collections.abc import Mapping

from flask import abort

from app.audit import trail
from app.studies import roles
from app.studies.queries import StudyAccess
from app.web.investigator.access import staff_id, study_for
from app.web.request import current


def may_design(access: StudyAccess) -> bool:
    """Whether the professional of this request may change it."""
    return roles.may_design(access.role, access.site_ids)


def designable(code: str) -> StudyAccess:
    """The study of this address for somebody who may change it, else 404."""
    access = study_for(code)
    return access if may_design(access) else abort(404)


def enrolling(code: str) -> StudyAccess:
    """The study of this address for somebody who looks after its participants, else 404."""
    access = study_for(code)
    return access if roles.may_enrol(access.role) else abort(404)


def actor() -> str:
    """How the professional of this request is named in the trail."""
    return f"staff:{staff_id()}"


def record(access: StudyAccess, action: str, facts: Mapping[str, object], subject: str | None = None) -> None:
    """Note in the trail what the professional of this request did to the study, or to one thing of it."""
    named = subject or f"study:{access.study.code}"
    trail.record(current.session, current.at, actor(), action, named, {"study": access.study.code, **facts}, current.id)
