"""The study's mean course: one scale, visit by visit, with its confidence interval, together or by group."""

from collections.abc import Sequence

from flask import Blueprint, request
from markupsafe import Markup

from app.charts.band import band_chart
from app.charts.marks import SHAPES
from app.charts.model import BandPoint, BandSeries, Ids
from app.participants import limits
from app.responses.queries import Course, mean_course
from app.studies import queries as studies_queries
from app.web.access import Who, allow
from app.web.investigator import scales
from app.web.investigator.access import study_for
from app.web.investigator.frame import study_page
from app.web.investigator.scales import ShownScale
from app.web.locale import _
from app.web.request import current
from app.web.texts import in_language

bp = Blueprint("investigator_course", __name__)

FEW = 5
"""A mean of fewer people is marked. It is shown all the same: the study's team sees each person's scores anyway."""


@bp.get("/studies/<code>/course")
@allow(Who.STAFF)
def course(code: str) -> str:
    """The scale that was chosen, of the people whom the professional may see."""
    access = study_for(code)
    visits = studies_queries.visits_of(studies_queries.protocols(current.session, access.study.id).values())
    instruments = scales.installed(studies_queries.instruments_of(visits))
    shown = [scale for instrument in instruments for scale in scales.scales_of(instrument) if scale.is_drawn]
    scale = scales.chosen(shown, request.args.get("scale", ""))
    by_arm = request.args.get("by") == "arm"
    courses: Sequence[Course] = ()
    if scale is not None:
        courses = mean_course(
            current.session,
            access.study.id,
            scale.instrument,
            scale.id,
            by_arm=by_arm,
            site_ids=access.site_ids,
        )
    series = [_series(one, by_arm) for one in courses]
    return study_page(
        "course.html",
        access,
        scales=shown,
        scale=scale,
        by_arm=by_arm,
        rows=_rows(series),
        has_answers=any(one.has_answers for one in courses),
        few=FEW,
        left_out=limits.left_out(current.session, access.study.id, access.site_ids),
        has_few=any(0 < stop.n < FEW for one in courses for stop in one.stops),
        too_many=len(series) > len(SHAPES),
        picture=_picture(series, scale) if scale and len(series) <= len(SHAPES) else "",
    )


def _series(one: Course, by_arm: bool) -> BandSeries:
    """A course as the chart and the table show it."""
    nameless = _("No group") if by_arm else _("All participants")
    return BandSeries(
        in_language(one.titles, current.language) or nameless,
        tuple(
            BandPoint(
                label=in_language(stop.titles, current.language),
                position=stop.position,
                mean=stop.mean,
                low=stop.low,
                high=stop.high,
                n=stop.n,
            )
            for stop in one.stops
        ),
    )


def _rows(series: Sequence[BandSeries]) -> list[tuple[BandPoint, str]]:
    """The table's rows: visits down, groups within a visit; each course has the same visits."""
    names = [one.name for one in series]
    visits = zip(*(one.points for one in series), strict=True)
    return [row for points in visits for row in zip(points, names, strict=True)]


def _picture(series: Sequence[BandSeries], scale: ShownScale) -> Markup:
    picture = band_chart(
        series,
        ids=Ids("course-title", "course-description"),
        title=_("Mean course of %(scale)s", scale=scale.label),
        description=_("The table on this page has the same numbers."),
        axis=scale.axis(),
        people=_("Number of people"),
    )
    # Our own drawing: every text in it was escaped by the XML writer.
    return Markup(picture)  # noqa: S704
