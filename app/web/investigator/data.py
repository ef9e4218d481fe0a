"""The study's data to take away: answers, scores, and the codebook that says what each column means."""

from collections.abc import Callable, Iterator, Mapping

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from app.audit import trail
from app.consents import columns
from app.exchange.csv_text import LAYOUTS, encoded
from app.participants import limits
from app.responses import tables
from app.responses.tables import Extract, Row
from app.scheduling.protocol import Visit
from app.studies import queries as studies_queries
from app.studies.queries import StudyAccess
from app.web.access import Who, allow
from app.web.investigator import codebook, scales
from app.web.investigator.access import staff_id, study_for
from app.web.investigator.codebook import StudyWords
from app.web.investigator.frame import study_page
from app.web.locale import lazy
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("investigator_data", __name__)

ROWS: Mapping[str, Callable[[Session, Extract], Iterator[Row]]] = {
    "answers": tables.answers,
    "scores": tables.scores,
}
FILES = {
    "answers": lazy("Answers"),
    "scores": lazy("Scores"),
    "codebook": lazy("Codebook"),
}
LAYOUT_NAMES = {
    "comma": lazy("For R, Python and statistics programs (commas, decimal point)"),
    "semicolon": lazy("For a spreadsheet set to French (semicolons, decimal comma)"),
}


@bp.get("/studies/<code>/data")
@allow(Who.STAFF)
def data(code: str) -> str:
    """What there is to take away, for each questionnaire of the study."""
    access = study_for(code)
    instruments = _instruments(_visits(access))
    return study_page(
        "data.html",
        access,
        instruments=[(key, scales.name_of(key)) for key in instruments],
        layouts=LAYOUT_NAMES.items(),
        files=FILES.items(),
        left_out=limits.left_out(current.session, access.study.id, access.site_ids),
    )


@bp.get("/studies/<code>/data/<any(answers, scores, codebook):file>.csv")
@allow(Who.STAFF, writes=True)
def download(code: str, file: str) -> Response:
    """One file, sent as it is read; that it was taken, and by whom, is on the record before its first byte leaves."""
    access = study_for(code)
    visits = _visits(access)
    instruments = _instruments(visits)
    instrument = request.args.get("instrument") or next(iter(instruments), "")
    layout = request.args.get("layout", "comma")
    if instrument not in instruments or layout not in LAYOUTS:
        abort(404)
    sites = [site.code for site in access.sites] if access.site_ids is not None else "all"
    trail.record(
        current.session,
        current.at,
        f"staff:{staff_id()}",
        f"data.exported.{file}",
        f"study:{access.study.code}",
        {"instrument": instrument, "layout": layout, "sites": sites},
        current.id,
    )
    extract = Extract(access.study.id, current.library.instrument(instrument), access.site_ids, columns.COLUMNS)
    # A session of its own: the request's is closed before the first row is sent.
    reading = current.reader("study")
    rows = _codebook(access, extract, visits) if file == "codebook" else ROWS[file](reading, extract)
    response = Response(encoded(rows, LAYOUTS[layout]), content_type="text/csv; charset=utf-8")
    response.call_on_close(reading.close)
    name = secure_filename(f"{access.study.code}-{file}-{instrument.replace('@', '-')}-{current.at:%Y-%m-%d}.csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _codebook(access: StudyAccess, extract: Extract, visits: tuple[Visit, ...]) -> list[Row]:
    """All of it at once, while the reader's language is known."""
    arms = studies_queries.arms(current.session, access.study.id).values()
    words = StudyWords(
        study={access.study.code: in_language(access.study.titles, current.language)},
        site={site.code: site.name for site in access.sites},
        arm={arm.key: in_language(arm.titles, current.language) for arm in arms},
        visit={visit.key: in_language(visit.title, current.language) for visit in visits},
    )
    key = extract.instrument.key
    return list(codebook.rows(extract.instrument, scales.wording_for(key), scales.scales_of(key), words))


def _visits(access: StudyAccess) -> tuple[Visit, ...]:
    return studies_queries.visits_of(studies_queries.protocols(current.session, access.study.id).values())


def _instruments(visits: tuple[Visit, ...]) -> list[str]:
    return scales.installed(studies_queries.instruments_of(visits))
