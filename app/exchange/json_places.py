"""A JSON file of others, walked with the path always known, and with a memory of what nobody looked at.

Whatever is in the file and is never asked for can be listed afterwards: nothing is dropped in silence.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.exchange.notes import Note, Unreadable

MAX_BYTES: Final = 10_000_000
MAX_DEPTH: Final = 60
MAX_VALUES: Final = 500_000


@dataclass(slots=True)
class Document:
    """The whole file, what of it was looked at, and what there is to say."""

    root: Any
    seen: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)

    def unseen(self) -> Iterator[str]:
        """The paths of what was never looked at, each the topmost one."""
        stack: list[tuple[str, Any]] = [("", self.root)]
        while stack:
            path, value = stack.pop()
            children = _children(path, value)
            missed = [one for one in children if one[0] not in self.seen]
            yield from (path for path, _value in missed)
            stack += [one for one in children if one[0] in self.seen]


@dataclass(frozen=True, slots=True)
class Place:
    """One value of the file with its path: ``item[2].item[0].text``."""

    document: Document
    path: str
    value: Any

    def get(self, key: str) -> "Place":
        """The value under a name; an empty place where there is none."""
        path = f"{self.path}.{key}" if self.path else key
        self.document.seen.add(path)
        return Place(self.document, path, self.value.get(key) if isinstance(self.value, dict) else None)

    def each(self) -> "Iterator[Place]":
        """The values of a list; none, and a note, where it is no list."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            self.note("A list is needed here.")
            return
        for number, value in enumerate(self.value):
            path = f"{self.path}[{number}]"
            self.document.seen.add(path)
            yield Place(self.document, path, value)

    def text(self) -> str | None:
        """A text that is not blank; None, and a note where it is something else."""
        if self.value is None or (isinstance(self.value, str) and not self.value.strip()):
            return None
        if not isinstance(self.value, str):
            self.note("A text is needed here.")
            return None
        return self.value

    def number(self) -> float | int | None:
        """A number that is finite and no larger than a million; None, and a note where it is something else."""
        if self.value is None:
            return None
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        if not is_number or not -1e6 <= self.value <= 1e6:
            self.note("A number up to a million is needed here.")
            return None
        result: float | int = self.value
        return result

    def flag(self) -> bool:
        """True where it says so."""
        if not isinstance(self.value, bool | None):
            self.note("Only true or false can stand here.")
        return self.value is True

    def whole(self) -> None:
        """Mark everything below as looked at."""
        stack = [(self.path, self.value)]
        while stack:
            path, value = stack.pop()
            self.document.seen.add(path)
            stack += _children(path, value)

    def note(self, message: str) -> None:
        """Something to say about this place."""
        self.document.notes.append(Note(self.path, message))


def read(content: bytes) -> Place:
    """The root of a JSON file. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise _stop(f"The file is larger than {MAX_BYTES // 1_000_000} MB; it is not read.")
    try:
        root = json.loads(content.decode("utf-8-sig"), parse_constant=_refused, object_pairs_hook=_each_once)
    except UnicodeDecodeError:
        raise _stop("This is not UTF-8 text. Save the file with the encoding UTF-8.") from None
    except RecursionError:
        raise _stop("The file is nested too deep.") from None
    except ValueError as bad:
        raise _stop(f"This cannot be read as JSON ({str(bad)[:200]}).") from None
    if not isinstance(root, dict):
        raise _stop("A JSON object is needed here.")
    _measure(root)
    return Place(Document(root), "", root)


def differences(left: Any, right: Any, path: str = "") -> Iterator[str]:
    """The paths at which two pieces of JSON differ, each the deepest one."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in {**left, **right}:
            yield from differences(left.get(key), right.get(key), f"{path}.{key}" if path else key)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif left != right or isinstance(left, bool) != isinstance(right, bool):
        yield path


def _children(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{path}.{key}" if path else key, one) for key, one in value.items()]
    return [(f"{path}[{number}]", one) for number, one in enumerate(value)] if isinstance(value, list) else []


def _refused(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _each_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"“{key[:60]}” is written twice in one object")
        found[key] = value
    return found


def _measure(root: Any) -> None:
    count, level = 0, [root]
    for _depth in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_VALUES:
            raise _stop(f"The file holds more than {MAX_VALUES} values; it is not read.")
        level = [one for value in level for _path, one in _children("", value)]
        if not level:
            return
    raise _stop(f"The file is nested more than {MAX_DEPTH} deep.")


def _stop(message: str) -> Unreadable:
    return Unreadable([Note("", message)])
