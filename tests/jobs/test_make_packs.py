"""Fidelity packs are made by the clock, once, and say why where they cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.config import Config
from app.jobs import make_packs
from app.licences import packs
from app.licences.models import FidelityPack
from tests.support.sheets import library
from tests.support.world import AT, World

CORE = "weshare-core@1.0"
HASHES = {"fr": "a" * 64}


def ask(world: World, at=AT) -> int:
    with world.study() as session:
        id = packs.ask(session, CORE, HASHES, world.staff["dana"], at).id
        session.commit()
    return id


def stored(world: World, id: int) -> FidelityPack:
    with world.study() as session:
        pack = session.get_one(FidelityPack, id)
        assert pack.content is None or pack.size == len(pack.content)
        return pack


def a_pdf(_config: Config, _instrument: str, out: Path) -> None:
    out.write_bytes(b"%PDF-1.7")


def test_what_was_asked_for_is_made_once_and_kept_with_its_hash(world: World) -> None:
    """Seen failing with a claim that never asked whether it was finished."""
    id = ask(world)
    assert id == ask(world)  # the very same wordings are not asked for twice
    later = AT + 2 * packs.LEASE
    made = [make_packs.run(world.databases, world.config, library(), at=at, make=a_pdf) for at in (AT, later)]
    assert [{"made": 1}, {}] == [dict(one) for one in made]
    pack = stored(world, id)
    assert (8, 64, None) == (pack.size, len(pack.content_hash or ""), pack.problem)
    with world.study() as session:
        found = packs.find(session, CORE, id)
        assert found is not None
        assert b"%PDF-1.7" == found.content
        assert packs.find(session, "audit-c@1.0", id) is None


def test_without_a_browser_it_says_so_and_can_be_asked_for_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    id = ask(world)
    monkeypatch.setenv("PATH", "/nowhere")
    assert {"not_made": 1} == dict(make_packs.run(world.databases, world.config, library(), at=AT))
    assert "no-browser" == stored(world, id).problem
    assert id != ask(world)


def test_one_that_another_process_makes_is_left_to_it_until_its_time_is_over(world: World) -> None:
    id = ask(world)
    with world.study() as session:
        claimed = packs.claim(session, AT)
        assert claimed is not None
        session.commit()
    with world.study() as session:
        assert packs.claim(session, AT + packs.LEASE) is None
        again = packs.claim(session, AT + packs.LEASE + timedelta(seconds=1))
        assert again is not None
        assert id == again.id
