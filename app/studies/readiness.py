"""What a study needs before it goes live: a list of things, each ready or not. Values in, values out; no database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.scheduling.protocol import Protocol

PUBLISHED: Final = "protocol-published"
DRAFT: Final = "draft-published"
SITE: Final = "site"
TEAM: Final = "team"
SITE_TEAM: Final = "site-team"
TITLE: Final = "title"
CONTACT: Final = "contact"
WORDING: Final = "wording"
LICENCE: Final = "licence"
NOTICE: Final = "notice-tested"
CHECKS: Final = (TITLE, CONTACT, SITE, TEAM, SITE_TEAM, PUBLISHED, DRAFT, WORDING, LICENCE, NOTICE)

Tested = tuple[str, str, str]  # kind, channel, language


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so; ``missing`` names what keeps it from being so: languages, instruments, messages."""

    code: str
    missing: tuple[str, ...] = ()
    waits: bool = False
    """Nobody can say yet, because it depends on a protocol and none is published."""

    @property
    def is_ready(self) -> bool:
        """Whether it is known that nothing is missing."""
        return not self.missing and not self.waits


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a study when it is asked.

    ``uncovered_sites``: sites for which nobody may enrol. ``unworded`` and ``unlicensed``: what the register of
    wordings and licences says, in sentences or codes of the caller's choice.
    """

    languages: Sequence[str]
    titles: Mapping[str, str]
    contacts: Mapping[str, str]
    sites: int
    enrolling: int
    uncovered_sites: Sequence[str] = ()
    protocol: Protocol | None = None
    is_draft_ahead: bool = False
    unworded: Sequence[str] = ()
    unlicensed: Sequence[str] = ()
    tested: Collection[Tested] = ()


def checks(known: Known) -> tuple[Check, ...]:
    """Everything that must be so before the study may enrol, in the order in which it is best done."""
    waits = known.protocol is None
    return (
        Check(TITLE, _without(known.languages, known.titles)),
        Check(CONTACT, _without(known.languages, known.contacts)),
        Check(SITE, () if known.sites else ("site",)),
        Check(TEAM, () if known.enrolling else ("staff",)),
        Check(SITE_TEAM, tuple(known.uncovered_sites)),
        Check(PUBLISHED, () if known.protocol else ("protocol",)),
        Check(DRAFT, ("draft",) if known.is_draft_ahead else (), waits),
        Check(WORDING, tuple(known.unworded), waits),
        Check(LICENCE, tuple(known.unlicensed), waits),
        Check(NOTICE, tuple(f"{kind} {channel} {lang}" for kind, channel, lang in untested(known)), waits),
    )


def is_ready(known: Known) -> bool:
    """Whether the study may go live."""
    return all(check.is_ready for check in checks(known))


def instruments_of(protocol: Protocol | None) -> tuple[str, ...]:
    """Every instrument that some visit asks for, each once, in order."""
    visits = protocol.visits if protocol else ()
    return tuple(dict.fromkeys(one for visit in visits for one in visit.every_instrument))


def untested(known: Known) -> tuple[Tested, ...]:
    """The messages that the protocol sends and that nobody has tested in one of the languages."""
    visits = known.protocol.visits if known.protocol else ()
    kinds = dict.fromkeys((step.kind, step.channel) for visit in visits for step in visit.reminders)
    wanted = [(kind, channel, language) for kind, channel in kinds for language in known.languages]
    return tuple(one for one in wanted if one not in known.tested)


def _without(languages: Iterable[str], texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(language for language in languages if not texts.get(language, "").strip())
