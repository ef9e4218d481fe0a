"""How a study stands, in counts of rows that the database has counted."""

from app.participants import overview
from app.participants.tallies import Row
from app.scheduling.status import State

ROWS = (
    Row(1, "M0", State.SUBMITTED, "", 6, 6),
    Row(1, "M0", State.SUBMITTED_LATE, "", 2, 2),
    Row(2, "M0", State.EXCUSED, "hospital", 1, 1),
    Row(2, "M0", State.EXCUSED, "holiday", 1, 0),
    Row(2, "M3", State.EXPIRED, "", 1, 1),
)


def test_the_response_rate_counts_what_was_made_available():
    total = overview.total(ROWS)
    assert (8, 10, 80.0) == (total.answered, total.available, total.rate)
    assert 2 == total.of(State.EXCUSED)


def test_nothing_made_available_gives_no_rate():
    assert overview.total(()).rate is None


def test_reasons_are_counted_apart():
    assert {"hospital": 1, "holiday": 1} == dict(overview.total(ROWS).reasons)


def test_each_visit_and_site_has_its_counts_also_one_that_nobody_has_had():
    visits = overview.by_visit(ROWS, ["M0", "M3", "M6"])
    assert [9, 1, 0] == [count.available for count in visits.values()]
    sites = overview.by_site(ROWS, [1, 2, 3])
    assert [8, 0, 0] == [count.answered for count in sites.values()]
