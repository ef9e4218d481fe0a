"""Value sets that a study brings in a file of its own, for an instrument whose preference values are not shipped."""

from collections.abc import Iterator

from app.questionnaires.definition import Instrument
from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.scales import Utility
from app.questionnaires.sentences import shown
from app.questionnaires.tables import Table, parse_table
from app.questionnaires.value_set_terms import bad_terms


def takes_value_sets(instrument: Instrument) -> bool:
    """Does the study bring the preference values of this instrument?"""
    return any(True for _ in _scales(instrument))


def with_value_sets(instrument: Instrument, text: bytes, path: str) -> Instrument:
    """The instrument with the value sets in the text of a CSV file: a column ``term``, and one column a set.

    Raises BrokenFile with every mistake; nothing changes for an instrument that takes none.
    """
    table = parse_table(text, path)
    if mistakes := [one for scale in _scales(instrument) for one in _mistakes(table, scale, path)]:
        raise BrokenFile(mistakes)
    brought = {scale.table: table for scale in _scales(instrument)}
    return instrument.model_copy(update={"tables": {**instrument.tables, **brought}})


def _scales(instrument: Instrument) -> Iterator[Utility]:
    return (one for one in instrument.computed.values() if isinstance(one, Utility) and one.supplied)


def _mistakes(table: Table, scale: Utility, path: str) -> Iterator[Mistake]:
    if "term" not in table.columns:
        yield Mistake(path, 1, "", f"The table has no column {shown('term')}.")
        return
    if len(table.columns) == 1:
        yield Mistake(path, 1, "", "The table has no value set: beside term there is one column for each.")
    seen: set[str] = set()
    for line, (term, row) in enumerate(zip(table.column("term"), table.rows, strict=True), start=2):
        word = "" if term is None else str(term)
        if bad_terms([word], tuple(scale.dimensions)):
            yield Mistake(path, line, "", f"{shown(word)} is not a term of this instrument.")
        elif word in seen:
            yield Mistake(path, line, "", f"{shown(word)} is written twice.")
        seen.add(word)
        for name, cell in zip(table.columns, row, strict=True):
            if name != "term" and isinstance(cell, str):
                yield Mistake(path, line, name, f"{shown(cell)} is not a number.")
