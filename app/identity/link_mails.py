"""The messages that carry a single-use link: one complete text per purpose and language, and nothing about health."""

import secrets
from datetime import datetime, timedelta

from babel.units import format_unit
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.i18n import DEFAULT_LANGUAGE, LANGUAGES, locale
from app.identity import courier, letter_texts, mailed_links, people
from app.identity.carriage import Message
from app.identity.mailed_links import LIFETIMES, Asked
from app.identity.models import Person
from app.identity.sign_in_models import MailedLink

MOST_AN_HOUR = 8
"""Mails of this kind to one person, whoever asks for them: nobody's inbox can be flooded."""


def send(session: Session, email: str, purpose: str, asked: Asked, link: str, at: datetime) -> str | None:
    """Mail a new link to whoever has that address: the account's pseudonym, or None where nothing was sent.

    ``link``: the address that the token is put behind.
    """
    person = people.find_by_email(session, email)
    if person is None or person.erased_at is not None or _has_enough(session, person, at):
        return None
    token = mailed_links.issue(session, person, purpose, asked, at)
    pseudonym = people.pseudonym_of(session, person, people.ACCOUNT)
    name = f"link:{purpose}:{mailed_links.name_of(token)}"
    courier.post(session, pseudonym, compose(purpose, person.language, name, f"{link}{token}"), at)
    return pseudonym


def tell_of_change(session: Session, person: Person, link: str, at: datetime) -> None:
    """Write to a person that the ways in have changed; nothing where there is no address or no longer a person."""
    pseudonym = people.pseudonym_of(session, person, people.ACCOUNT)
    name = f"changed:{secrets.token_hex(16)}"
    language = person.language if person.language in LANGUAGES else DEFAULT_LANGUAGE
    courier.post(session, pseudonym, letter_texts.compose("changed", language, name, {"link": link}), at)


def compose(purpose: str, wanted_language: str, message_id: str, link: str) -> Message:
    """The message in its reader's language, or in the default one where it is not written in that language."""
    language = wanted_language if wanted_language in LANGUAGES else DEFAULT_LANGUAGE
    minutes = int(LIFETIMES[purpose].total_seconds()) // 60
    words = {"link": link, "minutes": format_unit(minutes, "duration-minute", locale=locale(language))}
    return letter_texts.compose(purpose, language, message_id, words)


def _has_enough(session: Session, person: Person, at: datetime) -> bool:
    recent = (MailedLink.person_id == person.id, MailedLink.made_at > at - timedelta(hours=1))
    return (session.scalar(select(func.count()).where(*recent)) or 0) >= MOST_AN_HOUR
