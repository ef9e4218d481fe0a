"""``weshare instruments score``: a file of answers becomes a file of scores, in constant memory.

Nothing is dropped without a word: columns nobody knows, respondents twice and values that cannot be are told by line,
and the rest is scored.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.cli import explanations
from app.cli.answer_table import Layout, Report, Seen
from app.cli.table_files import BadTable, Batch, Writer, opened, written
from app.questionnaires.definition import Instrument
from app.questionnaires.scales import Utility
from app.scoring.plan import Plan, compile_plan
from app.scoring.score import ScoreTable, score_table
from app.scoring.transforms import Floats


@dataclass(frozen=True, slots=True)
class Job:
    """What to do: which answers to score with what, and where to."""

    instrument: Instrument
    source: Path
    target: Path
    value_set: str | None
    explain: bool


def run(job: Job, report: Report, progress: Callable[[float], None]) -> int:
    """Score the file; the number of respondents scored comes back. Raises BadTable."""
    refuse_unknown_value_set(job.instrument, job.value_set)
    if job.source.resolve() == job.target.resolve():
        raise BadTable("The scores would be written over the answers: choose another file.")
    names, batches = opened(job.source)
    plan = compile_plan(job.instrument, job.value_set)
    layout = Layout.of(plan, job.instrument, names, report)
    texts = explanations.headings(job.instrument, plan) if job.explain else []
    errors = [f"{scale}_se" for scale in _with_errors(job)]
    headings = [*plan.scales, *errors, *texts]
    part = job.target.with_name(f".{job.target.stem}.part{job.target.suffix}")  # nobody takes half a file for a whole
    try:
        writer = written(part, headings, [name in texts for name in headings])
        count = _scored(plan, layout, batches, writer, job, report, progress)
        part.replace(job.target)
    except OSError as bad:
        raise OSError(bad.errno, bad.strerror, str(job.target)) from None
    finally:
        part.unlink(missing_ok=True)
    return count


def _scored(
    plan: Plan,
    layout: Layout,
    batches: Iterator[Batch],
    writer: Writer,
    job: Job,
    report: Report,
    progress: Callable[[float], None],
) -> int:
    seen, count = Seen(), 0
    # While one batch is scored, the one before it is written and the one after it is read.
    with closing(writer), ThreadPoolExecutor(max_workers=2) as beside:
        writing: Future[None] | None = None
        for batch in _ahead(batches, beside):
            respondents, keep = layout.respondents(batch, seen, report)
            answers, facts = layout.tables(batch, keep, report)
            columns = _columns(plan, job, score_table(plan, answers, facts), facts)
            if writing is not None:
                writing.result()
            writing = beside.submit(writer.write, respondents, columns)
            count += len(respondents)
            progress(batch.done)
        if writing is not None:
            writing.result()
    return count


def _ahead(batches: Iterator[Batch], beside: Executor) -> Iterator[Batch]:
    """The batches, each read while the one before it is worked on."""
    coming = beside.submit(next, batches, None)
    while (batch := coming.result()) is not None:
        coming = beside.submit(next, batches, None)
        yield batch


def refuse_unknown_value_set(instrument: Instrument, value_set: str | None) -> None:
    """BadTable for a value set that no scale has, and for an instrument that has none."""
    utilities = [scale for scale in instrument.computed.values() if isinstance(scale, Utility)]
    if value_set is None:
        return
    known = {name: None for scale in utilities for name in _value_sets(scale, instrument)}
    if value_set.casefold() not in {name.casefold() for name in known}:
        there = f"Known: {', '.join(known)}." if known else f"{instrument.key} has none."
        raise BadTable(f"There is no value set “{value_set}”. {there}")


def _value_sets(scale: Utility, instrument: Instrument) -> Iterator[str]:
    """Codes first, then the columns that have no code of their own."""
    yield from scale.sets
    table = instrument.tables.get(scale.table)
    yield from (name for name in (table.columns if table else ()) if name != "term")


def _with_errors(job: Job) -> list[str]:
    """The scales whose method gives a standard error."""
    tables = job.instrument.tables
    return [
        name
        for name, scale in job.instrument.scales.items()
        if job.explain and (scale.method == "irt" or (scale.method == "table" and "se" in tables[scale.table].columns))
    ]


def _columns(plan: Plan, job: Job, table: ScoreTable, facts: Floats) -> list[Floats | Sequence[str]]:
    columns: list[Floats | Sequence[str]] = [table.values[:, place] for place in range(len(plan.scales))]
    none = np.full(len(table.values), np.nan)
    columns += [table.errors.get(scale, none) for scale in plan.scales if scale in _with_errors(job)]
    if job.explain:
        columns += explanations.columns(job.instrument, plan, table, facts)
    return columns
