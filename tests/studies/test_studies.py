"""Studies, their sites, their team, and the tests of their messages."""

import pytest
from sqlalchemy import select

from app.errors import Refusal
from app.studies import notice_tests, queries, roles, studies, team
from app.studies.models import Appointment, Study
from app.studies.studies import Settings
from tests.support.world import AT, World

TEXTS = {"fr": "Un", "en": "One"}


def study_of(session, world: World) -> Study:
    return session.get_one(Study, world.study_id)


def test_a_code_belongs_to_one_study_and_one_site(world: World):
    with world.study() as session:
        with pytest.raises(Refusal, match="code-already-taken"):
            studies.create(session, "HORIZON", TEXTS, TEXTS, ["fr"], AT)
        with pytest.raises(Refusal, match="code-already-taken"):
            studies.add_site(session, study_of(session, world), "S1", "Again")


def test_settings_say_what_has_changed(world: World):
    with world.study() as session:
        study = study_of(session, world)
        settings = Settings(study.titles, study.contacts, ["fr", "en"], "The sponsor")
        assert ["sponsor"] == studies.change(session, study, settings)
        assert [] == studies.change(session, study, settings)


def test_a_live_study_keeps_its_languages(world: World):
    with world.study() as session:
        study = study_of(session, world)
        with pytest.raises(Refusal, match="languages-in-use"):
            studies.change(session, study, Settings({"fr": "Un"}, {"fr": "Un"}, ["fr"]))
        study.live_at = None
        assert "languages" in studies.change(session, study, Settings({"fr": "Un"}, {"fr": "Un"}, ["fr"]))


def test_somebody_always_answers_for_the_study(world: World):
    """Seen failing when an appointment to one site counted as one for the whole study."""
    with world.study() as session:
        study = study_of(session, world)
        site = queries.find_access(session, world.staff["bob"], "HORIZON").sites[0]
        bob = session.scalars(select(Appointment).where(Appointment.study_id == study.id)).one()
        studies.appoint(session, world.staff["dana"], study, roles.INVESTIGATOR, site)
        with pytest.raises(Refusal, match="last-designer"):
            studies.dismiss(session, study, bob.id)
        studies.appoint(session, world.staff["dana"], study, roles.DATA_MANAGER)
        assert bob is studies.dismiss(session, study, bob.id)
        assert studies.dismiss(session, study, bob.id) is None
        assert [None, site.id] == [one.site_id for one in team.of_study(session, study.id)]


def test_nobody_is_appointed_twice_to_one_place(world: World):
    with world.study() as session, pytest.raises(Refusal, match="already-appointed"):
        studies.appoint(session, world.staff["bob"], study_of(session, world), roles.SITE_STAFF)


def test_groups_follow_a_published_protocol_and_none_is_lost(world: World):
    with world.study() as session:
        study = study_of(session, world)
        studies.sync_arms(session, study, {"B": {"fr": "Neuf", "en": "New"}})
        assert ["A", "B"] == [arm.key for arm in queries.arms(session, study.id).values()]
        studies.sync_arms(session, study, {"B": {"fr": "Encore", "en": "Again"}})
        assert "Again" == next(a for a in queries.arms(session, study.id).values() if a.key == "B").titles["en"]


def test_a_tested_message_is_on_record_once_with_its_first_reader(world: World):
    with world.study() as session:
        tested = ("invitation", "email", "fr")
        assert 1 == notice_tests.record(session, world.study_id, [tested], world.staff["bob"], AT)
        assert 0 == notice_tests.record(session, world.study_id, [tested], world.staff["dana"], AT)
        assert world.staff["bob"] == notice_tests.of_study(session, world.study_id)[tested].tested_by


@pytest.mark.parametrize("role", roles.ROLES)
def test_who_answers_for_one_site_designs_nothing(role: str):
    assert not roles.may_design(role, (1,))
    assert (role != roles.SITE_STAFF) == roles.may_design(role, None)
    assert (role != roles.DATA_MANAGER) == roles.may_enrol(role)
