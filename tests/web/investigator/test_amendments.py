"""Another version of the protocol for those who take part already."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.jobs import amend
from app.participants.models import Participant
from app.web.investigator import amendment_outlook
from tests.participants.test_tallies import look
from tests.support.browser_form import page_text
from tests.support.forms import form_at, press, send
from tests.support.page_tables import table_of
from tests.support.sheets import library
from tests.support.world import AT, World

DESIGN = "/studies/HORIZON/design"
ONE = f"{DESIGN}/amendments/1"


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def proposed(bob: Any, offset: str = "4") -> Any:
    """Visit M3 moves; published and proposed."""
    send(bob, f"{DESIGN}/visits/M3", offset=[offset, "M"])
    send(bob, f"{DESIGN}/publish")
    return send(bob, f"{DESIGN}/amendments", reason="Too early.")


def by_the_clock(world: World) -> None:
    """The job until nothing is left to do."""
    while amend.is_full(amend.run(world.databases, world.config, library(), at=AT)):
        pass
    amend.run(world.databases, world.config, library(), at=AT)


def versions(world: World) -> set[int]:
    with world.study() as session:
        people = select(Participant.protocol_version_id).where(Participant.study_id == world.study_id)
        return set(session.scalars(people))


def test_it_is_looked_at_approved_applied_and_reverted(world: World, bob: Any):
    before = versions(world)
    assert (303, ONE) == ((page := proposed(bob)).status_code, page.headers["Location"])
    rows = table_of(bob.get(ONE), "Who changes, and from when")
    assert ["H-001", "H-002"] == [row[0] for row in rows[1:]]
    assert "At 3 months: Other dates (25 July 2026 → 25 August 2026)" in rows[1][2]
    assert before == versions(world)
    press(bob, ONE, f"{ONE}/approve")
    press(bob, ONE, f"{ONE}/apply")
    assert before == versions(world)  # nobody is moved inside the request
    assert "Still to be moved 2" in text_of(bob.get(ONE))
    by_the_clock(world)
    assert before.isdisjoint(versions(world))
    press(bob, ONE, f"{ONE}/revert")
    by_the_clock(world)
    assert before == versions(world)
    with world.study() as session:
        acts = list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("amendment"))))
        assert ["amendment.proposed", "amendment.approve", "amendment.apply", "amendment.revert"] == acts


def test_each_act_is_done_once_and_in_order(world: World, bob: Any):
    proposed(bob)
    before = versions(world)
    assert 409 == press(bob, ONE, f"{ONE}/apply").status_code
    assert before == versions(world)
    press(bob, ONE, f"{ONE}/approve")
    assert 409 == press(bob, ONE, f"{ONE}/approve").status_code


def test_open_visits_stay_as_they_were(world: World, bob: Any):
    with world.study() as session:
        look(session, AT)
        session.commit()
    send(bob, f"{DESIGN}/visits/M0", due=["5", "D"])
    send(bob, f"{DESIGN}/publish")
    send(bob, f"{DESIGN}/amendments", reason="Sooner.")
    assert "At the start: Stays as it was" in text_of(bob.get(ONE))


def test_a_reason_is_needed_and_what_was_typed_stays(bob: Any):
    page = send(bob, f"{DESIGN}/amendments", reason="", open_visits="follow")
    assert 422 == page.status_code
    assert "Say why the protocol changes." in text_of(page)
    assert ["follow"] == form_at(page, f"{DESIGN}/amendments")["open_visits"]


def test_another_studys_amendment_is_nobodys(bob: Any, signed_in: Any):
    proposed(bob)
    assert 404 == signed_in("staff-charlie").get("/studies/OTHER/design/amendments/1").status_code


def test_a_large_study_is_counted_by_the_clock_before_it_can_be_applied(
    world: World, bob: Any, monkeypatch: pytest.MonkeyPatch
):
    """Seen failing when what nobody had looked through yet could be applied."""
    monkeypatch.setattr(amendment_outlook, "LIVE_UP_TO", 1)
    proposed(bob)
    press(bob, ONE, f"{ONE}/approve")
    assert "0 of 2 participants are looked through so far." in text_of(bob.get(ONE))
    assert 409 == press(bob, ONE, f"{ONE}/apply").status_code
    by_the_clock(world)
    rows = table_of(bob.get(ONE), "Visits that change, by site")
    assert [["Centre 1", "1", "1"], ["Centre 2", "1", "1"]] == [row[:3] for row in rows[1:]]
    assert 303 == press(bob, ONE, f"{ONE}/apply").status_code


def test_people_are_searched_by_subject_code(bob: Any):
    proposed(bob)
    rows = table_of(bob.get(f"{ONE}?q=002"), "Who changes, and from when")
    assert ["H-002"] == [row[0] for row in rows[1:]]
    assert "Nobody concerned has such a subject code." in text_of(bob.get(f"{ONE}?q=nobody"))
