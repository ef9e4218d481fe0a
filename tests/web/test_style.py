"""What can be told of the look without a browser: nothing inline, little weight, every class known, enough contrast."""

import fnmatch
import re
from pathlib import Path

import pytest

import app.web

WEB = Path(app.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STYLE = (WEB / "static" / "weshare.css").read_text(encoding="utf-8")
STAFF_STYLE = (WEB / "static" / "staff.css").read_text(encoding="utf-8")
QUESTIONS = (WEB / "static" / "questions.css").read_text(encoding="utf-8")
CODES = (WEB / "static" / "codes.css").read_text(encoding="utf-8")
OF_STAFF = ("admin", "investigator", "preview")  # the audiences whose pages load the second sheet too
KNOWN = set(re.findall(r"\.([a-z][a-z0-9-]*)", STYLE + QUESTIONS + CODES))
KNOWN_TO_STAFF = KNOWN | set(re.findall(r"\.([a-z][a-z0-9-]*)", STAFF_STYLE))

INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:|data:[a-z]+/", re.IGNORECASE)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)

THEMES = {
    "light": re.search(r":root \{(.*?)\}", STYLE, re.DOTALL),
    "dark": re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", STYLE, re.DOTALL),
}

# Which colour is read on which, and the least contrast: 7 for reading, 4.5 for short words, 3 for edges (WCAG 2).
READ_ON = [
    *[(text, ground, 7.0) for text in ("ink", "ink-soft", "brand") for ground in ("paper", "surface", "mist")],
    ("ink", "brand-tint", 7.0),
    ("ink", "good-tint", 7.0),
    ("ink", "warn-tint", 7.0),
    ("ink", "bad-tint", 7.0),
    ("on-brand", "brand", 7.0),
    ("on-brand", "brand-strong", 7.0),
    ("brand-strong", "brand-tint", 7.0),
    ("brand", "brand-tint", 4.5),
    ("good", "good-tint", 4.5),
    ("warn", "warn-tint", 4.5),
    ("bad", "paper", 7.0),
    ("on-bad", "bad", 7.0),
    ("line-strong", "paper", 3.0),
    ("line-strong", "surface", 3.0),
    *[(f"chart-{number}", "surface", 4.5) for number in range(1, 7)],
]


def colours(theme: str) -> dict[str, str]:
    """The colour tokens of a theme, by name."""
    found = THEMES[theme]
    assert found is not None
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", found[1]))


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2, from 0 for black to 1 for white."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def class_words(template: str) -> set[str]:
    """The classes a template writes; where an expression stands in a word, there is a star instead."""
    markup = re.sub(r"\{\{.*?\}\}", "*", JINJA.sub(" ", template), flags=re.DOTALL)
    return {word for words in re.findall(r'\bclass="([^"]*)"', markup) for word in words.split()}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_a_template_has_no_style_and_no_script_of_its_own(path: Path) -> None:
    """Seen failing with a ``style="..."`` on the progress bar."""
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_every_class_of_a_template_is_in_the_style_sheet(path: Path) -> None:
    """Seen failing with a card spelled ``crad``. What only a script looks for is a data attribute, not a class."""
    words = class_words(path.read_text(encoding="utf-8"))
    is_for_staff = path.parent.name in OF_STAFF or path.name == "bound.html"  # whose periods are for designers alone
    known = KNOWN_TO_STAFF if is_for_staff else KNOWN
    unknown = {word for word in words if not fnmatch.filter(known, word)}
    assert unknown == set()


def test_the_frame_of_every_page_weighs_little() -> None:
    """Seen failing with a limit of 20 kB."""
    assert len(STYLE.encode()) < 30_000
    assert len(QUESTIONS.encode()) < 6_000  # only where questions are asked
    frame = [WEB / "templates" / "base.html", *(WEB / "static" / name for name in ("logo.svg", "favicon.svg"))]
    assert len(STYLE.encode()) + sum(path.stat().st_size for path in frame) < 60_000


def test_the_style_sheet_fetches_nothing() -> None:
    """Seen failing with an ``@import``."""
    assert re.findall(r"@import|@font-face|url\(|https?:|expression\(", STYLE + QUESTIONS + STAFF_STYLE) == []


def test_the_style_sheet_knows_start_and_end_but_not_left_and_right() -> None:
    """So that a language written from right to left needs nothing else. Seen failing with ``margin-left``."""
    sides = r"(?:margin|padding|border)-(?:left|right)|(?:text-align|float): (?:left|right)|[{;\s](?:left|right):"
    assert re.findall(sides, STYLE + QUESTIONS + STAFF_STYLE) == []


def test_both_themes_name_the_same_colours() -> None:
    """Seen failing when dark had no ``chart-5``."""
    assert set(colours("light")) == set(colours("dark")) != set()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground", "least"), READ_ON)
def test_words_stand_out_from_their_ground(theme: str, text: str, ground: str, least: float) -> None:
    """Seen failing with a light ``line-strong`` of #b5a5b9."""
    found = colours(theme)
    assert contrast(found[text], found[ground]) >= least


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
