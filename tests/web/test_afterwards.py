"""What is done after the answer lasts alike, whatever was found: a next request on the same connection waits for it."""

from typing import Any

import pytest

from app.web import afterwards
from tests.support.signing_in import EMAIL, STATE, a_browser, known_to_the_vault
from tests.support.stage import token_of
from tests.support.world import World

STEP_S = 0.025


class Watch:
    """A clock that moves only when somebody works or sleeps; ``slept``: for how long each time."""

    def __init__(self, work: list[float]) -> None:
        self.now, self.work = 100.0, work
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """A reading comes after the next piece of work."""
        self.now += self.work.pop(0)
        return self.now

    def sleep(self, seconds: float) -> None:
        """Note it."""
        self.slept.append(seconds)


@pytest.mark.parametrize(("lasted", "missing"), [(0.0, 0.0), (0.001, 0.024), (0.024, 0.001), (0.026, 0.024)])
def test_work_is_rounded_up_to_whole_steps(lasted: float, missing: float) -> None:
    """Seen failing with the rest of one step only, which is none after a long one."""
    assert missing == pytest.approx(afterwards.rest(lasted, STEP_S))


@pytest.mark.parametrize("typed", [EMAIL, "nobody@example.org"])
def test_known_and_unknown_addresses_are_both_waited_for(
    app: Any, world: World, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """Seen failing with the wait left out, and with a wait for those alone whose work had failed."""
    known_to_the_vault(world)
    browser = a_browser(app)
    form = {"csrf_token": token_of(browser), "email": typed}
    watch = Watch([0.0, 0.004 if typed == EMAIL else 0.001])
    monkeypatch.setattr(afterwards, "STEP_S", STEP_S)
    monkeypatch.setattr(afterwards, "time", watch)
    with browser.post(f"/vault/ask/sign-in?state={STATE}", data=form) as answer:
        assert 200 == answer.status_code
        assert [] == watch.slept
    assert [pytest.approx(0.021 if typed == EMAIL else 0.024)] == watch.slept
