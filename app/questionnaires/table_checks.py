"""Do the tables that scales refer to hold what their methods read: the columns, every row, and numbers in them?"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.reach import ends, ends_of_item
from app.questionnaires.response_scales import Coded
from app.questionnaires.scale import Scale
from app.questionnaires.scales import Converted, Irt, Lookup, Utility
from app.questionnaires.sentences import shown
from app.questionnaires.value_set_terms import bad_terms


def _conversion(scale: Converted, instrument: Instrument) -> Iterator[str]:
    table = instrument.tables[scale.table]
    if yield_missing := _columns(table.columns, ("raw", "score")):
        yield from yield_missing
        return
    raw = [cell for cell in table.column("raw") if isinstance(cell, float)]
    if len(raw) < len(table.rows) or raw != sorted(set(raw)):
        yield f"The column raw of {shown(scale.table)} holds numbers that rise from row to row."
        return
    parts = [ends_of_item(instrument, item) for item in scale.items] + [ends(instrument)[one] for one in scale.scales]
    low, high = (sum(part[end] for part in parts if part) for end in (0, 1))
    is_plain = not scale.recode and all(part and part[0].is_integer() for part in parts)
    if is_plain and (gaps := [n for n in range(int(low), int(high) + 1) if n not in raw]):
        yield f"{shown(scale.table)} has no row for the raw score {gaps[0]}."
    if any(not isinstance(cell, float) for cell in table.column("score")):
        yield f"The column score of {shown(scale.table)} holds numbers only."
    if "se" in table.columns and any(isinstance(cell, str) for cell in table.column("se")):
        yield f"The column se of {shown(scale.table)} holds numbers only."


def _lookup(scale: Lookup, instrument: Instrument) -> Iterator[str]:
    table = instrument.tables[scale.table]
    if missing := _columns(table.columns, (*scale.keys, "result")):
        yield from missing
        return
    others = [i for i, name in enumerate(table.columns) if name not in scale.keys and name != "result"]
    rows = [row for row in table.rows if all(row[i] is None for i in others)]
    if not rows:
        yield f"No row of {shown(scale.table)} has just these columns filled: {', '.join(scale.keys)}."
    cells = {name: [row[table.columns.index(name)] for row in rows] for name in (*scale.keys, "result")}
    if any(not isinstance(cell, float) for cell in cells["result"]):
        yield f"The column result of {shown(scale.table)} holds numbers only."
    for name in scale.keys:
        if words := [cell for cell in cells[name] if isinstance(cell, str) and cell != "*"]:
            yield f"The column {name} of {shown(scale.table)} holds numbers, and {shown(words[0])} is none."


def _utility(scale: Utility, instrument: Instrument) -> Iterator[str]:
    table = instrument.tables.get(scale.table)
    if table is None:
        return
    if missing := _columns(table.columns, ("term", *(one.column or code for code, one in scale.sets.items()))):
        yield from missing
        return
    if bad := bad_terms([str(term) for term in table.column("term")], tuple(scale.dimensions)):
        yield f"{shown(scale.table)} has terms that are not known: {', '.join(bad[:5])}."
    for name in table.columns:
        if name != "term" and (words := [cell for cell in table.column(name) if isinstance(cell, str)]):
            yield f"The column {name} of {shown(scale.table)} holds numbers, and {shown(words[0])} is none."


def _bank(scale: Irt, instrument: Instrument) -> Iterator[str]:
    table = instrument.tables[scale.bank]
    if missing := _columns(table.columns, ("item", "a", "b1")):
        yield from missing
        return
    if left_out := [item for item in scale.items if item not in table.column("item")]:
        yield f"{shown(scale.bank)} has no row for {shown(left_out[0])}."
    if twice := [item for item in scale.items if table.column("item").count(item) > 1]:
        yield f"{shown(scale.bank)} has two rows for {shown(twice[0])}."
    for row in table.rows:
        cells = dict(zip(table.columns, row, strict=True))
        if cells["item"] in scale.items:
            yield from _parameters(cells, instrument)


def _parameters(cells: Mapping[str, object], instrument: Instrument) -> Iterator[str]:
    """One slope above 0, and thresholds that rise, one fewer than there are answers."""
    name, slope = str(cells["item"]), cells["a"]
    if not isinstance(slope, float) or slope <= 0:
        yield f"The slope a of {shown(name)} is a number above 0."
    written = [cell for column, cell in cells.items() if re.fullmatch("b[0-9]+", column) and cell is not None]
    steps = [cell for cell in written if isinstance(cell, float)]
    if len(steps) < len(written) or steps != sorted(set(steps)):
        yield f"The thresholds b of {shown(name)} are numbers that rise."
    response = instrument.response_of(ItemId(name))
    if isinstance(response, Coded) and len(response.scored) != len(written) + 1:
        yield f"{shown(name)} has {len(response.scored)} answers and needs one threshold fewer, not {len(written)}."


def _columns(known: tuple[str, ...], wanted: tuple[str, ...]) -> list[str]:
    return [f"The table has no column {shown(name)}." for name in wanted if name not in known]


TABLES: Mapping[type[Scale], Callable[[Any, Instrument], Iterator[str]]] = {
    Converted: _conversion,
    Lookup: _lookup,
    Utility: _utility,
    Irt: _bank,
}
