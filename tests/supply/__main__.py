"""``make audit``: every pinned library against the public lists of known weaknesses."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from app.config import ROOT
from tests.supply.report import OUT_OF_REACH, UNKNOWN, WEAK, Judgement, judge

LISTS = ("pypi", "osv")
PINNED = (ROOT / "requirements.txt", ROOT / "requirements-test.txt")
KNOWN_TO_BE_WEAK = f"jinja2==2.10 --hash=sha256:{'0' * 64}\n"
"""CVE-2019-10906. Nothing is installed of it: a list that does not name it is a mirror that knows of no weakness."""


def main(program: Path) -> int:
    """Ask the first list that knows of weaknesses at all; the status to end with."""
    judgement = Judgement(UNKNOWN, (OUT_OF_REACH,))
    with TemporaryDirectory() as folder:
        control = Path(folder, "control.txt")
        control.write_text(KNOWN_TO_BE_WEAK, "utf-8")
        for name in LISTS:
            if asked(program, name, control).status == WEAK:
                judgement = asked(program, name, *PINNED)
                break
    click.echo("\n".join(judgement.lines))
    return judgement.status


def asked(program: Path, name: str, *files: Path) -> Judgement:
    """What one list says of the libraries in these files."""
    fixed = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    words = [word for file in files for word in ("--requirement", str(file))]
    command = [str(program), "--vulnerability-service", name, *fixed, *words]
    return judge(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
