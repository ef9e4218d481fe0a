"""Two years of the demonstration, lived through in order: people enter, are written to, answer, leave, and read news.

Seeded: the same instant gives the same people, dates and answers. Nothing that is computed is made up here: states,
notices, scores and charts come from the program.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.config import Config
from app.db import Database, Databases
from app.demo import aurore, consents, life, news, next_study, outside, third_party
from app.demo.cast import ZONE, Character, Part, cast
from app.demo.design import protocol
from app.demo.founding import Founded, found
from app.demo.plans import Answering, answerings, leaves_at
from app.jobs import send_notices, spread_news
from app.questionnaires.library import Library
from app.scheduling.parse import parse_protocol

SEED = 20_260
MORNING, EVENING = time(9, 5), time(18, 5)

Progress = Callable[[int, int], None]
Act = tuple[datetime, int, Callable[[], None]]


def build(
    databases: Databases,
    config: Config,
    library: Library,
    at: datetime,
    progress: Progress = lambda _done, _all: None,
    seed: int = SEED,
) -> None:
    """Fill empty databases with the demonstration as it stands at ``at``. ``progress``: acts done, acts in all."""
    if databases.study is None or databases.vault is None:
        raise RuntimeError("the demonstration needs the study's database and the vault's")
    world = _World(databases, databases.study, databases.vault, config, library, at, seed, cast(at, seed))
    acts = sorted(world.acts(), key=lambda act: act[:2])
    for done, (_at, _order, act) in enumerate(acts, start=1):
        act()
        progress(done, len(acts))


@dataclass(slots=True)
class _World:
    """The databases while they are being filled, and who is where in them."""

    databases: Databases
    study: Database
    vault: Database
    config: Config
    library: Library
    at: datetime
    seed: int
    people: tuple[Character, ...]
    participants: dict[int, int] = field(default_factory=dict)
    posts: dict[datetime, int] = field(default_factory=dict)
    founded: Founded | None = None
    next_study: int = 0

    def acts(self) -> Iterator[Act]:
        """Everything that is going to happen; at one instant in the order of the numbers."""
        beginning = self.people[0].enrolled_at - timedelta(days=30)
        yield beginning, 0, partial(self._found, beginning)
        yield self.at - timedelta(days=5), 0, partial(self._design_another, self.at - timedelta(days=5))
        yield self.at - next_study.DESIGNED_SINCE, 0, self._plan
        yield self.at - timedelta(days=2), 6, self._look_after
        yield self.at - outside.REGISTERED_AGO, 1, self._register
        yield self.at - outside.APPROVED_AGO, 1, self._offer
        yield self.at - outside.PROPOSED_AGO, 3, self._propose
        yield self.at - consents.RENEWED_AGO, 0, partial(self._renew, self.at - consents.RENEWED_AGO)
        for who in self.people:
            yield from self._acts_of(who)
        for instant in self._ticks(self.people[0].enrolled_at):
            yield instant, 2, partial(self._tick, instant)
        for post in news.posts(self.at):
            yield post.at, 3, partial(self._write, post)
            if post.is_published:
                yield self.at, 5, partial(self._receive, post)

    def _acts_of(self, who: Character) -> Iterator[Act]:
        yield who.enrolled_at, 1, partial(self._enter, who)
        said = consents.answering(who, self.at, self.seed)
        if said is not None:
            yield said.at, 4, partial(self._say, who, said)
        leaving = leaves_at(who)
        if leaving is not None:
            yield leaving, 4, partial(self._leave, who, leaving)
        for planned in answerings(who, parse_protocol(protocol()), self.at, self.seed):
            if leaving is None or planned.at < leaving:
                yield planned.at, 4, partial(self._answer, who, planned)

    def _ticks(self, first: datetime) -> Iterator[datetime]:
        """When the clock ticks: every morning after the hour of the notices, every evening after enrolments; now."""
        day = first.astimezone(ZONE).date()
        while day <= self.at.astimezone(ZONE).date():
            for hour in (MORNING, EVENING):
                instant = datetime.combine(day, hour, ZONE)
                if instant < self.at:
                    yield instant
            day += timedelta(days=1)
        yield self.at

    def _found(self, at: datetime) -> None:
        def act(session: Session) -> None:
            self.founded = found(session, at)
            consents.found(session, self.founded, at)

        self._in_study(act)
        with self.vault.write() as vault:
            third_party.found(vault, at)
            vault.commit()

    def _design_another(self, at: datetime) -> None:
        self._in_study(lambda study: aurore.found(study, self._where.staff, at))

    def _plan(self) -> None:
        begun = self.at - next_study.DESIGNED_SINCE

        def act(study: Session) -> None:
            self.next_study = next_study.plan(study, self.library, self._where, begun, self.at)

        self._in_study(act)

    def _register(self) -> None:
        with self.vault.write() as vault:
            self._in_study(lambda study: outside.register(study, vault, self.at - outside.REGISTERED_AGO))
            vault.commit()

    def _offer(self) -> None:
        at = self.at - outside.APPROVED_AGO
        self._in_study(lambda study: outside.offer(study, self._where, self.next_study, at))

    def _propose(self) -> None:
        self._in_study(lambda study: outside.propose(study, self._where, self.at - outside.PROPOSED_AGO))

    def _enter(self, who: Character) -> None:
        with self.vault.write() as vault:
            self._in_study(lambda study: self._remember(who, life.enter(study, vault, self._where, who)))
            vault.commit()

    def _renew(self, at: datetime) -> None:
        self._in_study(lambda study: consents.renew(study, self._where, at))

    def _say(self, who: Character, planned: consents.Answering) -> None:
        participant = self.participants[who.number]
        self._in_study(lambda study: consents.answer(study, participant, who.language, planned))

    def _look_after(self) -> None:
        """The day before yesterday somebody had to be reached, and Alice asked for something about her data."""
        at = self.at - timedelta(days=2)
        alice = next(who for who in self.people if who.part is Part.ALICE)
        with self.vault.write() as vault:
            self._in_study(lambda study: third_party.look_after(study, vault, self.participants[alice.number], at))
            vault.commit()

    def _leave(self, who: Character, at: datetime) -> None:
        self._in_study(lambda study: life.leave(study, self.participants[who.number], self._where, at))

    def _answer(self, who: Character, planned: Answering) -> None:
        participant = self.participants[who.number]
        self._in_study(lambda study: life.answer(study, self.library, participant, who, planned, self.seed))

    def _write(self, planned: news.Planned) -> None:
        def act(session: Session) -> None:
            self.posts[planned.at] = news.write(session, self.library, self._where, planned)

        self._in_study(act)

    def _receive(self, planned: news.Planned) -> None:
        people = {self.participants[who.number]: who for who in self.people}
        post = self.posts[planned.at]
        self._in_study(lambda study: news.receive(study, people, post, planned.at, self.at, self.seed))

    def _tick(self, at: datetime) -> None:
        if self.posts or at >= self.at - consents.RENEWED_AGO:
            spread_news.run(self.databases, self.config, self.library, at=at)
        send_notices.run(self.databases, self.config, self.library, at=at)

    def _remember(self, who: Character, participant: int) -> None:
        self.participants[who.number] = participant

    def _in_study(self, act: Callable[[Session], None]) -> None:
        with self.study.write() as session:
            act(session)
            session.commit()

    @property
    def _where(self) -> Founded:
        if self.founded is None:
            raise LookupError("nothing was founded yet")
        return self.founded
