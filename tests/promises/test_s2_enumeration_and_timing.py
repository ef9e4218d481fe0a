"""S2: neither words nor headers nor time say whether an address or a login is known, at any of the doors."""

import math
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import passwords
from app.accounts import passkeys as passkeys_of_staff
from app.accounts.models import Staff
from app.identity import mailed_links, operators, passkeys, people
from app.passkeys.ceremony import Made
from tests.promises.conftest import trials
from tests.support.signing_in import EMAIL, STATE, a_browser, known_to_the_vault
from tests.support.stage import token_of
from tests.support.world import AT, World

MOST_MS, LEAST_P = 2.0, 0.01
DOORS = {
    "participant's password": (f"/vault/sign-in?state={STATE}", "email", EMAIL, "nobody@example.org", 40),
    "link to sign in": (f"/vault/ask/sign-in?state={STATE}", "email", EMAIL, "nobody@example.org", 150),
    "link to a new password": (f"/vault/ask/password?state={STATE}", "email", EMAIL, "nobody@example.org", 150),
    "registration": ("/vault/register", "email", EMAIL, "nobody@example.org", 60),
    "professional's password": ("/staff/sign-in", "login", "bob", "eve", 40),
    "operator's password": ("/vault/operators/sign-in", "login", "olga", "eve", 40),
    "participant's passkey": ("/vault/passkeys/start", "email", EMAIL, "nobody@example.org", 100),
    "professional's passkey": ("/staff/passkeys/start", "login", "bob", "eve", 100),
}
"""Page, field, somebody known, nobody, and how many pairs are tried where not as many as were promised."""
PERSON = {"given_name": "Ada", "family_name": "Byron", "terms": "1"}
"""What the page to register asks for beside the address; the other pages do not look at it."""
VARYING = {"X-Request-Id", "Set-Cookie", "Content-Length"}


def plain(answer: Any, typed: str) -> tuple[Any, ...]:
    """All that a stranger sees of an answer, without what was typed and the page's own token."""
    body = re.sub(r'name="csrf_token" value="[^"]+"|"challenge":"[^"]+"', "", answer.text)
    body = re.sub(rf'(<input class="input[^>]*) value="{re.escape(typed)}"', r"\1", body)
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name not in VARYING}


@pytest.fixture
def known_world(world: World, true_passwords: None) -> World:  # noqa: ARG001 -- their work is what is measured
    """Alice and Olga are in the vault; Alice and Bob have a passkey."""
    known_to_the_vault(world)
    made = Made(b"credential", b"key", 0)
    with world.vault() as session:
        operators.add(session, "olga", "Olga", "a long password of somebody", AT)
        alice = people.find_by_email(session, EMAIL)
        assert alice is not None
        passkeys.add(session, alice.id, made, b"h" * 32, "Telephone", AT)
        session.commit()
    with world.study() as session:
        passkeys_of_staff.add(session, world.staff["bob"], made, b"h" * 32, "Telephone", AT)
        session.get_one(Staff, world.staff["bob"]).password_hash = passwords.hash_password("of somebody")
        session.commit()
    return world


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.usefixtures("known_world")
def test_an_answer_is_the_same_for_the_known_and_for_the_unknown(app: Flask, door: str) -> None:
    """Seen failing with a page that said that no such address is there."""
    page, field, known, unknown, _pairs = DOORS[door]
    seen = []
    for typed in (known, unknown):
        browser = a_browser(app)
        form = {"csrf_token": token_of(browser), field: typed, "password": "wrong", **PERSON}
        with browser.post(page, data=form) as answer:
            seen.append(plain(answer, typed))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.usefixtures("known_world")
def test_an_answer_takes_the_same_time_for_the_known_and_for_the_unknown(
    app: Flask, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """In turn, so that a busy machine slows both. Seen failing with the mail written before the answer."""
    # What is measured is the answer; how many mails somebody gets an hour would change half-way.
    monkeypatch.setattr("app.identity.link_mails.MOST_AN_HOUR", 10**6)
    monkeypatch.setattr("app.identity.registrations.MOST_A_DAY", 10**6)
    page, field, known, unknown, pairs = DOORS[door]
    browser = a_browser(app)
    token = token_of(browser)

    def one(typed: str) -> float:
        began = time.perf_counter()
        answer = browser.post(page, data={"csrf_token": token, field: typed, "password": "wrong", **PERSON})
        took = time.perf_counter() - began
        answer.close()
        return took * 1000

    one(known), one(unknown)
    pairs = trials(pairs, 1000)
    # Chance alone makes one look in a hundred uneven: what is there is there at a second look as well.
    assert any(is_the_same(one, known, unknown, looks) for looks in (pairs, 2 * pairs))


def is_the_same(one: Callable[[str], float], known: str, unknown: str, pairs: int) -> bool:
    """Whether the median of the differences is what was promised, or what chance brings about on a busy machine."""
    differences = []
    for number in range(pairs):
        first, second = (known, unknown) if number % 2 else (unknown, known)
        took = {first: one(first), second: one(second)}
        differences.append(took[known] - took[unknown])
    slower = sum(difference > 0 for difference in differences)
    return abs(statistics.median(differences)) < MOST_MS or by_chance(slower, pairs) > LEAST_P


def by_chance(slower: int, pairs: int) -> float:
    """The two-sided sign test: how often a fair coin falls at least as unevenly."""
    uneven = max(slower, pairs - slower)
    return min(1.0, 2 * sum(math.comb(pairs, count) for count in range(uneven, pairs + 1)) / 2**pairs)


def test_the_measurement_would_have_seen_it() -> None:
    """The positive control: three milliseconds more for the known."""
    assert not is_the_same(lambda typed: 20.0 + 3.0 * (typed == "known"), "known", "unknown", 10)


def test_a_token_is_as_long_as_was_promised() -> None:
    """S3: at least 128 random bits."""
    assert mailed_links.TOKEN_BYTES * 8 >= 128
