"""Looking for something that must not be there: plain, in other alphabets of bytes, and inside compressed streams."""

import gzip
import html
import json
import re
import unicodedata
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
"""How a gzip or zlib stream begins."""


def found(needles: Iterable[str], hay: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """(needle, where) for everything that is there in any form."""
    folded = {name: [content.lower() for content in _unpacked(content)] for name, content in hay.items()}
    exact = {name: list(_unpacked(content)) for name, content in hay.items()}
    return {
        (needle, name)
        for needle in needles
        for name in hay
        if any(form in content for form in _folded_forms(needle) for content in folded[name])
        or any(form in content for form in _base64_forms(needle) for content in exact[name])
    }


def _folded_forms(needle: str) -> set[bytes]:
    """As it may stand in a text, a script, an address, or in hexadecimal; any case."""
    cases = {needle, needle.upper(), needle.lower(), unicodedata.normalize("NFD", needle)}
    texts = {form for case in cases for form in (case, quote(case), json.dumps(case)[1:-1], html.escape(case))}
    encoded = {text.encode(coding) for text in texts for coding in ("utf-8", "utf-16-le")}
    return {form.lower() for form in encoded | {needle.encode().hex().encode()}}


def _base64_forms(needle: str) -> Iterator[bytes]:
    """What is the same of it in base64, wherever in a group of three bytes it begins; both alphabets."""
    raw = needle.encode()
    for before in range(3):
        written = b64encode(bytes(before) + raw)
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        yield written[first:last]
        yield written[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    for begin in STREAM.finditer(content):
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        try:
            unpacked = unpacker.decompress(content[begin.start() :], 10_000_000)
        except zlib.error:
            continue
        if unpacked:
            yield unpacked


def disguises(needle: str) -> dict[str, bytes]:
    """The needle in every form in which it has to be found."""
    raw = needle.encode()
    return {
        "plain": b"x" + raw,
        "upper": needle.upper().encode(),
        "decomposed": unicodedata.normalize("NFD", needle).encode(),
        "utf-16": needle.encode("utf-16-le"),
        "hex": raw.hex().upper().encode(),
        "json": json.dumps(needle).encode(),
        "address": quote(needle).encode(),
        "gzip": b"before" + gzip.compress(b"inside " + raw) + b"after",
        "zlib": b"before" + zlib.compress(b"inside " + raw),
        **{f"base64 {n}": b64encode(b"x" * n + raw + b"yz") for n in range(3)},
    }
