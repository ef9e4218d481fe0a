"""The counts of a study as a file: one row for each site and visit, with every denominator."""

from datetime import datetime

from flask import Blueprint, Response
from werkzeug.utils import secure_filename

from app.exchange.csv_text import LAYOUTS, Cell, encoded
from app.participants import overview, tallies
from app.participants.excuses import REASONS
from app.participants.overview import Count
from app.participants.tallies import STORED_STATES
from app.studies import queries as studies_queries
from app.web.access import Who, allow
from app.web.investigator.access import study_for
from app.web.investigator.design_access import record
from app.web.request import current

bp = Blueprint("investigator_counts_file", __name__)
Row = list[Cell]


@bp.get("/studies/<code>/counts.csv")
@allow(Who.STAFF, writes=True)
def download(code: str) -> Response:
    """What the overview shows, as numbers; that it was taken is on the record."""
    access = study_for(code)
    tally = tallies.of_study(current.session, access.study.id, access.site_ids, current.at)
    visits = studies_queries.visits_of(studies_queries.protocols(current.session, access.study.id).values())
    rows: list[Row] = [_header()]
    for site in access.sites:
        mine = list(tallies.narrowed(tally, site.id, None))
        counts = overview.by_visit(mine, [visit.key for visit in visits])
        rows += [_row(site.code, visit, count, tally.counted_at) for visit, count in counts.items()]
    record(access, "data.exported.counts", {"sites": [site.code for site in access.sites]})
    response = Response(encoded(rows, LAYOUTS["comma"]), content_type="text/csv; charset=utf-8")
    name = secure_filename(f"{access.study.code}-counts-{current.at:%Y-%m-%d}.csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _header() -> Row:
    states = [state.value.replace("-", "_") for state in STORED_STATES]
    reasons = [f"reason_{reason.replace('-', '_')}" for reason in REASONS]
    return ["site", "visit", "made_available", *states, "response_rate", *reasons, "counted_at"]


def _row(site: str, visit: str, count: Count, counted_at: datetime) -> Row:
    states = [count.of(state) for state in STORED_STATES]
    reasons = [count.reasons[reason] for reason in REASONS]
    rate = None if count.rate is None else round(count.rate, 1)
    return [site, visit, count.available, *states, rate, *reasons, counted_at]
