"""The figures for whoever runs the machine: behind a token, complete, and about nobody."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.notices import matters, outbox, staff_outbox
from app.notices.causes import CAUSES
from app.notices.models import Notice, StaffNotice
from app.participants.models import Participant
from tests.support.world import AT, World

Told = Callable[[], dict[str, float]]
ABOUT_STAFF = "weshare_staff_"


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The figures by name, as they are a quarter of an hour after the world was made."""
    monkeypatch.setattr("app.web.transaction.now", lambda: AT + timedelta(minutes=15))
    services = app.extensions["weshare"]
    app.extensions["weshare"] = replace(services, config=replace(services.config, metrics_token="secret"))

    def ask() -> dict[str, float]:
        lines = app.test_client().get("/metrics", headers={"Authorization": "Bearer secret"}).text.splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    return ask


def post(world: World, name: str, kind: str, state: str, minutes: int | None, **more: object) -> None:
    """A message to a professional that waits until so many minutes after the world was made."""
    with world.study() as session:
        staff_outbox.post(session, world.staff[name], kind, f"{state}:{minutes}", AT)
        notice = session.query(StaffNotice).order_by(StaffNotice.id.desc()).limit(1).one()
        notice.state, notice.waits_until = state, None if minutes is None else AT + timedelta(minutes=minutes)
        for field, value in more.items():
            setattr(notice, field, value)
        session.commit()


def test_they_are_there_only_for_whoever_has_the_token(app: Flask):
    """Seen failing when an unset token was equal to an empty one."""
    client = app.test_client()
    assert 404 == client.get("/metrics", headers={"Authorization": "Bearer "}).status_code
    services = app.extensions["weshare"]
    app.extensions["weshare"] = replace(services, config=replace(services.config, metrics_token="secret"))
    assert 404 == client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code
    assert 200 == client.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code


def test_messages_to_participants_are_counted_by_state_and_the_longest_waiting_look_has_its_age(
    told: Told, world: World
):
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        session.query(Participant).update({Participant.next_look_at: None})
        alice.next_look_at = AT + timedelta(minutes=5)
        facts = {"about": "visit:1", "channel": "email", "step": "invitation", "kind": "invitation"}
        failed = Notice(participant_id=alice.id, **facts, message_id="m", created_at=AT, ambiguous_at=AT)
        failed.state = outbox.FAILED
        session.add(failed)
        session.commit()
    found = told()
    assert (1, 0) == (found['weshare_notices{state="failed"}'], found['weshare_notices{state="sent"}'])
    assert (1, 600) == (found["weshare_notices_in_doubt"], found["weshare_oldest_due_seconds"])


def test_messages_to_professionals_are_counted_by_kind_and_state(told: Told, world: World):
    """Every kind in every state is there, also before the first. Seen failing with messages to participants alone."""
    assert {0.0} == {value for name, value in told().items() if name.startswith(ABOUT_STAFF)}
    post(world, "bob", staff_outbox.ALERT, outbox.FAILED, None, ambiguous_at=AT)
    post(world, "bob", staff_outbox.DIGEST, outbox.SENT, None)
    post(world, "dana", staff_outbox.DIGEST, outbox.SENT, None)
    found = {name: value for name, value in told().items() if name.startswith(ABOUT_STAFF)}
    kinds = [kind for kind, cause in CAUSES.items() if cause.is_for_staff]
    every = {f'weshare_staff_notices{{kind="{kind}",state="{state}"}}' for kind in kinds for state in outbox.STATES}
    assert every < set(found)
    assert {
        'weshare_staff_notices{kind="staff-alert",state="failed"}': 1,
        'weshare_staff_notices{kind="staff-digest",state="sent"}': 2,
        "weshare_staff_notices_in_doubt": 1,
    } == {name: value for name, value in found.items() if value}


def test_the_age_is_that_of_what_should_have_been_tried_first(told: Told, world: World):
    """Seen failing with the age of the last one, and with that of a message that waits for an hour still to come."""
    post(world, "bob", staff_outbox.ALERT, outbox.HELD, 60)
    assert 0 == told()["weshare_staff_oldest_due_seconds"]
    post(world, "bob", staff_outbox.CODE, outbox.DUE, 10)
    post(world, "dana", staff_outbox.CODE, outbox.LEASED, 5)
    assert 600 == told()["weshare_staff_oldest_due_seconds"]


def test_something_raised_of_which_no_message_was_made_ages_too(told: Told, world: World):
    """The job that makes them may stand still. Seen failing with the messages alone."""
    with world.study() as session:
        alice = session.get_one(Participant, world.participants["alice"])
        matters.raise_once(session, alice, matters.FAILED, "1", AT + timedelta(minutes=1))
        session.commit()
    assert 840 == told()["weshare_staff_oldest_due_seconds"]


def test_they_say_of_what_kind_and_state_and_nothing_of_whom(told: Told, world: World):
    """Seen failing with the study as a label."""
    post(world, "bob", staff_outbox.TEST, outbox.DUE, 0, study_id=world.study_id)
    names = " ".join(told())
    assert {"kind", "state"} == set(re.findall(r'(\w+)="', names))
    assert not re.search(r"bob|HORIZON", names)
