"""What each message to a professional says, where it goes, and whether it is still wanted when its turn comes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app import mailed_codes
from app.accounts import staff_contacts
from app.accounts.models import Staff, StaffContact
from app.i18n import DEFAULT_LANGUAGE, LANGUAGES
from app.notices import html, made_up, matters, paragraphs
from app.notices.compose import Facts, Text, compose
from app.notices.models import StaffNotice
from app.notices.staff_outbox import ADDRESS_CHANGED, ALERT, CHANGED, CODE, DIGEST, TEST
from app.studies import queries
from app.studies.models import Study


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is written to, with what, from where."""

    session: Session
    staff: Staff
    contact: StaffContact
    url: str
    at: datetime

    @property
    def choices(self) -> str:
        """Where the professional says which messages to get."""
        return f"{self.url}/staff/messages"

    def studies(self) -> dict[int, Study]:
        """Those that the professional works on now."""
        return {one.study.id: one.study for one in queries.accesses(self.session, self.staff.id)}

    @property
    def language(self) -> str:
        """In which the professional is written to."""
        return self.staff.language if self.staff.language in LANGUAGES else DEFAULT_LANGUAGE

    def compose(self, kind: str, **more: str) -> Text:
        """The message in the professional's language."""
        facts = Facts(account=f"{self.url}/staff/account", more={"choices": self.choices, **more})
        return compose(kind, self.language, facts)


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind goes: ``is_together`` makes one message of all that are due; ``apart`` lies between two at least."""

    write: Callable[[Desk, Sequence[StaffNotice]], Text | None]
    address: Callable[[StaffContact], str | None]
    is_together: bool = False
    apart: timedelta = timedelta(0)


def _confirmed(contact: StaffContact) -> str | None:
    return contact.address


def _pending(contact: StaffContact) -> str | None:
    return contact.pending_address


def _alert(desk: Desk, notices: Sequence[StaffNotice]) -> Text | None:
    mine = desk.studies()
    about = {notice.study_id for notice in notices if notice.study_id in mine}
    if not about or not desk.contact.alerts:
        return None
    page = "/studies" if len(about) > 1 else f"/studies/{mine[about.pop() or 0].code}/{_place(notices)}"
    return desk.compose(ALERT, page=f"{desk.url}{page}")


def _place(notices: Sequence[StaffNotice]) -> str:
    """Which page of a study tells more."""
    kinds = {notice.about.removeprefix(f"{ALERT}:").partition(":")[0] for notice in notices}
    return "consents" if kinds <= {matters.CONSENT_REFUSED, matters.CONSENT_TALK} else "messages"


def _digest(desk: Desk, notices: Sequence[StaffNotice]) -> Text | None:
    mine = {study.code for study in desk.studies().values()}
    language = desk.language
    found = notices[-1].facts.get("lines")
    lines = [
        LINE[language].format(study=study, site=site, overdue=overdue, failures=failures)
        for study, site, overdue, failures in (found if isinstance(found, list) else [])
        if study in mine
    ]
    if not lines or not desk.contact.digest:
        return None
    return desk.compose(DIGEST, lines="\n".join(lines), page=f"{desk.url}/studies")


def _code(desk: Desk, notices: Sequence[StaffNotice]) -> Text | None:
    """The code is made here and only now: what waits in the database holds no secret."""
    if desk.at - notices[-1].created_at > mailed_codes.LIFETIME:
        return None
    code = staff_contacts.make_code(desk.session, desk.staff.id, desk.at)
    return None if code is None else desk.compose(CODE, code=code, page=desk.choices)


def _test(desk: Desk, notices: Sequence[StaffNotice]) -> Text | None:
    """As participants get it, with made-up links; what goes to a telephone, in the words that it shows there."""
    (notice,) = notices
    study = desk.studies().get(notice.study_id or 0)
    if study is None:
        return None
    kind, channel, language = (str(notice.facts[name]) for name in ("kind", "channel", "language"))
    paragraph = paragraphs.current(desk.session, study.id, kind, language)
    text = compose(kind, language, made_up.facts(desk.url, paragraph, kind, desk.at.date()))
    words = text.short if channel == "sms" and text.short else text.text
    subject = f"[Test] {text.subject}"
    return replace(text, subject=subject, text=words, html=html.page(text.language, subject, words))


def _changed(desk: Desk, notices: Sequence[StaffNotice]) -> Text | None:
    words = WHAT[desk.language]
    told = dict.fromkeys(words[str(notice.facts["what"])] for notice in notices)
    return desk.compose(CHANGED, what="\n".join(f"– {one}" for one in told))


def _address_changed(desk: Desk, _notices: Sequence[StaffNotice]) -> Text | None:
    return desk.compose(ADDRESS_CHANGED) if desk.contact.former_address else None


def _former(contact: StaffContact) -> str | None:
    return contact.former_address


WHAT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "password": "the password",
        "app": "the app that shows codes",
        "codes": "the recovery codes",
        "passkey": "the passkeys",
        "address": "the address for messages",
    },
    "fr": {
        "password": "le mot de passe",
        "app": "l’application qui affiche des codes",
        "codes": "les codes de secours",
        "passkey": "les clés d’accès",
        "address": "l’adresse pour les messages",
    },
}
"""What can change in how a professional signs in, as the message about it says it."""
LINE: Final[Mapping[str, str]] = {
    "en": "{study}, {site}. Questionnaires that are late: {overdue}. Messages not delivered: {failures}.",
    "fr": "{study}, {site}. Questionnaires en retard\u202f: {overdue}. Messages non remis\u202f: {failures}.",
}
WAYS: Final[Mapping[str, Way]] = {
    ALERT: Way(_alert, _confirmed, is_together=True, apart=timedelta(hours=1)),
    DIGEST: Way(_digest, _confirmed, is_together=True),
    CODE: Way(_code, _pending, is_together=True),
    TEST: Way(_test, _confirmed),
    CHANGED: Way(_changed, _confirmed, is_together=True),
    ADDRESS_CHANGED: Way(_address_changed, _former, is_together=True),
}
