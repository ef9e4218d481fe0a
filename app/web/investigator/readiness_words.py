"""The go-live checklist in sentences: what is needed, what is missing, what to do about it and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.studies import readiness
from app.studies.readiness import Check
from app.web.investigator.visit_fields import CHANNELS, KINDS
from app.web.locale import _, lazy
from app.web.navigation import has_page
from app.web.texts import language_name

TITLES: Mapping[str, Any] = {
    readiness.TITLE: lazy("A title in each language"),
    readiness.CONTACT: lazy("Somebody to ask in each language"),
    readiness.SITE: lazy("A site that enrols"),
    readiness.TEAM: lazy("Somebody who may enrol"),
    readiness.SITE_TEAM: lazy("Somebody who may enrol at each site"),
    readiness.PUBLISHED: lazy("A published protocol"),
    readiness.DRAFT: lazy("The published protocol is the latest draft"),
    readiness.WORDING: lazy("A wording of each questionnaire in each language"),
    readiness.LICENCE: lazy("A licence for each questionnaire"),
    readiness.NOTICE: lazy("Every message tested in each language"),
}
TO_DO: Mapping[str, Any] = {
    readiness.TITLE: lazy("Write the title in every language of the study."),
    readiness.CONTACT: lazy("Write whom participants can ask, in every language of the study."),
    readiness.SITE: lazy("Add at least one site."),
    readiness.TEAM: lazy("Appoint an investigator or site staff."),
    readiness.SITE_TEAM: lazy("Appoint site staff there, or an investigator for the whole study."),
    readiness.PUBLISHED: lazy("Finish the draft and publish it."),
    readiness.DRAFT: lazy("Publish the draft again, or go back to what is published."),
    readiness.WORDING: lazy("Ask a data manager to install the missing wordings, or choose other questionnaires."),
    readiness.LICENCE: lazy("Ask a data manager to enter the licence, or choose other questionnaires."),
    readiness.NOTICE: lazy("Read each message as participants will get it; the page of the messages says how."),
}
PAGES: Mapping[str, tuple[str, Any]] = {
    readiness.TITLE: ("investigator_design_settings.settings", lazy("Title and contact")),
    readiness.CONTACT: ("investigator_design_settings.settings", lazy("Title and contact")),
    readiness.SITE: ("investigator_design_team.people", lazy("Sites and team")),
    readiness.TEAM: ("investigator_design_team.people", lazy("Sites and team")),
    readiness.SITE_TEAM: ("investigator_design_team.people", lazy("Sites and team")),
    readiness.PUBLISHED: ("investigator_design_publish.publish", lazy("Publish the protocol")),
    readiness.DRAFT: ("investigator_design_publish.publish", lazy("Publish the protocol")),
    readiness.WORDING: ("investigator_instruments.instruments", lazy("Instruments and licences")),
    readiness.LICENCE: ("investigator_instruments.instruments", lazy("Instruments and licences")),
    readiness.NOTICE: ("investigator_design_publish.messages", lazy("Test the messages")),
}
WORDING_PROBLEMS = ("instrument-unknown", "wording-missing", "wording-preview")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the checklist."""

    title: str
    is_ready: bool
    waits: bool
    missing: tuple[str, ...]
    to_do: str
    url: str | None
    label: str


def row(check: Check, code: str) -> Row:
    """A check in words; the link leads to where it can be mended."""
    page, label = PAGES[check.code]
    return Row(
        title=str(TITLES[check.code]),
        is_ready=check.is_ready,
        waits=check.waits,
        missing=tuple(_missing(check)),
        to_do=_to_do(check),
        url=url_for(page, code=code) if has_page(page) and not check.waits else None,
        label=str(label),
    )


def _to_do(check: Check) -> str:
    if check.waits:
        return _("This is known as soon as a protocol is published.")
    return "" if check.is_ready else str(TO_DO[check.code])


def message(kind: str, channel: str, language: str) -> str:
    """One message of the ladder, named."""
    facts = {"kind": KINDS[kind], "channel": CHANNELS[channel], "language": language_name(language)}
    return _("%(kind)s, %(channel)s, in this language: %(language)s", **facts)


def _missing(check: Check) -> Iterable[str]:
    if check.code in (readiness.TITLE, readiness.CONTACT):
        return (language_name(language).capitalize() for language in check.missing)
    if check.code == readiness.NOTICE:
        return (message(*one.split(" ")) for one in check.missing)
    return check.missing if check.code in (readiness.SITE_TEAM, readiness.WORDING, readiness.LICENCE) else ()
