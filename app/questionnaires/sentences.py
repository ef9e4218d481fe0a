"""Mistakes of shape in plain English, for the person who writes the file. One table: kind of error -> sentence."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

from pydantic_core import ErrorDetails

from app.questionnaires.elements import CODE, KEY, TABLE_NAME, VERSION
from app.questionnaires.sayings import Saying, saying, sentence_form
from app.questionnaires.yaml_source import Key, Node


def sentence(node: Node, error: ErrorDetails) -> str:
    """What is wrong with a node, and what to write instead."""
    if error["loc"][-1:] == ("[key]",):
        of_name = _OF_NAMES.get(error["type"], _unusable)
        return of_name(shown(node.where[-1]))
    told = _SENTENCES.get(error["type"])
    return told(node, error) if told else f"{error['msg']}."


def suggestion(name: object, known: Iterable[Key]) -> Saying | None:
    """“Did you mean “q12”?” or nothing. Silent for overlong words and lists: comparing those takes too long."""
    candidates = [str(key) for key in islice(known, 151)]
    if len(candidates) > 150 or len(str(name)) > 40:
        return None
    close = get_close_matches(str(name), candidates, n=1)
    return saying("Did you mean %(name)s?", name=shown(close[0])) if close else None


def hinted(text: str, name: object, known: Iterable[Key]) -> str:
    """A sentence, and what was meant perhaps."""
    hint = suggestion(name, known)
    return f"{text} {hint}" if hint else text


def shown(raw: object) -> str:
    """What the person wrote, cut to a length that fits in a sentence."""
    text = str(raw)
    return saying("“%(text)s…”", text=text[:60]) if len(text) > 60 else saying("“%(text)s”", text=text)


_NAMES_OF_KEYS = saying("Write letters, digits and _ only, beginning with a letter, without accents or blanks.")
_PATTERNS = {
    CODE: saying("Write small letters, digits and single hyphens: weshare-core."),
    VERSION: saying('Write numbers with points between them, in quotes: "1.0".'),
    KEY: _NAMES_OF_KEYS,
    TABLE_NAME: saying("Write letters, digits, _ and hyphens only, beginning with a letter."),
}


def _needs_text(node: Node, error: ErrorDetails) -> Saying:
    if isinstance(node.value, bool):
        return saying(
            'Write it in quotes: "%(raw)s". A text is needed here, and without quotes it is read as true or false.',
            raw=node.raw,
        )
    if isinstance(node.value, int | float):
        return saying(
            'Write it in quotes: "%(raw)s". A text is needed here, and without quotes it is read as a number.',
            raw=node.raw,
        )
    return _text_needed(node, error)


def _needs_number(node: Node, error: ErrorDetails) -> Saying:
    if isinstance(node.value, str) and node.raw.strip().lstrip("-").isdecimal():
        return saying("Write the number %(number)s without quotes.", number=shown(node.raw.strip()))
    return (_number_needed if error["type"] == "float_type" else _whole_needed)(node, error)


def _needs(form: str) -> Callable[[Node, ErrorDetails], Saying]:
    """A sentence with one place, for what is written instead."""
    return lambda node, _error: saying(form, written=_written(node))


def _written(node: Node) -> str:
    if node.kind == "scalar":
        return saying("nothing") if node.value is None else shown(node.raw)
    return {"mapping": saying("a group of entries"), "list": saying("a list")}[node.kind]


_text_needed = _needs(sentence_form("A text is needed here, and %(written)s is written."))
_number_needed = _needs(sentence_form("A number is needed here, and %(written)s is written."))
_whole_needed = _needs(sentence_form("A whole number is needed here, and %(written)s is written."))
_list_needed = _needs(sentence_form("A list is needed here, and %(written)s is written."))
_truth_needed = _needs(sentence_form("True or false is needed here, and %(written)s is written."))
_group_needed = _needs(sentence_form("A group of entries (name: value) is needed here, and %(written)s is written."))


def _limit(form: str, of: str) -> Callable[[Node, ErrorDetails], Saying]:
    return lambda _node, error: saying(form, number=error["ctx"][of])


def _not_matching(node: Node, error: ErrorDetails) -> Saying:
    return saying("%(word)s cannot be used here.", word=shown(node.raw)).then(_PATTERNS.get(error["ctx"]["pattern"]))


def _word(error: ErrorDetails) -> str:
    """The word that tells the variants apart: kind, or method."""
    return str(error["ctx"]["discriminator"]).strip("'")


def _no_name(name: str) -> Saying:
    return saying("%(name)s cannot be a name.", name=name).then(_NAMES_OF_KEYS)


def _unusable(_name: str) -> Saying:
    return saying("The name of this entry cannot be used.")


_OF_NAMES: Mapping[str, Callable[[str], Saying]] = {
    "string_pattern_mismatch": _no_name,
    "string_too_long": lambda name: saying("The name %(name)s is too long; it has at most 40 characters.", name=name),
    "string_type": _no_name,
    "int_type": lambda name: saying("%(name)s must be a whole number, without quotes.", name=name),
}
_SENTENCES: Mapping[str, Callable[[Node, ErrorDetails], str]] = {
    "missing": lambda _node, error: saying("%(name)s is missing here.", name=shown(error["loc"][-1])),
    "string_type": _needs_text,
    "int_type": _needs_number,
    "float_type": _needs_number,
    "bool_type": _truth_needed,
    "tuple_type": _list_needed,
    "mapping_type": _group_needed,
    "dict_type": _group_needed,
    "model_type": _group_needed,
    "string_pattern_mismatch": _not_matching,
    "string_too_short": lambda _node, _error: saying("A text is needed here, and it is empty."),
    "string_too_long": _limit(
        sentence_form("This text is too long; it has at most %(number)s characters."), "max_length"
    ),
    "too_short": _limit(sentence_form("At least %(number)s entries are needed here."), "min_length"),
    "too_long": _limit(sentence_form("At most %(number)s entries are possible here."), "max_length"),
    "greater_than_equal": _limit(sentence_form("The number must be at least %(number)s."), "ge"),
    "less_than_equal": _limit(sentence_form("The number must be at most %(number)s."), "le"),
    "literal_error": lambda _node, error: saying(
        "Write one of these words: %(names)s.", names=error["ctx"]["expected"]
    ),
    "greater_than": _limit(sentence_form("The number must be above %(number)s."), "gt"),
    "union_tag_invalid": lambda _node, error: saying(
        "The %(word)s must be one of these words: %(names)s.",
        word=_word(error),
        names=error["ctx"]["expected_tags"],
    ),
    "union_tag_not_found": lambda _node, error: saying("%(name)s is missing here.", name=shown(_word(error))),
    "value_error": lambda _node, error: error["ctx"]["error"].args[0],
}
