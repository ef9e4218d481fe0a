"""Several things at the same instant."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(acts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do all of them, each in a thread of its own that waits until all are ready; what they return, in their order."""
    ready = Barrier(len(acts))

    def act(one: Callable[[], Result]) -> Result:
        ready.wait(30)
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))
