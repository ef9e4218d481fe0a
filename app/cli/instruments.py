"""``weshare instruments``: the questionnaires installed here, and scoring with them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from app.cli import score_table
from app.cli.answer_table import Report
from app.cli.later import Later
from app.cli.settings import FAILED, stop
from app.cli.table_files import BadTable
from app.config import ROOT
from app.questionnaires import library, supplied
from app.questionnaires.cases import Case
from app.questionnaires.definition import Instrument
from app.questionnaires.library import CASES, BrokenLibrary, Library
from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.reach import ends
from app.questionnaires.response_scales import Coded
from app.questionnaires.scales import Utility
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import score_one

TOLERANCE = 5e-5  # cases are written with four decimals
FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default=ROOT / "instruments", help="Where the questionnaires are."
)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Later)
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
        languages = ", ".join(installed.languages(key)) or "no wording"
        click.echo(f"{key}: {languages}; {len(installed.cases(key))} worked cases are right")


@instruments.command("list")
@FOLDER
def list_(folder: Path) -> None:
    """One line a questionnaire: key, title, items, scales, languages."""
    installed = _loaded(folder)
    for key in installed.keys:
        one = installed.instrument(key)
        languages = ", ".join(installed.languages(key)) or "no wording"
        click.echo(f"{key}\t{one.title}\t{len(one.items)} items\t{len(one.scales)} scales\t{languages}")


@instruments.command()
@click.argument("code")
@FOLDER
def show(code: str, folder: Path) -> None:
    """Items, scales and licence of a questionnaire; CODE with or without @version."""
    one = _found(folder, code)
    click.echo(f"{one.title} ({one.key}), {one.owner}\nLicence: {one.licence.terms} Contact: {one.licence.contact}")
    for item_id, item in one.items.items():
        click.echo(f"  {item_id}\t{item.topic}\t{_answers(one, item.response)}")
    bounds = ends(one)
    for name, scale in one.scales.items():
        low, high = bounds[name]
        good = {"high": "high is good", "low": "low is good", "neither": "no good end"}[scale.better]
        click.echo(f"  {name}\t{scale.title}\t{low:g} to {high:g}, {good}\t{scale.method}: {', '.join(scale.sources)}")
        if isinstance(scale, Utility) and scale.sets:
            click.echo(f"    value sets: {', '.join(scale.sets)}")
    for line in (*one.references, *one.notes):
        click.echo(f"  {line}")


@instruments.command()
@click.argument("code")
@click.option("--in", "source", type=FILE, required=True, help="Answers: CSV or Parquet with a column respondent.")
@click.option("--out", "target", type=FILE, required=True, help="Scores: CSV or Parquet.")
@click.option("--value-set", help="Which preference values: FR, for example.")
@click.option("--value-sets", "brought", type=FILE, help="CSV with the preference values your study brings.")
@click.option("--explain", is_flag=True, help="Add status, reason and thresholds of every scale.")
@FOLDER
def score(
    code: str, source: Path, target: Path, value_set: str | None, brought: Path | None, explain: bool, folder: Path
) -> None:
    """Score a table of answers: one row a respondent, one column an item; CODE with or without @version.

    What cannot be read is told by line on the error output, and the rest is scored.
    """
    instrument = _found(folder, code) if brought is None else _with_values(_found(folder, code), brought)
    job = score_table.Job(instrument, source, target, value_set, explain)
    console = Console(stderr=True)
    report = Report(lambda message: console.print(message, markup=False, highlight=False, soft_wrap=True))
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Scoring", total=1.0)
            count = score_table.run(job, report, lambda done: bar.update(task, completed=done))
    except BadTable as bad:
        stop(str(bad), FAILED)
    except OSError as bad:
        stop(f"{bad.filename}: {bad.strerror}", FAILED)
    report.close()
    click.echo(f"{count} respondents scored with {job.instrument.key}: {target}", err=True)


def wrong_scores(installed: Library, folder: Path) -> Iterator[Mistake]:
    """Every score of a worked case that the program computes otherwise."""
    for key in installed.keys:
        instrument = installed.instrument(key)
        file = folder / instrument.code / instrument.version / CASES
        plans: dict[str | None, Plan] = {}
        for case in installed.cases(key):
            plan = plans.setdefault(case.value_set, compile_plan(instrument, case.value_set))
            for message in _differences(plan, case):
                yield Mistake(str(file.relative_to(folder.parent)), _line_of(file, case.name), case.name, message)


def _loaded(folder: Path, code: str | None = None) -> Library:
    try:
        return library.load(folder) if code is None else library.load_versions(folder, code)
    except BrokenLibrary as broken:
        stop(f"The questionnaires are broken; “weshare instruments check” lists why. {broken.mistakes[0]}", FAILED)


def _found(folder: Path, wanted: str) -> Instrument:
    """The instrument with that key, or the newest version with that code."""
    code, _, version = wanted.partition("@")
    installed = _loaded(folder, code)
    versions = [one for one in map(installed.instrument, installed.keys) if version in ("", one.version)]
    if not versions:
        stop(f"There is no questionnaire “{wanted}”; “weshare instruments list” shows all.", FAILED)
    return max(versions, key=lambda one: [int(part) for part in one.version.split(".")])


def _with_values(instrument: Instrument, file: Path) -> Instrument:
    if not supplied.takes_value_sets(instrument):
        stop(f"{instrument.key} takes no value sets from a file; --value-set chooses one of its own.", FAILED)
    try:
        return supplied.with_value_sets(instrument, file.read_bytes(), file.name)
    except BrokenFile as broken:
        stop(f"{file} cannot be used.\n{broken}", FAILED)
    except OSError as bad:
        stop(f"{file}: {bad.strerror}", FAILED)


def _answers(one: Instrument, response: str) -> str:
    scale = one.response_scales[response]
    if not isinstance(scale, Coded):
        return scale.kind
    codes = [str(code) for code in scale.values]
    return f"{codes[0]} to {codes[-1]}" if len(codes) > 10 else ", ".join(codes)


def _differences(plan: Plan, case: Case) -> Iterator[str]:
    computed = {score.scale: score.value for score in score_one(plan, case.answers, case.facts)}
    for scale, expected in case.scores.items():
        value = computed.get(scale)
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
