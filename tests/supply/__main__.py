"""``make audit``: every pinned library against the public lists of known weaknesses."""

import subprocess
import sys
from pathlib import Path

import click

from app.config import ROOT
from tests.supply.report import UNKNOWN, judge

LISTS = ("pypi", "osv")
PINNED = ("requirements.txt", "requirements-test.txt")


def main(program: Path) -> int:
    """Ask one list, then the other where the first does not answer; the status to end with."""
    files = [word for name in PINNED for word in ("--requirement", str(ROOT / name))]
    fixed = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    for name in LISTS:
        command = [str(program), "--vulnerability-service", name, *fixed, *files]
        judgement = judge(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
        if judgement.status != UNKNOWN:
            break
    click.echo("\n".join(judgement.lines))
    return judgement.status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
