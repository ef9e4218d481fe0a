"""R12, R13, R14: news of studies goes to each account once, whoever is killed, and to nobody who has said no."""

import random
import time
from collections import Counter
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import update

from app.accounts import accounts
from app.accounts.models import Account
from app.announcements import approval, drafts
from app.announcements.drafts import Draft
from app.config import Config
from app.identity import people
from app.identity.identity import Identity
from app.identity.models import Pseudonym
from app.jobs import spread_news
from app.notices import outbox
from tests.announcements.builders import ANNOUNCEMENT
from tests.promises.conftest import trials
from tests.promises.test_r12_r13_senders import Storm, judge, storm
from tests.support import senders
from tests.support.together import at_once
from tests.support.world import AT

pytestmark = pytest.mark.postgres
NOON: Final = AT + timedelta(hours=1)
INVITED: Final = 3


def a_crowd_that_wants_news(found: Storm, number: int) -> None:
    """Citizens without any study, all reachable, told of one study by three who spread it at once."""
    world = found.office.world
    found.office.run(AT)
    with world.study() as session, world.vault() as vault:
        for count in range(number):
            name = f"acc-citizen{count}"
            person = people.enter(vault, Identity(f"citizen{count}@example.org", "C", "C"), "fr", None, AT)
            vault.add(Pseudonym(person_id=person.id, domain=people.ACCOUNT, value=name))
            accounts.ensure(session, name, AT)
            accounts.want_study_news(session, name, "fr", wanted=True)
        draft = Draft(ANNOUNCEMENT, audience="everybody")
        post = drafts.start(session, world.study_id, "trial", draft, world.staff["bob"], AT)
        approval.propose(session, post, ("fr", "en"), post.revision, world.staff["bob"], AT)
        approval.approve(session, post, ("fr", "en"), post.revision, world.staff["dana"], NOON)
        session.commit()
        vault.commit()

    def spread() -> int:
        made, counts = 0, Counter({"made": 1})
        while counts:
            counts = spread_news.run(world.databases, world.config, found.office.library, at=NOON)
            made += counts["made"]
        return made

    assert number >= sum(at_once([spread] * 3))
    spread()


def told(found: Storm) -> Counter[str]:
    """How often each citizen was written to."""
    return Counter(address for address, _mail in found.post.taken if address.startswith("citizen"))


def test_four_processes_tell_each_account_once_and_nobody_who_says_no_meanwhile(config: Config, postgres_url: str):
    """Two things see to the first: seen failing without both, the account's lock and the look at the lease. For those
    who say no, seen failing with the wish asked for at the claim only."""
    number = trials(60, 3_000)
    with storm(config, postgres_url, INVITED) as found:
        a_crowd_that_wants_news(found, number)
        running = [senders.begin(found.urls, found.office.world.config, NOON, lines=4) for _number in range(4)]
        while len(told(found)) < number // 3:
            time.sleep(0.002)
        with found.office.world.study() as session:
            session.execute(update(Account).values(study_news=False))
            session.commit()
        before = set(told(found))
        for process in running:
            process.join()
        # What was in the air at that instant: one message a line of each process.
        assert len(set(told(found)) - before) <= 16
        assert {1} == set(told(found).values())
        states = Counter(notice.state for notice in found.notices() if notice.account_pseudonym)
        assert {outbox.SENT: len(told(found)), outbox.SKIPPED: number - len(told(found))} == states


def test_a_killed_sender_loses_none_and_leaves_at_most_one_a_line_in_doubt(config: Config, postgres_url: str):
    """Seen failing with another name for the second try."""
    kills, chance = trials(4, 60), random.Random(17)  # noqa: S311 -- when to kill is no secret
    number = 30 * kills
    with storm(config, postgres_url, INVITED) as found:
        a_crowd_that_wants_news(found, number)
        running = [senders.begin(found.urls, found.office.world.config, NOON, lines=1) for _number in range(3)]
        killed = 0
        while killed < kills:
            taken, patience = len(told(found)), time.monotonic() + 30
            while len(told(found)) < taken + 8:
                assert time.monotonic() < patience, "nothing is sent any more"
                time.sleep(0.002)
            time.sleep(chance.random() * 0.02)
            victim = chance.randrange(3)
            killed += senders.kill(running[victim])
            running[victim] = senders.begin(found.urls, found.office.world.config, NOON, lines=1)
        for process in running:
            process.join()
        attempting = sum(notice.state == outbox.ATTEMPTING for notice in found.notices())
        later = NOON + outbox.LEASE
        found.office.run(later)
        while found.office.run(later + timedelta(minutes=6)):
            pass
        assert number == len(told(found))
        judge(found, killed, attempting)
