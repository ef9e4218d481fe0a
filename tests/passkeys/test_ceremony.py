"""What a device answers is believed for one challenge, on one origin, by a holder whom it has checked; nothing else."""

import contextlib
import json
import os
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.passkeys import ceremony
from app.passkeys.ceremony import Made, Owner, Place, Refused
from tests.support.authenticator import Device, raw, text

PLACE = Place("localhost", "http://localhost")
OWNER = Owner(b"h" * 32, "alice@example.org", "Alice")
CHALLENGE = b"c" * 32


def made_with(device: Device, challenge: bytes = CHALLENGE) -> Made:
    return ceremony.made(PLACE, device.make(ceremony.to_make(PLACE, OWNER, [], challenge)), CHALLENGE)


def proven(device: Device, made: Made, answer: str | None = None, place: Place = PLACE) -> int:
    answer = answer or device.sign(ceremony.to_sign_in(PLACE, CHALLENGE))
    return ceremony.proven(place, answer, CHALLENGE, made.public_key, OWNER.handle)


def test_a_device_makes_a_passkey_and_signs_in_with_it() -> None:
    device = Device()
    made = made_with(device)
    assert (device.credential, 0) == (made.credential_id, made.sign_count)
    assert [1, 2] == [proven(device, made) for _ in range(2)]


def test_what_is_asked_for_is_found_without_a_name_and_checks_its_holder() -> None:
    asked = ceremony.to_make(PLACE, OWNER, [b"known"], CHALLENGE)
    chosen = asked["authenticatorSelection"]
    assert ("required", "required") == (chosen["residentKey"], chosen["userVerification"])
    assert [text(b"known")] == [one["id"] for one in asked["excludeCredentials"]]
    sign_in = ceremony.to_sign_in(PLACE, CHALLENGE)
    assert ("required", []) == (sign_in["userVerification"], sign_in["allowCredentials"])


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://localhost:81"},
        {"origin": "https://localhost"},
        {"origin": "http://evil.example"},
        {"verifies": False},
    ],
    ids=str,
)
def test_another_origin_or_an_unverified_holder_proves_nothing(change: dict[str, Any]) -> None:
    """Seen failing without require_user_verification."""
    device = Device()
    made = made_with(device)
    for name, value in change.items():
        setattr(device, name, value)
    with pytest.raises(Refused):
        made_with(device)
    with pytest.raises(Refused):
        proven(device, made)


def test_another_challenge_proves_nothing() -> None:
    device = Device()
    made = made_with(device)
    with pytest.raises(Refused):
        made_with(device, b"d" * 32)
    with pytest.raises(Refused):
        proven(device, made, device.sign(ceremony.to_sign_in(PLACE, b"d" * 32)))


def test_another_place_another_key_and_another_account_prove_nothing() -> None:
    """Seen failing for the account without the comparison of user handles."""
    device, other = Device(), Device()
    made = made_with(device)
    with pytest.raises(Refused):
        proven(device, made, place=replace(PLACE, name="example.org"))
    other.user_handle = device.user_handle
    with pytest.raises(Refused):
        proven(other, made)
    device.user_handle = os.urandom(32)
    with pytest.raises(Refused):
        proven(device, made)


def test_an_answer_of_making_does_not_sign_in() -> None:
    device = Device()
    made = made_with(device)
    with pytest.raises(Refused):
        proven(device, made, device.make(ceremony.to_make(PLACE, OWNER, [], CHALLENGE)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["id", "rawId", "response"]), inner),
)


@given(st.text() | JSON.map(json.dumps))
def test_whatever_a_stranger_sends_is_refused_and_breaks_nothing(answer: str) -> None:
    made = Made(b"x", b"y", 0)
    for act in (
        lambda: ceremony.made(PLACE, answer, CHALLENGE),
        lambda: ceremony.proven(PLACE, answer, CHALLENGE, made.public_key, OWNER.handle),
    ):
        with pytest.raises(Refused):
            act()


DEVICE = Device(counts=False)
MADE = made_with(DEVICE)
ANSWERS = {
    "making": DEVICE.make(ceremony.to_make(PLACE, OWNER, [], CHALLENGE)),
    "signing": DEVICE.sign(ceremony.to_sign_in(PLACE, CHALLENGE)),
}


def changed(answer: str, part: str, place: int, by: int) -> str:
    """The answer with one byte of a part changed."""
    read = json.loads(answer)
    content = bytearray(raw(read["response"][part]))
    content[place % len(content)] ^= by
    read["response"][part] = text(bytes(content))
    return json.dumps(read)


@given(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]), st.integers(0, 999), st.integers(1, 255))
def test_one_changed_byte_of_an_answer_proves_nothing(part: str, place: int, by: int) -> None:
    assert 0 == proven(DEVICE, MADE, ANSWERS["signing"])
    with pytest.raises(Refused):
        proven(DEVICE, MADE, changed(ANSWERS["signing"], part, place, by))


@given(st.sampled_from(["clientDataJSON", "attestationObject"]), st.integers(0, 999), st.integers(1, 255))
def test_one_changed_byte_of_what_was_made_breaks_nothing(part: str, place: int, by: int) -> None:
    """A browser says nothing of who made a device: what is changed there may well be taken."""
    with contextlib.suppress(Refused):
        ceremony.made(PLACE, changed(ANSWERS["making"], part, place, by), CHALLENGE)


@pytest.mark.parametrize(
    "answer", ["", "[]", "null", "{}", '{"rawId": 5}', '{"rawId": null}', "[" * 5_000, "x" * 30_000]
)
def test_nobody_is_found_by_what_is_no_answer(answer: str) -> None:
    try:
        found = ceremony.credential_id(answer)
    except Refused:
        return
    assert found != Device().credential


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://weshare.example", "weshare.example"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1", None),
    ],
)
def test_passkeys_are_bound_to_a_name_and_an_address_of_numbers_has_none(url: str, name: str | None) -> None:
    place = ceremony.place_of(url)
    assert name == (place and place.name)
    assert place is None or place.origin == url
