"""Whether somebody may be in the vault already: candidates are proposed to a person who decides, never merged."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import blind_index, likeness, person_keys
from app.identity.identity import Identity
from app.identity.likeness import MAILBOX, NAME_AND_BIRTH, PART_AND_BIRTH
from app.identity.models import LikenessIndex

Likelihood = Literal["likely", "possible"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the same human being, and the kinds of what both entries share."""

    person_id: int
    shared: frozenset[str]
    likelihood: Likelihood


def candidates(session: Session, identity: Identity, apart_from: int | None = None) -> list[Candidate]:
    """Who this may be already, the likely ones first. Nobody's fields are opened, and nothing is changed.

    ``apart_from``: the person who was just entered or corrected, who resembles himself.
    """
    keys = person_keys.keys_of(session)
    values = [blind_index.of(keys, kind, value) for kind, value in likeness.traits(identity)]
    alike = select(LikenessIndex.person_id, LikenessIndex.kind).where(LikenessIndex.value.in_(values))
    shared: defaultdict[int, list[str]] = defaultdict(list)
    for person_id, kind in session.execute(alike):
        if person_id != apart_from:
            shared[person_id].append(kind)
    found = [Candidate(person, frozenset(kinds), _likelihood(kinds)) for person, kinds in shared.items()]
    return sorted(found, key=lambda one: (one.likelihood != "likely", -len(one.shared), one.person_id))


def _likelihood(kinds: list[str]) -> Likelihood:
    # Half of a double name with the same day of birth is a hint; two parts of a name with it are hardly chance.
    # A name alone, or a telephone that a household shares, is a hint too.
    is_likely = NAME_AND_BIRTH in kinds or MAILBOX in kinds or kinds.count(PART_AND_BIRTH) >= 2
    return "likely" if is_likely else "possible"
