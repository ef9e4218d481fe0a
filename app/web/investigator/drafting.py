"""A study's draft in a request: loaded with what is wrong with it, and kept without ever overwriting anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from app.accounts.models import Staff
from app.errors import Refusal
from app.scheduling.protocol import Protocol
from app.studies import draft_parts, drafts
from app.studies.drafts import Draft, Reading
from app.studies.queries import StudyAccess
from app.web.investigator.access import staff_id
from app.web.investigator.design_access import record
from app.web.investigator.mistake_words import Flaw, flaws
from app.web.request import current


@dataclass(frozen=True)
class Drafting:
    """A draft and what the core says of it."""

    access: StudyAccess
    draft: Draft

    @property
    def document(self) -> drafts.Document:
        """What is drafted."""
        return self.draft.document

    @cached_property
    def _read(self) -> Reading:
        return drafts.read(self.document, scales_by_instrument())

    @property
    def protocol(self) -> Protocol | None:
        """The protocol, if nothing is wrong with it."""
        return self._read.protocol

    @property
    def shown(self) -> Protocol | None:
        """The protocol as far as it can be drawn, mistakes included."""
        return self._read.shown

    @cached_property
    def flaws(self) -> list[Flaw]:
        """Everything that is wrong with it."""
        known = {str(one.get("key")) for one in draft_parts.visits(self.document) if one.get("key")}
        known |= draft_parts.named(self.document, "events").keys() | draft_parts.named(self.document, "arms").keys()
        return flaws(self._read.mistakes, self.access.study.code, known)

    @property
    def saved_by(self) -> str:
        """Who saved it last."""
        return "" if self.draft.saved_by is None else current.session.get_one(Staff, self.draft.saved_by).name


def of(access: StudyAccess) -> Drafting:
    """The draft of a study as it stands."""
    return Drafting(access, drafts.load(current.session, access.study.id))


def scales_by_instrument() -> dict[str, tuple[str, ...]]:
    """The instruments of the library with their scales, as the check of a protocol takes them."""
    return {key: tuple(current.library.instrument(key).scales) for key in current.library.keys}


def keep(
    drafting: Drafting,
    seen: str,
    part_of: Callable[[drafts.Document], object],
    changed: Callable[[drafts.Document], drafts.Document],
    action: str,
    facts: dict[str, object],
) -> None:
    """Change one part of the draft that its author saw as ``seen`` (its mark).

    Others may have changed other parts meanwhile, which stay. Refusal("draft-changed") if they changed this one.
    """
    if drafts.mark(part_of(drafting.document)) != seen:
        raise Refusal("draft-changed")
    revision = drafts.save(
        current.session,
        drafting.access.study.id,
        changed(drafting.document),
        drafting.draft.revision,
        staff_id(),
        current.at,
    )
    record(drafting.access, action, {"revision": revision, **facts})
