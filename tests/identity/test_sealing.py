"""What is sealed opens with its own key, in its own place, unchanged; nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import sealing
from app.identity.sealing import Tampered, new_key, seal, unseal

KEY = new_key()


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    """Ends of zeros and of 0x80 included, which the filling uses too. Seen failing with rstrip of both."""
    assert plain == unseal(KEY, seal(KEY, plain, "here"), "here")


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_changed_bit_anywhere_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, plain, "here"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        unseal(KEY, bytes(sealed), "here")


def test_a_value_that_was_cut_off_is_noticed_wherever_it_was_cut() -> None:
    sealed = seal(KEY, b"alice@example.org", "here")
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            unseal(KEY, sealed[:length], "here")


@pytest.mark.parametrize("version", [0, 2, 255])
def test_a_value_of_another_version_is_refused(version: int) -> None:
    with pytest.raises(Tampered):
        unseal(KEY, bytes([version]) + seal(KEY, b"alice", "here")[1:], "here")


def test_a_value_in_another_place_or_under_another_key_is_refused() -> None:
    sealed = seal(KEY, b"alice", "here")
    for key, place in ((KEY, "there"), (new_key(), "here")):
        with pytest.raises(Tampered):
            unseal(key, sealed, place)


def test_the_same_name_is_never_sealed_alike_and_short_names_look_equally_long() -> None:
    sealed = {seal(KEY, name, "here") for name in (b"Li", b"Li", b"Maximiliane-Charlotte")}
    assert 3 == len(sealed)
    assert 1 == len({len(one) for one in sealed})


def test_the_error_says_where_and_not_what() -> None:
    with pytest.raises(Tampered, match=r"person\.email/1/1"):
        sealing.unseal(KEY, b"alice@example.org", "person.email/1/1")
