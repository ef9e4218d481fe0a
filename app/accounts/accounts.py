"""Accounts: made where a pseudonym is first seen; what the person prefers is the same on every device."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import once
from app.accounts.models import Account
from app.errors import Refusal
from app.i18n import LANGUAGES

LAYOUTS = ("page", "item")


def ensure(session: Session, pseudonym: str, at: datetime) -> Account:
    """The account of that pseudonym; a new one starts in the given language, an old one keeps its own."""
    known = session.get(Account, pseudonym)
    if known is not None:
        return known
    fresh = Account(pseudonym=pseudonym, language=None, layout=None, created_at=at)
    return fresh if once.insert(session, fresh) else session.get_one(Account, pseudonym)


def set_language(session: Session, pseudonym: str, language: str) -> None:
    """The interface language from now on; Refusal("unknown-language") for one that is not offered."""
    if language not in LANGUAGES:
        raise Refusal("unknown-language")
    session.get_one(Account, pseudonym).language = language


def wants_study_news(session: Session, pseudonym: str) -> bool | None:
    """Whether the person wants news of studies that could be joined; None: nobody has said so yet."""
    return session.get_one(Account, pseudonym).study_news


def want_study_news(session: Session, pseudonym: str, language: str, *, wanted: bool) -> bool:
    """Keep whether news of studies are wanted; False if that had been said before.

    Whoever wants them and never chose a language is written to in the one that the wish was said in.
    """
    account = session.get_one(Account, pseudonym)
    if account.study_news is wanted:
        return False
    account.study_news = wanted
    if wanted and account.language is None and language in LANGUAGES:
        account.language = language
    return True


def tell_nothing_more(session: Session, pseudonym: str) -> None:
    """No news of studies any more: the person of the account was erased, and no message would find anybody."""
    session.execute(update(Account).where(Account.pseudonym == pseudonym).values(study_news=False))


def set_layout(session: Session, pseudonym: str, layout: str | None) -> None:
    """A page of questions, one at a time, or None: whatever suits the screen. Refusal("unknown-layout") otherwise."""
    if layout is not None and layout not in LAYOUTS:
        raise Refusal("unknown-layout")
    session.get_one(Account, pseudonym).layout = layout
