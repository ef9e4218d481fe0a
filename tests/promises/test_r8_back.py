"""R8: back, reload and links to a later question lose nothing that was entered, with scripts and without."""

from typing import Any

import pytest

from tests.support import world as worlds
from tests.support.browser_form import fields_of
from tests.support.world import World
from tests.web.patient.test_questionnaire import start


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.transaction.now", lambda: worlds.AT)


def answers_shown(client: Any, path: str) -> dict[str, str]:
    return {name: value for name, value in fields_of(client.get(path)).items() if name.startswith("answer-")}


def test_an_old_page_out_of_the_browsers_memory_still_changes_the_answer(client: Any, world: World):
    """Without scripts, back may show the very page that was sent, its hidden fields included; it is sent once more.

    Seen failing when a page's save was taken for a repeat because it carried the same request id.
    """
    worlds.sign_in(world, client, "alice")
    path = start(client)
    page = fields_of(client.get(path))
    for value in ("2", "3", "2", "2"):
        client.post(path, data={**page, "answer-q1": value, "go": "next"})
        assert {"answer-q1": value} == answers_shown(client, path)
