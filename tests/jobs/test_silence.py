"""Nobody is written to who has objected to it, or whose answers must not be used; afterwards messages go on."""

from datetime import timedelta

import pytest

from app.notices import tries
from app.participants.models import Participant
from app.rights import effects, requests
from tests.jobs.conftest import PostOffice
from tests.support.world import ACCOUNTS, AT


def take_effect(post_office: PostOffice, kind: str, effect: str) -> None:
    with post_office.world.study() as session:
        alice = session.get_one(Participant, post_office.world.participants["alice"])
        requests.ask(session, alice, kind, "", AT)
        case = requests.of_account(session, ACCOUNTS["alice"])[0]
        requests.advance(session, case, requests.GRANTED, "Granted.", "staff:1", AT, effect)
        session.commit()


def lift(post_office: PostOffice) -> None:
    with post_office.world.study() as session:
        case = requests.of_account(session, ACCOUNTS["alice"])[0]
        requests.advance(session, case, requests.LIFTED, "Lifted.", "staff:1", AT + timedelta(hours=1))
        session.commit()


def to_alice(post_office: PostOffice) -> int:
    return [name for name, _message in post_office.messages()].count("Alice")


@pytest.mark.parametrize(
    ("kind", "effect"), [("objection", effects.CONTACT), ("objection", effects.USE), ("restriction", effects.USE)]
)
def test_nothing_is_sent_while_it_holds_and_messages_go_on_when_it_is_lifted(
    post_office: PostOffice, kind: str, effect: str
):
    """Seen failing when the timeline did not know of it."""
    take_effect(post_office, kind, effect)
    post_office.run(AT)
    assert 0 == to_alice(post_office)
    lift(post_office)
    post_office.run(AT + timedelta(hours=1))
    assert 1 == to_alice(post_office)


def test_it_holds_for_a_message_that_was_claimed_before(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch):
    """Granted between the claim and the sending. Seen failing when only the claim looked."""
    begin = tries.begin

    def meanwhile(session, message_id, at):
        alice = session.get_one(Participant, post_office.world.participants["alice"])
        alice.contact_stopped_at = AT
        session.flush()
        return begin(session, message_id, at)

    monkeypatch.setattr(tries, "begin", meanwhile)
    post_office.run(AT)
    assert 0 == to_alice(post_office)
