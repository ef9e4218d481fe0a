"""``weshare instruments``: the questionnaires installed here."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from app.config import ROOT
from app.questionnaires import library
from app.questionnaires.cases import Case
from app.questionnaires.library import CASES, Library
from app.questionnaires.mistakes import Mistake
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import score_one

TOLERANCE = 5e-5  # cases are written with four decimals


@click.group()
def instruments() -> None:
    """The questionnaires installed here."""


@instruments.command()
@click.argument("folder", type=click.Path(path_type=Path), default=ROOT / "instruments")
def check(folder: Path) -> None:
    """Read every file of every questionnaire, score its worked cases, and list all mistakes by file and line."""
    mistakes = library.check(folder)
    if not mistakes:
        installed = library.load(folder)
        mistakes = tuple(wrong_scores(installed, folder))
    for mistake in mistakes:
        click.echo(str(mistake), err=True)
    if mistakes:
        click.echo(f"{len(mistakes)} {'mistake' if len(mistakes) == 1 else 'mistakes'}.", err=True)
        sys.exit(1)
    for key in installed.keys:
        click.echo(f"{key}: {', '.join(installed.languages(key))}; {len(installed.cases(key))} worked cases are right")


def wrong_scores(installed: Library, folder: Path) -> Iterator[Mistake]:
    """Every score of a worked case that the program computes otherwise."""
    for key in installed.keys:
        instrument = installed.instrument(key)
        file = folder / instrument.code / instrument.version / CASES
        for case in installed.cases(key):
            for message in _differences(compile_plan(instrument, case.value_set), case):
                yield Mistake(str(file.relative_to(folder.parent)), _line_of(file, case.name), case.name, message)


def _differences(plan: Plan, case: Case) -> Iterator[str]:
    computed = {score.scale: score.value for score in score_one(plan, case.answers, case.facts)}
    for scale, expected in case.scores.items():
        value = computed[scale]
        if not _is_same(expected, value):
            yield f"The score of {scale} is {_shown(value)}; the case says {_shown(expected)}."


def _is_same(expected: float | None, value: float | None) -> bool:
    if expected is None or value is None:
        return expected is value
    return abs(expected - value) <= TOLERANCE


def _shown(value: float | None) -> str:
    return "not computed" if value is None else f"{value:.4f}"


def _line_of(file: Path, name: str) -> int:
    """Where the case is written; parsed cases have no lines any more."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if name in line), 1)
