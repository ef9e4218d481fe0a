"""Documents for paper, made by typst from a template of ours and plain data. Text is data there and never markup."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import typst

TEMPLATES = Path(__file__).parent
FONTS = ("Libertinus Serif",)
"""Comes inside typst. Letters that it does not have are taken from the fonts of the computer."""
STANDARD: Literal["ua-1"] = "ua-1"
PIXELS_PER_INCH = 110


class Unprintable(Exception):
    """The document cannot be set, in a sentence that says why: no font here has one of its letters, most likely."""


def pdf(template: str, data: Mapping[str, Any], folder: Path | None = None) -> bytes:
    """A tagged file (PDF/UA-1), the same bytes for the same data. ``folder`` holds the pictures that the data name."""
    return cast(bytes, _compiled(template, data, folder, format="pdf", pdf_standards=[STANDARD], timestamp=0))


def pictures(template: str, data: Mapping[str, Any]) -> list[bytes]:
    """Its pages as PNG."""
    made = _compiled(template, data, None, format="png", ppi=PIXELS_PER_INCH)
    return made if isinstance(made, list) else [cast(bytes, made)]


def _compiled(template: str, data: Mapping[str, Any], folder: Path | None, **more: Any) -> bytes | list[bytes] | None:
    inputs = {"data": json.dumps({**data, "fonts": FONTS}, ensure_ascii=False)}
    root = folder or TEMPLATES
    # Searching the computer for fonts takes longer than the page itself; only who needs other letters pays for it.
    for has_all_fonts in (False, True):
        compiler = typst.Compiler(
            _source(template), root=root, ignore_system_fonts=not has_all_fonts, sys_inputs=inputs
        )
        try:
            return compiler.compile(**more)
        except typst.TypstError as problem:
            if has_all_fonts or "font" not in str(problem):
                raise Unprintable(str(problem)) from problem
    return None


@cache
def _source(template: str) -> bytes:
    return (TEMPLATES / f"{template}.typ").read_bytes()
