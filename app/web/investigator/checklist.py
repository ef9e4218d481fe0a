"""What is known about a study's readiness, gathered for the checklist and for going live."""

from app.licences import readiness as licences
from app.studies import notice_tests, queries, readiness, roles, team
from app.studies.queries import StudyAccess
from app.studies.readiness import Known
from app.web import licence_words
from app.web.filters import today
from app.web.investigator import drafting, readiness_words
from app.web.investigator.readiness_words import Row
from app.web.request import current


def known(access: StudyAccess) -> Known:
    """Everything the checklist asks about; a fixed number of statements."""
    study = access.study
    versions = queries.protocols(current.session, study.id)
    protocol = next(iter(versions.values()), None)
    members = [one for one in team.of_study(current.session, study.id) if roles.may_enrol(one.role)]
    places = {one.site_id for one in members}
    instruments = readiness.instruments_of(protocol)
    problems = licences.blocking(
        licences.readiness(current.session, current.library, study.id, instruments, study.languages, today())
    )
    wording = readiness_words.WORDING_PROBLEMS
    return Known(
        languages=study.languages,
        titles=study.titles,
        contacts=study.contacts,
        sites=len(access.sites),
        enrolling=len(members),
        uncovered_sites=[] if None in places else [site.name for site in access.sites if site.id not in places],
        protocol=protocol,
        is_draft_ahead=is_draft_ahead(access),
        unworded=[licence_words.sentence(one) for one in problems if one.code in wording],
        unlicensed=[licence_words.sentence(one) for one in problems if one.code not in wording],
        tested=notice_tests.of_study(current.session, study.id).keys(),
    )


def is_draft_ahead(access: StudyAccess) -> bool:
    """Whether the draft says something else than what is published."""
    found = drafting.of(access)
    return found.draft.published > 0 and not found.draft.is_as_published


def rows(access: StudyAccess) -> list[Row]:
    """The checklist in words."""
    return [readiness_words.row(check, access.study.code) for check in readiness.checks(known(access))]
