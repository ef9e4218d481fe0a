"""What is known about a participant: which questionnaires read it, recorded with its day, beside its history."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.participants import facts
from app.participants.models import Participant
from app.studies import protocols
from tests.support.browser_form import page_text
from tests.support.forms import form_at, send
from tests.support.page_tables import table_of
from tests.support.world import AT, World, protocol_document

ALICE = "/studies/HORIZON/participants/H-001"
FACTS = f"{ALICE}/facts"
WSAS = "wsas@1.0"


@pytest.fixture
def reading(world: World) -> World:
    """The study asks for questionnaires that read two facts."""
    with world.study() as session:
        document = protocol_document(("weshare-core@1.0", WSAS, "audit-c@1.0"))
        protocols.publish(session, world.study_id, document, AT)
        session.commit()
    return world


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def known(world: World) -> dict[str, Any]:
    with world.study() as session:
        return dict(facts.of(session, session.get_one(Participant, world.participants["alice"])))


@pytest.mark.usefixtures("reading")
def test_every_fact_is_listed_with_who_reads_it_and_what_it_decides(bob: Any) -> None:
    rows = {row[0]: row for row in table_of(bob.get(FACTS), "What is known")[1:]}
    assert {"Retired, or without a job by choice for other reasons than the problem", "Sex"} == set(rows)
    assert "not known" == rows["Sex"][1]
    retired = rows["Retired, or without a job by choice for other reasons than the problem"]
    assert "It decides how these are computed:" in retired[2]


def test_a_fact_is_recorded_with_its_day_and_what_was_known_before_stays(reading: World, bob: Any) -> None:
    told = send(bob, f"{FACTS}/retired", value="0")
    assert (303, FACTS) == (told.status_code, told.location)
    assert "It counts for what is answered from now on." in text_of(bob.get(FACTS))
    send(bob, f"{FACTS}/retired", value="1", since="2026-05-01")
    assert 1 == known(reading)["retired"]
    history = table_of(bob.get(f"{FACTS}/retired"), "Recorded so far, the last one first")[1:]
    assert [["yes", "1 May 2026"], ["no", "always"]] == [row[:2] for row in history]
    assert ["Bob", "Bob"] == [row[3] for row in history]
    with reading.study() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "fact.recorded")).all()
        assert 2 == len(entries)
        assert all("value" not in entry.facts for entry in entries)  # health data is in its table, not in the trail


def test_a_fact_is_unknown_again_where_it_was_a_mistake(reading: World, bob: Any) -> None:
    send(bob, f"{FACTS}/sex", value="female")
    assert "female" == known(reading)["sex"]
    send(bob, f"{FACTS}/sex", value="")
    assert "sex" not in known(reading)


@pytest.mark.parametrize(
    ("fact", "value", "since", "sentence"),
    [
        ("sex", "both", "", "This is none of the possible values."),
        ("retired", "1", "2026-05-09", "This day is still to come."),
        ("retired", "1", "yesterday", "This is not a date."),
    ],
)
def test_what_cannot_be_is_told_and_stays_in_its_field(
    reading: World, bob: Any, fact: str, value: str, since: str, sentence: str
) -> None:
    page = send(bob, f"{FACTS}/{fact}", value=value, since=since)
    assert 422 == page.status_code
    assert sentence in text_of(page)
    assert [since] == form_at(page, f"{FACTS}/{fact}")["since"]
    assert fact not in known(reading)


@pytest.mark.usefixtures("reading")
def test_it_is_nobody_elses(bob: Any, signed_in: Any) -> None:
    assert 404 == bob.get(f"{FACTS}/shoe-size").status_code
    assert [404, 404] == [signed_in("staff-charlie").get(page).status_code for page in (FACTS, f"{FACTS}/sex")]


def test_a_study_that_needs_nothing_says_so(bob: Any) -> None:
    assert "Nothing is needed" in text_of(bob.get(FACTS))
