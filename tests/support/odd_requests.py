"""Requests that no browser sends of its own accord: drawn by Hypothesis without any knowledge of what a route takes.

What is drawn is how a request differs from a true one. What the true one is (the route's address, the fields that stand
in its form) is known to whoever sends it, so that a good part of them gets past the first check.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from app.config import ROOT

ROLES = ("nobody", "alice", "dora", "link", "bob", "half", "dana", "operator")
OFTEN = (*ROLES, "alice", "alice", "bob", "bob", "bob", "bob", "dana", "dana")
"""Those to whom most opens are drawn more often."""
MARK = "<odd-tag onload=alert(1)>"
"""In no page of ours, so that finding it there means that something was not escaped."""
HEADER_MARK = "X-Odd"
ELSEWHERE = "//odd.example"
ODD_TEXTS = [
    "", " ", ".", "..", "../../../etc/passwd", "\x00", "a\x00b", "\x7f\x1b[2J", "\ufeff", "\u202eevil",
    "e\u0301" * 60,
    "🙂" * 40, "\ud7ff\ue000\uffff", "\U0010ffff", "٣", "१२", "Ⅷ", "²", "1e5", "1_000", "0x10", "+1", " 1", "-1",
    "0", "00",
    "-0", "1.5", "1,5", "NaN", "inf", "-inf", "2147483648", "9223372036854775808", "-9223372036854775809", "9" * 30,
    "9" * 5000, "1e999", "null", "None", "true", "false", "[]", "{}", "__class__", "__init__", "constructor",
    MARK, f'"{MARK}', f"'; DROP TABLE answer; -- {MARK}", "{{ 7 * 7 }}", "{% include 'x' %}",
    "%(item)s %s %n {0.__class__}",
    f"a\r\n{HEADER_MARK}: 1", f"a\n{HEADER_MARK}: 1", "=1+1", f"https:{ELSEWHERE}", f"{ELSEWHERE}/a",
    "/\\odd.example", "javascript:alert(1)",
    "0000-00-00", "9999-12-31", "2026-02-30", "2026-05-04", "10000-01-01", "0001-01-01", "24:60", "00:00",
    "Europe/Nowhere", "P1000000Y",
    "fr", "en", "xx-YY-zz", "e" * 300, "x" * 3000, "?", "#", "a/b", "a//b", "~", "%", "%2e%2e", "a;b=c",
    "weshare-core@1.0", "core@",
    "a@b", "@", "😀@example.org", "a@exa mple.org", "a\nb@example.org",
]  # fmt: skip
RAW_PARTS = [
    "%00",
    "%ff%fe",
    "%2F",
    "%2f..%2f..%2fetc%2fpasswd",
    "..%5c",
    "%0d%0aX-Odd:1",
    "%",
    "%zz",
    "%C0%AE",
    "%u0041",
]
"""Parts of a path that are more or less encoded already."""
JSON_TEXTS = [
    b"", b"{", b"null", b"0", b'"text"', b"[]", b"[" * 60_000, b'{"a":' * 20_000, b"NaN", b"1e999",
    b'{"item": "\\ud800"}',
    b'{"item": "q1", "value": "\\u0000", "request_id": "\\udfff"}', b"\xff\xfe{}",
    b'{"item": {"a": []}, "value": [1]}',
    b'{"item":"q1","value":"1","seen":"99999999999999999999","request_id":"0000000000000000"}',
    b'{"item":"q1","item":"q2"}', b"9" * 6000,
]  # fmt: skip
FILES = [
    ("empty.pdf", b""), ("licence.pdf", b"%PDF-1.7\n%%EOF"), ("../../up.pdf", b"%PDF-1.7"),
    ("a\x00b.png", b"\x89PNG\r\n\x1a\n"),
    ("wording.yaml", b"instrument: weshare-core\nversion: '1.0'\nlanguage: fr\n"),
    ("bomb.yaml", b"a: &a [x]\nb: [*a, *a]\n"),
    ("deep.yaml", b"[" * 5000), ("tag.yaml", b"!!python/object/apply:os.system ['true']"),
    ("latin.yaml", "é: à".encode("latin-1")),
    ("bytes.bin", bytes(range(256)) * 8), ("n" * 300, b"x"), ("", b"x"), ("large.yaml", b"a: b\n" * 96_000),
    (MARK, b"PK\x03\x04"),
    ("protocol.yaml", b"version: 1\nevents: {}\nvisits: []\n"),
    ("protocol.yaml", b"version: 999999999999999999999\nvisits: {a: 1}\n"),
]  # fmt: skip
ODD_HEADERS: Mapping[str, list[str]] = {
    "Accept-Language": ["*", "", "fr;q=x, en;q=2", "zz-zz", "," * 500, "en;q=0", "x" * 2000, "fr-" * 400],
    "Accept": ["application/json", "*/*;q=nan", "text/html;level=", "/", "application/json, text/html;q=0", "\t"],
    "Content-Type": [
        "application/json", "application/json; charset=utf-7", "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded; charset=nonsense", "/",
        "a" * 500, "",
    ],
    "Origin": ["null", f"https:{ELSEWHERE}", "\x01", "http://localhost.odd.example"],
    "Referer": [f"https:{ELSEWHERE}", "http://[", "about:blank", "http://localhost:99999/"],
    "Host": ["odd.example", "[", "localhost:99999", "a_b", "localhost:x", "::1"],
    "Range": ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=a-b", "lines=1-2", "bytes=0-1,2-3"],
    "If-Modified-Since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT"],
    "If-None-Match": ['"', "*", "W/", 'W/"x"'],
    "Authorization": ["Basic", "Basic =", "Basic /////w==", "Bearer \xe9", "Digest a=b", " "],
    "X-CSRFToken": ["", "null", "a.b.c", "é"],
    "X-Forwarded-For": ["1.2.3.4, x", "::", "not an address"],
    "X-Forwarded-Proto": ["https", "gopher"],
    "X-HTTP-Method-Override": ["DELETE"],
    "X-Requested-With": ["XMLHttpRequest"],
    "User-Agent": ["", "x" * 5000, MARK, "Mozilla/5.0 (\xe9)"],
    "Sec-Fetch-Site": ["cross-site", "nonsense"],
    "Content-Encoding": ["gzip", "br"],
    "Max-Forwards": ["0"],
}  # fmt: skip
COOKIES = [
    "weshare=", "weshare=a.b.c", "weshare=" + "x" * 4000, "=", ";;;", "language=xx; language=en", "language=\xff",
    "known=.; weshare=\x01",
    "known=e30.x", "weshare=eyJfdXNlcl9pZCI6MX0.aaaa.bbbb", f"language={MARK}", "a" * 8000,
]  # fmt: skip
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "ODD"]

Body = Literal["none", "form", "json", "raw", "file"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to the field at a place of the true form."""

    place: int
    act: Literal["drop", "double", "replace", "add"]
    value: str


