"""S5: an unsafe request without this browser's own token is refused on every route, and nothing is stored."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import StudyBase, VaultBase, WarehouseBase
from app.web.access import access_of
from tests.support import stage
from tests.support.stage import Stage
from tests.support.world import AT, World

TOKENS = {"no token": "", "an invented token": "forged", "another browser's token": None}

BY_KEY = {
    "POST public_stop.stop",
    "POST investigator_batch_enrolment.bring",
    "POST investigator_batch_enrolment.redeem",
}
"""What mail programs send without ever having seen a page (RFC 8058), where a secret in the address says all; and the
vault's signed statement about a list, which it alone makes and which is good once, for whoever began that list."""


def test_only_what_is_listed_goes_without_a_token(app: Flask):
    """Seen failing with a second view declared so."""
    assert {name.split()[1] for name in BY_KEY} == {name for name in app.view_functions if access_of(app, name).by_key}


def stored(found: Stage) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, except the note of when a sign-in was last used."""
    rows = {}
    for base, session in ((StudyBase, found.world.study()), (VaultBase, found.world.vault())):
        with session:
            for table in base.metadata.sorted_tables:
                columns = [column for column in table.columns if column.name != "seen_at"]
                rows[table.name] = [tuple(row) for row in session.execute(select(*columns))]
    assert not WarehouseBase.metadata.tables, "the warehouse has tables now: compare them too"
    return rows


@pytest.mark.parametrize("kind", sorted(TOKENS))
@pytest.mark.parametrize("role", ["nobody", "alice", "bob", "dana"])
def test_nothing_is_stored_without_the_browsers_own_token(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, role: str, kind: str
):
    """Seen failing when protect() was taken out of the factory's guard, and for JSON when only forms were checked."""
    monkeypatch.setattr("app.web.transaction.now", lambda: AT)
    found = stage.build(app, world)
    client = stage.browser_of(found, role)
    other = stage.token_of(found.app.test_client())
    token = other if TOKENS[kind] is None else TOKENS[kind]
    before = stored(found)
    for row, method, address in stage.calls(found):
        if method == "GET" or row in BY_KEY:
            continue
        for sent in ({"data": {"csrf_token": token}}, {"json": {"item": "q1"}, "headers": {"X-CSRFToken": token}}):
            answer = client.open(address, method=method, **sent)
            assert answer.status_code in (400, 401, 404), (row, kind, answer.status_code)
    assert before == stored(found)
