"""From the mean answer of a scale to its score: one named transform a row, whole tables at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Method = Literal["linear"]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What a transform needs to know of each scale, one entry a scale, in the order of the columns."""

    lowest: Floats
    span: Floats
    is_reversed: NDArray[np.bool_]


def linear(means: Floats, terms: Terms) -> Floats:
    """Raw means (rows, scales) stretched to 0-100; a missing mean (nan) stays missing.

    S = ((RS - min) / range) * 100 and, for a reversed scale, S = (1 - (RS - min) / range) * 100, where RS is the mean
    of the answered items. A mean within the answers' range gives a score within 0 and 100, never a rounding beyond.

    Source: Fayers et al., EORTC QLQ-C30 Scoring Manual, 3rd edition, 2001, "General principles of scoring".
    """
    share = (means - terms.lowest) / terms.span
    return np.where(terms.is_reversed, 1.0 - share, share) * 100.0


TRANSFORMS: Mapping[Method, Callable[[Floats, Terms], Floats]] = {"linear": linear}
