"""A protocol as a YAML file and back, with the same content both ways: for an editor, an archive, an ethics committee.

Reading is the hardened reader of the questionnaires: no tag, no alias, no ambiguous word, and lines for mistakes.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import yaml

from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.mistakes import Mistake as FileMistake
from app.questionnaires.yaml_scalars import Ambiguous, meaning
from app.questionnaires.yaml_source import Node, Source, read
from app.scheduling.mistakes import BrokenProtocol, Mistake
from app.scheduling.parse import brief_document, parse_protocol
from app.scheduling.protocol import Protocol


def write_protocol(protocol: Protocol) -> str:
    """The file of a protocol as a person would write it, in the model’s order; ``read_protocol`` is its inverse.

    What is so anyway is left out.
    """
    return write_document(brief_document(protocol))


def write_document(document: Mapping[str, Any]) -> str:
    """The file of a document that may not be a protocol yet; ``read_document`` is its inverse."""
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def read_document(text: str | bytes, path: str = "protocol.yaml") -> dict[str, Any]:
    """What the text of a file says, whether or not it makes a protocol. BrokenFile where it cannot be read as YAML."""
    source = read(text, path)
    if source.mistakes:
        raise BrokenFile(source.mistakes)
    document = _as_document(source.root.plain())
    return document if isinstance(document, dict) else {}


def read_protocol(
    text: str | bytes, path: str = "protocol.yaml", instruments: Mapping[str, Collection[str]] | None = None
) -> Protocol:
    """The protocol in the text of a file. BrokenFile with every mistake and its line, from top to bottom.

    ``path`` is only for the messages; ``instruments`` as for ``parse_protocol``.
    """
    source = read(text, path)
    try:
        protocol = parse_protocol(_as_document(source.root.plain()), instruments)
    except BrokenProtocol as broken:
        raise BrokenFile([*source.mistakes, *(_in_file(mistake, source) for mistake in broken.mistakes)]) from None
    if source.mistakes:
        raise BrokenFile(source.mistakes)
    return protocol


class _Dumper(yaml.SafeDumper):
    """Lists indented under their key, and every text that another reader could take for something else in quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002 -- PyYAML's
        """Never without indentation."""
        return super().increase_indent(flow, False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    try:
        is_plain = meaning(value) == value
    except Ambiguous:
        is_plain = False
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if is_plain else '"')


def _number(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:.6f}".rstrip("0") + "0")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)


def _as_document(value: Any) -> Any:
    """Plain data as JSON has it: lists, and texts as the names of entries."""
    if isinstance(value, Mapping):
        return {str(key): _as_document(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_as_document(one) for one in value]
    return value


def _in_file(mistake: Mistake, source: Source) -> FileMistake:
    message = str(mistake).removeprefix(f"{mistake.where}: ")
    return FileMistake(source.path, _node(source.root, mistake.where.split(".")).line, mistake.where, message)


def _node(root: Node, steps: Sequence[str]) -> Node:
    """The deepest value that a place names and the file holds; a visit is found by its key."""
    node = root
    for step in steps:
        found = next((child for key, child in _children(node) if key == step), None)
        if found is None:
            return node
        node = found
    return node


def _children(node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in node.children.items():
        if node.kind == "mapping":
            yield str(position), child
        elif child.kind == "mapping" and "key" in child.children:
            yield str(child.children["key"].value), child
        else:
            yield str(position), child
