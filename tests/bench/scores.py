"""How fast answers become numbers, beside the plain arithmetic on the same array in the same run."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from app.config import ROOT
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.library import load
from app.scoring.adaptive import next_item
from app.scoring.adaptive_rules import Rules
from app.scoring.graded import bank_of
from app.scoring.plan import compile_plan
from app.scoring.score import score_one, score_table

C30 = "eortc-qlq-c30@3.0"
ROWS = 1_000_000
MISSING = 0.05
PAIRS = 3


def main() -> None:
    """Every figure that the scoring is held to."""
    started = time.perf_counter()
    library = load(ROOT / "instruments")
    print(f"Loading the library, {len(library.keys)} instruments: {time.perf_counter() - started:.2f} s")
    c30 = library.instrument(C30)
    answers = _answers(c30)
    _against_plain_numpy(c30, answers)
    _one_person(c30)
    _adaptive_step()
    _whole_command(c30, answers)


def _answers(c30: Instrument) -> NDArray[np.float64]:
    """Random codes, every twentieth missing, one column an item."""
    random = np.random.default_rng(20261123)
    highest = np.array([max(c30.response_of(item).values) for item in c30.items])
    table = np.floor(random.random((ROWS, len(highest))) * highest) + 1
    table[random.random(table.shape) < MISSING] = np.nan
    return table


def _against_plain_numpy(c30: Instrument, answers: NDArray[np.float64]) -> None:
    """The same fifteen scales by the fewest numpy calls that give the same numbers, taken in turns."""
    plan = compile_plan(c30)
    scales = [
        (scale.items, scale.reversed) for scale in c30.scales.values() if scale.method == "linear" and scale.items
    ]
    place = {item: at for at, item in enumerate(c30.items)}
    ours, plain = [], []
    for _pair in range(PAIRS):
        ours.append(_seconds(lambda: score_table(plan, answers)))
        plain.append(_seconds(lambda: _plain(answers, scales, place, c30)))
    ratio = median(mine / theirs for mine, theirs in zip(ours, plain, strict=True))
    print(
        f"QLQ-C30, {ROWS:,} rows, {len(scales)} scales and the summary: {median(ours):.2f} s; "
        f"{ratio:.2f} times the plain arithmetic of the {len(scales)} scales ({median(plain):.2f} s)"
    )


def _plain(
    answers: NDArray[np.float64],
    scales: list[tuple[tuple[ItemId, ...], bool]],
    place: dict[ItemId, int],
    c30: Instrument,
) -> list[NDArray[np.float64]]:
    found = []
    for items, is_reversed in scales:
        columns = answers[:, [place[item] for item in items]]
        known = ~np.isnan(columns)
        count = known.sum(axis=1)
        codes = c30.response_of(items[0]).values
        with np.errstate(invalid="ignore", divide="ignore"):
            raw = (np.where(known, columns, 0).sum(axis=1) / count - codes[0]) / (codes[-1] - codes[0])
        value = (1 - raw if is_reversed else raw) * 100
        value[count * 2 < len(items)] = np.nan
        found.append(value)
    return found


def _one_person(c30: Instrument) -> None:
    plan = compile_plan(c30)
    answers = dict.fromkeys(c30.items, 2)
    times = [_seconds(lambda: score_one(plan, answers)) for _ in range(300)]
    print(f"One submission of the QLQ-C30: {median(times) * 1000:.2f} ms")


def _adaptive_step() -> None:
    random = np.random.default_rng(41)
    items = [ItemId(f"i{number}") for number in range(100)]
    thresholds = [sorted(random.normal(0, 1.5, 4)) for _ in items]
    bank = bank_of(items, list(random.uniform(1, 3, 100)), thresholds)
    answered = dict.fromkeys(items[:11], 2)
    times = [_seconds(lambda: next_item(bank, answered, Rules())) for _ in range(200)]
    print(f"One adaptive step, 100 items, 11 answered: {median(times) * 1000:.2f} ms")


def _whole_command(c30: Instrument, answers: NDArray[np.float64]) -> None:
    """``weshare instruments score`` from Parquet to Parquet, as a process of its own."""
    with tempfile.TemporaryDirectory(prefix="weshare-bench-") as folder:
        source, target = Path(folder) / "answers.parquet", Path(folder) / "scores.parquet"
        columns = {"respondent": pa.array(np.arange(len(answers)).astype(str))}
        columns |= {str(item): pa.array(answers[:, at], from_pandas=True) for at, item in enumerate(c30.items)}
        pq.write_table(pa.table(columns), source)
        command = [sys.executable, "-m", "app.cli.main", "instruments", "score", C30]
        began = time.perf_counter()
        subprocess.run([*command, "--in", str(source), "--out", str(target)], check=True, capture_output=True)
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rows = pq.read_metadata(target).num_rows
    print(
        f"The whole command through Parquet: {rows / seconds:,.0f} rows a second on {os.cpu_count()} processors, "
        f"at most {peak:.0f} MiB"
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
