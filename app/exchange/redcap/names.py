"""Variables of REDCap: small letters, digits and single underscores, one for every item, fact and score."""

import re
from typing import Final

from app.questionnaires.definition import Instrument

LONGEST: Final = 60


def variable(name: str) -> str:
    """A name as REDCap takes it; not yet one that nobody else has."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST].strip("_")
    return plain if plain[:1].isalpha() else f"f_{plain}".strip("_")


def box(code: int | str) -> str:
    """A code as it stands behind the variable of a check box in logic; REDCap itself writes -1 like this."""
    return str(code)


class Names:
    """The variables of one instrument. ``event``: where facts are asked, in a longitudinal project."""

    def __init__(
        self, instrument: Instrument, quantities: tuple[str, ...], prefix: str = "", event: str | None = None
    ) -> None:
        self.instrument, self.event = instrument, event
        self.form = variable(instrument.code)
        self.variables: dict[str, str] = {}
        taken = {"record_id", f"{self.form}_about", f"{self.form}_complete"}
        for name in dict.fromkeys([*instrument.facts, *instrument.items, *instrument.computed, *quantities]):
            found = self._free(variable(f"{prefix}{name}"), taken)
            taken.add(found)
            self.variables[name] = found

    def field(self, kind: str, name: str) -> str:
        """How logic refers to a field, with the event in front where it is asked at another one."""
        event = f"[{self.event}]" if kind == "fact" and self.event else ""
        return f"{event}[{self.variables[name]}]"

    def box(self, name: str, code: int) -> str:
        """How logic refers to one box of a question with several answers."""
        return f"[{self.variables[name]}({box(code)})]"

    @staticmethod
    def _free(wanted: str, taken: set[str]) -> str:
        number, found = 2, wanted
        while found in taken:
            found = f"{wanted}_{number}"
            number += 1
        return found
