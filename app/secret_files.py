"""Secrets that the embedded default makes for itself and keeps in files."""

from collections.abc import Callable
from pathlib import Path


def kept(file: Path, make: Callable[[], str]) -> str:
    """The content of a secret file, made on first use and readable by its owner only."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(make(), encoding="utf-8")
    return file.read_text(encoding="utf-8")
