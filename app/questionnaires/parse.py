"""definition.yaml -> Instrument: either the whole instrument is sound, or every mistake is listed."""

from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from app.questionnaires.definition import Instrument
from app.questionnaires.response_scales import ResponseScale
from app.questionnaires.schema import Check, Finding, once, parse
from app.questionnaires.sentences import shown, suggestion
from app.questionnaires.yaml_source import Key, Node, read

_RESPONSE_SCALE: TypeAdapter[ResponseScale] = TypeAdapter(ResponseScale)


def parse_instrument(text: str | bytes, path: str, folder: tuple[str, str] | None = None) -> Instrument:
    """The instrument in the text of a definition file. Raises BrokenFile with every mistake.

    ``path`` is only for the messages. ``folder``: the code and version that the file's folders say, if it has any.
    """
    return parse(Instrument, read(text, path), (*_CHECKS, _stands_in(folder)) if folder else _CHECKS)


def _stands_in(folder: tuple[str, str]) -> Check:
    def check(root: Node) -> Iterator[Finding]:
        for key, expected in zip(("code", "version"), folder, strict=True):
            written = root.child(key)
            if isinstance(written.value, str) and written.value != expected:
                yield Finding(written, f"{shown(written.value)} stands in a folder named {shown(expected)}.")

    return check


def _names_exist(root: Node) -> Iterator[Finding]:
    """Every response scale and recall period that an item names is defined."""
    for item in root.child("items").children.values():
        yield from _known(item.child("response"), root.child("response_scales"), "response scale")
        yield from _known(item.child("recall"), root.child("recall_periods"), "recall period")


def _items_exist(root: Node) -> Iterator[Finding]:
    """Every item on a page or in a scale is defined."""
    for group in ("pages", "scales"):
        for place in root.child(group).children.values():
            for item in place.child("items").children.values():
                yield from _known(item, root.child("items"), "item")


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


def _each_page_once(root: Node) -> Iterator[Finding]:
    yield from once((page.child("key") for page in root.child("pages").children.values()), "page")


def _each_item_once_per_scale(root: Node) -> Iterator[Finding]:
    for scale in root.child("scales").children.values():
        yield from once(scale.child("items").children.values(), "item")


def _one_range_per_scale(root: Node) -> Iterator[Finding]:
    """Raw scores are means of answers, so all items of a scale are answered over the same range."""
    of_response = {
        key: found for key, scale in root.child("response_scales").children.items() if (found := _range(scale))
    }
    of_item = {
        key: of_response.get(str(item.child("response").value)) for key, item in root.child("items").children.items()
    }
    for name, scale in root.child("scales").children.items():
        mixed: dict[tuple[int, int], str] = {}
        for item in scale.child("items").children.values():
            if isinstance(item.value, str) and (found := of_item.get(item.value)):
                mixed.setdefault(found, item.value)
        if len(mixed) > 1:
            ranges = " and ".join(f"{low} to {high} ({shown(item)})" for (low, high), item in mixed.items())
            yield Finding(scale, f"Scale {shown(name)} mixes answers from {ranges}; all its items need the same range.")


def _range(response_scale: Node) -> tuple[int, int] | None:
    """The lowest and the highest answer; None where the response scale itself is broken."""
    try:
        values = _RESPONSE_SCALE.validate_python(response_scale.plain()).values
    except ValidationError:
        return None
    return min(values), max(values)


def _known(name: Node, group: Node, what: str) -> Iterator[Finding]:
    if isinstance(name.value, str) and name.value not in group.children:
        yield Finding(name, f"There is no {what} {shown(name.value)}.{suggestion(name.value, group.children)}")


_CHECKS: tuple[Check, ...] = (
    _names_exist,
    _items_exist,
    _each_item_on_one_page,
    _each_page_once,
    _each_item_once_per_scale,
    _one_range_per_scale,
)
