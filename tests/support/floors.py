"""How long something takes beside a floor of the same run: seconds alone say nothing on a machine that is busy."""

import gc
import time
from collections.abc import Callable
from functools import cache

import yaml

PLAIN = "- 1\n" * 100_000
TRIES = 3


def reading_a_plain_file() -> object:
    """What PyYAML itself does with a long file without a mistake: about a fifth of a second of one processor."""
    return yaml.compose(PLAIN, Loader=yaml.CSafeLoader)


def times(work: Callable[[], object], floor: Callable[[], object]) -> float:
    """How many times as long the work keeps the processor as its floor does: the best of three tries, or below 1."""
    lowest, ratio = _of_floor(floor), float("inf")
    for _ in range(TRIES):
        ratio = min(ratio, _seconds(work) / lowest)
        if ratio < 1:
            break
    return ratio


@cache
def _of_floor(floor: Callable[[], object]) -> float:
    return _seconds(floor)


def _seconds(work: Callable[[], object]) -> float:
    gc.disable()  # what earlier tests have left is nobody's work
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        gc.enable()