@dataclass(frozen=True, slots=True)
class Odd:
    """How a request differs from a true one; numbers are taken modulo how many there are to choose from."""

    role: str
    place: int
    is_own: bool
    """Whether it goes to a route that opens to this role, or to any."""
    is_found: bool
    """Whether it goes to an address that earlier answers gave, instead."""
    method: str | None
    parts: tuple[tuple[int, str], ...]
    query: tuple[tuple[int, str], ...]
    body: Body
    choice: int
    edits: tuple[Edit, ...]
    content: bytes
    file: tuple[str, bytes]
    has_token: bool
    headers: tuple[tuple[str, str], ...]
    cookie: str | None


def names() -> list[str]:
    """Every name that the pages look for in an address or a form."""
    asked = re.compile(r"(?:args|form|values|posted)(?:\.get|\.getlist)?[(\[]\s*\"([\w-]+)\"")
    sources = (file.read_text("utf-8") for file in (ROOT / "app" / "web").rglob("*.py"))
    return sorted(
        {name for source in sources for name in asked.findall(source)} | {"next", "page", "constructor", "", "\x00"}
    )


def _jsons() -> st.SearchStrategy[bytes]:
    """A JSON value: any, or one that has the names which the questionnaire's script sends."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
    values = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
    )
    likely = {
        "item": st.sampled_from(["q1", "q2", "q999"]) | values,
        "value": st.sampled_from(["1", "4", ""]) | values,
        "request_id": st.sampled_from(["0123456789abcdef"]) | values,
        "seen": st.sampled_from(["0", 1]) | values,
        "declined": st.booleans() | values,
        "is_old": st.booleans() | values,
    }
    some = values | st.fixed_dictionaries({}, optional=likely) | st.fixed_dictionaries(likely)
    return st.sampled_from(JSON_TEXTS) | some.map(lambda value: json.dumps(value).encode())


texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=20) | st.integers().map(str)
_places = st.integers(0, 10_000)
_pairs = st.tuples(_places, texts)
_parts = st.lists(st.tuples(_places, texts | st.sampled_from(RAW_PARTS)), max_size=2)
_header = st.sampled_from(sorted(ODD_HEADERS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(ODD_HEADERS[name]))
)


_edits = st.lists(
    st.builds(Edit, _places, st.sampled_from(["drop", "double", "replace", "replace", "replace", "add"]), texts),
    max_size=3,
)
_contents = _jsons() | st.binary(max_size=40)


@st.composite
def odd_requests(draw: st.DrawFn) -> Odd:
    """One of them. What a body of the chosen kind does not need is not drawn: that takes longer than sending it."""
    body: Body = draw(st.sampled_from(["form", "form", "form", "form", "form", "json", "raw", "file", "none"]))
    oddities = draw(st.sets(st.sampled_from(["found", "method", "parts", "query", "headers", "cookie"]), max_size=2))
    return Odd(
        role=draw(st.sampled_from(OFTEN)),
        place=draw(_places),
        is_own=draw(st.sampled_from([True, True, True, False])),
        is_found="found" in oddities,
        method=draw(st.sampled_from(METHODS)) if "method" in oddities else None,
        parts=tuple(draw(_parts)) if "parts" in oddities else (),
        query=tuple(draw(st.lists(_pairs, max_size=3))) if "query" in oddities else (),
        body=body,
        choice=draw(_places),
        edits=tuple(draw(_edits)) if body in ("form", "file") else (),
        content=draw(_contents) if body in ("json", "raw") else b"",
        file=draw(st.sampled_from(FILES)) if body == "file" else ("", b""),
        has_token=draw(st.sampled_from([True, True, True, False])),
        headers=tuple(draw(st.lists(_header, max_size=2))) if "headers" in oddities else (),
        cookie=draw(st.sampled_from(COOKIES)) if "cookie" in oddities and body == "none" else None,
    )
