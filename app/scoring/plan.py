"""An instrument made ready for scoring: names turned into columns once, so that scoring itself is plain arithmetic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.questionnaires.definition import Instrument, ItemId, Scale, ScaleId
from app.scoring.missing import NEEDED
from app.scoring.transforms import TRANSFORMS, Floats, Method, Terms


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The scales that share one transform: their columns in the table of scores, and the transform's terms."""

    method: Method
    columns: NDArray[np.intp]
    terms: Terms


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How the answers of one instrument become its scores.

    ``items`` and ``scales`` name the columns of the tables of answers and of scores. ``membership`` (items, scales)
    holds 1 where an item belongs to a scale. ``lowest`` and ``highest`` bound the codes of each item; ``gapped`` lists
    the few items whose codes leave out numbers in between. ``of`` and ``needed`` count the items of each scale.
    """

    items: tuple[ItemId, ...]
    scales: tuple[ScaleId, ...]
    membership: Floats
    lowest: Floats
    highest: Floats
    gapped: tuple[tuple[int, Floats], ...]
    of: NDArray[np.int16]
    needed: NDArray[np.int16]
    groups: tuple[Group, ...]


def compile_plan(instrument: Instrument) -> Plan:
    """The plan of an instrument, its items and scales in the order of the definition.

    The reader of instrument files has already refused what cannot be scored, all mistakes at once. KeyError for a scale
    with an unknown item and ValueError for one with several rulers, so that nothing else can ever score in silence.
    """
    items, scales = tuple(instrument.items), tuple(instrument.scales.values())
    codes = [np.array(sorted(instrument.response_of(item).values), dtype=np.float64) for item in items]
    return Plan(
        items=items,
        scales=tuple(instrument.scales),
        membership=np.array([[float(item in scale.items) for scale in scales] for item in items]),
        lowest=np.array([code[0] for code in codes]),
        highest=np.array([code[-1] for code in codes]),
        gapped=tuple((column, code) for column, code in enumerate(codes) if code[-1] - code[0] >= len(code)),
        of=np.array([len(scale.items) for scale in scales], dtype=np.int16),
        needed=np.array([NEEDED[scale.missing](len(scale.items)) for scale in scales], dtype=np.int16),
        groups=tuple(_group(instrument, method) for method in TRANSFORMS if method in {s.method for s in scales}),
    )


def _group(instrument: Instrument, method: Method) -> Group:
    found = [(column, scale) for column, scale in enumerate(instrument.scales.values()) if scale.method == method]
    ends = np.array([_ends(instrument, scale) for _, scale in found], dtype=np.float64)
    is_reversed = np.array([scale.reversed for _, scale in found], dtype=np.bool_)
    terms = Terms(lowest=ends[:, 0], span=ends[:, 1] - ends[:, 0], is_reversed=is_reversed)
    return Group(method, np.array([column for column, _ in found], dtype=np.intp), terms)


def _ends(instrument: Instrument, scale: Scale) -> tuple[int, int]:
    """The lowest and the highest code that all items of a scale share: a mean over several rulers means nothing."""
    responses = [instrument.response_of(item).values for item in scale.items]
    ends = {(min(values), max(values)) for values in responses}
    if len(ends) > 1:
        raise ValueError(f"scale {scale.title!r} has items on different rulers: {sorted(ends)}")
    return ends.pop()
