"""Showing an instrument from the command line: served on this computer, or written into files."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from app.config import ROOT
from tests.support.instruments import write_instrument
from tests.web.preview.test_sheet import EVERY_KIND


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_instrument(tmp_path / "instruments")
    other = tmp_path / "instruments" / "kinds" / "1.0"
    other.mkdir(parents=True)
    (other / "definition.yaml").write_text(EVERY_KIND, encoding="utf-8")
    return tmp_path


def preview(folder: Path, *options: str) -> Result:
    where = ["--folder", str(folder / "instruments")]
    return CliRunner().invoke(main, ["instruments", "preview", *options, *where])


def test_every_screen_becomes_a_file_that_needs_no_server(folder: Path) -> None:
    """Seen failing with the addresses of the style sheet left as they are on a server."""
    result = preview(folder, "tiny", "--out", str(folder / "out"))
    assert (0, f"{folder / 'out' / 'index.html'}\n") == (result.exit_code, result.output)
    pages = sorted(file.name for file in (folder / "out" / "fr").iterdir())
    assert ["end.html", "item-001.html", "item-002.html", "item-003.html", "page-001.html", "page-002.html"] == pages[
        :6
    ]
    assert ["paper.pdf", "review.html", "start.html"] == pages[6:]
    for file in (folder / "out").rglob("*.html"):
        for address in re.findall(r'(?:href|src)="([^"#]+)', file.read_text(encoding="utf-8")):
            assert (file.parent / address).exists(), (file, address)


def test_one_layout_and_one_language_can_be_chosen(folder: Path) -> None:
    preview(folder, "tiny", "--lang", "en", "--layout", "page", "--out", str(folder / "out"))
    assert ["en"] == [one.name for one in (folder / "out").iterdir() if one.is_dir() and one.name != "static"]
    assert [] == list((folder / "out" / "en").glob("item-*"))


def test_paper_can_be_one_file(folder: Path) -> None:
    result = preview(folder, "tiny@1.0", "--lang", "fr", "--layout", "paper", "--out", str(folder / "paper.pdf"))
    assert 0 == result.exit_code, result.output
    assert (folder / "paper.pdf").read_bytes().startswith(b"%PDF")


def test_an_instrument_without_wording_is_shown_by_its_topics(folder: Path) -> None:
    result = preview(folder, "kinds", "--layout", "paper", "--out", str(folder / "paper.pdf"))
    assert 0 == result.exit_code, result.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["nothing"], "There is no questionnaire “nothing”"),
        (["tiny@9"], "There is no questionnaire “tiny@9”"),
        (["tiny", "--lang", "de"], "There is no wording in “de” of tiny@1.0. There is: en, fr, topics."),
        (["tiny", "--layout", "paper", "--out", "x.pdf"], "One file holds one language: choose it with --lang."),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(folder: Path, options: list[str], sentence: str) -> None:
    result = preview(folder, *options)
    assert 1 == result.exit_code
    assert sentence in result.output


def test_it_is_served_and_answered_without_anything_stored(folder: Path) -> None:
    """The address that the command says opens, and Ctrl+C ends it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    where = ["--folder", str(folder / "instruments"), "--port", port]
    command = [sys.executable, "-m", "app.cli.main", "instruments", "preview", "tiny", "--lang", "fr", *where]
    before = sorted(folder.rglob("*"))
    before_us = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore Ctrl+C
    try:
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before_us)
    with running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            with urlopen(address, timeout=20) as answer:  # noqa: S310 -- our own address
                assert "How you move" in answer.read().decode()
            running.send_signal(signal.SIGINT)
            assert 0 == running.wait(20)
        finally:
            running.kill()
    assert f"http://127.0.0.1:{port}/instruments/tiny@1.0/preview/fr" == address
    assert before == sorted(folder.rglob("*"))
