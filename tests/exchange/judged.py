"""Programs that others wrote, where ``make judges`` has installed them; a test says visibly where they are missing."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT

JUDGES = ROOT / ".judges"
SCRIPTS = Path(__file__).parent / "judges"
LFORMS = JUDGES / "node_modules" / "lforms" / "dist" / "lforms"
PYTHON = JUDGES / "py" / "bin" / "python"
REQUIRED = "WESHARE_REQUIRE_JUDGES"


def missing(*paths: Path) -> bool:
    """Is something of it not installed? Where judges are required that is an error."""
    is_missing = not all(path.exists() for path in paths) or (PYTHON not in paths and shutil.which("node") is None)
    if is_missing and os.environ.get(REQUIRED):
        raise RuntimeError("judges are required here and not installed: make judges")
    return is_missing


WHY = "judged by a program that is not installed; make judges installs it (Node.js and the network are needed)"
needs_fhirpath = pytest.mark.skipif(missing(JUDGES / "node_modules" / "fhirpath"), reason=WHY)
needs_lforms = pytest.mark.skipif(missing(LFORMS), reason=WHY)
needs_python = pytest.mark.skipif(missing(PYTHON), reason=WHY)


def evaluated(pairs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What fhirpath.js makes of questionnaires and responses: scores, enabled questions, checks that speak."""
    return _asked(["node", str(SCRIPTS / "evaluate.mjs"), str(JUDGES)], pairs)


def asked(script: str, lines: Iterable[Any]) -> list[Any]:
    """What a Python script in the judges' own environment says to each line of JSON."""
    return _asked([str(PYTHON), str(SCRIPTS / script)], lines)


def _asked(command: list[str], lines: Iterable[Any]) -> list[Any]:
    text = "\n".join(json.dumps(one) for one in lines)
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=600)
    assert 0 == done.returncode, done.stderr[:2000]
    return [json.loads(line) for line in done.stdout.splitlines()]
