"""R4: saves that are repeated, re-ordered or sent at once store one revision each and always get the same answer."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.questionnaires.answers import BLANK, DECLINED, Said
from app.questionnaires.elements import ItemId
from app.responses import collect
from app.responses.collect import Given, Kept
from app.responses.models import Answer, AnswerSheet
from tests.promises.conftest import trials
from tests.support.production import Device, Site
from tests.support.sheets import open_sheet
from tests.support.together import at_once
from tests.support.world import AT, World

ITEMS = st.sampled_from([ItemId(item) for item in ("q1", "q2", "q3")])
ANSWERS: st.SearchStrategy[Said] = st.sampled_from(
    [1, 2, 3, 2.5, "words", "", "2026-05", (1, 3), (3, 1), DECLINED, BLANK]
)
GIVEN = st.builds(Given, ITEMS, ANSWERS, seen=st.integers(0, 4), is_old=st.booleans())
REQUESTS = st.lists(GIVEN, min_size=1, max_size=3, unique_by=lambda given: given.item)

Row = tuple[Said, int, str]
"""What the model keeps of a revision: the answer, the revision that its browser had seen, and the request's name."""


class Saves(RuleBasedStateMachine):
    """One sheet beside a model of it: for each item a list of revisions, to which saves append and nothing else."""

    def __init__(self, open_session: Callable[[], Session], world: World) -> None:
        super().__init__()
        self.session = open_session()
        self.world = world
        self.rows: dict[ItemId, list[Row]] = {}
        self.sent: list[tuple[str, list[Given]]] = []

    @initialize()
    def begin(self) -> None:
        self.opened = open_sheet(self.session, self.world, "alice")

    def teardown(self) -> None:
        self.session.close()

    @rule(given=REQUESTS)
    def save(self, given: list[Given]) -> None:
        """Something new from some page, old or young."""
        self.send(f"request-{len(self.sent)}", given)

    @rule(which=st.integers(0))
    def repeat(self, which: int) -> None:
        """A request that arrives once more, at once or long after others."""
        if self.sent:
            self.send(*self.sent[which % len(self.sent)])

    @rule(which=st.integers(0), given=REQUESTS)
    def take_the_name_of_another(self, which: int, given: list[Given]) -> None:
        """What no browser of ours does."""
        if self.sent:
            self.send(self.sent[which % len(self.sent)][0], given)

    @invariant()
    def stored_is_what_the_model_says(self) -> None:
        table = select(Answer).where(Answer.sheet_id == self.opened.sheet.id).order_by(Answer.item, Answer.revision)
        stored = [
            (row.item, row.revision, row.value, row.content, row.declined, row.seen, row.request_id)
            for row in self.session.scalars(table)
        ]
        assert self.expected_table() == stored

    def send(self, request_id: str, given: list[Given]) -> None:
        self.sent.append((request_id, given))
        assert self.expected(request_id, given) == self.actual(request_id, given)

    def actual(self, request_id: str, given: list[Given]) -> dict[ItemId, Kept] | str:
        try:
            kept = collect.save(self.session, self.opened, given, request_id, AT, "fr")
        except Refusal as refusal:
            return refusal.code
        return {one.item: one for one in kept}

    def expected(self, request_id: str, given: list[Given]) -> dict[ItemId, Kept] | str:
        before = {one.item: place for one in given if (place := self.place(one.item, request_id)) is not None}
        if before:
            is_same = all(one.item in before and self.answer(one.item, before[one.item]) == one.answer for one in given)
            return {item: self.kept(item, place) for item, place in before.items()} if is_same else "bad-request-id"
        if any(one.is_old and len(self.rows.get(one.item, [])) > one.seen for one in given):
            return "answered-elsewhere"
        for one in given:
            rows = self.rows.setdefault(one.item, [])
            rows.append((one.answer, min(one.seen, len(rows)), request_id))
        return {one.item: self.kept(one.item, len(self.rows[one.item]) - 1) for one in given}

    def place(self, item: ItemId, request_id: str) -> int | None:
        return next((place for place, row in enumerate(self.rows.get(item, [])) if row[2] == request_id), None)

    def answer(self, item: ItemId, place: int) -> Said:
        return self.rows[item][place][0]

    def kept(self, item: ItemId, place: int) -> Kept:
        answer, seen, _name = self.rows[item][place]
        is_conflict = seen < place and self.answer(item, place - 1) != answer
        return Kept(item, answer, place + 1, is_conflict)

    def expected_table(self) -> list[tuple[Any, ...]]:
        return [
            (item, place + 1, *columns(answer), answer is DECLINED, seen, name)
            for item in sorted(self.rows)
            for place, (answer, seen, name) in enumerate(self.rows[item])
        ]


def columns(answer: Said) -> tuple[int | None, Any]:
    """A whole number stands in a column of its own, every other kind as JSON beside it."""
    if isinstance(answer, int):
        return answer, None
    return None, None if answer in (DECLINED, BLANK) else list(answer) if isinstance(answer, tuple) else answer


def test_any_sequence_of_saves_does_what_a_plain_list_of_revisions_does(world: World):
    """60 sequences of 20 steps by default, 10 000 with WESHARE_FULL=1.

    Seen failing when the look-up of the request's name was taken out of save(), and when a repeat was answered with the
    newest revision instead of its own.
    """
    how = settings(max_examples=trials(60, 10_000), stateful_step_count=20, deadline=None)
    run_state_machine_as_test(lambda: Saves(world.study, world), settings=how)


def test_one_save_that_arrives_many_times_at_once_is_one_revision(site: Site):
    """Seen failing on PostgreSQL when a save did not lock its sheet."""
    [member] = site.crowd()
    with Device(site, member) as device:
        device.begin()
        copies = [device.same() for _ in range(8)]
        for number in range(trials(5, 200)):
            value = 1 + number % 4
            answers = at_once([partial(copy.save, "q1", value, f"save-{number:05}", number) for copy in copies])
            assert [(200, answers[0].text)] * 8 == [(answer.status_code, answer.text) for answer in answers]
            stored = {"item": "q1", "value": str(value), "revision": number + 1, "conflict": False}
            assert stored == {key: answers[0].json()[key] for key in stored}


def test_shuffled_repeats_from_several_devices_store_each_save_once(site: Site):
    """Every save is sent three times, in any order, by four devices at once."""
    [member] = site.crowd()
    order = random.Random(4)  # noqa: S311 -- a shuffle that can be repeated
    with Device(site, member) as device:
        sheet = device.begin()
        for round_ in range(trials(2, 50)):
            saves = [(f"q{number}", 1 + number % 4, f"round-{round_:03}-{number:02}") for number in range(1, 11)] * 3
            order.shuffle(saves)
            parts = [saves[start::4] for start in range(4)]
            answers = at_once([partial(save_all, device.same(), part) for part in parts])
            bodies: dict[str, set[str]] = {}
            for name, status, body in (one for part in answers for one in part):
                assert status == 200
                bodies.setdefault(name, set()).add(body)
            assert [1] * 10 == [len(found) for found in bodies.values()]
    with site.study.read() as session:
        rows = session.scalars(
            select(Answer.request_id).join(AnswerSheet).where(AnswerSheet.key == sheet.split("/")[-1])
        ).all()
    assert trials(2, 50) * 10 == len(rows) == len(set(rows))


def save_all(device: Device, saves: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    answers = [(name, device.save(item, value, name)) for item, value, name in saves]
    return [(name, answer.status_code, answer.text) for name, answer in answers]
