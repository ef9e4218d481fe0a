"""Does every name in a definition exist, and does each stand for one thing? Checked on the tree of the file."""

from collections.abc import Iterable, Iterator

from app.questionnaires.schema import Check, Finding, once
from app.questionnaires.sentences import hinted, shown
from app.questionnaires.yaml_source import Key, Node

SCORED = ("steps", "scales")
ITEM_LISTS = ("items", "reverse")
EITHER = {"weights": True, "components": True, "points": True, "keys": False, "dimensions": False}
"""Where a scale names items or scales as it likes; True: as the names of entries, False: as their values."""


def checks(tables: frozenset[str]) -> tuple[Check, ...]:
    """All checks of names; ``tables`` are those that stand in files of their own."""

    def tables_exist(root: Node) -> Iterator[Finding]:
        inline = root.child("tables").children
        known: set[Key] = {*inline, *tables}
        for name in tables & set(map(str, inline)):
            yield Finding(inline[name], f"There is a file {name}.csv as well; a table stands in one place.")
        for scale in _scales(root):
            for name in ("table", "bank"):
                if not scale.child("supplied").value:
                    yield from _known(scale.child(name), known, "table")

    return (*_CHECKS, tables_exist)


def _scales(root: Node) -> Iterator[Node]:
    for group in SCORED:
        yield from root.child(group).children.values()


def _each_name_once(root: Node) -> Iterator[Finding]:
    """Items, steps, scales and facts share one world of names: conditions and tables of data use them side by side."""
    seen: dict[Key, Node] = {}
    for group in ("facts", "items", *SCORED):
        for name, node in root.child(group).children.items():
            if (first := seen.setdefault(name, node)) is not node:
                yield Finding(node, f"The name {shown(name)} is already given, on line {first.line}.")


def _names_exist(root: Node) -> Iterator[Finding]:
    """Every response scale, recall period and section that is named is defined."""
    for item in root.child("items").children.values():
        yield from _known(item.child("response"), root.child("response_scales").children, "response scale")
        yield from _known(item.child("recall"), root.child("recall_periods").children, "recall period")
    for page in root.child("pages").children.values():
        yield from _known(page.child("section"), root.child("sections").children, "section")


def _items_exist(root: Node) -> Iterator[Finding]:
    """Every item on a page, in a check or in a scale is defined."""
    items = root.child("items").children
    for group in ("pages", "checks", *SCORED):
        for place in root.child(group).children.values():
            for name in ITEM_LISTS:
                for item in place.child(name).children.values():
                    yield from _known(item, items, "item")


def _sources_exist(root: Node) -> Iterator[Finding]:
    items, scales = root.child("items").children, _computed(root)
    for scale in _scales(root):
        for one in scale.child("scales").children.values():
            yield from _known(one, scales, "scale")
        for one in scale.child("needs").children.values():
            yield from _known(one, {**items, **scales}, "item or scale")
        for key, are_names in EITHER.items():
            for name, node in scale.child(key).children.items():
                written = Node(node.line, node.where, "scalar", name, str(name)) if are_names else node
                yield from _known(written, {**items, **scales}, "item or scale")
        for recode, listed in scale.child("recode").children.items():
            yield from _known(
                Node(listed.line, listed.where, "scalar", recode), root.child("recodes").children, "recode"
            )
            for item in listed.children.values():
                yield from _known(item, items, "item")


def _adaptive_test_exists(root: Node) -> Iterator[Finding]:
    """What the rules of an adaptive test speak of is defined."""
    test, items = root.child("adaptive"), root.child("items").children
    yield from _known(test.child("scale"), root.child("scales").children, "scale")
    yield from _known(test.child("first"), items, "item")
    for area in test.child("areas").children.values():
        for item in area.child("items").children.values():
            yield from _known(item, items, "item")


def _conditions_exist(root: Node) -> Iterator[Finding]:
    """Everything that a condition looks at is defined."""
    known = {
        "answer": root.child("items").children,
        "score": _computed(root),
        "fact": root.child("facts").children,
    }
    for leaf in _conditions(root):
        for subject, names in known.items():
            yield from _known(leaf.child(subject), names, "item" if subject == "answer" else subject)


def _conditions(root: Node) -> Iterator[Node]:
    for group in ("items", "pages"):
        for place in root.child(group).children.values():
            yield from _leaves(place.child("ask_if"))
    for place in root.child("checks").children.values():
        yield from _leaves(place.child("when"))
    for scale in _scales(root):
        yield from _leaves(scale.child("unless"))
        yield from _leaves(scale.child("only_if"))
        for branch in scale.child("cases").children.values():
            yield from _leaves(branch.child("when"))
        for group in ("thresholds", "reference_values"):
            for value in scale.child(group).children.values():
                yield from _leaves(value.child("only_if"))


def _leaves(condition: Node) -> Iterator[Node]:
    parts = [*condition.child("and").children.values(), *condition.child("or").children.values()]
    if "not" in condition.children:
        parts.append(condition.child("not"))
    for part in parts:
        yield from _leaves(part)
    if not parts and condition.children:
        yield condition


def _each_item_on_one_page(root: Node) -> Iterator[Finding]:
    pages = root.child("pages").children.values()
    seen: dict[Key, Node] = {}
    for page in pages:
        for item in page.child("items").children.values():
            if isinstance(item.value, str) and (first := seen.setdefault(item.value, item)) is not item:
                yield Finding(
                    item, f"Item {shown(item.value)} is already on a page (line {first.line}); it is asked only once."
                )
    for name, item in root.child("items").children.items():
        if pages and name not in seen:
            yield Finding(item, f"Item {shown(name)} is on no page, so nobody is ever asked.")


def _each_key_once(root: Node) -> Iterator[Finding]:
    for group, what in (("pages", "page"), ("checks", "check")):
        yield from once((one.child("key") for one in root.child(group).children.values()), what)
    for scale in _scales(root):
        for group, what in (("thresholds", "threshold"), ("important_changes", "change")):
            yield from once((one.child("key") for one in scale.child(group).children.values()), what)


def _each_source_once(root: Node) -> Iterator[Finding]:
    for scale in _scales(root):
        for group, what in (("items", "item"), ("scales", "scale"), ("needs", "source")):
            yield from once(scale.child(group).children.values(), what)


def _computed(root: Node) -> dict[Key, Node]:
    return {name: node for group in SCORED for name, node in root.child(group).children.items()}


def _known(name: Node, group: Iterable[Key], what: str) -> Iterator[Finding]:
    if isinstance(name.value, str) and name.value not in group:
        yield Finding(name, hinted(f"There is no {what} {shown(name.value)}.", name.value, group))


_CHECKS: tuple[Check, ...] = (
    _each_name_once,
    _names_exist,
    _items_exist,
    _sources_exist,
    _adaptive_test_exists,
    _conditions_exist,
    _each_item_on_one_page,
    _each_key_once,
    _each_source_once,
)
