"""R12, R14: a new version is asked about once, however many processes do it, and nobody who said anything is asked."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.config import Config
from app.consents import answers
from app.consents.answers import ANSWERS
from app.consents.models import ConsentVersion
from app.jobs import spread_news
from app.notices import outbox
from app.participants.models import Participant
from tests.consents.builders import publish
from tests.promises.conftest import trials
from tests.promises.test_r12_r13_senders import Storm, storm
from tests.promises.test_r14_answered_meanwhile import GRACE_S
from tests.support import senders
from tests.support.together import at_once
from tests.support.world import AT

pytestmark = pytest.mark.postgres
NOON = AT + timedelta(hours=1)
SUBJECT = "Votre étude demande votre accord"


def asked(found: Storm) -> list[str]:
    """To whom the question went."""
    return [address for address, mail in found.post.taken if mail["Subject"] == SUBJECT]


def publish_and_spread(found: Storm, monkeypatch: pytest.MonkeyPatch) -> int:
    """Everybody has had the invitation; three processes' worth of jobs spread one version in small batches."""
    office = found.office
    while office.run(AT):
        pass
    with office.world.study() as session:
        version = publish(session, office.world, at=NOON).id
        session.commit()
    monkeypatch.setattr(spread_news, "BATCH", 8)

    def spread() -> int:
        made, patience = 0, time.monotonic() + 60
        while time.monotonic() < patience:
            counts = spread_news.run(office.world.databases, office.world.config, office.library, at=NOON)
            made += counts["made"]
            with office.world.study() as session:
                if session.get_one(ConsentVersion, version).told_at is not None:
                    return made
        raise AssertionError("it is not told to everybody")

    with office.world.study() as session:
        mine = Participant.study_id == office.world.study_id
        people = len(list(session.scalars(select(Participant.id).where(mine))))
    assert people == sum(at_once([spread] * 3))
    waiting = Counter(one.participant_id for one in found.notices() if one.kind == "consent")
    assert (people, people) == (len(waiting), waiting.total())
    return version


def say_something(
    found: Storm, version_id: int, chance: random.Random, over: threading.Event, said: dict[str, float]
) -> None:
    """One after the other says one of the three things, at random, as the page does; and when that was."""
    with found.office.world.study() as session:
        mine = Participant.study_id == found.office.world.study_id
        people = dict(session.execute(select(Participant.pseudonym, Participant.id).where(mine)).all())
    waiting = sorted(people)
    chance.shuffle(waiting)
    for number, name in enumerate(waiting):
        if over.is_set():
            return
        with found.office.world.study() as session:
            version = session.get_one(ConsentVersion, version_id)
            participant = session.get_one(Participant, people[name])
            answers.answer(session, version, participant, ANSWERS[number % len(ANSWERS)], "fr", NOON)
            outbox.settle(session, participant.id, "consent")
            session.commit()
        said[f"{name.removeprefix('par-')}@example.org"] = time.monotonic()
        time.sleep(chance.random() * 0.02)


def test_two_processes_ask_each_once_and_nobody_a_second_after_an_answer(
    config: Config, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    """80 people by default, 1,000 with WESHARE_FULL=1.

    Seen failing with the answers not looked at when a message is claimed, and without the lock on the version.
    """
    with storm(config, postgres_url, people=trials(80, 1_000)) as found:
        version = publish_and_spread(found, monkeypatch)
        arrived: dict[str, float] = {}
        found.post.on_data = lambda address: arrived.setdefault(address, time.monotonic())
        said: dict[str, float] = {}
        over = threading.Event()
        chance = random.Random(15)  # noqa: S311 -- who answers when is no secret
        other = threading.Thread(target=say_something, args=(found, version, chance, over, said))
        running = [senders.begin(found.urls, found.office.world.config, NOON, lines=1) for _number in range(2)]
        other.start()
        for process in running:
            process.join()
        over.set()
        other.join()
        late = [name for name, at in arrived.items() if name in said and at > said[name] + GRACE_S]
        spared = [name for name in said if name not in arrived]
        print(f"{len(arrived)} asked, {len(said)} answered, {len(spared)} of them never asked")  # noqa: T201
        assert [] == late
        assert spared, "nobody was faster than the message"
        assert {1} == set(Counter(asked(found)).values())
        later = NOON + timedelta(days=20)
        while found.office.run(later):
            pass
        assert not set(said) & {address for address in asked(found) if asked(found).count(address) > 1}
        assert not set(spared) & set(asked(found))
