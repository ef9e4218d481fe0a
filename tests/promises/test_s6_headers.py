"""S6: every answer, errors and downloads included, forbids what no page needs; nothing personal is kept by a cache."""

import re

import pytest
from flask import Flask

from tests.support import stage
from tests.support.stage import ROLES
from tests.support.world import AT, World

INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:")
ELSEWHERE = re.compile(r"(?:src|href|action)=\"(?:https?:)?//(?!localhost)")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_carries_the_headers(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, role: str):
    """Seen failing when the error handler answered before the headers were added."""
    monkeypatch.setattr("app.web.transaction.now", lambda: AT)
    found = stage.build(app, world)
    client = stage.browser_of(found, role)
    addresses = [(method, address) for _row, method, address in stage.calls(found)]
    for method, address in [*addresses, ("GET", "/no/such/page"), ("DELETE", "/account")]:
        with client.open(address, method=method) as answer:
            policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
            assert POLICY.items() <= policy.items(), address
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert ("nosniff", "DENY") == (answer.headers["X-Content-Type-Options"], answer.headers["X-Frame-Options"])
            if not address.startswith("/static/"):
                assert "no-store" == answer.headers["Cache-Control"], address
            if answer.mimetype.startswith("text/"):
                assert "utf-8" == answer.mimetype_params["charset"], address
            assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_holds_anything_inline_or_from_elsewhere(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, role: str
):
    monkeypatch.setattr("app.web.transaction.now", lambda: AT)
    found = stage.build(app, world)
    client = stage.browser_of(found, role)
    for _row, method, address in stage.calls(found):
        if method != "GET":
            continue
        with client.get(address) as answer:
            if answer.mimetype == "text/html":
                assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", answer.text), (
                    address
                )
                assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//(?!localhost)", answer.text), address
