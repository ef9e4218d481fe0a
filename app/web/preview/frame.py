"""What all pages of a preview share: what participants read, and the frame around it for who looks at it."""

from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from app.web.locale import reading_in
from app.web.preview import shown, words
from app.web.preview.shown import Preview
from app.web.request import current
from app.web.showable import is_answerable_here

FOR_PARTICIPANTS = frozenset({"start", "screen", "review"})


def page(preview: Preview, view: str, **facts: Any) -> str:
    """What a participant reads, in the participant's language, inside a frame for who looks at it.

    ``alone`` in the address leaves the frame out, for pictures of the screens.
    """
    is_alone, word = shown.stands_alone(), preview.word
    facts |= {
        "preview": preview,
        "instrument": preview.instrument,
        "wording": preview.wording,
        "kept": word,
        "url": lambda endpoint, **more: url(preview, word, endpoint, **more),
        "is_alone": is_alone,
    }
    is_for_participants = is_alone or view in FOR_PARTICIPANTS
    with reading_in(preview.wording.language if is_for_participants else current.language):
        inner = Markup(render_template(f"preview/{view}.html", **facts))  # noqa: S704 -- our own template
        if is_alone:
            return render_template("preview/alone.html", inner=inner, **facts)
    key = preview.instrument.key
    return render_template(
        "preview/frame.html",
        inner=inner,
        view=view,
        is_for_participants=is_for_participants,
        languages=[(code, words.language_name(code)) for code in shown.languages_of(key)],
        wording_hash=preview.wording.content_hash,
        is_answerable=is_answerable_here(preview.instrument),
        **{"layout": "item", **facts},
    )


def url(preview: Preview, word: str, endpoint: str, **more: Any) -> str:
    """An address of this preview, with the answers so far, sealed in a word."""
    known = {"key": preview.instrument.key, "language": preview.language, "kept": word or None}
    return url_for(f"preview.{endpoint}", **(known | more))
