"""What a study would know of a person, chosen at the start of a preview."""

from collections.abc import Mapping

from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId
from app.web import fact_words


def posted(instrument: Instrument, fields: Mapping[str, str]) -> dict[FactId, float | str]:
    """The facts of a form that are possible ones; what is none counts as not known."""
    read = {
        name: fact_words.read(fact, fields.get(f"fact-{name}", "").strip()) for name, fact in instrument.facts.items()
    }
    return {name: value for name, value in read.items() if value is not None}
