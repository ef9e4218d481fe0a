"""Questions as HTML, made once: one looks the same to everybody who reads that language and chose that answer."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.questionnaires.answers import FILLED_FOR_GOOD
from app.web.instrument_form import Question
from app.web.request import this_request

TEMPLATE = "macros/questionnaire.html"
# Every item of a dozen questionnaires with each of its answers, in both languages and both layouts: about 20 MB.
KEPT = 8_192


def question_html(one: Question, total: int | None, error: str | None, heading_level: int) -> Markup:
    """The question with the answer so far, as its macro draws it; ``total`` is None where nobody knows how many come.

    One with a mistake shows whatever somebody sent, and one with a written answer what somebody wrote: those are drawn
    anew and kept by nobody.
    """
    shown = replace(one, revision=0)
    if error is not None or (one.filled and one.kind not in FILLED_FOR_GOOD):
        return _draw(shown, total, error, heading_level)
    return _kept(this_request().language, shown, total, heading_level)


@lru_cache(maxsize=KEPT)
def _kept(_language: str, shown: Question, total: int | None, heading_level: int) -> Markup:
    return _draw(shown, total, None, heading_level)


def _draw(shown: Question, total: int | None, error: str | None, heading_level: int) -> Markup:
    macros: Any = current_app.jinja_env.get_template(TEMPLATE).module
    return Markup(macros.question(shown, total, error, heading_level))  # noqa: S704 -- our own macro


def forget() -> None:
    """Draw every question anew from now on."""
    _kept.cache_clear()


def install(app: Flask) -> None:
    """Make it known to the templates."""
    app.jinja_env.globals["question_html"] = question_html
