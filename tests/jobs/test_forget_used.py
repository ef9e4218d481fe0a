"""What counts once counts once before and after its mark is removed: only what has expired is forgotten."""

from datetime import datetime, timedelta

import jwt
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import once
from app.accounts import assertions, passkeys, tickets
from app.accounts.models import UsedAssertion
from app.errors import Refusal
from app.identity import assertions as vault_assertions
from app.identity import operator_passkeys, operator_resets, operators, steps
from app.identity import passkeys as vault_passkeys
from app.identity import tickets as vault_tickets
from app.identity.models import UsedTicket
from app.identity.sign_in_models import MailedLink, OperatorResetLink, PersonStep
from app.identity.steps import CODE, Step
from app.jobs import forget_used
from app.jobs.table import JOBS
from app.web import challenges
from tests.support.sheets import library
from tests.support.signing_in import a_browser, ask_for_link, known_to_the_vault
from tests.support.world import ACCOUNTS, AT, World

STATE = "s" * 32


def clean(world: World, at: datetime) -> dict[str, int]:
    return dict(forget_used.run(world.databases, world.config, library(), at=at))


def accept(world: World, token: str, at: datetime) -> str:
    """What the study side says to an assertion: "in", or why not."""
    with world.study() as session:
        try:
            key, place = world.config.assertion_public_key or "", world.config.public_url
            assertions.accept(session, token, key, place, STATE, at)
        except Refusal as refusal:
            return str(refusal.facts["reason"])
        session.commit()
        return "in"


def test_an_assertion_is_refused_just_before_and_just_after_its_mark_is_removed(world: World) -> None:
    """Seen failing (the second one let in) with marks removed while the assertion was still good."""
    key = world.config.assertion_private_key or ""
    token = vault_assertions.issue(key, ACCOUNTS["alice"], world.config.public_url, STATE, AT)
    ends = expiry(world, token)
    assert "in" == accept(world, token, AT)
    assert {} == clean(world, AT)
    assert "used" == accept(world, token, AT)
    last = ends - timedelta(microseconds=1)
    assert {} == clean(world, last)
    assert "used" == accept(world, token, last)
    gone = ends + forget_used.KEPT + timedelta(microseconds=1)
    assert "time" == accept(world, token, gone)
    assert {"used_assertion": 1} == clean(world, gone)
    assert "time" == accept(world, token, gone)


def expiry(world: World, token: str) -> datetime:
    read = jwt.decode(token, options={"verify_signature": False})
    assert world.config
    return datetime.fromtimestamp(read["exp"], AT.tzinfo)


def test_a_ticket_is_refused_just_before_and_just_after_its_mark_is_removed(world: World) -> None:
    """Seen failing with marks removed at once."""
    config = world.config
    token = tickets.issue(config.ticket_private_key or "", tickets.ERASURE, "k" * 22, {}, config.vault_url, AT)

    def use(at: datetime) -> str:
        with world.vault() as session:
            try:
                key = config.ticket_public_key or ""
                ticket = vault_tickets.read(token, key, tickets.ERASURE, config.vault_url, at)
                vault_tickets.use_up(session, ticket)
            except Refusal as refusal:
                return refusal.code
            session.commit()
            return "used up"

    ends = AT + tickets.LIFETIMES[tickets.ERASURE]
    assert ["used up", "ticket-used"] == [use(AT), use(AT)]
    last = ends - timedelta(microseconds=1)
    assert {} == clean(world, last)
    assert "ticket-used" == use(last)
    gone = ends + forget_used.KEPT + timedelta(microseconds=1)
    assert {"used_ticket": 1} == clean(world, gone)
    assert "ticket-expired" == use(gone)


def test_a_step_and_both_kinds_of_links_open_nothing_once_their_rows_are_gone(app: Flask, world: World) -> None:
    """Nor before: they are over when they are removed, used or not."""
    known_to_the_vault(world)
    ask_for_link(a_browser(app))
    with world.vault() as session:
        key = steps.begin(session, Step(1, CODE, STATE, "signed-in", False), AT)
        olga = operators.add(session, "olga", "Olga", "a long password of hers", AT)
        token = operator_resets.make(session, olga.id, AT)
        session.commit()
    assert {} == clean(world, AT + timedelta(days=1))
    late = datetime.now(AT.tzinfo) + timedelta(days=3)
    assert {"person_step": 1, "mailed_link": 1, "operator_reset_link": 1} == clean(world, late)
    with world.vault() as session:
        assert steps.find(session, key, AT) is None
        with pytest.raises(Refusal):
            operator_resets.find(session, token, AT)
        assert [0, 0, 0] == [count(session, model) for model in (PersonStep, MailedLink, OperatorResetLink)]


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_at_most_so_many_go_at_once_the_oldest_first_and_a_full_run_asks_for_the_next(world: World) -> None:
    """Seen failing with is_full never true."""
    with world.study() as session:
        for number in range(5):
            once.insert(session, UsedAssertion(identifier=f"{number}", expires_at=AT + timedelta(minutes=number)))
        assert 3 == once.forget(session, UsedAssertion, AT + timedelta(minutes=4), 3)
        assert {"3", "4"} == set(session.scalars(select(UsedAssertion.identifier)))
        assert 1 == once.forget(session, UsedAssertion, AT + timedelta(minutes=4), 3)
    job = JOBS["forget-used"]
    assert not job.is_full(forget_used.Counter({"used_ticket": forget_used.BATCH - 1}))
    assert job.is_full(forget_used.Counter({"used_ticket": forget_used.BATCH}))


def test_what_marks_a_passkeys_challenge_outlives_the_challenge() -> None:
    """The cookie that holds one is refused for its age long before."""
    for kept in (passkeys, vault_passkeys, operator_passkeys):
        assert kept.KEEPS_CHALLENGES > challenges.LIFETIME
    assert UsedTicket.__tablename__ in [model.__tablename__ for model in forget_used.OF_THE_VAULT]
