"""Mistakes of shape in plain English, for the person who writes the file. One table: kind of error -> sentence."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

from pydantic_core import ErrorDetails

from app.questionnaires.elements import CODE, KEY, TABLE_NAME, VERSION
from app.questionnaires.yaml_source import Key, Node


def sentence(node: Node, error: ErrorDetails) -> str:
    """What is wrong with a node, and what to write instead."""
    if error["loc"][-1:] == ("[key]",):
        return _OF_NAMES.get(error["type"], "The name of this entry cannot be used.").format(shown(node.where[-1]))
    say = _SENTENCES.get(error["type"])
    return say(node, error) if say else f"{error['msg']}."


def suggestion(name: object, known: Iterable[Key]) -> str:
    """`` Did you mean “q12”?`` or nothing. Silent for overlong words and lists: comparing those takes too long."""
    candidates = [str(key) for key in islice(known, 151)]
    if len(candidates) > 150 or len(str(name)) > 40:
        return ""
    close = get_close_matches(str(name), candidates, n=1)
    return f" Did you mean “{close[0]}”?" if close else ""


def shown(raw: object) -> str:
    """What the person wrote, cut to a length that fits in a sentence."""
    text = str(raw)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


_PATTERNS = {
    CODE: "Write small letters, digits and single hyphens: weshare-core.",
    VERSION: 'Write numbers with points between them, in quotes: "1.0".',
    KEY: "Write letters, digits and _ only, beginning with a letter, without accents or blanks.",
    TABLE_NAME: "Write letters, digits, _ and hyphens only, beginning with a letter.",
}
_READ_AS = {bool: "as true or false", int: "as a number", float: "as a number"}


def _needs_text(node: Node, _error: ErrorDetails) -> str:
    if read_as := _READ_AS.get(type(node.value)):
        return f'Write it in quotes: "{node.raw}". A text is needed here, and without quotes it is read {read_as}.'
    return _needs("a text")(node, _error)


def _needs_number(node: Node, _error: ErrorDetails) -> str:
    if isinstance(node.value, str) and node.raw.strip().lstrip("-").isdecimal():
        return f"Write the number {shown(node.raw.strip())} without quotes."
    return _needs("a number" if _error["type"] == "float_type" else "a whole number")(node, _error)


def _needs(what: str) -> Callable[[Node, ErrorDetails], str]:
    return lambda node, _error: f"{what.capitalize()} is needed here, and {_written(node)} is written."


def _written(node: Node) -> str:
    if node.kind == "scalar":
        return "nothing" if node.value is None else shown(node.raw)
    return {"mapping": "a group of entries", "list": "a list"}[node.kind]


def _limit(sentence: str, of: str) -> Callable[[Node, ErrorDetails], str]:
    return lambda _node, error: sentence.format(error["ctx"][of])


def _not_matching(node: Node, error: ErrorDetails) -> str:
    return f"{shown(node.raw)} cannot be used here. {_PATTERNS.get(error['ctx']['pattern'], '')}".rstrip()


def _word(error: ErrorDetails) -> str:
    """The word that tells the variants apart: kind, or method."""
    return str(error["ctx"]["discriminator"]).strip("'")


_OF_NAMES = {
    "string_pattern_mismatch": f"{{}} cannot be a name. {_PATTERNS[KEY]}",
    "string_too_long": "The name {} is too long; it has at most 40 characters.",
    "string_type": f"{{}} cannot be a name. {_PATTERNS[KEY]}",
    "int_type": "{} must be a whole number, without quotes.",
}
_SENTENCES: Mapping[str, Callable[[Node, ErrorDetails], str]] = {
    "missing": lambda _node, error: f"{shown(error['loc'][-1])} is missing here.",
    "string_type": _needs_text,
    "int_type": _needs_number,
    "float_type": _needs_number,
    "bool_type": _needs("true or false"),
    "tuple_type": _needs("a list"),
    "mapping_type": _needs("a group of entries (name: value)"),
    "dict_type": _needs("a group of entries (name: value)"),
    "model_type": _needs("a group of entries (name: value)"),
    "string_pattern_mismatch": _not_matching,
    "string_too_short": lambda _node, _error: "A text is needed here, and it is empty.",
    "string_too_long": _limit("This text is too long; it has at most {} characters.", "max_length"),
    "too_short": _limit("At least {} entries are needed here.", "min_length"),
    "too_long": _limit("At most {} entries are possible here.", "max_length"),
    "greater_than_equal": _limit("The number must be at least {}.", "ge"),
    "less_than_equal": _limit("The number must be at most {}.", "le"),
    "literal_error": _limit("Write one of these words: {}.", "expected"),
    "greater_than": _limit("The number must be above {}.", "gt"),
    "union_tag_invalid": lambda _node, error: (
        f"The {_word(error)} must be one of these words: {error['ctx']['expected_tags']}."
    ),
    "union_tag_not_found": lambda _node, error: f"“{_word(error)}” is missing here.",
    "value_error": lambda _node, error: str(error["ctx"]["error"]),
}
