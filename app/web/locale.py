"""The reader's language: chosen on the account, else kept in a cookie, else the browser's wish; and words in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from babel.support import LazyProxy, NullTranslations
from flask import Request
from markupsafe import Markup

from app.i18n import LANGUAGES, catalogue, negotiate
from app.questionnaires.sayings import Saying
from app.web.request import current, this_request

COOKIE = "language"


def from_browser(request: Request, cookie: str) -> str:
    """The language of somebody who is not signed in; ``cookie``: what the one that keeps it is called here."""
    kept = request.cookies.get(cookie, "")
    if kept in LANGUAGES:
        return kept
    return negotiate([tag for tag, _quality in request.accept_languages])


def _catalogue() -> NullTranslations:
    asked = this_request()
    return catalogue(asked.language, asked.services.config.translations)


def _(message: str, /, **facts: object) -> str:
    """The message in the reader's language, its %(name)s places filled."""
    text = _catalogue().ugettext(message)
    return text % facts if facts else text


def ngettext(singular: str, plural: str, num: int, **facts: object) -> str:
    """The form that fits a number; %(num)s is filled with it."""
    return _catalogue().ungettext(singular, plural, num) % {"num": num, **facts}


@contextmanager
def reading_in(language: str) -> Iterator[None]:
    """Words, dates and numbers as for a reader of that language, where the interface is offered in it."""
    own = current.language
    current.language = language if language in LANGUAGES else own
    try:
        yield
    finally:
        current.language = own


def told(message: str) -> str:
    """What the core says, in the reader's language where it is a saying; anything else as it is."""
    if not isinstance(message, Saying):
        return message
    return " ".join(
        _(part.form) % {name: told(fact) if isinstance(fact, str) else fact for name, fact in part.facts.items()}
        for part in message.parts
    )


def lazy(message: str, /, **facts: object) -> Any:
    """A message translated when it is shown, for tables and forms that are built once."""
    return LazyProxy(_, message, enable_cache=False, **facts)


def template_message(message: str, /, **facts: object) -> Markup:
    """``_`` of templates: a page has dozens, so without the steps of Jinja's own. The facts are escaped."""
    text = Markup(_catalogue().ugettext(message))  # noqa: S704
    return text % facts if facts else text


def template_gettext(message: str) -> str:
    """For Jinja's i18n extension, which fills the places itself."""
    return _catalogue().ugettext(message)


def template_ngettext(singular: str, plural: str, num: int) -> str:
    """For Jinja's i18n extension."""
    return _catalogue().ungettext(singular, plural, num)
