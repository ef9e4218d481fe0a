"""definition.yaml -> Instrument: either the whole instrument is sound, or every mistake is listed."""

from collections.abc import Iterator, Mapping

from app.questionnaires import name_checks, sense_checks
from app.questionnaires.definition import Instrument
from app.questionnaires.schema import Check, Finding, parse
from app.questionnaires.sentences import shown
from app.questionnaires.tables import Table
from app.questionnaires.yaml_source import Node, read

NO_TABLES: Mapping[str, Table] = {}


def parse_instrument(
    text: str | bytes, path: str, folder: tuple[str, str] | None = None, tables: Mapping[str, Table] = NO_TABLES
) -> Instrument:
    """The instrument in the text of a definition file. Raises BrokenFile with every mistake.

    ``path`` is only for the messages. ``folder``: the code and version that the file's folders say, if it has any.
    ``tables``: those that stand beside the definition as files; they become part of the instrument.
    """
    source = read(text, path)
    checks: tuple[Check, ...] = (*name_checks.checks(frozenset(tables)), *([_stands_in(folder)] if folder else []))

    def with_tables(instrument: Instrument) -> Instrument:
        return instrument.model_copy(update={"tables": {**instrument.tables, **tables}})

    return parse(Instrument, source, checks, with_tables, sense_checks.CHECKS)


def _stands_in(folder: tuple[str, str]) -> Check:
    def check(root: Node) -> Iterator[Finding]:
        for key, expected in zip(("code", "version"), folder, strict=True):
            written = root.child(key)
            if isinstance(written.value, str) and written.value != expected:
                yield Finding(written, f"{shown(written.value)} stands in a folder named {shown(expected)}.")

    return check
