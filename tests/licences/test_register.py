"""The register of licences on SQLite and on PostgreSQL: nothing is changed, the last revision counts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import embedded
from app.db import Databases
from app.errors import Refusal
from app.licences import register
from app.licences.models import LicenceRevision
from app.licences.readiness import readiness
from app.licences.register import Attested
from app.licences.terms import Terms
from tests.support import world as worlds
from tests.support.licences import KEY, TODAY, library, pack, terms
from tests.support.statements import statements
from tests.support.world import AT, World


@pytest.fixture
def either(empty_databases: Databases, tmp_path: Path) -> World:
    """The small world on either engine."""
    return worlds.build(embedded(tmp_path / "instance", "http://localhost"), empty_databases)


@pytest.fixture
def session(either: World) -> Iterator[Session]:
    """Its study side, open for writing."""
    with either.study() as opened:
        yield opened


def ours(world: World, **said: object) -> Terms:
    return terms(study_ids=frozenset({world.study_id}), **said)


def added(session: Session, world: World, **said: object) -> Attested:
    licence = register.add(session, KEY, ours(world, **said), world.staff["dana"], AT)
    return register.history(session, licence.key)[0]


def test_a_licence_comes_back_as_it_was_attested(either: World, session: Session):
    found = added(session, either, expires_on=TODAY + timedelta(days=400))
    assert ours(either, expires_on=TODAY + timedelta(days=400)) == found.terms
    assert (KEY, 1, "Dana", AT, False) == (
        found.instrument,
        found.number,
        found.attested_by,
        found.attested_at,
        found.is_withdrawn,
    )


def test_a_licence_for_every_study_names_none(either: World, session: Session):
    register.add(session, KEY, terms(study_ids=None), either.staff["dana"], AT)
    assert [None] == [one.terms.study_ids for one in register.permits(session)]


def test_a_revision_counts_instead_of_the_one_before_and_takes_nothing_from_it(either: World, session: Session):
    """Seen failing when all revisions were taken for licences."""
    first = added(session, either)
    register.revise(session, first, ours(either, number="L-2"), 1, either.staff["dana"], AT)
    assert ["L-2"] == [one.terms.number for one in register.permits(session)]
    assert [(2, "L-2"), (1, "L-1")] == [(one.number, one.terms.number) for one in register.history(session, first.key)]


def test_of_two_people_who_revise_at_once_the_second_is_told(either: World, session: Session):
    """Seen failing without the unique key of licence and number."""
    first = added(session, either)
    register.revise(session, first, ours(either, number="L-2"), 1, either.staff["dana"], AT)
    with pytest.raises(Refusal, match="licence-changed"):
        register.revise(session, first, ours(either, number="L-3"), 1, either.staff["dana"], AT)
    now = register.history(session, first.key)[0]
    with pytest.raises(Refusal, match="licence-changed"):
        register.revise(session, now, ours(either, number="L-3"), 1, either.staff["dana"], AT)


def test_a_withdrawn_licence_permits_nothing_and_stays_in_the_register(either: World, session: Session):
    first = added(session, either)
    register.withdraw(session, first, " The owner ended it. ", 1, either.staff["dana"], AT)
    assert () == register.permits(session)
    assert ["The owner ended it."] == [one.withdrawn_because for one in register.attested(session)]
    with pytest.raises(Refusal, match="licence-changed"):
        register.revise(session, register.attested(session)[0], ours(either), 2, either.staff["dana"], AT)


def test_a_licence_is_withdrawn_for_a_reason(either: World, session: Session):
    with pytest.raises(Refusal, match="reason-missing"):
        register.withdraw(session, added(session, either), "  ", 1, either.staff["dana"], AT)


def test_a_licence_does_not_end_before_it_begins(either: World, session: Session):
    with pytest.raises(Refusal, match="licence-dates"):
        added(session, either, expires_on=TODAY - timedelta(days=1))
    assert 0 == session.scalar(select(func.count()).select_from(LicenceRevision))


def test_a_study_is_ready_with_its_licence_and_asks_the_database_twice_at_most(either: World, session: Session):
    have = library(pack("en"), pack("fr"))
    added(session, either)
    with statements(session.get_bind()) as sent:  # type: ignore[arg-type]
        found = readiness(session, have, either.study_id, [KEY], ["en", "fr"], TODAY)
    assert () == found
    assert len(sent) <= 2


def test_a_study_with_free_instruments_does_not_ask_the_database(either: World, session: Session):
    have = library(pack("en"), wording="free")
    with statements(session.get_bind()) as sent:  # type: ignore[arg-type]
        assert () == readiness(session, have, either.study_id, [KEY], ["en"], TODAY)
    assert 0 == len(sent)
