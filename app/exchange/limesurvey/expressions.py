"""LimeSurvey's expressions to and from the tree of REDCap's: other signs, other names of fields."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from app.exchange.redcap.grammar import MAX_LENGTH, Call, Field, Joined, Literal, NotUnderstood, Tree

SIGNS: Final[Mapping[str, str]] = {"=": "==", "<>": "!="}
WORDS: Final[Mapping[str, str]] = {
    "eq": "=",
    "ne": "<>",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "and": "and",
    "or": "or",
}
CHOSEN: Final = "Y"
_BOX: Final = r"\[[^\]]*\([^\]]*\)\]"
_PIECE: Final = re.compile(r"""("[^"]*"|'[^']*')|([A-Za-z][A-Za-z0-9_]*)(\.[A-Za-z]+)?(\s*\()?|([^A-Za-z"']+)""")


def printed(tree: Tree, code: Callable[[Field], str]) -> str:
    """An expression of LimeSurvey; ``code`` names fields as it does."""
    match tree:
        case Literal():
            return tree.text if tree.is_number else f'"{tree.text}"'
        case Field():
            return f"{code(tree)}.NAOK"
        case Call():
            return f"{tree.name}({', '.join(printed(one, code) for one in tree.arguments)})"
        case Joined(operator, (Field() as field, Literal() as literal)) if field.code is not None:
            is_ticked = (literal.text == "1") is (operator == "=")
            return f'{code(field)}.NAOK {"==" if is_ticked else "!="} "{CHOSEN}"'
        case Joined("=" | "<>" as operator, (Field() as field, Literal("", False))):
            return f"{'!' if operator == '<>' else ''}is_empty({code(field)}.NAOK)"
    sign = f" {SIGNS.get(tree.operator, tree.operator)} "
    return "(" + sign.join(printed(one, code) for one in tree.parts) + ")"


def translated(text: str, name: Callable[[str], str], longest: int = MAX_LENGTH) -> str:
    """The same expression as REDCap would write it; ``name`` gives ``q1`` or ``q1(2)`` for a code of LimeSurvey.

    Raises NotUnderstood for what is no expression of fields, texts and numbers.
    """
    if len(text) > longest:
        raise NotUnderstood("it is too long")
    if re.search(r"[\[\]]", text):
        raise NotUnderstood("brackets are not read")
    found: list[str] = []
    read = 0
    for piece in _PIECE.finditer(text):
        read += len(piece.group())
        quoted, word, ending, bracket, rest = piece.groups()
        if quoted is not None or rest is not None:
            found.append(quoted or rest)
        elif bracket:
            found.append(f"{word}(")
        elif word.lower() in WORDS:
            found.append(f" {WORDS[word.lower()]} ")
        elif ending in (None, ".NAOK", ".value", ".code"):
            found.append(f"[{name(word)}]")
        else:
            raise NotUnderstood(f"“{word}{ending}” is not read")
    if read < len(text):
        raise NotUnderstood("a quote is not closed")
    joined = "".join(found).replace("===", "=").replace("==", "=")
    joined = re.sub(r"!\s*is_empty\((\[[^\]]*\])\)", r"\1<>''", joined)
    joined = re.sub(r"is_empty\((\[[^\]]*\])\)", r"\1=''", joined)
    joined = re.sub(rf"({_BOX})\s*=\s*[\"']{CHOSEN}[\"']", r"\1='1'", joined)
    joined = re.sub(rf"({_BOX})\s*(?:!=|<>)\s*[\"']{CHOSEN}[\"']", r"\1='0'", joined)
    return re.sub(rf"({_BOX})\s*(=|!=|<>)\s*(?:''|\"\")", r"\1\2'0'", joined)
