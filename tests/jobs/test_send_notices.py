"""The right message, once, to whoever may still be asked."""

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from app.accounts import accounts
from app.config import Config
from app.identity.carriage import Fate, Receipt
from app.identity.models import Pseudonym
from app.jobs import handing, letters
from app.jobs.handing import Done
from app.jobs.letters import Letter
from app.jobs.shift import PAUSE
from app.notices import outbox
from app.participants import links
from app.participants.enrol import Enrolment, enrol, record_event, withdraw
from app.questionnaires.library import Library
from app.studies.models import ProtocolVersion, Site
from tests.jobs.conftest import Arrived, PostOffice, into_the_vault
from tests.support import tables
from tests.support import world as worlds
from tests.support.tables import connected
from tests.support.world import AT

# Enrolled on 4 May after an inclusion on 1 May: the invitation is due at once, the reminder on 8 May at 9 in Paris.
REMINDER = datetime(2026, 5, 8, 7, 0, tzinfo=UTC)
CLOSES = datetime(2026, 5, 29, 22, 0, tzinfo=UTC)


DELIVERED = Receipt(Fate.DELIVERED, "mailbox")


def hand_over(post_office: PostOffice, letter: Letter, at: datetime) -> None:
    """As far as the courier, and nobody writes down that it arrived."""
    assert handing.pass_on(post_office.office, None, letter, at)
    assert DELIVERED == handing.hand_over(post_office.office, {}, letter, None, at)


def link_in(message: Arrived) -> str:
    """The token of the link in a message."""
    found = re.search(r"http://localhost/l/([\w-]+)", message.text)
    assert found, message.text
    return found[1]


def test_whoever_is_due_gets_one_message_with_a_link_that_opens_the_visit(post_office: PostOffice) -> None:
    post_office.run(AT)
    mine = [message for name, message in post_office.messages() if name == "Alice"]
    assert ["Un questionnaire est ouvert pour vous"] == [message.subject for message in mine]
    with post_office.world.study() as session:
        opened = links.find(session, link_in(mine[0]), AT)
    assert ("M0", "par-alice") == (opened.occasion.visit_key, opened.participant.pseudonym)


def test_what_became_of_it_is_written_down(post_office: PostOffice) -> None:
    post_office.run(AT)
    notice = post_office.notices("alice")[0]
    assert ("invitation", outbox.SENT, AT) == (notice.step, notice.state, notice.sent_at)
    with post_office.world.study() as session:
        visit = post_office.occasions("alice", session)[0]
    assert (AT, AT) == (visit.made_available_at, visit.notified_at)


def test_a_second_run_sends_nothing_again(post_office: PostOffice) -> None:
    first, second = post_office.run(AT), post_office.run(AT)
    assert (3, 3) == (first["looked"], first["sent"])
    assert {} == second
    assert 3 == len(post_office.messages())


def test_the_next_look_is_when_the_next_message_is_due(post_office: PostOffice) -> None:
    post_office.run(AT)
    assert REMINDER == post_office.next_look("alice")
    assert {} == post_office.run(REMINDER - timedelta(seconds=1))
    assert 3 == post_office.run(REMINDER)["sent"]


def test_the_message_is_in_the_language_chosen_on_the_account(post_office: PostOffice) -> None:
    """Seen failing with the language of the enrolment."""
    with post_office.world.study() as session:
        accounts.set_language(session, "acc-alice", "en")
        session.commit()
    post_office.run(AT)
    languages = {name: message.language for name, message in post_office.messages()}
    assert {"Alice": "en", "Dora": "fr", "Charlie": "fr"} == languages


def test_nobody_is_reminded_of_what_they_have_sent(post_office: PostOffice) -> None:
    """Seen failing without the facts of the claiming transaction: the second look spared her, but it was claimed."""
    post_office.run(AT)
    with post_office.world.study() as session:
        post_office.occasions("alice", session)[0].submitted_at = REMINDER - timedelta(seconds=1)
        session.commit()
    post_office.run(REMINDER)
    assert ["Charlie", "Dora"] == [name for name, message in post_office.messages() if message.delivered_at == REMINDER]
    assert ["invitation"] == [notice.step for notice in post_office.notices("alice")]


