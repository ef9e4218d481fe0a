"""A failed try and a sign-in of the same person at the same instant: neither waits for the other crosswise."""

import threading
import time

import pytest
from flask import Flask, g

from app.accounts import staff
from app.accounts.models import Staff
from app.audit import trail
from app.identity import ledger, operators
from app.identity.sign_in_models import Operator
from app.web.investigator import proving
from app.web.request import Request
from app.web.vault import operator_proving
from tests.support.world import AT, World


@pytest.mark.parametrize("side", ["professional", "operator"])
def test_a_failed_try_waits_for_a_sign_in_and_is_counted_after_it(
    either_app: Flask, either_world: World, side: str
) -> None:
    """Seen failing with operators counted before the ledger: PostgreSQL ended one of the two, and a try was lost."""
    with either_world.vault() as session:
        olga = operators.add(session, "olga", "Olga", "a long password of somebody", AT).id
        session.commit()
    who, model, note, opened = {
        "professional": (either_world.staff["bob"], Staff, proving.TRIES.note_wrong_code, either_world.study),
        "operator": (olga, Operator, operator_proving.TRIES.note_wrong_code, either_world.vault),
    }[side]
    with either_app.test_request_context("/"):
        g.weshare = Request(either_app.extensions["weshare"], id="s3", at=AT, language="en")
        answer = note("not this one", who)
    failing = threading.Thread(target=answer.close)
    with opened() as session:
        if side == "operator":
            ledger.record(session, AT, f"operator:{who}", "operator.signed-in", f"operator:{who}")
        else:
            trail.record(session, AT, f"staff:{who}", "staff.signed-in", f"staff:{who}")
        failing.start()
        time.sleep(0.5)  # by now it waits
        taken = (operators if side == "operator" else staff).take_failures(session, who)
        session.commit()
    failing.join(20)
    with opened() as session:
        assert (0, 1) == (taken, session.get_one(model, who).failed_tries)
