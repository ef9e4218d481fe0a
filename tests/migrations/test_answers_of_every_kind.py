"""Answers given before there were other kinds than codes stay what they were, forwards and backwards."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.cli.migrate import HISTORIES, downgrade_one, history, upgrade_one
from app.config import embedded
from app.db import connect
from app.questionnaires.answers import DECLINED
from app.questionnaires.elements import ItemId
from app.responses import collect
from app.responses.collect import Given
from app.responses.models import AnswerSheet
from tests.support import world as worlds
from tests.support.postgres import Fresh
from tests.support.sheets import open_sheet
from tests.support.world import AT, World

REVISION = "0003"


@pytest.fixture
def migrated_world(fresh_url: Fresh, tmp_path: Path) -> Iterator[World]:
    config = replace(
        embedded(tmp_path / "settings", "http://localhost"),
        **{f"{name}_database": fresh_url(name) for name in HISTORIES},
    )
    databases = connect(config)
    assert databases.study is not None
    upgrade_one(databases.study.engine, "study")
    yield worlds.build(config, databases)
    databases.close()


def before() -> str:
    found = ScriptDirectory.from_config(history("study")).get_revision(REVISION)
    return str(found.down_revision)


def save(world: World, *given: tuple[str, object]) -> int:
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        answers = [Given(ItemId(item), answer, 0) for item, answer in given]
        collect.save(session, opened, answers, "request-1", AT, "fr")
        session.commit()
        return opened.sheet.id


def test_codes_and_refusals_survive_the_way_back_and_forth(migrated_world: World):
    sheet = save(migrated_world, ("q1", 3), ("q2", DECLINED))
    assert migrated_world.databases.study is not None
    engine = migrated_world.databases.study.engine
    downgrade_one(engine, "study", before())
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT item, value, declined FROM answer ORDER BY item")).all()
    assert [("q1", 3, False), ("q2", None, True)] == [(item, value, bool(no)) for item, value, no in rows]
    upgrade_one(engine, "study")
    with migrated_world.study() as session:
        assert session.get(AnswerSheet, sheet) is not None
        assert {"q1": 3, "q2": DECLINED} == collect.in_force(collect.current_answers(session, sheet))


def test_the_way_back_throws_no_answer_away(migrated_world: World):
    """It is refused where there is an answer that the tables of before cannot hold."""
    given = {"q1": "some words", "q2": 2.5, "q3": (3, 1), "q4": "2026-05"}
    sheet = save(migrated_world, *given.items())
    assert migrated_world.databases.study is not None
    with pytest.raises(IntegrityError):
        downgrade_one(migrated_world.databases.study.engine, "study", before())
    with migrated_world.study() as session:
        assert given == collect.in_force(collect.current_answers(session, sheet))
