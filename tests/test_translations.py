"""The French interface: complete, written as a French printer would, and with no English left in it."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from app.cli import words
from app.config import ROOT

FOLDER = ROOT / "translations"
THIN = "\N{NARROW NO-BREAK SPACE}"
PLACE = re.compile(r"%\(\w+\)[sd]")

SAME_IN_BOTH = {
    "%(num)s licence",
    "%(num)s licences",
    "%(num)s message",
    "%(num)s messages",
    "%(num)s minute",
    "%(num)s minutes",
    "A-001",
    "Code",
    "Conditions",
    "Date",
    "Documents",
    "Fatigue",
    "Invitation",
    "Licence",
    "Licences",
    "Message %(number)s",
    "Messages",
    "Minutes",
    "Pages",
    "Participant",
    "Participants",
    "Questionnaire",
    "Questionnaires",
    "Questions",
    "Score",
    "Scores",
    "Version",
    "Versions",
    "Version %(version)s",
    "Version %(version)s, %(time)s",
    "conditions",
    "date",
    "message",
    "messages",
    "minutes",
    "questionnaires",
}
SAME_WITH_PLACES = {
    "%(num)s version",
    "%(num)s versions",
    "Version %(label)s",
    "%(num)s participant",
    "%(num)s participants",
    "%(title)s (%(code)s, version %(version)s)",
    "Participant %(code)s",
    "Question %(number)s",
    "Questions %(questions)s",
}
ENGLISH = re.compile(
    r"\b(the|of|and|you|your|is|are|was|were|has|have|been|with|this|that|from|when|what|not|please|answers?|study)\b",
    re.IGNORECASE,
)
GLOSSARY = {
    r"account": r"compte",
    r"announcements?": r"annonces?",
    r"care team": r"équipe soignante",
    r"clinical trials?": r"essais? cliniques?",
    r"codebook": r"dictionnaire des variables",
    r"confidence interval": r"intervalle de confiance",
    r"draft": r"brouillon",
    r"mean course": r"évolution moyenne",
    r"preview": r"aperçu",
    r"scales?": r"échelles?",
    r"scores?": r"scores?",
    r"settings": r"réglages",
    r"sites?": r"centres?",
    r"subject codes?": r"codes? participants?",
    r"surveys?": r"enquêtes?",
    r"trusted third party": r"tiers de confiance",
    r"visits?": r"visites?",
}
FAULTS = {
    "a straight apostrophe": r"'",
    "quotation marks that are not « »": r"[“”„]",
    "three dots instead of …": r"\.\.\.",
    "two spaces": r"  ",
    "a space at an end": r"^\s|\s$",
    "no narrow no-break space before a mark": rf"[^{THIN}][;:!?»]|[^{THIN}]%%",
    "a narrow no-break space that belongs to no mark": rf"{THIN}(?![;:!?»]|%%)(?<!«{THIN})",
    "no narrow no-break space after «": rf"«(?!{THIN})",
    "a space before a full stop or a comma": r"\s[.,](?!\w)",
    "both genders in one word": r"\(e\)|·|/-?e\b",
    "a capital without its accent": r"\b(A (?=propos|remplir|venir|qui)|E(tude|tat|chelle|volution|quipe|cran))",
    "oe instead of œ": r"\b[Cc]oeur|\b[Ss]oeur|\b[Oo]euvre",
}


def french() -> Iterator[tuple[str, str]]:
    """Each message with its translation; both forms where it has two."""
    with words.po_file("fr", FOLDER).open("rb") as file:
        for message in read_po(file, locale="fr"):
            if isinstance(message.id, tuple):
                yield from zip(message.id, message.string, strict=True)
            elif message.id:
                yield message.id, message.string


def test_every_message_is_translated_with_the_places_of_its_source() -> None:
    """Seen failing with one translation emptied, and with a place renamed."""
    assert words.mistakes(FOLDER) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_french_is_written_by_the_rules_of_french_printing(fault: str) -> None:
    """Seen failing with “Merci !” set with a plain space and with the accent of “Étude” taken away."""
    assert [text for _source, text in french() if re.search(FAULTS[fault], PLACE.sub("x", text))] == []


def test_straight_quotation_marks_stand_only_where_the_source_quotes_a_program() -> None:
    assert [text for source, text in french() if text.count('"') != source.count('"')] == []


def test_a_translation_ends_as_its_source_ends() -> None:
    """A full stop, a colon or a question mark lost or added. Seen failing with the colon of “Erreur :” taken away."""
    assert [text for source, text in french() if _end(text) != _end(source)] == []


def test_no_english_is_left_in_the_french() -> None:
    """Seen failing with the translation of “Save” set to “Save” and with “the” inside a sentence."""
    untouched = {source for source, text in french() if source == text and re.search(r"[a-z]", PLACE.sub("", source))}
    assert untouched - SAME_IN_BOTH == SAME_WITH_PLACES
    assert [text for _source, text in french() if ENGLISH.search(PLACE.sub("", text))] == []


@pytest.mark.parametrize("term", GLOSSARY)
def test_a_term_has_one_translation(term: str) -> None:
    """Seen failing with “centre” replaced by “site” in one message."""
    meant, wanted = (re.compile(rf"\b{word}\b", re.IGNORECASE) for word in (term, GLOSSARY[term]))
    assert [
        text
        for source, text in french()
        if meant.search(PLACE.sub("", source)) and not wanted.search(PLACE.sub("", text))
    ] == []


def test_every_translation_can_be_filled() -> None:
    """A bare per cent sign would take the page down. Seen failing with “%%” written as “%” in a message with places."""
    for source, text in french():
        if PLACE.search(source):
            assert not PLACE.search(text % dict.fromkeys(words.PLACES.findall(source), 7))


def _end(text: str) -> str:
    """The mark that ends a text, whatever space or bracket stands around it."""
    return re.sub(r".*?([.:?!…]?)[)»”\s]*$", r"\1", text, flags=re.DOTALL)
