"""Whoever sends odd requests: one browser a role, which learns from every page which forms and addresses there are."""

import inspect
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from werkzeug.datastructures import Headers, MultiDict

from app.accounts import sign_ins
from app.identity import operators
from app.web.vault.duty import HELD
from tests.support import stage
from tests.support.odd_requests import ROLES, Odd, names
from tests.support.signing_in import path_of
from tests.support.stage import Stage
from tests.support.world import AT

MOST_FOUND = 400
ENDS_SIGN_IN = (302, 303, 401)
SPECIAL = {"half": "second_factor", "operator": "vault_operators"}
"""Roles that have no column in the table -> what their routes are called."""

Fields = dict[str, list[str]]


class _Page(HTMLParser):
    """The links of a page, and its forms with every value that each field offers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, Fields, list[str]]] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and found.get("href", "").startswith("/"):
            self.links.append(found["href"])
        if tag == "form":
            self.forms.append((found.get("action", ""), {}, []))
        if not self.forms:
            return
        _action, fields, files = self.forms[-1]
        name = found.get("name", "")
        if tag == "option" and self._select:
            fields[self._select].append(found.get("value", ""))
        elif tag == "input" and found.get("type") == "file" and name:
            files.append(name)
        elif tag in ("input", "textarea", "button") and name:
            fields.setdefault(name, []).append(found.get("value", ""))
        elif tag == "select" and name:
            self._select = name
            fields.setdefault(name, [])


@dataclass(slots=True)
class Callers:
    """The browsers of a stage. ``answered``: how many answers of each status there were."""

    stage: Stage
    expected: dict[str, dict[str, int]]
    """Role -> row of the table -> status."""
    calls: list[tuple[str, str, str]] = field(init=False)
    own: dict[str, list[tuple[str, str, str]]] = field(init=False)
    scripted: set[str] = field(init=False)
    """The routes that read JSON."""
    names: list[str] = field(default_factory=names)
    forms: dict[tuple[str, str], tuple[Fields, list[str]]] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=lambda: {role: [] for role in ROLES})
    answered: dict[int, int] = field(default_factory=dict)
    _browsers: dict[str, tuple[Any, str]] = field(default_factory=dict)
    _operator: int = 0

    def __post_init__(self) -> None:
        self.calls = stage.calls(self.stage)
        self.scripted = {call[0] for call in self.calls if self._reads_json(call[0].split()[1])}
        self.own = {role: [call for call in self.calls if self._opens(role, call[0])] for role in ROLES}
        with self.stage.world.vault() as session:
            self._operator = operators.add(session, "olga", "Olga", "a long password", AT).id
            session.commit()

    def learn(self) -> None:
        """Look at every page that opens to somebody."""
        for role in ROLES:
            for row, method, address in self.calls:
                if method == "GET" and self.expected.get(role, {}).get(row) == 200 and "download" not in row:
                    self._browse(role, address)
        # What is behind a ticket: to the vault's pages and back.
        for role in ROLES:
            for address in [one for one in self.found[role] if "/vault/" in one]:
                self._browse(role, address)
        self._browse("nobody", path_of(self.browser("nobody")[0].get("/sign-in").location))

    def browser(self, role: str) -> tuple[Any, str]:
        """The role's browser, signed in, and its token."""
        if role not in self._browsers:
            client = self._signed_in(role)
            self._browsers[role] = (client, stage.token_of(client))
        return self._browsers[role]

    def request(self, odd: Odd) -> dict[str, Any]:
        """What the test client is told to send."""
        _client, token = self.browser(odd.role)
        calls = self.own[odd.role] if odd.is_own else self.calls
        if odd.body == "json" and odd.is_own:
            calls = [call for call in calls if call[0] in self.scripted] or calls
        _row, method, address = calls[odd.place % len(calls)]
        if odd.is_found and self.found[odd.role]:
            address = self.found[odd.role][odd.place % len(self.found[odd.role])]
        path, _, query = address.partition("?")
        headers = Headers([*odd.headers])
        sent: dict[str, Any] = {"method": odd.method or method, "headers": headers}
        sent["path"] = _with_parts(path, odd.parts)
        more = urlencode([(self.names[place % len(self.names)], value) for place, value in odd.query], errors="replace")
        sent["query_string"] = "&".join(filter(None, [query, more]))
        if sent["method"] not in ("GET", "HEAD"):
            self._add_body(odd, path, token if odd.has_token else "forged", sent)
        return sent

    def send(self, odd: Odd) -> tuple[dict[str, Any], Any, bytes]:
        """Send it and learn from the answer: (what was sent, the answer, its body)."""
        client, _token = self.browser(odd.role)
        sent = self.request(odd)
        if odd.cookie is not None:
            client = self.stage.app.test_client(use_cookies=False)
            sent["headers"]["Cookie"] = odd.cookie
        with client.open(**sent) as answer:
            body = answer.get_data()
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        self._note(odd.role, sent["path"], answer, body)
        if answer.status_code in ENDS_SIGN_IN and not self._is_still_in(odd.role):
            del self._browsers[odd.role]
        return sent, answer, body

    def _reads_json(self, endpoint: str) -> bool:
        view = inspect.unwrap(self.stage.app.view_functions[endpoint])
        return endpoint != "static" and "get_json" in inspect.getsource(view)

    def _opens(self, role: str, row: str) -> bool:
        if role in SPECIAL:
            return SPECIAL[role] in row
        return self.expected[role][row] not in (302, 401, 404, 410)

    def every_page(self) -> list[tuple[str, str]]:
        """(role, address) of each page that opens to somebody, for the first to whom it does."""
        first = {
            row: (role, address)
            for role in reversed(ROLES)
            for row, method, address in self.own[role]
            if method == "GET"
        }
        return list(first.values())

    def ask(self, role: str, path: str, value: str) -> tuple[dict[str, Any], Any, bytes]:
        """Open a page with one value under every name that some page looks for in its address."""
        client, _token = self.browser(role)
        sent = {"path": path, "query_string": urlencode(dict.fromkeys(self.names, value), errors="replace")}
        with client.open(**sent) as answer:
            body = answer.get_data()
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        if answer.status_code in ENDS_SIGN_IN and not self._is_still_in(role):
            del self._browsers[role]
        return sent, answer, body

    def every_field(self) -> Iterator[tuple[str, str, str, Fields]]:
        """(role, address, field, the form with its first choices) for each field of each form that was seen."""
        for (role, path), (fields, _files) in list(self.forms.items()):
            first = {name: values[:1] for name, values in fields.items() if name != "csrf_token"}
            for name in first:
                yield role, path, name, first

    def fill_in(self, role: str, path: str, form: Fields) -> tuple[dict[str, Any], Any, bytes]:
        """Send a form as that role."""
        client, token = self.browser(role)
        sent = {"path": path, "method": "POST", "data": {**form, "csrf_token": token}}
        with client.open(**sent) as answer:
            body = answer.get_data()
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        if answer.status_code in ENDS_SIGN_IN and not self._is_still_in(role):
            del self._browsers[role]
        return sent, answer, body

    def _add_body(self, odd: Odd, path: str, token: str, sent: dict[str, Any]) -> None:
        if odd.body in ("json", "raw"):
            sent["data"] = odd.content
            sent["headers"].setdefault("Content-Type", "application/json" if odd.body == "json" else "text/plain")
            sent["headers"].setdefault("X-CSRFToken", token)
            return
        fields, files = self.forms.get((odd.role, path), ({}, []))
        filled = [(name, values[odd.choice % len(values)] if values else "") for name, values in fields.items()]
        for edit in odd.edits:
            filled = _edited(filled, edit.place, edit.act, edit.value, self.names)
        data: MultiDict[str, Any] = MultiDict((name, value) for name, value in filled if name != "csrf_token")
        data["csrf_token"] = token
        if odd.body == "file":
            name, content = odd.file
            wanted = [*files, "file"][odd.choice % (len(files) + 1)]
            data[wanted] = (io.BytesIO(content), name)
        sent["data"] = {} if odd.body == "none" else data
        if odd.body == "none":
            sent["headers"].setdefault("X-CSRFToken", token)

    def _browse(self, role: str, address: str) -> None:
        with self.browser(role)[0].get(address) as page:
            body = page.get_data()
        self._note(role, address.partition("?")[0], page, body)

    def _note(self, role: str, path: str, answer: Any, body: bytes) -> None:
        """Forms and addresses for later."""
        links = [path_of(answer.location)] if answer.location else []
        if answer.mimetype == "text/html":
            page = _Page(body.decode("utf-8", "replace"))
            links += page.links
            for action, fields, files in page.forms:
                self.forms.setdefault((role, urlsplit(action).path or path), (fields, files))
        known = self.found[role]
        known += [link for link in links if link.startswith("/") and link not in known][: MOST_FOUND - len(known)]

    def _is_still_in(self, role: str) -> bool:
        client, _token = self._browsers[role]
        with client.session_transaction() as cookie:
            held = cookie.get(HELD if role == "operator" else "_user_id")
        if role == "nobody":
            return held is None
        if not held or role == "operator":
            return bool(held)
        with self.stage.world.study() as session:
            return sign_ins.find(session, held, AT) is not None

    def _signed_in(self, role: str) -> Any:
        if role not in ("half", "operator"):
            return stage.browser_of(self.stage, role)
        client = stage.browser_of(self.stage, "nobody")
        with self.stage.world.study() as study, self.stage.world.vault() as vault:
            half = sign_ins.open_half(study, self.stage.world.staff["bob"], AT)
            whole = operators.open_sign_in(vault, self._operator, AT)
            study.commit()
            vault.commit()
        with client.session_transaction() as cookie:
            cookie.update({HELD: whole} if role == "operator" else {"_user_id": half})
        return client


