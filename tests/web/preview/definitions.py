"""Instruments for one test, from a changed definition."""

from app.questionnaires.definition import Instrument
from app.questionnaires.parse import parse_instrument


def parsed(definition: str) -> Instrument:
    """The instrument of a definition file's text."""
    return parse_instrument(definition, "definition.yaml")
