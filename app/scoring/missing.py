"""The rules that say how many answered items a scale needs: one named rule a row, and no arithmetic on answers."""

from collections.abc import Callable, Mapping
from typing import Literal

Rule = Literal["half"]


def half(items: int) -> int:
    """The smallest number of answered items that is at least half of ``items``: 1 of 1, 1 of 2, 2 of 3, 3 of 5.

    Source: Fayers et al., EORTC QLQ-C30 Scoring Manual, 3rd edition, 2001, "Missing items".
    """
    return (items + 1) // 2


NEEDED: Mapping[Rule, Callable[[int], int]] = {"half": half}
