"""``weshare schedule``: a protocol's file checked, tried out, and moved into the database and out again."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from app.db import Databases
from app.demo import design
from app.exchange.protocol_yaml import read_protocol, write_protocol
from app.scheduling.parse import parse_protocol
from tests.support.world import World

HORIZON = write_protocol(parse_protocol(design.protocol()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "protocol.yaml"
    written.write_text(HORIZON, encoding="utf-8")
    return written


def weshare(*words: str, **settings: str) -> Result:
    return CliRunner().invoke(main, ("schedule", *words), env=settings)


def test_a_right_protocol_is_said_to_be(file: Path) -> None:
    said = weshare("check", str(file))
    assert 0 == said.exit_code, said.output
    assert "version 1 is right: 1 events, 6 visits" in said.output


def test_every_mistake_is_listed_with_its_line(file: Path) -> None:
    file.write_text(HORIZON.replace("weshare-core@1.0", "unknown@1.0", 1).replace("-P7D", "-7D", 1), encoding="utf-8")
    said = weshare("check", str(file))
    assert 1 == said.exit_code
    assert f"{file}:14: visits.M0.opens" in said.stderr
    assert "1 mistake." in said.stderr


def test_the_time_machine_shows_openings_messages_and_the_burden(file: Path) -> None:
    words = ("simulate", str(file), "--participants", "11", "--seed", "3", "--start", "2026-01-01", "--years", "1")
    said = weshare(*words)
    assert 0 == said.exit_code, said.output
    assert "M0: message invitation email" in said.output
    assert "M0: opens" in said.output
    assert "minutes and" in said.output
    assert said.output == weshare(*words).output
    summary = weshare(*words, "--summary").output
    assert "M0: opens" not in summary
    assert said.output.endswith(summary)


def test_an_amendment_needs_its_day(file: Path) -> None:
    said = weshare("simulate", str(file), "--amended", str(file))
    assert 0 != said.exit_code
    assert "--amended-on" in said.output


def test_what_is_imported_comes_out_the_same(world: World, databases: Databases, file: Path, tmp_path: Path) -> None:
    """Seen failing with the version of the file kept."""
    databases.close()
    here = {"WESHARE_INSTANCE": str(tmp_path / "instance")}
    imported = weshare("import", world.study_code, str(file), **here)
    assert "HORIZON: version 2 is published." in imported.output, imported.output
    exported = weshare("export", world.study_code, **here)
    assert read_protocol(HORIZON.replace("version: 1", "version: 2")) == read_protocol(exported.output)
    first = weshare("export", world.study_code, "--version", "1", **here)
    assert read_protocol(first.output).version == 1


@pytest.mark.parametrize("words", [("export", "NOWHERE"), ("export", "HORIZON", "--version", "9")])
@pytest.mark.usefixtures("world")
def test_what_there_is_none_of_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    said = weshare(*words, WESHARE_INSTANCE=str(tmp_path / "instance"))
    assert 0 != said.exit_code
    assert "There is no such version" in said.output
