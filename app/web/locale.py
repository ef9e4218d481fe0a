"""The reader's language: chosen on the account, else kept in a cookie, else the browser's wish; and words in it."""

from typing import Any

from babel.support import LazyProxy, NullTranslations
from flask import Request, has_request_context

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, catalogue, negotiate
from app.web.request import current

COOKIE = "language"


def from_browser(request: Request) -> str:
    """The language of somebody who is not signed in."""
    kept = request.cookies.get(COOKIE, "")
    if kept in LANGUAGES:
        return kept
    return negotiate([tag for tag, _quality in request.accept_languages])


def _catalogue() -> NullTranslations:
    language = current.language if has_request_context() else DEFAULT_LANGUAGE
    return catalogue(language, current.config.translations)


def _(message: str, **facts: object) -> str:
    """The message in the reader's language, its %(name)s places filled."""
    text = _catalogue().ugettext(message)
    return text % facts if facts else text


def ngettext(singular: str, plural: str, num: int, **facts: object) -> str:
    """The form that fits a number; %(num)s is filled with it."""
    return _catalogue().ungettext(singular, plural, num) % {"num": num, **facts}


def lazy(message: str, **facts: object) -> Any:
    """A message translated when it is shown, for tables and forms that are built once."""
    return LazyProxy(_, message, enable_cache=False, **facts)


def template_gettext(message: str) -> str:
    """For Jinja's i18n extension, which fills the places itself."""
    return _catalogue().ugettext(message)


def template_ngettext(singular: str, plural: str, num: int) -> str:
    """For Jinja's i18n extension."""
    return _catalogue().ungettext(singular, plural, num)