def test_nobody_is_written_to_after_leaving_the_study(post_office: PostOffice) -> None:
    """Even with a hint left behind, as a race would leave it. Seen failing with the withdrawal not passed on."""
    post_office.run(AT)
    with post_office.world.study() as session:
        participant = post_office.participant("alice", session)
        withdraw(participant, AT)
        participant.next_look_at = AT
        session.commit()
    post_office.run(REMINDER)
    assert ["Charlie", "Dora"] == [name for name, message in post_office.messages() if message.delivered_at == REMINDER]
    assert ["invitation"] == [notice.step for notice in post_office.notices("alice")]
    assert post_office.next_look("alice") is None


def test_after_a_pause_of_the_sender_only_the_latest_step_goes_out(post_office: PostOffice) -> None:
    post_office.run(REMINDER)
    steps = {notice.step: notice.state for notice in post_office.notices("alice")}
    assert {"invitation": outbox.SKIPPED, "reminder-1": outbox.SENT} == steps


def test_a_message_whose_sender_died_before_handing_it_over_goes_out_when_its_lease_ends(
    post_office: PostOffice,
) -> None:
    """Seen failing with claims that never end."""
    left = letters.claim(post_office.office, [post_office.world.participants["alice"]], AT)
    assert 1 == len(left)
    post_office.run(AT)
    assert ["Charlie", "Dora"] == [name for name, _message in post_office.messages()]
    post_office.run(AT + outbox.LEASE)
    assert ["Charlie", "Dora", "Alice"] == [name for name, _message in post_office.messages()]


def test_a_message_whose_sender_died_after_handing_it_over_arrives_once_and_its_link_works(
    post_office: PostOffice,
) -> None:
    """Seen failing with a new message id for the second try, and with a link made after the first delivery."""
    (letter,) = letters.claim(post_office.office, [post_office.world.participants["alice"]], AT)
    hand_over(post_office, letter, AT)
    later = AT + outbox.LEASE
    post_office.run(later)
    (mine,) = [message for name, message in post_office.messages() if name == "Alice"]
    with post_office.world.study() as session:
        assert "M0" == links.find(session, link_in(mine), later).occasion.visit_key
    assert [outbox.SENT] == [notice.state for notice in post_office.notices("alice")]
    assert REMINDER == post_office.next_look("alice")


def test_a_claim_that_is_no_longer_wanted_is_written_off(post_office: PostOffice) -> None:
    """The sender died, then the participant answered: nothing is sent. Seen failing without a look at the facts."""
    letters.claim(post_office.office, [post_office.world.participants["alice"]], AT)
    with post_office.world.study() as session:
        post_office.occasions("alice", session)[0].submitted_at = AT + timedelta(minutes=1)
        session.commit()
    post_office.run(AT + outbox.LEASE)
    assert "Alice" not in [name for name, _message in post_office.messages()]
    assert [outbox.SKIPPED] == [notice.state for notice in post_office.notices("alice")]


def test_one_that_may_have_left_and_is_no_longer_wanted_is_unknown(post_office: PostOffice) -> None:
    """The sender died while handing it over, then the participant answered. Seen failing with it called skipped."""
    (letter,) = letters.claim(post_office.office, [post_office.world.participants["alice"]], AT)
    assert handing.pass_on(post_office.office, None, letter, AT)
    with post_office.world.study() as session:
        post_office.occasions("alice", session)[0].submitted_at = AT + timedelta(minutes=1)
        session.commit()
    post_office.run(AT + outbox.LEASE)
    (notice,) = post_office.notices("alice")
    assert (outbox.UNKNOWN, AT + outbox.LEASE) == (notice.state, notice.ambiguous_at)


def test_one_participant_who_cannot_be_reached_stops_nobody_and_is_tried_again(post_office: PostOffice) -> None:
    """Seen failing without the hint being pushed on: the same look again at once, for ever."""
    with post_office.world.vault() as session:
        session.execute(delete(Pseudonym).where(Pseudonym.value == "par-alice"))
        session.commit()
    assert {"looked": 3, "sent": 2, "failed": 1} == post_office.run(AT)
    assert AT + PAUSE == post_office.next_look("alice")
    with post_office.world.vault() as session:
        session.execute(delete(Pseudonym))
        into_the_vault(session, "alice2")
        session.flush()
        session.scalars(select(Pseudonym)).one().value = "par-alice"
        session.commit()
    assert {"looked": 1, "sent": 1} == post_office.run(AT + PAUSE)


