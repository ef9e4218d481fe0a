"""The vault's keys as an operator writes them."""

from base64 import b64encode

import pytest

from app.vault_keys import fresh_key, parse_keys

ONE, TWO, LOOKUP = (b64encode(letter * 32).decode() for letter in (b"1", b"2", b"L"))


def test_the_key_with_the_highest_number_is_the_newest_wherever_it_stands() -> None:
    keys = parse_keys(f"2:{TWO}\n1:{ONE}\n", LOOKUP)
    assert (2, {1, 2}) == (keys.newest, set(keys.masters))
    assert keys == parse_keys(f"1:{ONE},2:{TWO}", f"{LOOKUP}\n")


def test_a_fresh_key_is_one_and_no_two_are_the_same() -> None:
    assert 2 == len({fresh_key(), parse_keys(f"1:{fresh_key()}", fresh_key()) and fresh_key()})


def test_keys_are_never_printed() -> None:
    """Seen failing with the dataclass's own repr."""
    keys = parse_keys(f"1:{ONE}", LOOKUP)
    assert "masters" not in repr(keys)
    assert repr(keys.lookup) not in repr(keys)


@pytest.mark.parametrize(
    ("masters", "lookup", "said"),
    [
        ("", LOOKUP, "no master key"),
        (ONE, LOOKUP, "number:key"),
        (f"0:{ONE}", LOOKUP, "number:key"),
        (f"1:{ONE} 1:{TWO}", LOOKUP, "two master keys with the number 1"),
        ("1:c2hvcnQ=", LOOKUP, "master key 1 is not 32 bytes"),
        ("1:not base64!", LOOKUP, "is not 32 bytes"),
        (f"1:{ONE}", "short", "the look-up key is not 32 bytes"),
        (f"1:{ONE}", ONE, "are the same"),
        (f"1:{ONE} 2:{ONE}", LOOKUP, "are the same"),
    ],
)
def test_keys_that_cannot_be_right_are_refused_with_the_reason_and_without_the_key(
    masters: str, lookup: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        parse_keys(masters, lookup)
    for key in (ONE, TWO, LOOKUP):
        assert key not in str(refused.value)
