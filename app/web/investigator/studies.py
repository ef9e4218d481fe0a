"""A professional's studies, and one study at a glance: how it stands, visit by visit and person by person."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request

from app.participants import listing, queries
from app.participants.listing import Wanted
from app.participants.overview import overview
from app.participants.queries import Among
from app.scheduling.protocol import Visit
from app.scheduling.status import State
from app.studies import queries as studies_queries
from app.studies.queries import StudyAccess
from app.web.access import Who, allow, is_data_manager
from app.web.investigator import words
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.frame import study_page
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("investigator_studies", __name__)


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
    return render_template("investigator/studies.html", cards=cards, is_data_manager=is_data_manager(current.person))


@bp.get("/studies/<code>")
@allow(Who.STAFF)
def study(code: str) -> str:
    """Everybody whom the professional may see in it: counts, and the list as it was asked for."""
    access = study_for(code)
    protocols = studies_queries.protocols(current.session, access.study.id)
    visits = studies_queries.visits_of(protocols.values())
    among = Among(access.study.id, access.site_ids)
    people = queries.people(current.session, among, protocols, current.at)
    wanted = _wanted(access, {visit.key for visit in visits})
    return study_page(
        "study.html",
        access,
        overview=overview(people, visits),
        visits=visits,
        columns=[visit for visit in visits if wanted.visit in (None, visit.key)],
        wanted=wanted,
        chosen_site=next((site.code for site in access.sites if site.id == wanted.site_id), ""),
        options=_options(access, visits),
        page=listing.page(listing.matching(people, wanted), request.args.get("page", 1, type=int)),
        arms=studies_queries.arms(current.session, access.study.id),
        sites={site.id: site for site in access.sites},
        kept={name: value for name, value in request.args.items() if name in FILTERS and value},
    )


FILTERS = ("site", "visit", "state", "q", "sort")


def _options(access: StudyAccess, visits: Iterable[Visit]) -> dict[str, list[tuple[str, Any]]]:
    """What each select of the list's form offers."""
    return {
        "site": [(site.code, site.name) for site in access.sites],
        "visit": [(visit.key, in_language(visit.title, current.language)) for visit in visits],
        "state": [(state.value, word.label) for state, word in words.STATES.items()],
        "sort": list(words.ORDERS.items()),
    }


def _wanted(access: StudyAccess, visits: set[str]) -> Wanted:
    """What the address asks for; what it asks for that is not there is not asked for."""
    asked = request.args
    site = next((one for one in access.sites if one.code == asked.get("site")), None)
    visit, state, order = asked.get("visit"), asked.get("state"), asked.get("sort", "")
    return Wanted(
        site_id=site.id if site else None,
        visit=visit if visit in visits else None,
        state=State(state) if state in set(State) else None,
        search=asked.get("q", "").strip()[:40],
        order=order if order in listing.ORDERS else "code",
    )
