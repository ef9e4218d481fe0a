"""A professional's studies, and one study at a glance: how it stands, by visit, by site and person by person."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.accounts import staff_contacts
from app.participants import listing, overview, queries, tallies
from app.participants.listing import Wanted
from app.participants.queries import Among, Person
from app.participants.tallies import STORED_STATES
from app.scheduling.protocol import Protocol, Visit
from app.scheduling.status import State
from app.studies import queries as studies_queries
from app.studies import roles
from app.studies.queries import StudyAccess
from app.web.access import Who, allow, is_data_manager
from app.web.investigator import words
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.frame import study_page
from app.web.investigator.reason_words import REASONS
from app.web.request import current
from app.web.stored_numbers import asked
from app.web.texts import in_language

bp = Blueprint("investigator_studies", __name__)
ALWAYS = (State.OPEN, State.OVERDUE, State.SUBMITTED, State.SUBMITTED_LATE, State.EXCUSED, State.EXPIRED)
"""The states that have a column in any case; the others only where somebody is in them."""
FILTERS = ("site", "visit", "state", "q", "sort")


@bp.get("/studies")
@allow(Who.STAFF)
def studies() -> str:
    """Where the professional works."""
    mine = studies_queries.accesses(current.session, staff_id())
    counts = queries.count_by_site(current.session, [access.study.id for access in mine])
    cards = [
        {
            "access": access,
            "title": in_language(access.study.titles, current.language),
            "role": words.role(access.role),
            "people": sum(counts.get(site.id, 0) for site in access.sites),
        }
        for access in mine
    ]
    may_create = is_data_manager(current.person)
    has_address = staff_contacts.address_of(current.session, staff_id()) is not None
    return render_template("investigator/studies.html", cards=cards, may_create=may_create, has_address=has_address)


@bp.get("/studies/<code>")
@allow(Who.STAFF)
def study(code: str) -> str:
    """Everybody whom the professional may see in it: counts, and the list as it was asked for.

    At most twelve statements and one page of people, however many there are.
    """
    access = study_for(code)
    protocols = studies_queries.protocols(current.session, access.study.id)
    visits = studies_queries.visits_of(protocols.values())
    wanted = wanted_of(access, {visit.key for visit in visits})
    tally = tallies.of_study(current.session, access.study.id, access.site_ids, current.at)
    rows = list(tallies.narrowed(tally, wanted.site_id, None))
    total = overview.total(rows)
    among = Among(access.study.id, access.site_ids)
    number = asked("page")
    page = listing.page(current.session, among, wanted, number, current.at, tally.enrolled.people)
    return study_page(
        "study.html",
        access,
        tally=tally,
        total=total,
        by_visit=overview.by_visit(rows, [visit.key for visit in visits]),
        by_site=overview.by_site(tally.rows, [site.id for site in access.sites]),
        visits=visits,
        visit_rows=lambda visits, counts: [
            (in_language(visit.title, current.language), counts[visit.key], _listed(code, visit=visit.key))
            for visit in visits
        ],
        site_rows=lambda sites, counts: [(site.name, counts[site.id], _listed(code, site=site.code)) for site in sites],
        columns=[visit for visit in visits if wanted.visit in (None, visit.key)],
        stored_states=[state for state in STORED_STATES if state in ALWAYS or total.of(state)],
        reasons=REASONS,
        may_enrol=roles.may_enrol(access.role),
        wanted=wanted,
        chosen_site=next((site.code for site in access.sites if site.id == wanted.site_id), ""),
        options=_options(access, visits),
        page=page,
        people=_people(among, page.ids, protocols),
        arms=studies_queries.arms(current.session, access.study.id),
        sites={site.id: site for site in access.sites},
        kept={name: value for name, value in request.args.items() if name in FILTERS and value},
        here=request.full_path.rstrip("?"),
    )


def _listed(code: str, **asked: Any) -> str:
    """The address of the list of those."""
    return url_for("investigator_studies.study", code=code, _anchor="participants", **asked)


def wanted_of(access: StudyAccess, visits: set[str]) -> Wanted:
    """What the address asks for; what it asks for that is not there is not asked for."""
    asked = request.args
    site = next((one for one in access.sites if one.code == asked.get("site")), None)
    visit, state, order = asked.get("visit"), asked.get("state"), asked.get("sort", "")
    return Wanted(
        site_id=site.id if site else None,
        visit=visit if visit in visits else None,
        state=State(state) if state in set(STORED_STATES) else None,
        search=asked.get("q", "").strip().replace("\x00", "")[:40],
        order=order if order in listing.ORDERS else "code",
    )


def _people(among: Among, ids: tuple[int, ...], protocols: dict[int, Protocol]) -> list[Person]:
    """The people of one page with their visits, in the order of the page."""
    found = Among(among.study_id, among.site_ids, ids=ids)
    people = {one.id: one for one in queries.people(current.session, found, protocols, current.at)} if ids else {}
    return [people[id] for id in ids if id in people]


def _options(access: StudyAccess, visits: Iterable[Visit]) -> dict[str, list[tuple[str, Any]]]:
    """What each select of the list's form offers."""
    return {
        "site": [(site.code, site.name) for site in access.sites],
        "visit": [(visit.key, in_language(visit.title, current.language)) for visit in visits],
        "state": [(state.value, words.STATES[state].label) for state in STORED_STATES],
        "sort": list(words.ORDERS.items()),
    }
