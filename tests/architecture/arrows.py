"""Reads the source: which part of the program imports which, imports hidden in functions included."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
SPLIT = ("web",)  # these packages are drawn with their own sub-packages as parts


def part_of(module: str) -> str:
    """``app.web.patient.home`` -> ``web.patient``; ``app.db`` -> ``db``; ``app.scoring.plan`` -> ``scoring``."""
    names = module.split(".")[1:]
    if names and names[0] in SPLIT and len(names) > 1 and (APP / names[0] / names[1]).is_dir():
        return ".".join(names[:2])
    return names[0] if names else "app"


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the program with its file."""
    for file in sorted(APP.rglob("*.py")):
        names = ("app", *file.relative_to(APP).with_suffix("").parts)
        yield ".".join(names[:-1] if names[-1] == "__init__" else names), file


def imports(file: Path) -> Iterator[str]:
    """The full names that a file imports; ``from app.web import access`` counts as ``app.web.access``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module.startswith("app"))


@cache
def arrows() -> dict[str, set[str]]:
    """part -> the parts it imports, itself left out."""
    known = {name for name, _file in modules()}
    found: dict[str, set[str]] = {}
    for name, file in modules():
        targets = {target for target in imports(file) if target in known and target != "app"}
        # ``from app.web import access`` names the package too; only the module it takes is an arrow.
        deeper = {target for target in targets if not any(other.startswith(f"{target}.") for other in targets)}
        found.setdefault(part_of(name), set()).update(part_of(target) for target in deeper)
    return {part: targets - {part} for part, targets in sorted(found.items())}


def outside(part: str) -> set[str]:
    """The top-level names of what a part imports from outside the program."""
    return {
        target.split(".")[0]
        for name, file in modules()
        if part_of(name) == part
        for target in imports(file)
        if not target.startswith("app.") and target != "app"
    }
