"""Licences and installed wordings for tests, of the tiny instrument under terms that need permission."""

from dataclasses import replace
from datetime import date

from app.licences.terms import Permit, Terms
from app.questionnaires.library import Installed, Library
from app.questionnaires.pack import Pack
from app.questionnaires.parse import parse_instrument
from app.questionnaires.wording import parse_wording
from tests.support.instruments import DEFINITION, changed, wording_text

KEY = "tiny@1.0"
TODAY = date(2026, 5, 4)
OURS, ANOTHER = 1, 2


def terms(**said: object) -> Terms:
    """An agreement that covers study OURS in French and English, electronic use included, without an end."""
    usual = Terms("The owner", "L-1", "Free of charge.", frozenset({OURS}), frozenset({"en", "fr"}), True, TODAY, None)
    return replace(usual, **said)  # type: ignore[arg-type]


def permit(**said: object) -> Permit:
    """The same as a licence that is not withdrawn."""
    return Permit("licence-1", KEY, terms(**said))


def pack(language: str = "en", version: str = "1", kind: str = "own", **said: object) -> Pack:
    """A version of the tiny instrument's wording."""
    more = ', translation_version: "3", licence_number: "L-1"' if kind == "licensed" else ""
    text = changed(wording_text(language), "kind: own, author: WeShare", f"kind: {kind}, author: WeShare{more}")
    text = changed(text, 'wording_version: "1"', f'wording_version: "{version}"')
    return Pack(parse_wording(text, "wording.yaml", parse_instrument(DEFINITION, "d")), **said)  # type: ignore[arg-type]


def library(*packs: Pack, wording: str = "by-permission", electronic: str = "separate") -> Library:
    """The tiny instrument with these wordings, under these terms of its definition."""
    licence = f"  contact: nobody\n  wording: {wording}\n  electronic: {electronic}\n"
    instrument = parse_instrument(changed(DEFINITION, "  contact: nobody\n", licence), "definition.yaml")
    nowhere = Installed(instrument, instrument.content_hash, {}, None)  # type: ignore[arg-type]
    return Library({KEY: nowhere}).with_packs(packs)
