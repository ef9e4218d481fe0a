"""A YAML file as a tree of values that know their line; hostile and ambiguous YAML is refused here.

Only events of the C parser are used, never a constructor: nothing is built from a tag, no alias is expanded, and depth
is counted before anything is nested. What the values should be is not known here (that is schema.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.sayings import saying
from app.questionnaires.yaml_scalars import Ambiguous, Scalar, meaning

MAX_BYTES = 10_000_000
MAX_DEPTH = 40
MAX_VALUES = 50_000  # a questionnaire of 500 items has about 5 000; bounds the time as MAX_BYTES bounds the memory
# What turns the direction of the text round (U+202A to U+202E) would show a person something else than is written.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\u2029\u202f-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Key: TypeAlias = str | int
Plain: TypeAlias = "Scalar | dict[Key, Plain] | tuple[Plain, ...]"


@dataclass(slots=True)
class Node:
    """One value of the file. ``children`` are by key in a mapping, by position (from 0) in a list, none in a scalar."""

    line: int
    where: tuple[Key, ...]
    kind: str  # "scalar", "mapping" or "list"
    value: Scalar = None
    raw: str = ""
    is_doubtful: bool = False  # already reported: whatever else is wrong with it or below it is only a consequence
    children: "dict[Key, Node]" = field(default_factory=dict)

    def child(self, key: Key) -> "Node":
        """The child with that key, or an empty place: a look into a broken file never fails."""
        return self.children.get(key) or Node(self.line, (*self.where, key), "scalar")

    def plain(self) -> Plain:
        """The value as plain Python data: dict, tuple and scalars."""
        if self.kind == "mapping":
            return {key: child.plain() for key, child in self.children.items()}
        if self.kind == "list":
            return tuple(child.plain() for child in self.children.values())
        return self.value


@dataclass(slots=True)
class Source:
    """A file that could be read, with the mistakes found on the way."""

    path: str
    root: Node
    mistakes: list[Mistake]


def read(text: str | bytes, path: str) -> Source:
    """The tree of a file. Raises BrokenFile where reading cannot go on; other mistakes are listed in the source."""
    return _Builder(path).build(_decoded(text, path))


def dotted(where: tuple[Key, ...]) -> str:
    """A place as a person reads it, ``items.q3.response``; overlong keys are cut."""
    return ".".join(str(key)[:60] for key in where)


def _decoded(text: str | bytes, path: str) -> str:
    if len(text) > MAX_BYTES:
        raise _stop(
            path, 1, saying("The file is larger than %(most)s MB; it is not read.", most=MAX_BYTES // 1_000_000)
        )
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as bad:
            line = bad.object.count(b"\n", 0, bad.start) + 1
            raise _stop(path, line, saying("This is not UTF-8 text. Save the file with the encoding UTF-8.")) from None
    if found := UNPRINTABLE.search(text):
        raise _invisible(path, text.count("\n", 0, found.start()) + 1, found.group())
    return text


def _invisible(path: str, line: int, character: str) -> BrokenFile:
    return _stop(
        path,
        line,
        saying("There is an invisible character (%(code)s) here. Delete it.", code=f"U+{ord(character):04X}"),
    )


def _stop(path: str, line: int, message: str) -> BrokenFile:
    return BrokenFile([Mistake(path, line, "", message)])


def _events(text: str, path: str) -> Iterator[yaml.Event]:
    loader = yaml.CSafeLoader(text)
    try:
        while loader.check_event():
            if event := loader.get_event():
                yield event
    except yaml.MarkedYAMLError as bad:
        line = bad.problem_mark.line + 1 if bad.problem_mark else 1
        raise _stop(
            path,
            line,
            saying(
                "This cannot be read as YAML (%(problem)s). Check the indentation (blanks, no tabs) and put quotes "
                "around a text that contains a colon, a quote or a special sign.",
                problem=bad.problem,
            ),
        ) from None
    except yaml.YAMLError as bad:
        raise _stop(path, 1, saying("This cannot be read as YAML (%(problem)s).", problem=bad)) from None
    finally:
        loader.dispose()


class _Builder:
    """Turns events into nodes with a stack of its own, so that depth never uses Python's."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.mistakes: list[Mistake] = []
        self.open: list[Node] = []
        self.key: list[Node | None] = []  # per open node: the key that waits for its value
        self.root: Node | None = None
        self.count = 0

    def build(self, text: str) -> Source:
        for event in _events(text, self.path):
            self._take(event)
        if self.root is None:
            raise _stop(self.path, 1, saying("The file is empty."))
        return Source(self.path, self.root, self.mistakes)

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):  # first, because nine of ten events are
            self._add(self._scalar(event, line), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self.key.pop()
        elif isinstance(event, yaml.CollectionStartEvent):
            self._add(Node(line, (), "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"), event)
        elif isinstance(event, yaml.AliasEvent):
            self._add(Node(line, (), "scalar", is_doubtful=True), event)
        elif isinstance(event, yaml.DocumentStartEvent):
            if self.root is not None:
                raise _stop(self.path, line, saying("A file holds one document: remove this second “---”."))
            if event.version or event.tags:
                raise _stop(self.path, line, saying("Lines that begin with “%%” are not allowed."))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Node:
        if event.style == '"' and (found := UNPRINTABLE.search(event.value)):  # written with a backslash
            raise _invisible(self.path, line, found.group())
        node = Node(line, (), "scalar", event.value, event.value)
        if not event.style and event.tag is None:
            try:
                node.value = meaning(event.value)
            except Ambiguous as bad:
                node.value, node.is_doubtful = None, True
                self._mistake(node, bad.args[0])
        return node

    def _add(self, node: Node, event: yaml.NodeEvent) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            raise _stop(
                self.path,
                node.line,
                saying("The file holds more than %(most)s values; the rest is not read.", most=MAX_VALUES),
            )
        if self.open and self.open[-1].kind == "mapping" and self.key[-1] is None:
            self._refuse_extras(node, event)
            self.key[-1] = self._checked_key(node)
            return
        self._attach(node)
        self._refuse_extras(node, event)
        if node.kind != "scalar":
            if len(self.open) >= MAX_DEPTH:
                raise _stop(self.path, node.line, saying("Entries are nested more than %(most)s deep.", most=MAX_DEPTH))
            self.open.append(node)
            self.key.append(None)

    def _attach(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent, key = self.open[-1], self.key[-1]
        if key is None:
            node.where = (*parent.where, len(parent.children) + 1)
            parent.children[len(parent.children)] = node
            return
        self.key[-1] = None
        node.line, name = key.line, _name(key)
        node.is_doubtful = node.is_doubtful or key.is_doubtful
        node.where = (*parent.where, name)
        if first := parent.children.get(name):
            self._mistake(
                node,
                saying(
                    "“%(name)s” is written twice; the first one is on line %(line)s.",
                    name=str(name)[:60],
                    line=first.line,
                ),
            )
        else:
            parent.children[name] = node

    def _checked_key(self, key: Node) -> Node:
        if key.kind != "scalar":
            raise _stop(self.path, key.line, saying("The name of an entry is a single word."))
        if not key.is_doubtful and not key.raw:
            self._mistake(key, saying("The name of this entry is missing, in front of the colon."))
        elif isinstance(key.value, bool | float) or (key.value is None and not key.is_doubtful):
            self._mistake(key, saying('Write the name of this entry in quotes: "%(name)s".', name=key.raw[:60]))
        return key

    def _refuse_extras(self, node: Node, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            node.is_doubtful = True
            self._mistake(node, saying("References (“&name”, “*name”) are not allowed: write the text out in full."))
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            node.is_doubtful = True
            self._mistake(node, saying("Tags (words that begin with “!”) are not allowed."))

    def _mistake(self, node: Node, message: str) -> None:
        self.mistakes.append(Mistake(self.path, node.line, dotted(node.where or self._here()), message))

    def _here(self) -> tuple[Key, ...]:
        """Where the next value will stand."""
        if not self.open:
            return ()
        parent, key = self.open[-1], self.key[-1]
        if key is not None:
            return (*parent.where, _name(key))
        return (*parent.where, len(parent.children) + 1) if parent.kind == "list" else parent.where


def _name(key: Node) -> Key:
    """What an entry is called: a whole number stays one (options are numbered), everything else is its text."""
    if isinstance(key.value, int) and not isinstance(key.value, bool):
        return key.value
    return key.raw
