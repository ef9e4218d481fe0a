"""What can be taken away, what it says of itself, and that it is noted who took it."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.consents import answers, versions
from app.exchange.csv_text import restored
from app.participants.models import Participant
from app.questionnaires.answers import DECLINED
from app.studies.models import Arm, Site, Study
from tests.consents.builders import publish
from tests.support.answers import answer_all
from tests.support.statements import statements
from tests.support.world import AT, World

DATA = "/studies/HORIZON/data"
FILES = ("answers", "scores", "codebook")
LIVE = tuple("=+-@\t\r")


def read(response: Any, separator: str = ",") -> list[dict[str, str]]:
    """The file as a program reads it, without the byte order mark."""
    assert 200 == response.status_code
    text = response.data.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=separator))


@pytest.fixture
def answered(world: World) -> World:
    with world.study() as session:
        answer_all(session, world, "alice", values={"q1": 4, "q2": DECLINED})
        answer_all(session, world, "alice", "M3", AT + timedelta(days=92), language="en")
        session.commit()
    return world


@pytest.mark.usefixtures("answered")
def test_answers_come_as_rows_that_a_program_reads(bob: Any):
    first, second = read(bob.get(f"{DATA}/answers.csv"))
    assert ("HORIZON", "S1", "A", "H-001", "M0", "fr") == tuple(
        first[key] for key in ("study", "site", "arm", "subject_code", "visit", "language")
    )
    assert ("4", "", "2", "q2") == (first["q1"], first["q2"], first["q3"], first["declined_items"])
    assert ("2026-05-04T09:00:00Z", "0") == (first["submitted"], first["late"])
    assert ("M3", "en") == (second["visit"], second["language"])


def test_a_row_says_which_consent_its_participant_has_agreed_to(answered: World, bob: Any):
    """By now, and not any more where it was taken back. Seen failing with a refusal that left the agreement there."""
    assert ("", "") == consent_of(bob)
    with answered.study() as session:
        alice = session.get_one(Participant, answered.participants["alice"])
        first, second = (publish(session, answered, renews=False, at=AT) for _number in range(2))
        answers.agree_at_enrolment(session, first, alice, "staff:1", AT)
        answers.answer(session, second, alice, answers.AGREED, "fr", AT + timedelta(days=1))
        session.commit()
    assert ("2", "2026-05-05T09:00:00Z") == consent_of(bob)
    with answered.study() as session:
        alice = session.get_one(Participant, answered.participants["alice"])
        version = versions.published(session, answered.study_id)[0]
        answers.answer(session, version, alice, answers.REFUSED, "fr", AT + timedelta(days=2))
        session.commit()
    assert ("1", "2026-05-04T09:00:00Z") == consent_of(bob)


def consent_of(bob: Any) -> tuple[str, str]:
    """What every row of both files says."""
    rows = [row for file in ("answers", "scores") for row in read(bob.get(f"{DATA}/{file}.csv"))]
    (found,) = {(row["consent_version"], row["consent_agreed"]) for row in rows}
    return found


@pytest.mark.usefixtures("answered")
def test_scores_come_with_the_number_of_answers(bob: Any):
    first, _second = read(bob.get(f"{DATA}/scores.csv"))
    assert ("50.0", "4") == (first["PF"], first["PF_answered"])  # 4, 2, 2, 2: a mean of 2.5 between 1 and 4


@pytest.mark.usefixtures("answered")
def test_the_layout_for_a_french_spreadsheet(bob: Any):
    first, _second = read(bob.get(f"{DATA}/scores.csv?layout=semicolon"), ";")
    assert "50,0" == first["PF"]


@pytest.mark.usefixtures("answered")
def test_the_codebook_explains_every_column_once(bob: Any):
    """Seen failing when a key was added to tables.KEYS and not to codebook.KEYS."""
    explained = [row["column"] for row in read(bob.get(f"{DATA}/codebook.csv")) if row["column"]]
    columns = [*read(bob.get(f"{DATA}/answers.csv"))[0], *read(bob.get(f"{DATA}/scores.csv"))[0]]
    assert sorted(set(columns)) == sorted(explained)


def test_the_codebook_says_what_values_ends_and_rules_mean(bob: Any):
    rows = {row["column"]: row for row in read(bob.get(f"{DATA}/codebook.csv"))}
    assert "S1 = Centre 1 | S2 = Centre 2" == rows["site"]["values"]
    assert "1 = Not hard | 2 = A little hard | 3 = Hard | 4 = Very hard or impossible" == rows["q1"]["values"]
    assert ("1 to 4", "whole number") == (rows["q1"]["range"], rows["q1"]["type"])
    assert "1 = Not well at all | 7 = Extremely well" == rows["q29"]["values"]
    fatigue = rows["FA"]
    assert ("Fatigue", "lower", "q9 q10 q20") == (fatigue["meaning"], fatigue["better"], fatigue["items"])
    assert "0 = plenty of energy | 100 = very little energy" == fatigue["values"]
    assert "(2 of 3)" in fatigue["rule"]
    assert "turned round" in rows["PF"]["rule"]
    assert "turned round" not in fatigue["rule"]


def test_the_codebook_speaks_the_readers_language(signed_in: Any):
    rows = {row["column"]: row for row in read(signed_in("bob", "fr").get(f"{DATA}/codebook.csv"))}
    assert "HORIZON = Étude HORIZON" == rows["study"]["values"]
    assert rows["q1"]["values"].startswith("1 = Pas difficile")


def test_what_looks_like_a_formula_stays_text_and_comes_back(world: World, bob: Any):
    """Study title, site code and name, and arm key are typed by people. Seen failing without ``neutralised``."""
    formula = '=HYPERLINK("http://evil";"x")'
    with world.study() as session:
        session.get_one(Study, world.study_id).titles = {"en": f",{formula}"}
        site = session.scalars(select(Site).where(Site.study_id == world.study_id, Site.code == "S1")).one()
        site.code, site.name = "=1+1", f"+{formula}"
        session.scalars(select(Arm).where(Arm.study_id == world.study_id)).one().key = "@arm;-2"
        answer_all(session, world, "alice")
        session.commit()
    for file in FILES:
        for separator in ",;\t":
            text = bob.get(f"{DATA}/{file}.csv").data.decode("utf-8-sig")
            cells = [cell for row in csv.reader(StringIO(text, newline=""), delimiter=separator) for cell in row]
            assert not [cell for cell in cells if cell.lstrip(' "').startswith(LIVE)], (file, separator)
    [row] = read(bob.get(f"{DATA}/answers.csv"))
    assert ("=1+1", "@arm;-2") == (restored(row["site"]), restored(row["arm"]))
    study = next(row for row in read(bob.get(f"{DATA}/codebook.csv")) if row["column"] == "study")
    assert f"HORIZON = ,{formula}" == restored(study["values"])


@pytest.mark.parametrize("file", FILES)
def test_every_download_is_noted_with_who_took_what(file: str, world: World, bob: Any):
    assert 200 == bob.get(f"{DATA}/{file}.csv?layout=semicolon").status_code
    with world.study() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == f"data.exported.{file}")).one()
        assert (f"staff:{world.staff['bob']}", "study:HORIZON") == (entry.actor, entry.subject)
        assert {"instrument": "weshare-core@1.0", "layout": "semicolon", "sites": "all"} == entry.facts
        assert entry.request_id


def test_a_download_of_one_site_is_noted_as_such(world: World, at_second_site: Any):
    at_second_site.get(f"{DATA}/answers.csv")
    with world.study() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "data.exported.answers")).one()
        assert ["S2"] == entry.facts["sites"]


@pytest.mark.parametrize("path", ["secrets.csv", "answers.csv?instrument=no", "answers.csv?layout=no", "answers"])
def test_what_is_not_there_is_not_found_and_not_noted(path: str, world: World, bob: Any):
    assert 404 == bob.get(f"{DATA}/{path}").status_code
    with world.study() as session:
        assert [] == session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("data:"))).all()


def test_a_download_has_a_name_and_is_kept_nowhere(bob: Any):
    headers = bob.get(f"{DATA}/answers.csv").headers
    assert "text/csv; charset=utf-8" == headers["Content-Type"]
    assert "attachment; filename=HORIZON-answers-weshare-core-1.0-2026-05-04.csv" == headers["Content-Disposition"]
    assert "no-store" == headers["Cache-Control"]


@pytest.mark.usefixtures("answered")
def test_rows_are_sent_as_they_are_read_and_the_connection_comes_back(app: Flask, bob: Any):
    """Seen failing, with a connection too many, when call_on_close was taken out."""
    pool = app.extensions["weshare"].databases.study.engine.pool
    for method in ("GET", "HEAD"):
        answer = bob.open(f"{DATA}/answers.csv", method=method, buffered=False)
        next(iter(answer.response), b"")
        answer.close()
    assert 0 == pool.checkedout()


@pytest.mark.parametrize("file", FILES)
def test_at_most_eight_statements_a_file(file: str, app: Flask, bob: Any):
    with statements(app.extensions["weshare"].databases.study.engine) as sent:
        assert bob.get(f"{DATA}/{file}.csv").data
    assert len(sent) <= 8


def test_the_page_offers_every_file_in_every_layout(bob: Any):
    page = bob.get(DATA).text
    for file in FILES:
        assert 2 == page.count(f"{DATA}/{file}.csv?")
