"""What one unquoted word of a YAML file means. Where readers of YAML disagree, it is refused."""

import re
from functools import lru_cache
from typing import TypeAlias

from app.questionnaires.sayings import saying

Scalar: TypeAlias = str | int | float | bool | None

_PLAIN: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LONGEST = 40
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_DIGITS_ONLY = re.compile(r"[-+]?[0-9][0-9_.,:]*")
_WORD = re.compile(r"y|yes|n|no|on|off|true|false|null|[-+]?\.inf|\.nan", re.IGNORECASE)
_NUMBER = re.compile(
    r"[-+]?(?:"
    r"0[0-9_]+"  # octal in YAML 1.1: 010 is 8
    r"|0[bxo][0-9a-f_]+"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # base 60 in YAML 1.1: 1:30 is 90
    r"|\.?[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?"
    r")",
    re.IGNORECASE,
)


class Ambiguous(ValueError):
    """An unquoted word that is not read the same way everywhere."""


@lru_cache(maxsize=20_000)
def meaning(word: str) -> Scalar:
    """The value of an unquoted word: null, a truth value, a number, else text. Raises Ambiguous."""
    if word in _PLAIN:
        return _PLAIN[word]
    if len(word) > _LONGEST:  # also keeps hostile words away from the patterns below
        if _DIGITS_ONLY.fullmatch(word):
            raise Ambiguous(saying("This number has %(digits)s digits; a number has at most 15.", digits=len(word)))
        return word
    if _INTEGER.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word):
        return float(word)
    if _WORD.fullmatch(word):
        raise Ambiguous(
            saying(
                'Write "%(word)s" in quotes if it is a word; without quotes it may be read as true, false or nothing.',
                word=word,
            )
        )
    if _NUMBER.fullmatch(word):
        raise Ambiguous(
            saying(
                'Write "%(word)s" in quotes if it is a text, or as a plain number with at most 15 digits.', word=word
            )
        )
    if word in ("<<", "="):
        raise Ambiguous(saying("“%(word)s” is not allowed here: every entry is written out in full.", word=word))
    return word
