"""The clock of the web's tests."""

import pytest

from tests.support.signing_in import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that only the test moves."""
    stopped = Clock()
    monkeypatch.setattr("app.web.transaction.now", stopped)
    return stopped
