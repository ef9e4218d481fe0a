"""Reasons with one click, three withdrawals, pauses: what staff record about a participant."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.participants.models import OccasionRecord, Participant
from tests.participants.test_tallies import look
from tests.support.browser_form import page_text
from tests.support.forms import press, send
from tests.support.page_tables import table_of
from tests.support.signing_in import Clock
from tests.support.world import AT, World

ALICE = "/studies/HORIZON/participants/H-001"
M0 = f"{ALICE}/visits/M0/1/reason"
LIST = "/studies/HORIZON?state=open&visit=M0"


@pytest.fixture(autouse=True)
def asked(world: World) -> None:
    """Everybody has been looked at, as the job does every minute."""
    with world.study() as session:
        look(session, AT)
        session.commit()


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def state_of_m0(page: Any) -> str:
    return table_of(page, "Planned dates and state")[1][1]


def test_a_reason_is_one_click_away_in_the_list_and_taken_back_with_one_more(world: World, bob: Any):
    page = press(bob, LIST, M0, reason="hospital", next=LIST)
    assert (303, LIST) == (page.status_code, page.headers["Location"])
    assert state_of_m0(bob.get(ALICE)).startswith("Excused In hospital")
    assert "In hospital: 1" in text_of(bob.get("/studies/HORIZON"))
    assert 303 == press(bob, ALICE, f"{M0}/take-back").status_code
    assert state_of_m0(bob.get(ALICE)).startswith("Open")
    with world.study() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)))
        assert ["visit.excuse-taken-back", "visit.excused"] == actions


def test_a_reason_leads_back_to_our_own_pages_only(bob: Any):
    assert ALICE == press(bob, LIST, M0, reason="hospital", next="https://evil.example").headers["Location"]


@pytest.mark.parametrize("visit", ["M0/2", "M9/1"])
def test_only_planned_visits_are_excused(visit: str, world: World, bob: Any):
    assert 404 == press(bob, ALICE, f"{ALICE}/visits/{visit}/reason", reason="hospital").status_code
    with world.study() as session:
        assert 0 == session.query(OccasionRecord).filter(OccasionRecord.excused_at.is_not(None)).count()


@pytest.mark.parametrize(
    ("act", "title", "column"),
    [
        ("follow-up", "Withdrawal from follow-up", "withdrawn_at"),
        ("contact", "Withdrawal from contact", "contact_withdrawn_at"),
        ("use", "Withdrawal from use", "use_withdrawn_at"),
    ],
)
def test_each_withdrawal_shows_its_effects_then_is_recorded_and_undone(
    world: World, bob: Any, act: str, title: str, column: str
):
    address = f"{ALICE}/leave/{act}"
    shown = text_of(bob.get(address))
    assert title in shown
    assert "What stays" in shown
    assert (act != "contact") == ("3 planned visits are not asked any more:" in shown)
    assert 422 == send(bob, address).status_code
    assert 303 == send(bob, address, reason="own-wish").status_code
    with world.study() as session:
        assert AT == getattr(session.get_one(Participant, world.participants["alice"]), column)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "participant.withdrawn")).one()
        assert ("own-wish", act) == (entry.facts["reason"], entry.facts["act"])
    assert "In force" in text_of(bob.get(f"{ALICE}/leave"))
    assert 303 == press(bob, f"{ALICE}/leave", f"{address}/undo").status_code
    with world.study() as session:
        assert getattr(session.get_one(Participant, world.participants["alice"]), column) is None


def test_after_a_day_a_withdrawal_is_no_mistake_any_more(signed_in: Any, clock: Clock):
    bob = signed_in("bob")
    send(bob, f"{ALICE}/leave/follow-up", reason="lost")
    clock.wait(hours=24)
    bob = signed_in("bob")
    assert "take it back" not in text_of(bob.get(f"{ALICE}/leave"))
    press(bob, f"{ALICE}/leave", f"{ALICE}/leave/follow-up/undo")
    assert "This was recorded too long ago to be a mistake." in text_of(bob.get(ALICE))


def test_a_pause_rests_and_goes_on(bob: Any):
    assert 303 == press(bob, ALICE, f"{ALICE}/pause", to="pause").status_code
    page = bob.get(ALICE)
    assert "Go on after the pause" in text_of(page)
    assert state_of_m0(page).startswith("Does not apply")
    press(bob, ALICE, f"{ALICE}/pause", to="go-on")
    assert state_of_m0(bob.get(ALICE)).startswith("Open")


def test_data_managers_of_a_study_look_after_nobody(signed_in: Any):
    bob = signed_in("bob")
    team = "/studies/HORIZON/design/team"
    press(bob, team, team, login="dana", role="data-manager", site="")
    dana = signed_in("dana")
    assert "Why missing?" not in text_of(dana.get(ALICE))
    assert 404 == dana.get(f"{ALICE}/leave").status_code
    assert 404 == press(dana, "/studies", M0, reason="hospital").status_code
