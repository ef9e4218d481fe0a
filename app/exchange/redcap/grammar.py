"""The language of REDCap's branching logic and calculations, read into a small tree. Nothing is ever evaluated here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

MAX_LENGTH: Final = 30_000
MAX_DEPTH: Final = 40


class NotUnderstood(ValueError):
    """An expression that is not in the part of the language that is read; the text says where."""


@dataclass(frozen=True, slots=True)
class Field:
    """``[event][name(code)]``; event and code are None where they are not written."""

    name: str
    code: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in quotes or a number, as it is written."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments: sum, mean, round, if ..."""

    name: str
    arguments: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts joined by one operator: and, or, +, -, *, /, =, <>, <, <=, >, >=."""

    operator: str
    parts: "tuple[Tree, ...]"


Tree: TypeAlias = Field | Literal | Call | Joined
_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<field>\[[^\[\]]{0,200}\])
  | (?P<text>'[^']*'|"[^"]*")
  | (?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign><>|!=|<=|>=|==|&&|\|\||[=<>+\-*/(),^])
    )""",
    re.VERBOSE,
)
_INSIDE: Final = re.compile(r"([A-Za-z0-9_-]+)(?:\((-?[A-Za-z0-9_.]+)\))?")
_SAME: Final = {"==": "=", "!=": "<>", "&&": "and", "||": "or"}
_LEVELS: Final[tuple[frozenset[str], ...]] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "<>", "<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/"}),
)
Token: TypeAlias = tuple[str, str]


def tree(text: str, longest: int = MAX_LENGTH, deepest: int = MAX_DEPTH) -> Tree:
    """The tree of an expression. Raises NotUnderstood; the limits are for texts of others."""
    if len(text) > longest:
        raise NotUnderstood("it is too long")
    reader = _Reader(_tokens(text), deepest)
    found = reader.level(0, 0)
    if reader.place < len(reader.tokens):
        raise NotUnderstood(f"“{reader.tokens[reader.place][1][:20]}” is not expected there")
    return found


def _tokens(text: str) -> list[Token]:
    found, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            raise NotUnderstood(f"“{stripped[place : place + 20].strip()}” is not read")
        kind = match.lastgroup or ""
        word = match.group(kind)
        is_joint = kind == "word" and word.lower() in ("and", "or")
        found.append(("sign", word.lower()) if is_joint else (kind, _SAME.get(word, word)))
        place = match.end()
    return found


class _Reader:
    def __init__(self, tokens: Sequence[Token], deepest: int) -> None:
        self.tokens, self.place, self.deepest = tokens, 0, deepest

    def level(self, level: int, depth: int) -> Tree:
        """Everything that binds at least as strongly as this level."""
        if depth > self.deepest:
            raise NotUnderstood("it is nested too deep")
        if level == len(_LEVELS):
            return self._operand(depth)
        found = self.level(level + 1, depth)
        while (sign := self._sign()) in _LEVELS[level]:
            self.place += 1
            right = self.level(level + 1, depth)
            is_flat = isinstance(found, Joined) and found.operator == sign and level < 2
            parts = (*found.parts, right) if is_flat and isinstance(found, Joined) else (found, right)
            found = Joined(sign, parts)
        return found

    def _sign(self) -> str:
        return (
            self.tokens[self.place][1] if self.place < len(self.tokens) and self.tokens[self.place][0] == "sign" else ""
        )

    def _operand(self, depth: int) -> Tree:
        if self.place >= len(self.tokens):
            raise NotUnderstood("it ends too early")
        kind, word = self.tokens[self.place]
        self.place += 1
        if kind == "text":
            return Literal(word[1:-1], is_number=False)
        if kind == "number":
            return Literal(word, is_number=True)
        if kind == "field":
            return self._field(word)
        if kind == "word" and self._sign() == "(":
            return Call(word.lower(), self._arguments(depth))
        if word == "-" and self.place < len(self.tokens) and self.tokens[self.place][0] == "number":
            self.place += 1
            return Literal(f"-{self.tokens[self.place - 1][1]}", is_number=True)
        if word == "(":
            found = self.level(0, depth + 1)
            self._expect(")")
            return found
        raise NotUnderstood(f"“{word[:20]}” is not expected there")

    def _arguments(self, depth: int) -> tuple[Tree, ...]:
        self._expect("(")
        found: list[Tree] = []
        while self._sign() != ")":
            if found:
                self._expect(",")
            found.append(self.level(0, depth + 1))
        self._expect(")")
        return tuple(found)

    def _field(self, word: str) -> Field:
        """One pair of brackets, or two where the event stands in front."""
        name, code = _inside(word)
        if self.place < len(self.tokens) and self.tokens[self.place][0] == "field" and code is None:
            second, code = _inside(self.tokens[self.place][1])
            self.place += 1
            return Field(second, code, name)
        return Field(name, code)

    def _expect(self, sign: str) -> None:
        if self._sign() != sign:
            raise NotUnderstood(f"“{sign}” is missing")
        self.place += 1


def _inside(word: str) -> tuple[str, str | None]:
    match = _INSIDE.fullmatch(word[1:-1].strip())
    if match is None:
        raise NotUnderstood(f"“{word[:30]}” is not read")
    return match[1], match[2]
