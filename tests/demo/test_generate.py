"""The demonstration as a whole: everything shown is what the program computed, and the story is there."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.staff import authenticate as authenticate_staff
from app.announcements import approval, news
from app.announcements.models import Post
from app.config import ROOT, Config, embedded
from app.consents import answers, standing
from app.db import Databases, connect
from app.demo import generate, next_study
from app.demo.design import INSTRUMENT
from app.demo.folder import hurry
from app.demo_accounts import (
    DEMO_CITIZEN_EMAIL,
    DEMO_CITIZEN_PASSWORD,
    DEMO_PATIENT_EMAIL,
    DEMO_PATIENT_PASSWORD,
    DEMO_STAFF_LOGIN,
    DEMO_STAFF_PASSWORD,
)
from app.identity import people, person_keys, sealed_rows
from app.identity.models import MailboxMessage
from app.jobs import send_notices
from app.licences import register
from app.licences.readiness import readiness
from app.licences.terms import endings
from app.notices import outbox
from app.notices.models import Notice
from app.participants import agenda, links
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.library import Library, load
from app.responses.models import AnswerSheet, Submission, SubmissionScore
from app.scheduling.status import State
from app.scoring.plan import compile_plan
from app.scoring.score import score_one
from app.studies.models import Appointment, Study
from tests.conftest import create_tables

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def library() -> Library:
    """The instruments as shipped."""
    return load(ROOT / "instruments")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[tuple[Config, Databases]]:
    """The demonstration as it stands on a day in May."""
    config = embedded(tmp_path_factory.mktemp("demo"), "http://localhost")
    databases = connect(config)
    hurry(databases)
    create_tables(databases)
    steps: list[tuple[int, int]] = []
    generate.build(databases, config, library, AT, lambda done, total: steps.append((done, total)))
    assert steps == [(number, len(steps)) for number in range(1, len(steps) + 1)]
    yield config, databases
    databases.close()


@pytest.fixture
def study(made: tuple[Config, Databases]) -> Iterator[Session]:
    """A look at the study side."""
    _config, databases = made
    assert databases.study is not None
    with databases.study.read() as session:
        yield session


@pytest.fixture
def vault(made: tuple[Config, Databases]) -> Iterator[Session]:
    """A look at the vault."""
    _config, databases = made
    assert databases.vault is not None
    with databases.vault.read() as session:
        yield session


@pytest.fixture
def alice(study: Session, vault: Session) -> Participant:
    """The participant whom the demonstration signs in."""
    person = people.authenticate(vault, DEMO_PATIENT_EMAIL, DEMO_PATIENT_PASSWORD)
    assert person is not None
    account = people.pseudonym_of(vault, person, people.ACCOUNT)
    return study.scalars(select(Participant).where(Participant.account_pseudonym == account)).one()


def test_sixty_people_at_three_sites_in_two_arms_have_answered_for_two_years(study: Session) -> None:
    people_there = list(study.scalars(select(Participant)))
    assert (60, 3, 2) == (
        len(people_there),
        len({person.site_id for person in people_there}),
        len({person.arm_id for person in people_there}),
    )
    assert 4 == len([person for person in people_there if person.withdrawn_at is not None])
    answered = Counter(study.scalars(select(OccasionRecord.visit_key).where(OccasionRecord.submitted_at.is_not(None))))
    assert {"M0", "M3", "M6", "M12", "M18", "M24"} == set(answered)
    assert 200 < answered.total() < 320


def test_every_score_is_what_the_program_computes_from_the_frozen_answers(study: Session, library: Library) -> None:
    for submission in study.scalars(select(Submission)):
        given = {item: value for item, value in submission.answers.items() if value is not None}
        plan = compile_plan(library.instrument(submission.instrument))
        stored = study.scalars(select(SubmissionScore).where(SubmissionScore.submission_id == submission.id))
        assert {score.scale: score.value for score in stored} == {
            score.scale: score.value for score in score_one(plan, given)
        }


def test_alice_has_answered_before_has_one_thing_due_and_unread_news(study: Session, alice: Participant) -> None:
    states = {visit.occasion.visit_key: visit.state for visit in agenda.of_account(study, alice.account_pseudonym, AT)}
    assert State.OPEN == states.pop("M18")
    assert {State.SUBMITTED} == {states.pop(visit) for visit in ("M0", "M3", "M6", "M12")}
    assert {"M24": State.NOT_YET} == states
    assert 3 == news.unread(study, alice.account_pseudonym, AT)


def test_a_citizen_was_told_of_a_study_that_one_could_join_and_another_waits_for_the_data_manager(
    study: Session, vault: Session
) -> None:
    person = people.authenticate(vault, DEMO_CITIZEN_EMAIL, DEMO_CITIZEN_PASSWORD)
    assert person is not None
    celia = people.pseudonym_of(vault, person, people.ACCOUNT)
    (told,) = news.of_account(study, celia, "fr", AT)
    assert ("LENDEMAIN", None, True) == (told.study.code, told.participant, told.is_new)
    sent = select(Notice.kind, Notice.state).where(Notice.account_pseudonym == celia)
    assert [("study-news", "sent")] == [tuple(row) for row in study.execute(sent)]
    assert ["HORIZON"] == [waits.code for _post, waits in approval.waiting(study)]


def test_alice_is_asked_for_her_agreement_once_and_others_have_said_each_of_the_three(
    study: Session, alice: Participant
) -> None:
    (asked,) = standing.of_account(study, alice.account_pseudonym, AT)
    assert (2, None) == (asked.version.number, asked.said)
    sent = select(Notice.state).where(Notice.participant_id == alice.id, Notice.kind == "consent")
    assert ["sent"] == list(study.scalars(sent))
    said = standing.said_to(study, alice.study_id, None)[asked.version.id]
    assert set(answers.ANSWERS) == {what for what, people_there in said.items() if people_there}
    assert 30 < said["agreed"] < 56


def test_a_link_in_alices_last_message_opens_what_is_due(study: Session, vault: Session, alice: Participant) -> None:
    person = people.person_for(vault, alice.pseudonym)
    mine = select(MailboxMessage).where(MailboxMessage.person_id == person.id)
    last = vault.scalars(mine.order_by(MailboxMessage.id.desc())).first()
    assert last is not None
    text = sealed_rows.read(last, "text", person_keys.of(vault, person.id)) or ""
    token = text.split("http://localhost/l/")[1].split()[0]
    assert "M18" == links.find(study, token, AT).occasion.visit_key


def test_bob_investigates_every_study_at_all_its_sites(study: Session) -> None:
    bob = authenticate_staff(study, DEMO_STAFF_LOGIN, DEMO_STAFF_PASSWORD)
    assert bob is not None
    appointments = study.scalars(select(Appointment).where(Appointment.staff_id == bob.id))
    assert [("investigator", None)] * 3 == [(one.role, one.site_id) for one in appointments]


def test_the_team_has_published_results_with_a_chart_a_trial_and_a_survey_and_is_writing(study: Session) -> None:
    posts = list(study.scalars(select(Post)))
    assert {("summary", True), ("trial", False), ("survey", False)} == {
        (post.kind, post.chart is not None) for post in posts if post.published_at is not None
    }
    assert ["summary"] == [post.kind for post in posts if post.published_at is None and post.proposed_at is None]


def test_the_summary_says_what_its_chart_shows(study: Session) -> None:
    """Its text: energy is lowest after three months, then comes back little by little."""
    (post,) = [post for post in study.scalars(select(Post)) if post.chart is not None]
    assert post.chart is not None
    points = [point["mean"] for point in post.chart["points"] if point["mean"] is not None]  # type: ignore[attr-defined]
    assert points[1] == min(points)
    assert points[1:] == sorted(points[1:])


def test_two_people_have_begun_a_questionnaire_and_stopped(study: Session) -> None:
    begun = select(func.count()).select_from(AnswerSheet).outerjoin(Submission, Submission.sheet_id == AnswerSheet.id)
    assert 2 == study.scalar(begun.where(Submission.id.is_(None)))


def test_every_message_was_sent_once_and_none_after_an_answer_or_a_farewell(study: Session, vault: Session) -> None:
    rows = study.execute(
        select(Notice, OccasionRecord.submitted_at, Participant.withdrawn_at)
        .outerjoin(OccasionRecord, OccasionRecord.id == Notice.occasion_id)
        .outerjoin(Participant, Participant.id == Notice.participant_id)
    ).all()
    assert {outbox.SENT} == {notice.state for notice, _submitted, _withdrawn in rows}
    for notice, submitted, withdrawn in rows:
        assert notice.sent_at is not None
        assert all(notice.sent_at < end for end in (submitted, withdrawn) if end is not None)
    assert len(rows) == vault.scalar(select(func.count()).select_from(MailboxMessage))


def test_nothing_is_left_for_the_clock_but_what_is_to_come(made: tuple[Config, Databases], library: Library) -> None:
    config, databases = made
    assert {} == dict(send_notices.run(databases, config, library, at=AT))


def test_a_second_study_is_being_designed_and_waits_for_wordings_and_a_permission(study: Session, library: Library):
    found = study.scalars(select(Study).where(Study.code == next_study.CODE)).one()
    assert found.live_at is None
    told = readiness(study, library, found.id, [next_study.LICENSED, INSTRUMENT], found.languages, AT.date())
    assert [
        ("wording-missing", "fr"),
        ("licence-expires", "fr"),
        ("wording-missing", "en"),
        ("permission-missing", "en"),
    ] == [(one.code, one.language) for one in told]
    assert [(12, 14)] == [(one.days_left, one.stage) for one in endings(register.permits(study), AT.date())]
