"""The audit trail of the study side."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import AuditEntry
from tests.support.people import NOON


def test_an_act_is_written_down_with_who_what_when_and_in_which_request(study: Session) -> None:
    trail.record(study, NOON, "account:alice", "account.signed-in", "account:alice", {"through": "vault"}, "abc")
    study.commit()
    entry = study.scalars(select(AuditEntry)).one()
    assert (entry.at, entry.actor, entry.action, entry.subject) == (
        NOON,
        "account:alice",
        "account.signed-in",
        "account:alice",
    )
    assert (entry.facts, entry.request_id) == ({"through": "vault"}, "abc")


def test_an_act_without_facts_has_an_empty_set_of_them(study: Session) -> None:
    trail.record(study, NOON, "system", "clock.ticked", "study:demo")
    study.commit()
    entry = study.scalars(select(AuditEntry)).one()
    assert (entry.facts, entry.request_id) == ({}, None)