def test_a_broken_time_zone_is_one_participants_trouble(
    post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    with post_office.world.study() as session:
        post_office.participant("alice", session).time_zone = "Mars/Olympus"
        session.commit()
    assert {"looked": 3, "sent": 2, "failed": 1} == post_office.run(AT)
    assert "notice failed" in capsys.readouterr().out


def test_a_date_corrected_while_a_message_is_under_way_is_looked_at(post_office: PostOffice) -> None:
    """Seen failing with a hint computed at the claim: the new date would have waited for the old reminder."""
    (letter,) = letters.claim(post_office.office, [post_office.world.participants["alice"]], AT)
    hand_over(post_office, letter, AT)
    with post_office.world.study() as session:
        record_event(session, post_office.participant("alice", session), "inclusion", date(2026, 5, 2), AT, "staff:1")
        session.commit()
    handing.pass_on(post_office.office, Done(letter, DELIVERED), None, AT)
    handing.look_again(post_office.office, letter.participant_ids, AT)
    assert REMINDER + timedelta(days=1) == post_office.next_look("alice")


def test_a_visit_that_opens_is_made_available_before_anybody_is_told(post_office: PostOffice) -> None:
    post_office.run(AT)
    m3_opens = datetime(2026, 7, 24, 22, 0, tzinfo=UTC)
    post_office.run(CLOSES)
    assert m3_opens == post_office.next_look("alice")
    post_office.run(m3_opens)
    with post_office.world.study() as session:
        second = post_office.occasions("alice", session)[1]
    assert ("M3", m3_opens, None) == (second.visit_key, second.made_available_at, second.notified_at)


def test_no_log_line_holds_the_words_of_a_message(post_office: PostOffice, capsys: pytest.CaptureFixture[str]) -> None:
    """Seen failing with the error's own words in the line: SQLAlchemy quotes every value."""
    with post_office.world.vault() as session:
        session.connection().exec_driver_sql("DROP TABLE mailbox_message")
        session.commit()
    assert 3 == post_office.run(AT)["failed"]
    written = "".join(capsys.readouterr())
    assert "notice failed" in written
    assert "Bonjour" not in written
    assert "http" not in written


def test_processes_that_tick_at_the_same_instant_send_each_message_once(
    post_office_on_each_engine: PostOffice,
) -> None:
    """Seen failing on PostgreSQL without the lock and the unique key; either of them is enough.

    The second message, because making the visit available is unique too and would hide a double of the first.
    """
    post_office = post_office_on_each_engine
    add_people(post_office, 30)
    post_office.run(AT)
    barrier = threading.Barrier(4)
    sent: list[int] = []

    def work() -> None:
        post_office.run(AT)  # opens this thread's connections
        barrier.wait()
        sent.append(post_office.run(REMINDER).get("sent", 0))

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    readers = [message.person_id for _name, message in post_office.messages() if message.delivered_at == REMINDER]
    assert 33 == len(readers) == len(set(readers))
    assert 33 == sum(sent)


@pytest.mark.postgres
def test_a_participant_whom_another_process_is_looking_at_is_left_to_it(
    config: Config, library: Library, postgres_url: str
) -> None:
    """Seen failing without SKIP LOCKED (it waits) and without the lock (it claims too)."""
    with tables.databases(postgres_url) as ready:
        databases = connected(ready)
        post_office = PostOffice(worlds.build(config, databases), library)
        alice = post_office.world.participants["alice"]
        with post_office.world.study() as other:
            assert letters.locked(other, [alice], AT)[1]
            assert [] == letters.claim(post_office.office, [alice], AT)
        databases.close()


def add_people(post_office: PostOffice, number: int, at: datetime = AT) -> None:
    """More participants of Alice's study, all with an invitation due, all reachable."""
    included = at.date() - timedelta(days=3)
    with post_office.world.study() as session, post_office.world.vault() as vault:
        alice = post_office.participant("alice", session)
        site, protocol = (
            session.get_one(Site, alice.site_id),
            session.get_one(ProtocolVersion, alice.protocol_version_id),
        )
        for count in range(number):
            name = f"person{count}"
            accounts.ensure(session, f"acc-{name}", at)
            who = Enrolment(f"par-{name}", f"acc-{name}", f"X-{count}", "fr", "Europe/Paris")
            record_event(session, enrol(session, site, None, protocol, who, at), "inclusion", included, at, "system")
            into_the_vault(vault, name, at)
        session.commit()
        vault.commit()
