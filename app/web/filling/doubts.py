"""Checks of answers against each other: what they say on a screen and before sending, and who has been told already.

A soft check asks once about the same answers and lets pass; a hard one speaks until the answers fit. A form from paper
says what it says: there every check only asks whether it was copied rightly.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.questionnaires.definition import Plausibility
from app.questionnaires.elements import ItemId
from app.responses import collect
from app.responses.collect import Kept
from app.web.filling.sheet import Filling


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a check says; ``token`` names it with the answers that it is about, for a page to say that it told so."""

    key: str
    is_hard: bool
    sentence: str
    items: tuple[ItemId, ...]
    token: str


def doubts(filling: Filling, kept: Mapping[ItemId, Kept]) -> list[Doubt]:
    """Everything there is to say about the answers so far, in order."""
    return [_doubt(filling, check, kept) for check in filling.objections(collect.in_force(kept))]


def to_tell(
    filling: Filling, kept: Mapping[ItemId, Kept], shown: Collection[ItemId], told: Collection[str]
) -> list[Doubt]:
    """What is to be said on a page that showed these items: every hard check, and soft ones not told already."""
    here = [one for one in doubts(filling, kept) if not set(shown).isdisjoint(one.items)]
    return [one for one in here if one.is_hard or one.token not in told]


def named(found: Sequence[Doubt], keys: str) -> list[Doubt]:
    """Those of the keys in an address, as far as they still hold."""
    return [one for one in found if one.key in keys.split(",")]


def _doubt(filling: Filling, check: Plausibility, kept: Mapping[ItemId, Kept]) -> Doubt:
    # Revisions only grow, so their sum is another one as soon as any of the answers has changed.
    revisions = sum(kept[item].revision for item in check.items if item in kept)
    sentence = filling.wording.check_text(check)
    is_hard = check.level == "hard" and filling.on_paper is None
    return Doubt(check.key, is_hard, sentence, check.items, f"{check.key}-{revisions}")
