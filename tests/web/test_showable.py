"""An instrument that the pages cannot show is refused where a visit would open it, with a sentence and no crash."""

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


def test_choices_and_ratings_with_branches_can_be_answered_here():
    assert showable.is_answerable_here(parse_instrument(routed.DEFINITION, "definition.yaml"))


@pytest.mark.parametrize("definition", [LINE, BY_FACT])
def test_what_has_no_row_or_needs_to_know_more_than_answers_cannot(definition: str):
    """Seen failing when a line was shown as a hundred and one buttons."""
    assert not showable.is_answerable_here(parse_instrument(definition, "definition.yaml"))


@pytest.mark.parametrize("key", ["eq-5d-5l@1.0", "eortc-qlq-c30@3.0", "not-there@1.0"])
def test_a_kind_that_is_not_shown_a_missing_wording_and_a_missing_instrument_are_refused(key: str):
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
    app = create_app(replace(config, instruments=routed.install(tmp_path / "instruments", LINE)))
    app.config.update(TESTING=True)
    alice: Any = app.test_client()
    worlds.sign_in(world, alice, "alice")
    home = alice.get("/account")
    visit = f"/visits/{worlds.occasion_key(world, 'alice')}"
    for refused in (alice.get(visit), alice.post(visit, data={"csrf_token": csrf_of(home)})):
        assert 422 == refused.status_code
        assert "WeShare yet" in page_text(refused) or "dans WeShare" in page_text(refused)
    app.extensions["weshare"].databases.close()
