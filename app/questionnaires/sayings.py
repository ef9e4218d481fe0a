"""Sentences that somebody may translate: plain English text that also knows its own form and what stands in it."""

from collections.abc import Mapping
from typing import NamedTuple, Self


class Part(NamedTuple):
    """A whole sentence with named places (``%(name)s``), and what stands in them: texts, numbers, or sayings."""

    form: str
    facts: Mapping[str, object]


class Saying(str):
    """The English text; ``parts`` are its sentences, one after the other, for whoever says them in another language."""

    __slots__ = ("parts",)
    parts: tuple[Part, ...]

    def __new__(cls, *parts: Part) -> Self:
        made = super().__new__(cls, " ".join(part.form % part.facts for part in parts))
        made.parts = parts
        return made

    def then(self, more: "Saying | None") -> "Saying":
        """This, and one sentence more if there is one."""
        return self if more is None else Saying(*self.parts, *more.parts)


def sentence_form(text: str) -> str:
    """The text itself: a form that ``saying`` fills later, marked for whoever translates."""
    return text


def saying(form: str, **facts: object) -> Saying:
    """One sentence with what stands in its places."""
    return Saying(Part(form, facts))
