"""Not faster than agreed: what lines of one process take turns by."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """So many in a minute, evenly; None: as many as there are."""

    per_minute: int | None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = 0.0
    _taking: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_set(self) -> bool:
        """Whether anybody ever waits."""
        return self.per_minute is not None

    def wait(self) -> None:
        """Until it is one's turn."""
        if self.per_minute is None:
            return
        with self._taking:
            now = self.now()
            turn = max(now, self._next)
            self._next = turn + 60 / self.per_minute
        if turn > now:
            self.sleep(turn - now)
