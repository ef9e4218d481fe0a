"""Who may see which study, and what its protocols ask."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.scheduling.parse import parse_protocol
from app.studies import protocols, queries, studies
from app.studies.models import Appointment, Site, Study
from tests.support.statements import statements
from tests.support.world import AT, World, protocol_document


def site(session: Session, code: str) -> Site:
    return session.scalars(select(Site).join(Study).where(Study.code == "HORIZON", Site.code == code)).one()


def test_an_investigator_sees_every_site(world: World):
    with world.study() as session:
        found = queries.find_access(session, world.staff["bob"], "HORIZON")
        assert found is not None
        assert ("investigator", None) == (found.role, found.site_ids)
        assert ["S1", "S2"] == [one.code for one in found.sites]


def test_without_an_appointment_there_is_no_study(world: World):
    """Seen failing when the condition on the professional was taken out of find_access."""
    with world.study() as session:
        assert queries.find_access(session, world.staff["charlie"], "HORIZON") is None
        assert queries.find_access(session, world.staff["charlie"], "NOWHERE") is None
        assert queries.find_access(session, world.staff["charlie"], "HORIZON\x00") is None


def test_somebody_appointed_at_one_site_sees_that_site_only(world: World):
    with world.study() as session:
        study = session.get_one(Study, world.study_id)
        studies.appoint(session, world.staff["charlie"], study, "site-staff", site(session, "S2"))
        found = queries.find_access(session, world.staff["charlie"], "HORIZON")
        assert found is not None
        assert ["S2"] == [one.code for one in found.sites]
        assert (site(session, "S2").id,) == found.site_ids


def test_of_several_appointments_the_one_for_the_whole_study_counts(world: World):
    with world.study() as session:
        study = session.get_one(Study, world.study_id)
        studies.appoint(session, world.staff["charlie"], study, "site-staff", site(session, "S2"))
        studies.appoint(session, world.staff["charlie"], study, "data-manager")
        found = queries.find_access(session, world.staff["charlie"], "HORIZON")
        assert found is not None
        assert ("data-manager", None, 2) == (found.role, found.site_ids, len(found.sites))


def test_a_study_without_sites_is_there_all_the_same(world: World):
    with world.study() as session:
        empty = studies.create(session, "EMPTY", {"en": "Empty"}, {}, ("en",), AT)
        studies.appoint(session, world.staff["bob"], empty, "investigator")
        assert ["EMPTY", "HORIZON"] == [one.study.code for one in queries.accesses(session, world.staff["bob"])]
        assert () == queries.accesses(session, world.staff["bob"])[0].sites


def test_one_statement_however_many_studies_and_sites(world: World):
    with world.study() as session:
        for number in range(5):
            one = studies.create(session, f"MORE-{number}", {"en": "More"}, {}, ("en",), AT)
            studies.add_site(session, one, "S1", "Centre")
            session.add(Appointment(staff_id=world.staff["bob"], study_id=one.id, role="investigator"))
        session.commit()
        assert world.databases.study is not None
        with statements(world.databases.study.engine) as sent:
            assert 6 == len(queries.accesses(session, world.staff["bob"]))
        assert 1 == len(sent)


def test_the_newest_protocol_gives_the_order_of_visits_and_older_ones_what_it_dropped(world: World):
    newer = protocol_document()
    newer["visits"] = [newer["visits"][2], newer["visits"][0]]
    with world.study() as session:
        protocols.publish(session, world.study_id, newer, AT)
        found = queries.visits_of(queries.protocols(session, world.study_id).values())
        assert ["M6", "M0", "M3"] == [visit.key for visit in found]


def test_instruments_are_named_once():
    protocol = parse_protocol(protocol_document())
    assert ("weshare-core@1.0",) == queries.instruments_of(protocol.visits)
