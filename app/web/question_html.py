"""Questions as HTML, made once: one looks the same to everybody who reads that language and chose that answer."""

from functools import lru_cache
from typing import Any, TypeAlias

from flask import Flask, current_app
from markupsafe import Markup

from app.web.instrument_form import Option, Question
from app.web.request import this_request

TEMPLATE = "macros/questionnaire.html"
# Every item of a dozen questionnaires with each of its answers, in both languages and both layouts: about 20 MB.
KEPT = 8_192

Options: TypeAlias = tuple[Option, ...]
Shown: TypeAlias = tuple[str, int, int, str, str | None, str, Options, str | None, Options, bool]


def question_html(one: Question, total: int, error: str | None, heading_level: int) -> Markup:
    """The question with the answer so far, as its macro draws it.

    One with a mistake shows whatever somebody sent, so that is drawn anew and kept by nobody.
    """
    told = (one.item, one.number, total, one.text, one.recall, one.kind, one.options, one.answer)
    shown = (*told, one.others, one.is_declinable)
    if error is not None:
        return _draw(shown, error, heading_level)
    return _kept(this_request().language, shown, heading_level)


@lru_cache(maxsize=KEPT)
def _kept(_language: str, shown: Shown, heading_level: int) -> Markup:
    return _draw(shown, None, heading_level)


def _draw(shown: Shown, error: str | None, heading_level: int) -> Markup:
    macros: Any = current_app.jinja_env.get_template(TEMPLATE).module
    *told, others, is_declinable = shown
    drawn = macros.question(*told, error=error, heading_level=heading_level, others=others, is_declinable=is_declinable)
    return Markup(drawn)  # noqa: S704 -- our own macro


def forget() -> None:
    """Draw every question anew from now on."""
    _kept.cache_clear()


def install(app: Flask) -> None:
    """Make it known to the templates."""
    app.jinja_env.globals["question_html"] = question_html
