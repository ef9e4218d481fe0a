"""Messages to professionals over a real mail server: to whom, when, once, and never a word about anybody."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts import staff, staff_contacts
from app.accounts.models import Staff, StaffContact
from app.accounts.staff_contacts import Wishes
from app.jobs import tell_staff
from app.jobs.staff_words import WHAT
from app.notices import matters, outbox, staff_outbox
from app.notices.models import Matter, Notice, StaffNotice
from app.participants import excuses
from app.participants.models import OccasionRecord
from app.studies import notice_tests, studies
from app.studies.models import Appointment, ProtocolVersion, Site, Study
from tests.jobs.conftest import PostOffice
from tests.support import mail_server
from tests.support.mail_server import Post
from tests.support.world import AT

BOB, EVE = "bob@hospital.example", "eve@hospital.example"
MORNING = datetime(2026, 5, 5, 5, 0, tzinfo=UTC)
"""The day after, seven o'clock in Paris."""
OVERDUE = datetime(2026, 5, 20, 5, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """A post office whose messages go out by mail, and the server that takes them."""

    office: PostOffice
    post: Post

    def tell(self, at: datetime) -> dict[str, int]:
        world = self.office.world
        return dict(tell_staff.run(world.databases, world.config, self.office.library, at=at))

    def texts(self, address: str = BOB) -> list[str]:
        return [mail.get_body(("plain",)).get_content() for mail in self.post.to(address)]  # type: ignore[union-attr]

    def notices(self) -> list[StaffNotice]:
        with self.office.world.study() as session:
            return list(session.scalars(select(StaffNotice).order_by(StaffNotice.id)))

    def confirm(self, staff_id: int, address: str, hour: int = 7, *, digest: bool = True, alerts: bool = True) -> None:
        with self.office.world.study() as session:
            staff_contacts.give(session, staff_id, address)
            code = staff_contacts.make_code(session, staff_id, AT)
            staff_contacts.confirm(session, staff_id, code or "", AT)
            staff_contacts.prefer(session, staff_id, Wishes(digest, alerts, hour, "Europe/Paris"))
            session.commit()

    def at_alices_site(self, role: str = "site-staff", login: str = "eve") -> int:
        """Somebody who works at Alice's site alone, and wants alerts."""
        with self.office.world.study() as session:
            added = staff.add(session, login, login.title(), "a long enough password", AT)
            study = session.get_one(Study, self.office.world.study_id)
            site = session.get_one(Site, self.office.participant("alice", session).site_id)
            studies.appoint(session, added.id, study, role, site)
            session.commit()
            staff_id = added.id
        self.confirm(staff_id, f"{login}@hospital.example")
        return staff_id

    def login(self, staff_id: int) -> str:
        """Whose address that is."""
        with self.office.world.study() as session:
            return staff_contacts.address_of(session, staff_id) or ""

    def escalate(self, to: str) -> None:
        """The protocol has staff told five days after the notify day."""
        with self.office.world.study() as session:
            participant = self.office.participant("alice", session)
            version = session.get_one(ProtocolVersion, participant.protocol_version_id)
            document = json.loads(version.document)
            for visit in document["visits"]:
                visit["escalation"] = {"after": "P5D", "to": to}
            version.document = json.dumps(document)
            session.commit()


@pytest.fixture
def told(post_office: PostOffice) -> Iterator[Told]:
    """Bob's address is confirmed."""
    post = Post()
    with mail_server.running(post) as server:
        config = replace(post_office.world.config, mail=server)
        found = Told(PostOffice(replace(post_office.world, config=config), post_office.library), post)
        found.confirm(found.office.world.staff["bob"], BOB)
        yield found


def test_a_code_goes_to_the_address_that_waits_for_it_and_is_nowhere_in_the_database(told: Told):
    """Seen failing with the code made in the page, and kept until it was sent."""
    dana = told.office.world.staff["dana"]
    with told.office.world.study() as session:
        staff_contacts.give(session, dana, "dana@hospital.example")
        staff_outbox.post(session, dana, staff_outbox.CODE, "1", AT)
        session.commit()
    assert {"sent": 1} == told.tell(AT)
    (text,) = told.texts("dana@hospital.example")
    found = re.search(r"\b([a-z2-7]{4}-[a-z2-7]{4})\r\n", text)
    assert found
    with told.office.world.study() as session:
        assert found[1].replace("-", "") not in str([vars(row) for row in session.scalars(select(StaffContact))])
        staff_contacts.confirm(session, dana, found[1].upper(), AT + timedelta(minutes=29))
        assert "dana@hospital.example" == staff_contacts.address_of(session, dana)


def test_a_code_that_could_not_be_sent_for_half_an_hour_is_not_sent_any_more(told: Told):
    dana = told.office.world.staff["dana"]
    with told.office.world.study() as session:
        staff_contacts.give(session, dana, "dana@hospital.example")
        staff_outbox.post(session, dana, staff_outbox.CODE, "1", AT)
        session.commit()
    told.tell(AT + timedelta(minutes=31))
    assert [] == told.texts("dana@hospital.example")
    assert ["skipped"] == [one.state for one in told.notices()]


def test_a_professional_is_written_to_when_the_ways_in_change_and_what_changed_at_once_is_one_message(told: Told):
    """In French, as Bob reads; nothing is said of how to get in. Seen failing without the words for one of them."""
    bob = told.office.world.staff["bob"]
    with told.office.world.study() as session:
        session.get_one(Staff, bob).language = "fr"
        for number, what in enumerate(WHAT["fr"]):
            staff_outbox.post(session, bob, staff_outbox.CHANGED, f"{number}", AT, {"what": what})
        session.commit()
    assert {"sent": 1} == told.tell(AT)
    (text,) = told.texts()
    assert all(f"– {words}" in text for words in WHAT["fr"].values())
    assert WHAT["en"].keys() == WHAT["fr"].keys()
    assert "/staff/account" in text
    assert {} == told.tell(AT + timedelta(minutes=1))


@pytest.mark.parametrize("is_replaced", [True, False])
def test_the_address_of_before_is_told_and_then_forgotten(told: Told, is_replaced: bool):
    """Seen failing with the message sent to the new address, and with the old one kept."""
    bob = told.office.world.staff["bob"]
    with told.office.world.study() as session:
        staff_outbox.post(session, bob, staff_outbox.ADDRESS_CHANGED, "1", AT)
        if is_replaced:
            staff_contacts.give(session, bob, EVE)
            staff_contacts.confirm(session, bob, staff_contacts.make_code(session, bob, AT) or "", AT)
        else:
            staff_contacts.forget(session, bob)
        session.commit()
    assert {"sent": 1} == told.tell(AT)
    assert (1, 0) == (len(told.texts(BOB)), len(told.texts(EVE)))
    assert "aucun message n’y est envoyé" in told.texts(BOB)[0]
    with told.office.world.study() as session:
        contact = session.get_one(StaffContact, bob)
        assert (None, EVE if is_replaced else None) == (contact.former_address, contact.address)


def test_an_address_of_before_that_does_not_work_is_forgotten_too(told: Told):
    bob = told.office.world.staff["bob"]
    told.post.answers[BOB] = "550 No such user"
    with told.office.world.study() as session:
        staff_outbox.post(session, bob, staff_outbox.ADDRESS_CHANGED, "1", AT)
        staff_contacts.forget(session, bob)
        session.commit()
    assert {"bounced": 1} == told.tell(AT)
    with told.office.world.study() as session:
        assert session.get_one(StaffContact, bob).former_address is None


def test_a_message_that_failed_is_an_alert_that_says_nothing_about_anybody(told: Told):
    """Seen failing with the study's title in the subject."""
    told.post.answers["alice@example.org"] = "550 No such user"
    told.office.run(AT)
    assert {"raised": 1, "sent": 1} == told.tell(AT)
    (text,) = told.texts()
    assert "http://localhost/studies/HORIZON/messages" in text
    (mail,) = told.post.to(BOB)
    for word in ("H-001", "alice", "Alice", "550", "Étude HORIZON", "Centre 1"):
        assert word not in f"{mail['Subject']} {text}"
    assert {} == told.tell(AT + timedelta(hours=2))
    assert 1 == len(told.texts())


@pytest.mark.parametrize(
    ("kinds", "page"),
    [
        ((matters.CONSENT_TALK, matters.CONSENT_REFUSED), "consents"),
        ((matters.CONSENT_TALK, matters.FAILED), "messages"),
    ],
)
def test_who_does_not_agree_or_wants_to_talk_is_an_alert_that_leads_to_the_consents(
    told: Told, kinds: tuple[str, ...], page: str
):
    """Seen failing with every alert leading to the messages."""
    with told.office.world.study() as session:
        for kind in kinds:
            matters.raise_once(session, told.office.participant("alice", session), kind, "1", AT)
        session.commit()
    assert {"raised": 2, "sent": 1} == told.tell(AT)
    (text,) = told.texts()
    assert f"http://localhost/studies/HORIZON/{page}\r\n" in text
    assert "H-001" not in text


def test_an_address_that_bounced_for_good_is_raised_once_more_and_then_no_more(told: Told):
    told.post.answers["alice@example.org"] = "550 No such user"
    while (look := told.office.next_look("alice")) is not None:
        told.office.run(look)
    with told.office.world.study() as session:
        kinds = [one.kind for one in session.scalars(select(Matter).order_by(Matter.id))]
    assert (1, {matters.FAILED, matters.ADDRESS}) == (kinds.count(matters.ADDRESS), set(kinds))


def test_many_things_at_once_are_one_alert_and_the_next_comes_an_hour_later(told: Told):
    """Seen failing with a message for each thing."""
    told.confirm(told.office.world.staff["bob"], BOB, digest=False)
    for name in ("alice", "dora"):
        told.post.answers[f"{name}@example.org"] = "550 No such user"
    told.office.run(AT)
    assert {"raised": 2, "sent": 1} == told.tell(AT)
    assert 1 == len({one.message_id for one in told.notices()})
    told.office.run(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    later = datetime(2026, 5, 8, 7, 0, tzinfo=UTC)
    with told.office.world.study() as session:
        matters.raise_once(session, told.office.participant("alice", session), matters.FAILED, "x", later)
        session.commit()
    told.tell(later)
    with told.office.world.study() as session:
        matters.raise_once(session, told.office.participant("alice", session), matters.FAILED, "y", later)
        session.commit()
    told.tell(later + timedelta(minutes=1))
    assert 2 == len(told.texts())
    told.tell(later + timedelta(hours=1))
    assert 3 == len(told.texts())


def test_an_alert_that_another_process_is_sending_counts_for_the_hour_too(told: Told):
    """Seen failing with the distance kept only from alerts already sent: two processes wrote at the same instant."""
    with told.office.world.study() as session:
        alice = told.office.participant("alice", session)
        matters.raise_once(session, alice, matters.FAILED, "1", AT)
        bob = told.office.world.staff["bob"]
        staff_outbox.post(session, bob, staff_outbox.ALERT, "0", AT, study_id=alice.study_id)
        assert staff_outbox.claim(session, bob, staff_outbox.ALERT, AT)
        session.commit()
    assert {"raised": 1} == told.tell(AT)
    assert {"sent": 1} == told.tell(AT + outbox.LEASE)
    assert {"sent": 1} == told.tell(AT + outbox.LEASE + timedelta(hours=1))


@pytest.mark.parametrize(("to", "readers"), [("site-staff", [EVE]), ("investigator", [BOB])])
def test_a_visit_that_stays_unanswered_alerts_whom_the_protocol_names(told: Told, to: str, readers: list[str]):
    """Once, however often it is looked at. Seen failing with everybody told, and with one alert a look."""
    told.at_alices_site()
    told.escalate(to)
    told.office.run(AT)
    told.office.run(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    told.tell(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    with told.office.world.study() as session:
        told.office.participant("alice", session).next_look_at = AT
        session.commit()
    told.office.run(datetime(2026, 5, 9, 7, 0, tzinfo=UTC))
    told.tell(datetime(2026, 5, 9, 7, 0, tzinfo=UTC))
    with told.office.world.study() as session:
        assert 2 == len(list(session.scalars(select(Matter))))
    told_of_alice = [one for one in told.notices() if one.about.endswith(":1") and one.kind == staff_outbox.ALERT]
    assert readers == [told.login(one.staff_id) for one in told_of_alice]
    assert {"sent"} == {one.state for one in told.notices()}


def test_where_nobody_of_the_named_role_wants_alerts_the_others_are_told(told: Told):
    """Nothing is raised in vain. Seen failing with the role alone."""
    told.escalate("site-staff")
    told.office.run(AT)
    told.office.run(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    told.tell(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    assert 1 == len(told.texts())


def test_an_answered_visit_alerts_nobody(told: Told):
    told.escalate("investigator")
    told.office.run(AT)
    with told.office.world.study() as session:
        for name in ("alice", "dora"):
            who = told.office.participant(name, session)
            excuses.excuse(session, who, "M0", 1, "refused", AT)
        session.commit()
    told.office.run(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    told.tell(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))
    assert [] == told.texts()


def test_another_site_and_another_study_are_not_told(told: Told):
    """Seen failing without the site."""
    with told.office.world.study() as session:
        dora = told.office.participant("dora", session)
        matters.raise_once(session, dora, matters.FAILED, "1", AT)
        session.commit()
    told.at_alices_site()
    told.confirm(told.office.world.staff["charlie"], "charlie@hospital.example")
    told.tell(AT)
    assert ([1, 0, 0]) == [len(told.texts(one)) for one in (BOB, EVE, "charlie@hospital.example")]


def test_whoever_was_dismissed_since_or_wants_no_alerts_any_more_gets_none(told: Told):
    """Looked at again in the claiming transaction. Seen failing with the wish of the moment it was raised."""
    eve = told.at_alices_site()
    with told.office.world.study() as session:
        alice = told.office.participant("alice", session)
        for staff_id in (eve, told.office.world.staff["bob"]):
            staff_outbox.post(session, staff_id, staff_outbox.ALERT, "1", AT, study_id=alice.study_id)
        session.delete(session.scalars(select(Appointment).where(Appointment.staff_id == eve)).one())
        bob = session.get_one(StaffContact, told.office.world.staff["bob"])
        bob.alerts = False
        session.commit()
    told.tell(AT)
    assert ["skipped", "skipped"] == [one.state for one in told.notices()]
    assert [] == told.texts(EVE) + told.texts()


def make_overdue(told: Told) -> None:
    """Both visits of the study are past due, and one message has failed."""
    told.post.answers["alice@example.org"] = "550 No such user"
    told.office.run(AT)
    told.post.answers.clear()
    told.office.run(datetime(2026, 5, 8, 7, 0, tzinfo=UTC))


def test_the_digest_comes_once_a_day_at_its_hour_where_there_is_something_to_say(told: Told):
    """Seen failing with the day not claimed: it was counted anew each quarter of a minute from seven on."""
    told.confirm(told.office.world.staff["bob"], BOB, alerts=False)
    assert {} == told.tell(MORNING)
    make_overdue(told)
    just_before = OVERDUE - timedelta(seconds=1)
    assert "digests" not in told.tell(just_before)
    runs = [told.tell(OVERDUE + timedelta(minutes=minutes)) for minutes in (0, 1, 60, 600)]
    assert [1, 0, 0, 0] == [run.get("digests", 0) for run in runs]
    (text,) = told.texts()
    assert "HORIZON, Centre 1. Questionnaires en retard\u202f: 1. Messages non remis\u202f: 0." in text
    assert "HORIZON, Centre 2. Questionnaires en retard\u202f: 1. Messages non remis\u202f: 0." in text
    told.tell(OVERDUE + timedelta(days=1))
    assert 2 == len(told.texts())


def test_the_digest_counts_what_could_not_be_delivered_and_only_at_ones_own_sites(told: Told):
    """Seen failing with the figures of the whole study."""
    told.at_alices_site()
    make_overdue(told)
    with told.office.world.study() as session:
        for notice in session.scalars(select(Notice).where(Notice.state == "failed")):
            notice.tried_at = OVERDUE - timedelta(days=1)
        session.commit()
    told.tell(OVERDUE)
    (text,) = [one for one in told.texts(EVE) if "Centre" in one]
    assert "HORIZON, Centre 1. Questionnaires en retard\u202f: 1. Messages non remis\u202f: 1." in text
    assert "Centre 2" not in text


def test_there_is_no_digest_while_nothing_waits_and_none_for_whoever_wants_none(told: Told):
    """Seen failing with an empty digest each morning."""
    told.office.run(AT)
    assert {} == told.tell(MORNING)
    make_overdue(told)
    told.confirm(told.office.world.staff["bob"], BOB, digest=False, alerts=False)
    told.tell(OVERDUE)
    assert [] == told.texts()


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_the_days_on_which_clocks_change_there_is_one_digest_too(told: Told, day: date):
    """At two in the morning: an hour that is left out in March and comes twice in October."""
    told.confirm(told.office.world.staff["bob"], BOB, hour=2, alerts=False)
    make_overdue(told)
    with told.office.world.study() as session:
        for visit in session.scalars(select(OccasionRecord)):
            visit.due_at, visit.closes_at = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
        session.get_one(StaffContact, told.office.world.staff["bob"]).digest_on = None
        session.commit()
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
    for quarters in range(24 * 4):
        told.tell(midnight + timedelta(minutes=15 * quarters))
    sent = {one.about: one.sent_at for one in told.notices()}
    first = {date(2026, 3, 29): 1, date(2026, 10, 25): 0}[day]
    assert datetime(day.year, day.month, day.day, first, tzinfo=UTC) == sent[f"staff-digest:{day}"]


def test_not_now_is_tried_again_and_no_for_good_is_seen_on_ones_own_page(told: Told):
    with told.office.world.study() as session:
        participant = told.office.participant("alice", session)
        matters.raise_once(session, participant, matters.FAILED, "1", AT)
        session.commit()
    told.post.answers[BOB] = "451 Later"
    assert {"raised": 1, "later": 1} == told.tell(AT)
    told.post.answers[BOB] = "550 No such user"
    assert {"bounced": 1} == told.tell(AT + timedelta(minutes=5))
    (notice,) = told.notices()
    assert ("failed", "smtp-550", 2) == (notice.state, notice.problem, notice.attempts)


def test_a_sender_that_died_while_handing_over_is_found_out_and_the_message_keeps_its_name(told: Told):
    with told.office.world.study() as session:
        matters.raise_once(session, told.office.participant("alice", session), matters.FAILED, "1", AT)
        session.commit()
    told.post.drops.add(BOB)
    told.tell(AT)
    told.post.drops.clear()
    told.tell(AT + timedelta(minutes=5))
    first, second = told.post.to(BOB)
    (notice,) = told.notices()
    assert first["Message-ID"] == second["Message-ID"] == f"<{notice.message_id}@weshare.example>"
    assert ("sent", AT) == (notice.state, notice.ambiguous_at)


def test_a_test_counts_once_the_mail_server_has_taken_it(told: Told):
    """Seen failing with the test written down when it was asked for."""
    world = told.office.world
    facts = {"kind": "invitation", "channel": "email", "language": "en"}
    with world.study() as session:
        staff_outbox.post(session, world.staff["bob"], staff_outbox.TEST, "1", AT, facts, world.study_id)
        session.commit()
    told.post.answers[BOB] = "451 Later"
    told.tell(AT)
    with world.study() as session:
        assert {} == notice_tests.of_study(session, world.study_id)
    told.post.answers.clear()
    told.tell(AT + timedelta(minutes=5))
    (mail,) = told.post.to(BOB)
    assert ("[Test] A questionnaire is open for you", "en") == (mail["Subject"], mail["Content-Language"])
    assert "http://localhost/l/made-up" in told.texts()[0]
    with world.study() as session:
        tested = notice_tests.of_study(session, world.study_id)
    assert {("invitation", "email", "en"): world.staff["bob"]} == {key: one.tested_by for key, one in tested.items()}


def test_what_goes_to_a_telephone_is_tested_in_the_words_that_it_shows(told: Told):
    world = told.office.world
    facts = {"kind": "reminder", "channel": "sms", "language": "en"}
    with world.study() as session:
        staff_outbox.post(session, world.staff["bob"], staff_outbox.TEST, "1", AT, facts, world.study_id)
        session.commit()
    told.tell(AT)
    (text,) = told.texts()
    assert text.startswith("WeShare: your questionnaire is still open")


def test_without_a_mail_server_nothing_leaves_and_nothing_is_lost(told: Told):
    with told.office.world.study() as session:
        matters.raise_once(session, told.office.participant("alice", session), matters.FAILED, "1", AT)
        session.commit()
    config = replace(told.office.world.config, mode="production", mail=None)
    without = Told(PostOffice(replace(told.office.world, config=config), told.office.library), told.post)
    assert {"raised": 1} == without.tell(AT)
    assert {"sent": 1} == told.tell(AT)
