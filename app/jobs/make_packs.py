"""Make the fidelity packs that were asked for: each in a process of its own, one after the other."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from app.config import Config
from app.db import Databases
from app.licences import packs
from app.licences.models import FidelityPack
from app.questionnaires.library import Library

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LONGEST_S = 900


class NotMade(Exception):
    """Why there is no pack: the code of a sentence."""


Make = Callable[[Config, str, Path], None]


def made_by_command(config: Config, instrument: str, out: Path) -> None:
    """Run the command that makes a pack, with the wordings of this place."""
    if find_spec("playwright") is None:
        raise NotMade("no-playwright")
    if not any(map(which, BROWSERS)):
        raise NotMade("no-browser")
    command = ["instruments", "fidelity", instrument, "--out", str(out), "--folder", str(config.instruments)]
    environment = os.environ | {"WESHARE_WORDINGS": str(config.wordings)}
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; the name of the instrument is one of the library's
            [sys.executable, "-m", "app.cli.main", *command],
            env=environment,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotMade("too-long") from None
    if done.returncode or not out.exists():
        raise NotMade("failed")


def run(
    databases: Databases, config: Config, library: Library, *, at: datetime, make: Make = made_by_command
) -> Counter[str]:
    """One pack; how many were made, or could not be made. Nothing is locked while it is being made."""
    if databases.study is None:
        return Counter()
    with databases.study.write() as session:
        claimed = packs.claim(session, at)
        id = claimed.id if claimed else None
        instrument = claimed.instrument if claimed else ""
        session.commit()
    if id is None:
        return Counter()
    problem, content = _made(config, library, instrument, make)
    with databases.study.write() as session:
        pack = session.get_one(FidelityPack, id)
        if problem is None:
            packs.keep(pack, content, at)
        else:
            packs.give_up(pack, problem, at)
        session.commit()
    return Counter(made=1) if problem is None else Counter(not_made=1)


def is_full(counts: Counter[str]) -> bool:
    """Whether more may be waiting."""
    return counts.total() > 0


def _made(config: Config, library: Library, instrument: str, make: Make) -> tuple[str | None, bytes]:
    if instrument not in library.installed:
        return "failed", b""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pack.pdf"
        try:
            make(config, instrument, out)
        except NotMade as problem:
            return str(problem), b""
        return None, out.read_bytes()
