"""``weshare instruments fidelity``: every screen and the paper version as one file, for the owner's review."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from babel import Locale
from rich.console import Console
from rich.progress import Progress

from app.cli import photograph, settings
from app.cli.photograph import Device
from app.cli.preview_site import Screen, Site, open_site
from app.config import ROOT
from app.paper import typeset
from app.questionnaires.routing import Layout
from app.questionnaires.topics import topics
from app.questionnaires.wording import Wording
from app.web.preview.shown import TOPICS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE = Device("phone", 360, 740, 2, 1_480)
COMPUTER = Device("computer", 1_280, 800, 1, 1_700)
# Title, device, layout, how many pictures stand side by side on a sheet, and how wide one is in its column.
SECTIONS: tuple[tuple[str, Device, Layout, int, str], ...] = (
    ("On a phone (360 px), one question at a time", PHONE, "item", 3, "100%"),
    ("On a phone (360 px), a page of questions", PHONE, "page", 3, "100%"),
    ("On a computer (1280 px), one question at a time", COMPUTER, "item", 1, "74%"),
    ("On a computer (1280 px), a page of questions", COMPUTER, "page", 1, "100%"),
)
AROUND = {"start": "Before the questions", "review": "Review before sending", "end": "After sending"}
"""The screens around the questions; they look the same in both layouts and are shown with the first."""
PAPER_COLUMNS = 2
LEAD = (
    "Every screen as a participant has it, at the width of a phone and of a computer, without the menu of the account, "
    "and the paper version, made by the program that shows it. Questions that not everybody is asked are shown too. "
    "Each page bears the fingerprint of the wording that it shows: another wording has another fingerprint."
)


@click.command()
@click.argument("code")
@click.option("--lang", "languages", multiple=True, help="A language, or “topics”; all that are installed by default.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day that the file bears; today by default.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=ROOT / "instruments", help="Where the questionnaires are."
)
def fidelity(code: str, languages: tuple[str, ...], out: Path, on: datetime | None, folder: Path) -> None:
    """One PDF for the owner's review: every screen of every language at phone and desktop width, and the paper version.

    Each page bears the fingerprint (SHA-256) of the wording that it shows. CODE with or without @version.
    """
    site = open_site(code, folder)
    chosen = site.languages(languages)
    if not site.can_be_shown:
        settings.stop(f"{site.instrument.key} has a kind of question that cannot be shown on a screen yet.")
    day = (on or datetime.now(UTC)).date()
    with tempfile.TemporaryDirectory() as kept, photograph.chromium() as browser:
        made = _pack(site, chosen, day, browser, Path(kept))
    out.write_bytes(made)
    click.echo(f"{out}: {len(made) / 1e6:.1f} MB")


def _pack(site: Site, languages: list[str], day: date, browser: "Browser", folder: Path) -> bytes:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Screens", total=len(languages) * (len(SECTIONS) + 1))
        shown = []
        for language in languages:
            sections: list[dict[str, Any]] = []
            for section in _sections(site, language, browser, folder):
                sections.append({**section, "first": not sections})
                bar.advance(task)
            wording = _wording(site, language)
            shown.append(
                {"title": _title(language, wording), "wording": _hash(language, wording), "sections": sections}
            )
    return typeset.pdf("fidelity", _data(site, languages, day) | {"languages": shown}, folder)


def _data(site: Site, languages: list[str], day: date) -> dict[str, Any]:
    one = site.instrument
    facts = [
        ("Instrument", f"{one.title} ({one.code}), version {one.version}"),
        ("Owner", one.owner),
        ("Definition", f"SHA-256 {site.library.instrument_hash(one.key)}"),
        ("Questions", str(len(one.items))),
        ("Made on", day.isoformat()),
    ]
    facts += [
        (_title(language, _wording(site, language)), _provenance(_wording(site, language))) for language in languages
    ]
    return {
        "title": f"Fidelity pack: {one.title}",
        "instrument": one.key,
        "header": f"{one.title} ({one.code}), version {one.version}",
        "date": day.isoformat(),
        "lead": LEAD,
        "contents": "Contents",
        "facts": facts,
    }


def _sections(site: Site, language: str, browser: "Browser", folder: Path) -> Iterator[dict[str, Any]]:
    shown_in = _wording(site, language).language
    for number, (title, device, layout, columns, width) in enumerate(SECTIONS):
        found = []
        with photograph.opened(browser, site, device, shown_in) as page:
            for screen in site.screens(language, (layout,)):
                if layout != SECTIONS[0][2] and screen.layout in AROUND:
                    continue
                pieces = photograph.pictures(page, screen.address, device)
                for piece, picture in enumerate(pieces, start=1):
                    name = f"{language}-{number}-{screen.name}-{piece}.png"
                    (folder / name).write_bytes(picture)
                    caption = _caption(screen) + (f" ({piece} of {len(pieces)})" if len(pieces) > 1 else "")
                    found.append({"file": f"/{name}", "caption": caption, "alt": f"{title}. {caption}"})
        yield {"title": title, "columns": columns, "width": width, "pictures": found}
    found = []
    sheets = site.sheets(language)
    for number, picture in enumerate(sheets, start=1):
        name = f"{language}-paper-{number}.png"
        (folder / name).write_bytes(picture)
        caption = f"Sheet {number} of {len(sheets)}"
        found.append({"file": f"/{name}", "caption": caption, "alt": f"On paper. {caption}"})
    yield {"title": "On paper (A4)", "columns": PAPER_COLUMNS, "width": "100%", "pictures": found}


def _caption(screen: Screen) -> str:
    if screen.layout in AROUND:
        return AROUND[screen.layout]
    return f"{'Questions' if ',' in screen.title else 'Question'} {screen.title}"


def _wording(site: Site, language: str) -> Wording:
    return topics(site.instrument) if language == TOPICS else site.library.wording(site.instrument.key, language)


def _title(language: str, wording: Wording) -> str:
    if language == TOPICS:
        return "Topics, not the questions"
    name = Locale.parse(wording.language, sep="-").get_display_name("en") or wording.language
    return f"{name} ({wording.language})"


def _hash(language: str, wording: Wording) -> str:
    return f"{_title(language, wording)}, wording {wording.wording_version}, SHA-256 {wording.content_hash}"


def _provenance(wording: Wording) -> str:
    origin = wording.provenance
    return (
        f"Wording {wording.wording_version} ({origin.kind}), {origin.author}, {origin.date.isoformat()}\n"
        f"SHA-256 {wording.content_hash}"
    )
