"""What a study would know of a person, chosen at the start of a preview."""

import re
from collections.abc import Mapping

from app.questionnaires.definition import Fact, Instrument
from app.questionnaires.elements import FactId

NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)


def posted(instrument: Instrument, fields: Mapping[str, str]) -> dict[FactId, float | str]:
    """The facts of a form that are possible ones; what is none counts as not known."""
    read = {name: _read(fact, fields.get(f"fact-{name}", "").strip()) for name, fact in instrument.facts.items()}
    return {name: value for name, value in read.items() if value is not None}


def _read(fact: Fact, raw: str) -> float | str | None:
    if fact.values is not None:
        return raw if raw in fact.values else None
    written = raw.replace(",", ".")
    if fact.minimum is None or fact.maximum is None or not NUMBER.fullmatch(written):
        return None
    return float(written) if fact.minimum <= float(written) <= fact.maximum else None
