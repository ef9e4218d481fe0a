"""Not faster than agreed."""

from app.jobs.pace import Pace


def slept(per_minute: int | None, arrivals: list[float]) -> list[float]:
    """At which instants those who came at the given ones had their turns."""
    clock = [0.0]

    def sleep(seconds: float) -> None:
        clock[0] += seconds

    pace, turns = Pace(per_minute, lambda: clock[0], sleep), []
    for arrival in arrivals:
        clock[0] = max(clock[0], arrival)
        pace.wait()
        turns.append(clock[0])
    return turns


def test_turns_come_evenly() -> None:
    """Seen failing with a whole minute's messages at its beginning."""
    assert [100.0, 102.0, 104.0, 106.0] == slept(30, [100.0] * 4)


def test_whoever_comes_late_need_not_wait() -> None:
    assert [100.0, 107.0, 109.0] == slept(30, [100.0, 107.0, 107.5])


def test_nobody_waits_where_nothing_is_agreed() -> None:
    assert [1.0, 1.0, 1.0] == slept(None, [1.0] * 3)
