"""Write the next revision of a history from what the models say: ``make migration DB=study MESSAGE="Add ..."``."""

import importlib
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import Script, ScriptDirectory
from sqlalchemy import MetaData

from app.cli.migrate import HISTORIES, history, running, upgrade_one
from app.config import ROOT
from app.db import StudyBase, VaultBase, WarehouseBase, engine_for

BASES = {"study": StudyBase, "vault": VaultBase, "warehouse": WarehouseBase}


def metadata_of(name: str) -> MetaData:
    """All tables of a database, as the models of every feature declare them."""
    for models in sorted((ROOT / "app").glob("*/models.py")):
        importlib.import_module(f"app.{models.parent.name}.models")
    return BASES[name].metadata


def main(name: str, message: str) -> None:
    """Compare an up-to-date empty database with the models and write the difference, numbered, for review."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'empty.sqlite'}")
        upgrade_one(engine, name)
        number = len(list(ScriptDirectory.from_config(history(name)).walk_revisions())) + 1
        with running(engine, name) as prepared:
            prepared.attributes["metadata"] = metadata_of(name)
            written = command.revision(prepared, message=message, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()
    if isinstance(written, Script):
        without_remarks(Path(written.path))


def without_remarks(file: Path) -> None:
    """Drop Alembic's own remarks: a revision is read and adjusted before it is committed, as all code is."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in HISTORIES or not sys.argv[2].strip():
        sys.exit(f'Say which database and what changes: make migration DB={"|".join(HISTORIES)} MESSAGE="Add ..."')
    main(sys.argv[1], sys.argv[2].strip().rstrip("."))
