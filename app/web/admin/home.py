"""Where a data manager begins: announcements to approve, licences that end, and studies that wait for something."""

from dataclasses import dataclass

from flask import Blueprint

from app.accounts import staff_contacts
from app.announcements import approval
from app.licences import register
from app.licences.readiness import Problem, blocking, problems
from app.licences.terms import Permit, endings
from app.studies import queries
from app.studies.models import Study
from app.studies.queries import instruments_of
from app.web import licence_words
from app.web.access import Who, allow
from app.web.admin.frame import page, staff_id
from app.web.filters import today
from app.web.request import current

bp = Blueprint("admin_home", __name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A study with what it still needs."""

    study: Study
    problems: tuple[Problem, ...]


@bp.get("/manage")
@allow(Who.DATA_MANAGER)
def home() -> str:
    """What is to be done, the most urgent first."""
    permits = register.permits(current.session)
    return page(
        "home.html",
        announcements=len(approval.waiting(current.session)),
        has_address=staff_contacts.address_of(current.session, staff_id()) is not None,
        endings=endings(permits, today()),
        ending=licence_words.ending,
        faults=current.services.shelf.stand().faults,
        fault_sentence=licence_words.fault,
        waiting=_waiting(permits),
        sentence=licence_words.sentence,
    )


def _waiting(permits: tuple[Permit, ...]) -> list[Waiting]:
    """The studies that are not over and cannot ask in all their languages, whether they enrol already or not."""
    open_ones = [study for study in queries.every_study(current.session) if study.closed_at is None]
    protocols = queries.newest_protocols(current.session, [study.id for study in open_ones])
    found = []
    for study in open_ones:
        wanted = instruments_of(protocols[study.id].visits) if study.id in protocols else ()
        told = blocking(problems(current.library, permits, study.id, wanted, study.languages, today()))
        if told:
            found.append(Waiting(study, told))
    return found