def _with_parts(path: str, changes: tuple[tuple[int, str], ...]) -> str:
    """The path with some of its parts changed, or more at its end."""
    parts = path.split("/")[1:]
    for place, text in changes:
        part = text if "%" in text else quote(text, safe="")
        at = place % (len(parts) + 1)
        parts[at : at + 1] = [part]
    return "/" + "/".join(parts).lstrip("/")  # else the test client takes the first part for a host


def _edited(filled: list[tuple[str, str]], place: int, act: str, value: str, known: list[str]) -> list[tuple[str, str]]:
    if act == "add" or not filled:
        return [*filled, (known[place % len(known)], value)]
    at = place % len(filled)
    changed = {"drop": [], "double": [filled[at], (filled[at][0], value)], "replace": [(filled[at][0], value)]}
    return [*filled[:at], *changed[act], *filled[at + 1 :]]


def shown(sent: dict[str, Any]) -> str:
    """What was sent, for the message of a test that fails."""
    return str({name: str(value)[:300] for name, value in sent.items()})


def where_it_crashed(logged: list[Any]) -> Iterator[str]:
    """The faults that the application has logged: their kind and the places in the code."""
    for line in logged:
        if line.get("event") == "crashed":
            yield f"{line['kind']} at {' > '.join(line['where'][-5:])}"
