"""The fidelity pack: every screen of every language, and a sentence where something is missing to make it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.cli import photograph
from app.cli.main import main
from app.config import ROOT
from tests.support import chromium
from tests.support.instruments import tiny_wording, write_instrument


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_instrument(tmp_path / "instruments")
    return tmp_path


def words(folder: Path, *options: str) -> list[str]:
    where = ["--folder", str(folder / "instruments"), "--out", str(folder / "pack.pdf"), "--date", "2026-05-04"]
    return ["instruments", "fidelity", "tiny", *where, *options]


def fidelity(folder: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: beside the browser of other tests no second one can be driven."""
    command = [sys.executable, "-m", "app.cli.main", *words(folder, *options)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **settings}, timeout=300
    )


@pytest.mark.browser
def test_the_pack_holds_every_screen_with_the_hash_of_its_wording_on_each_page(folder: Path) -> None:
    """Seen failing with the footer taken from the end of a section."""
    if chromium.find_chromium() is None:
        pytest.skip("the pack needs Chromium, which is not installed (Debian: apt install chromium)")
    result = fidelity(folder, "--lang", "en")
    assert 0 == result.returncode, result.stderr
    made = (folder / "pack.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert b"pdfuaid:part" in made
    if shutil.which("pdftotext") is None:
        pytest.skip("its pages are read with pdftotext, which is not installed (Debian: apt install poppler-utils)")
    read = subprocess.run(["pdftotext", str(folder / "pack.pdf"), "-"], capture_output=True, text=True, check=True)
    cover, *pages = read.stdout.rstrip("\f").split("\f")
    assert "2026-05-04" in cover
    hash_of_it = tiny_wording("en").content_hash
    assert [] == [page for page in pages if hash_of_it not in page or "2026-05-04" not in page]
    shown = "\n".join(pages)
    for caption in ("Before the questions", "Question 1\n", "Questions 1, 2", "Review before sending", "Sheet 1 of"):
        assert caption in shown


def test_without_playwright_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    result = CliRunner().invoke(main, words(folder))
    assert 1 == result.exit_code
    assert "pip install 'weshare[fidelity]'" in result.output


def test_without_chromium_it_says_what_to_install(folder: Path) -> None:
    result = fidelity(folder, PATH="", PLAYWRIGHT_BROWSERS_PATH=str(folder))
    assert 1 == result.returncode
    assert "apt install chromium" in result.stderr


HEIGHTS = st.integers(1, 9_000)


@given(HEIGHTS, st.lists(HEIGHTS, max_size=30), st.integers(100, 2_000))
def test_a_long_page_is_cut_into_pieces_that_fit_and_lose_nothing(height: int, edges: list[int], longest: int) -> None:
    ends = photograph.cuts(height, edges, longest)
    assert ends == sorted(set(ends))
    assert height == ends[-1]
    assert all(end - start <= longest for start, end in zip([0, *ends], ends, strict=False))


def test_a_page_is_cut_where_a_question_begins() -> None:
    assert [900, 1_700, 2_000] == photograph.cuts(2_000, [100, 500, 900, 1_300, 1_700], 1_000)
