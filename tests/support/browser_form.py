"""What a browser without scripts takes from a page: its forms' hidden fields and what was chosen in them."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.forms.append((found.get("action") or "", {}))
            self._is_inside = True
        if tag != "input" or not self._is_inside or "name" not in found:
            return
        if found.get("type", "text") not in ("radio", "checkbox") or "checked" in found:
            self.forms[-1][1][str(found["name"])] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False


def fields_of(response: Any, action: str = "") -> dict[str, str]:
    """The fields of the first form whose address ends with, or holds, ``action``; of the page's own form by default."""
    parser = _Forms()
    parser.feed(response.text)
    for address, fields in parser.forms:
        if (action and action in address) or (not action and not address):
            return fields
    raise AssertionError(f"no form for {action!r} in a page with status {response.status_code}")


def csrf_of(response: Any) -> str:
    """The page's token."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found, f"no token in a page with status {response.status_code}"
    return found.group(1)


def without_tokens(response: Any) -> str:
    """A page as it is for everybody and at every second: tokens carry a time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", response.text)


def page_text(response: Any) -> str:
    """The words of a page."""
    return unescape(re.sub(r"<[^>]+>", " ", response.text))
