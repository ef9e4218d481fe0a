"""The load, in a process of its own: so many clients at once, each making one journey after the other.

Reads one order as JSON from standard input and writes what it measured as JSON to standard output.
"""

import json
import queue
import sys
import threading
import time
from collections import defaultdict
from typing import Any

from tests.bench import journey
from tests.bench.journey import Traveller


def drive(order: dict[str, Any]) -> dict[str, Any]:
    """Drive for ``seconds``; only what is answered in that time counts, but every journey is brought to its end."""
    waiting: queue.SimpleQueue[Traveller] = queue.SimpleQueue()
    for one in order["travellers"]:
        waiting.put(Traveller(**one))
    took: dict[str, list[float]] = defaultdict(list)
    finished: list[str] = []
    failed: list[str] = []
    deadline = time.perf_counter() + order["seconds"]

    def client() -> None:
        while time.perf_counter() < deadline:
            try:
                traveller = waiting.get_nowait()
            except queue.Empty:
                failed.append("no traveller left")
                return
            try:
                for timed in journey.travel(order["port"], traveller, order["pages"]):
                    if timed.ended < deadline:
                        took[timed.kind].append(timed.took)
                finished.append(traveller.visit)
            except (OSError, RuntimeError) as problem:
                failed.append(str(problem))
                return

    threads = [threading.Thread(target=client) for _ in range(order["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"took": took, "finished": len(finished), "failed": failed}


if __name__ == "__main__":
    json.dump(drive(json.load(sys.stdin)), sys.stdout)
