"""Which study a professional's page is about: found only for whoever is appointed there."""

from flask import abort

from app.studies import queries
from app.studies.queries import StudyAccess
from app.web.request import current


def staff_id() -> int:
    """The professional of this request; any other caller is a bug of the view's declaration."""
    if current.person is None or current.person.staff is None:
        raise RuntimeError("this view must be declared for professionals")
    return current.person.staff


def study_for(code: str) -> StudyAccess:
    """The study with the professional's role and sites; 404 without an appointment, as for a study that is not."""
    found = queries.find_access(current.session, staff_id(), code)
    if found is None:
        abort(404)
    return found
