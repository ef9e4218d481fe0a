"""Pictures of pages in a real browser, without a server: each request of the page is answered by the application."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from shutil import which
from typing import TYPE_CHECKING, Any

from app.cli import settings
from app.cli.preview_site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
PLACE = "http://preview.invalid"
# Where a long page may be cut without cutting anything that belongs together.
EDGES = """() => [
  document.documentElement.scrollHeight,
  ...[...document.querySelectorAll('.question, .summary-row, .actions, .site-footer')].map(
    one => Math.round(one.getBoundingClientRect().top + window.scrollY))
]"""


@dataclass(frozen=True, slots=True)
class Device:
    """A screen: its width and least height in CSS pixels, how sharp its pictures are, and how long one may be."""

    name: str
    width: int
    height: int
    sharpness: float
    longest: int


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A browser; the command ends with a sentence about what is missing where there is none."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        settings.stop(
            "The pictures of the screens are made with Playwright, which is not installed: "
            "“pip install 'weshare[fidelity]'” adds it."
        )
    path = next((found for name in BROWSERS if (found := which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        except Error:
            settings.stop(
                "The pictures of the screens are made with Chromium, which is not installed. On Debian and Ubuntu: "
                "“apt install chromium”; elsewhere: “playwright install chromium”."
            )
        yield browser
        browser.close()


@contextmanager
def opened(browser: "Browser", site: Site, device: Device, language: str) -> Iterator["Page"]:
    """A page on a device, light, whose every request goes to the application and nowhere else."""
    client = site.client(language)

    def answer(route: Any) -> None:
        url: str = route.request.url
        if not url.startswith(PLACE):
            route.abort()
            return
        with client.get(url.removeprefix(PLACE)) as got:
            route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.data)

    context = browser.new_context(
        viewport={"width": device.width, "height": device.height},
        device_scale_factor=device.sharpness,
        locale=language,
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def pictures(page: "Page", address: str, device: Device) -> list[bytes]:
    """The whole page from top to bottom (PNG), in several pieces where it is longer than the device's ``longest``."""
    page.goto(f"{PLACE}{address}")
    height, *edges = page.evaluate(EDGES)
    found, top = [], 0
    for bottom in cuts(height, edges, device.longest):
        clip = {"x": 0, "y": top, "width": device.width, "height": bottom - top}
        found.append(page.screenshot(full_page=True, clip=clip))  # type: ignore[arg-type]
        top = bottom
    return found


def cuts(height: int, edges: list[int], longest: int) -> list[int]:
    """Where the pieces end: at the last edge that keeps a piece short enough, else wherever it has to be."""
    ends: list[int] = []
    top = 0
    while height - top > longest:
        fitting = [edge for edge in edges if top + longest // 4 < edge <= top + longest]
        top = max(fitting, default=top + longest)
        ends.append(top)
    return [*ends, height]
