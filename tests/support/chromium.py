"""A real Chromium, Debian's, driven by Playwright; and a watch on what a page must never do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
REQUIRED = "WESHARE_REQUIRE_BROWSER"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def find_chromium() -> str | None:
    """Where a Chromium is installed, if one is."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def running() -> Iterator[Browser]:
    """One browser process; skips where none is installed, fails where one is required."""
    path = find_chromium()
    if path is None:
        if os.environ.get(REQUIRED):
            pytest.fail("no Chromium is installed, but browser tests are required here")
        pytest.skip("browser tests need Chromium, which is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def follow(control: Locator, key: str | None = None) -> None:
    """Press a button or link and wait until the page that answers has been read: a press alone waits for nothing.

    ``key``: press that key in a field instead.
    """
    with control.page.expect_navigation():
        if key is None:
            control.click()
        else:
            control.press(key)


class Watch:
    """Collects what no page may do: script errors, refused resources, breaches of the content policy."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        self.expected: set[int] = set()
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self._console)

    def _console(self, message: Any) -> None:
        # A refusal that a test provokes on purpose is logged by the browser as an error of the network.
        provoked = any(f"status of {status}" in message.text for status in self.expected)
        if message.type == "error" and not provoked:
            self.faults.append(message.text)
