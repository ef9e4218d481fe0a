"""R14: whoever has answered or left a second before is not written to, at whatever instant it happens."""

import random
import threading
import time

import pytest
from sqlalchemy import select

from app import once
from app.config import Config
from app.participants.enrol import withdraw
from app.participants.models import OccasionRecord, Participant
from tests.promises.conftest import trials
from tests.promises.test_r12_r13_senders import Storm, storm
from tests.support import senders
from tests.support.world import AT

pytestmark = pytest.mark.postgres
GRACE_S = 1.0


def settle_some(found: Storm, chance: random.Random, over: threading.Event, settled: dict[str, float]) -> None:
    """Answer for one, let another leave, at random, until everything is sent; and keep when each was committed."""
    with found.office.world.study() as session:
        people = dict(session.execute(select(Participant.pseudonym, Participant.id)).all())
    waiting = sorted(people)
    chance.shuffle(waiting)
    for number, name in enumerate(waiting):
        if over.is_set():
            return
        with found.office.world.study() as session:
            participant = session.get_one(Participant, people[name], with_for_update=True)
            if number % 2:
                withdraw(participant, AT)
            else:
                mine = OccasionRecord.participant_id == participant.id
                # A sender may be making the same record at this instant.
                once.insert(session, OccasionRecord(key=name[:32], participant_id=participant.id, visit_key="M0"))
                visit = session.scalars(select(OccasionRecord).where(mine)).one()
                visit.submitted_at = visit.submitted_at or AT
            session.commit()
        settled[f"{name.removeprefix('par-')}@example.org"] = time.monotonic()
        time.sleep(chance.random() * 0.02)


def test_nobody_is_written_to_a_second_after_answering_or_leaving(config: Config, postgres_url: str):
    """80 due by default, 2,000 with WESHARE_FULL=1. Seen failing with the facts of the run's beginning."""
    with storm(config, postgres_url, people=trials(80, 2000)) as found:
        arrived: dict[str, float] = {}
        found.post.on_data = lambda address: arrived.setdefault(address, time.monotonic())
        settled: dict[str, float] = {}
        over = threading.Event()
        other = threading.Thread(target=settle_some, args=(found, random.Random(14), over, settled))  # noqa: S311
        running = [senders.begin(found.urls, found.office.world.config, AT, lines=1) for _number in range(2)]
        other.start()
        for process in running:
            process.join()
        over.set()
        other.join()
        late = [name for name, at in arrived.items() if name in settled and at > settled[name] + GRACE_S]
        spared = [name for name in settled if name not in arrived]
        print(f"{len(arrived)} sent, {len(settled)} settled, {len(spared)} of them never written to")  # noqa: T201
        assert [] == late
        assert spared, "nothing happened before its message: the test has shown nothing"
