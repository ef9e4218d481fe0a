"""One of the two programs that are compared: driven by a process apart, and what that measured."""

import json
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from typing import Any

from app.config import ROOT
from tests.bench.database import Engine
from tests.bench.journey import Traveller, requests_of
from tests.support.server import Server

MILLISECONDS = 1000
MOST_JOURNEYS_A_SECOND = 150


@dataclass(slots=True)
class Tally:
    """What one program did with one number of clients, over all its rounds."""

    seconds: float = 0
    cpu: float = 0
    finished: int = 0
    took: dict[str, list[float]] = field(default_factory=dict)

    def add(self, seconds: float, cpu: float, result: dict[str, Any]) -> None:
        """One more round."""
        self.seconds += seconds
        self.cpu += cpu
        self.finished += result["finished"]
        for kind, times in result["took"].items():
            self.took.setdefault(kind, []).extend(times)

    def journeys(self, pages: list[list[str]]) -> float:
        """Journeys a second: the requests that were answered in time, divided by the requests of a journey."""
        return sum(len(times) for times in self.took.values()) / requests_of(pages) / self.seconds

    def cpu_a_journey(self) -> float:
        """Milliseconds of processor that the server's processes and the database's used for one journey."""
        return self.cpu / self.finished * MILLISECONDS

    def milliseconds(self, kind: str, percent: int) -> float:
        """A percentile of the time that one kind of request took."""
        return statistics.quantiles(self.took[kind], n=100)[percent - 1] * MILLISECONDS


@dataclass(slots=True)
class Program:
    """A program that is served, on what, and who has not yet travelled on it."""

    name: str
    server: Server
    engine: Engine
    travellers: list[Traveller]
    sent: int = 0

    def drive(self, clients: int, seconds: float, pages: list[list[str]], tally: Tally) -> None:
        """One round, noted in the tally. A single request that is not answered as it must be ends everything."""
        enough = clients + int(MOST_JOURNEYS_A_SECOND * seconds)
        order = {
            "port": self.server.port,
            "clients": clients,
            "seconds": seconds,
            "pages": pages,
            "travellers": [asdict(one) for one in self.travellers[:enough]],
        }
        before = self._cpu_seconds()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.driver"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            check=True,
        )
        cpu = self._cpu_seconds() - before
        result = json.loads(done.stdout)
        if result["failed"]:
            raise SystemExit(f"{self.name}: {result['failed'][0]}\n{self.server.log.read_text()[-2000:]}")
        del self.travellers[: result["finished"]]
        self.sent += result["finished"]
        tally.add(seconds, cpu, result)

    def _cpu_seconds(self) -> float:
        return self.server.cpu_seconds() + self.engine.cpu_seconds()
