"""A site enrols, dates events, and changes what may change about a participant."""

from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.identity import identities, people
from app.identity.assertions import issue
from app.participants import agenda
from app.participants.models import Participant, ParticipantEvent
from app.studies.models import Study
from app.web import logs
from tests.support import needles
from tests.support.answers import answer_all
from tests.support.browser_form import page_text
from tests.support.enrolling import ENROL, KNOWN, ZOE, begin, enrol, say_who
from tests.support.forms import form_at, send
from tests.support.page_tables import table_of
from tests.support.signing_in import path_of
from tests.support.world import AT, World

ALICE = "/studies/HORIZON/participants/H-001"
INCLUSION = f"{ALICE}/events/inclusion/1"


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def participant(session: Any, code: str) -> Participant:
    return session.scalars(select(Participant).where(Participant.subject_code == code)).one()


def test_a_participant_is_enrolled_under_pseudonyms_with_the_first_date(world: World, bob: Any):
    page = enrol(bob, {"first": "2026-05-03", "arm": "A"}, ZOE)
    assert (303, "/studies/HORIZON/participants/S2-009") == (page.status_code, page.location)
    with world.study() as session, world.vault() as vault:
        found = participant(session, "S2-009")
        person = people.person_for(vault, found.pseudonym)
        assert "Zoé" == identities.read(vault, person).given_name
        assert people.pseudonym_of(vault, person, people.ACCOUNT) == found.account_pseudonym != found.pseudonym
        assert ("en", "Europe/Paris") == (found.language, found.time_zone)
        assert 1 == session.query(ParticipantEvent).filter_by(participant_id=found.id).count()
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(3)))
        assert ["event.dated", "participant.enrolled", "enrolment.begun"] == actions
    assert "At the start" in text_of(bob.get("/studies/HORIZON/participants/S2-009"))


def test_identity_is_in_no_address_no_log_and_not_in_the_study_database(
    world: World, bob: Any, capsys: pytest.CaptureFixture[str]
):
    """Seen failing when the name travelled in the statement."""
    logs.configure()
    vault_page = begin(bob)
    back = say_who(bob, vault_page, **ZOE)
    bob.get(path_of(back.location))
    tokens = [url.split("=")[1].split("&")[0] for url in (vault_page, back.location)]
    claims = [jwt.decode(token, options={"verify_signature": False}) for token in tokens]
    assert world.databases.study is not None
    file = Path(str(world.databases.study.engine.url.database))
    hay = {beside.name: beside.read_bytes() for beside in file.parent.glob(f"{file.name}*")}
    hay |= {"claims": repr(claims).encode(), "urls": f"{vault_page}{back.location}".encode()}
    hay["logs"] = capsys.readouterr().err.encode()
    assert b"/enrolled" in hay["logs"]
    assert set() == needles.found(["Zoé", "Quillévéré", "zoe@patients.example", "98 76 54 32", "chaussée"], hay)


def test_a_statement_enrols_once_and_only_whom_its_ticket_was_for(bob: Any, at_second_site: Any):
    """Seen failing without the look at who began it."""
    back = path_of(say_who(bob, begin(bob), **ZOE).location)
    assert 400 == at_second_site.get(back).status_code
    assert 303 == bob.get(back).status_code
    assert 400 == bob.get(back).status_code
    assert 400 == bob.get("/enrolled?statement=forged").status_code


def test_a_statement_signs_nobody_in_and_an_assertion_enrols_nobody(bob: Any, world: World):
    """Seen failing with one audience for both."""
    back = path_of(say_who(bob, begin(bob), **ZOE).location)
    assert 400 == bob.get(back.replace("/enrolled?statement=", "/session?assertion=")).status_code
    assertion = issue(world.config.assertion_private_key or "", "acc", world.config.public_url, "s" * 32, AT)
    assert 400 == bob.get("/enrolled", query_string={"statement": assertion}).status_code


def test_a_subject_code_is_given_once_before_anybody_is_asked_for_a_name(bob: Any):
    page = send(bob, ENROL, **{**KNOWN, "subject": "H-001"})
    assert 422 == page.status_code
    assert "belongs to somebody in a study already" in text_of(page)


def test_a_time_zone_has_to_exist(bob: Any):
    page = send(bob, ENROL, **{**KNOWN, "zone": "Europe/Paname"})
    assert "There is no such time zone." in text_of(page)


def test_site_staff_enrol_at_their_site_only(at_second_site: Any):
    assert "Centre 1" not in at_second_site.get(ENROL).text
    assert 422 == send(at_second_site, ENROL, **{**KNOWN, "site": "S1"}).status_code
    assert 303 == enrol(at_second_site, {}, ZOE).status_code
    assert 404 == at_second_site.get(f"{ALICE}/about").status_code


def test_nobody_is_enrolled_before_the_study_is_live(world: World, bob: Any):
    with world.study() as session:
        session.get_one(Study, world.study_id).live_at = None
        session.commit()
    assert "Nobody can be enrolled before the study is live." in text_of(bob.get(ENROL))
    assert "Enrol a participant" not in text_of(bob.get("/studies/HORIZON"))


def test_a_date_is_corrected_after_having_seen_what_moves(world: World, bob: Any):
    with world.study() as session:
        answer_all(session, world, "alice")
        session.commit()
    page = bob.get(f"{INCLUSION}?on=2026-04-20")
    rows = table_of(page, "Visits before and after")
    assert ["At the start", "24 April 2026 – 29 May 2026", "13 April 2026 – 18 May 2026"] == rows[1][:3]
    assert "Kept with this visit" in rows[1][3]
    assert 303 == bob.post(INCLUSION, data=form_at_post(page)).status_code
    with world.study() as session:
        alice = participant(session, "H-001")
        planned = agenda.of_participants(session, [alice], alice.enrolled_at)[alice.id]
        assert ["submitted", "not-yet", "not-yet"] == [one.state.value for one in planned]


def test_a_wrong_date_is_told_and_stays(bob: Any):
    for written in ("31.5.2026", "0026-05-31"):
        page = bob.get(INCLUSION, query_string={"on": written})
        assert 422 == page.status_code
        assert f'value="{written}"' in page.text


def test_an_empty_request_takes_no_date_away(bob: Any):
    """Seen failing when a request without a date was read as one that takes the date away."""
    token = form_at_post(bob.get(f"{INCLUSION}?on=2026-04-20"))["csrf_token"]
    assert 400 == bob.post(INCLUSION, data={"csrf_token": token}).status_code
    assert 404 == bob.get(f"{ALICE}/events/inclusion/2").status_code
    assert 404 == bob.get(f"{ALICE}/events/unknown/1").status_code


@pytest.mark.parametrize(("field", "value"), [("arm", ""), ("language", "en"), ("zone", "Indian/Reunion")])
def test_what_may_change_changes_and_is_on_record(world: World, bob: Any, field: str, value: str):
    assert 303 == send(bob, f"{ALICE}/about", **{field: value}).status_code
    with world.study() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "participant.changed")).one()
        assert {"study": "HORIZON", field: value or None} == dict(entry.facts)
    assert [value] == form_at(bob.get(f"{ALICE}/about"), f"{ALICE}/about")[field]


def form_at_post(page: Any) -> dict[str, list[str]]:
    """The second form of the page: the first one only looks."""
    looked = page.text.index("data-once")

    class Rest:
        text = "<form action='" + INCLUSION + "'" + page.text[looked:]

    return form_at(Rest, INCLUSION)
