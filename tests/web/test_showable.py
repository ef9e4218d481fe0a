"""An instrument without a wording is refused where a visit would open it, with a sentence and no crash."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.config import Config
from app.errors import Refusal
from app.factory import create_app
from app.questionnaires.library import Library, load
from app.questionnaires.parse import parse_instrument
from app.web import showable
from tests.support import routed
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, page_text
from tests.support.instruments import changed
from tests.support.sheets import library
from tests.support.world import World

LINE = changed(routed.DEFINITION, "kind: rating", "kind: vas")
BY_FACT = changed(routed.DEFINITION, "ask_if: {answer: q1, gt: 1}}", "ask_if: {fact: sex, eq: male}}")


@pytest.mark.parametrize("definition", [routed.DEFINITION, LINE, BY_FACT])
def test_every_kind_and_what_depends_on_facts_can_be_answered_here(definition: str):
    assert showable.is_answerable_here(parse_instrument(definition, "definition.yaml"))


@pytest.mark.parametrize("key", ["eq-5d-5l@1.0", "eortc-qlq-c30@3.0", "not-there@1.0"])
def test_a_missing_wording_and_a_missing_instrument_are_refused(key: str):
    with pytest.raises(Refusal, match="not-answerable-here"):
        showable.refuse_unless_answerable(library(), ["weshare-core@1.0", key])


def test_our_own_instrument_is_drawn_with_all_its_scales():
    own = library().instrument("weshare-core@1.0")
    assert tuple(own.scales) == showable.drawn_scales(own)


def test_a_scale_with_another_range_is_not_drawn(tmp_path: Path):
    installed: Library = load(routed.install(tmp_path))
    assert ("PA", "QL") == showable.drawn_scales(installed.instrument(routed.KEY))


def test_a_visit_with_such_an_instrument_says_so_and_opens_nothing(
    config: Config, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Seen failing with 500 when begin() opened the sheet first."""
    monkeypatch.setattr("app.web.transaction.now", lambda: worlds.AT)
    folder = routed.install(tmp_path / "instruments", LINE)
    for wording in folder.rglob("wording.*"):
        wording.unlink()
    app = create_app(replace(config, instruments=folder))
    app.config.update(TESTING=True)
    alice: Any = app.test_client()
    worlds.sign_in(world, alice, "alice")
    home = alice.get("/account")
    visit = f"/visits/{worlds.occasion_key(world, 'alice')}"
    for refused in (alice.get(visit), alice.post(visit, data={"csrf_token": csrf_of(home)})):
        assert 422 == refused.status_code
        assert "WeShare yet" in page_text(refused) or "dans WeShare" in page_text(refused)
    app.extensions["weshare"].databases.close()
