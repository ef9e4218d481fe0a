"""R1: kill -9 of workers under load loses no acknowledged answer, and whoever was answering goes on."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

import httpx
from sqlalchemy import select

from app.responses.models import Answer, AnswerSheet
from tests.promises.conftest import trials
from tests.support.production import Device, Site

CLIENTS = 8
ACKNOWLEDGED_BETWEEN_KILLS = 60
PATIENCE_S = 30


@dataclass(slots=True)
class Load:
    """What the clients were told by the server, and how long the longest of them waited to be told."""

    kept: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    longest_wait: float = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    more: threading.Condition = field(default_factory=threading.Condition)

    def acknowledged(self, name: str, item: str, value: int, revision: int, waited: float) -> None:
        with self.more:
            self.kept[name] = item, value, revision
            self.longest_wait = max(self.longest_wait, waited)
            self.more.notify_all()

    def wait_for(self, more: int) -> None:
        """Until so many more answers are acknowledged, whatever happens meanwhile."""
        with self.more:
            enough = len(self.kept) + more
            assert self.more.wait_for(lambda: len(self.kept) >= enough, PATIENCE_S), "the load has come to a halt"


def answer_until_over(device: Device, load: Load, client: int) -> None:
    """As the page's script does: one save after the other, each repeated under its name until it is acknowledged."""
    for number in count():
        if load.is_over.is_set():
            return
        item, value, name = f"q{number % 28 + 1}", 1 + number % 4, f"client{client}-{number:06}"
        since = time.monotonic()
        while (revision := try_to_save(device, item, value, name)) is None:
            assert time.monotonic() - since < PATIENCE_S, "nobody answers any more"
        load.acknowledged(name, item, value, revision, time.monotonic() - since)


def try_to_save(device: Device, item: str, value: int, name: str) -> int | None:
    """The revision that the server says it stored; None where it did not say so."""
    try:
        answer = device.save(item, value, name)
    except httpx.TransportError:
        return None
    if answer.status_code >= 500:
        return None
    assert answer.status_code == 200, answer.text
    stored = answer.json()
    assert (item, str(value)) == (stored["item"], stored["value"])
    return int(stored["revision"])


def test_no_acknowledged_answer_is_lost_when_workers_are_killed_under_load(site: Site):
    """4 kills of all workers at once by default, 20 with WESHARE_FULL=1; then nobody may wait longer than 2 s.

    Seen failing when the commit followed the answer by 20 ms.
    """
    members = site.crowd(CLIENTS)
    devices = [Device(site, member) for member in members]
    sheets = [device.begin().split("/")[-1] for device in devices]
    load = Load()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(answer_until_over, device, load, number) for number, device in enumerate(devices)]
        try:
            for _ in range(trials(4, 20)):
                load.wait_for(ACKNOWLEDGED_BETWEEN_KILLS)
                assert site.server.kill_workers()
            load.wait_for(ACKNOWLEDGED_BETWEEN_KILLS)
        finally:
            load.is_over.set()
        for client in clients:
            client.result()
    for device in devices:
        device.http.close()
    with site.study.read() as session:
        rows = select(Answer.request_id, Answer.item, Answer.value, Answer.revision).join(AnswerSheet)
        stored = session.execute(rows.where(AnswerSheet.key.in_(sheets))).all()
    assert load.kept == {name: (item, value, revision) for name, item, value, revision in stored}
    print(f"{len(stored)} answers, none lost; the longest wait was {load.longest_wait:.1f} s")  # noqa: T201
    assert load.longest_wait < trials(PATIENCE_S, 2)
