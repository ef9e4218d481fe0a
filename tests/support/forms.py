"""Forms filled in by a browser without scripts: what stands in them, changed, and sent."""

from html.parser import HTMLParser
from typing import Any

from tests.support.browser_form import csrf_of


class _Filled(HTMLParser):
    """The fields of each form as a browser would send them, lists of values by name."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._select: str | None = None
        self._first: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append((found.get("action") or "", {}))
        if not self.forms or ("name" not in found and tag != "option"):
            return
        name = str(found.get("name"))
        if tag == "input" and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self._add(name, found.get("value") or "")
        if tag == "select":
            self._select, self._first = name, None
            self._add(name, None)
        if tag == "option" and self._select:
            values = self.forms[-1][1][self._select]
            if "selected" in found or values[-1] is None:
                values[-1] = found.get("value") or ""
        if tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def _add(self, name: str, value: Any) -> None:
        self.forms[-1][1].setdefault(name, []).append(value)


def form_at(page: Any, action: str) -> dict[str, list[str]]:
    """What a browser would send with the form of that address."""
    parser = _Filled()
    parser.feed(page.text)
    for address, fields in parser.forms:
        if address.split("?")[0] == action:
            return fields
    raise AssertionError(f"no form for {action!r} among {[address for address, _fields in parser.forms]}")


def send(browser: Any, address: str, **changes: Any) -> Any:
    """Open the page of that address, change fields of its own form, and send it."""
    fields: dict[str, Any] = form_at(browser.get(address), address.split("#")[0])
    return browser.post(address, data={**fields, **changes})


def press(browser: Any, page: str, address: str, **fields: Any) -> Any:
    """Send the form of another address that stands on a page."""
    return browser.post(address, data={"csrf_token": csrf_of(browser.get(page)), **fields})
