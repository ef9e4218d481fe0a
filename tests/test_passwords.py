"""Passwords are kept as argon2id hashes, and refusing nobody costs what refusing somebody costs."""

import time
import unicodedata
from statistics import median

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from app import passwords

pytestmark = pytest.mark.usefixtures("true_passwords")


def test_a_password_is_recognised_and_another_is_not() -> None:
    kept = passwords.hash_password("correct horse")
    assert passwords.verify(kept, "correct horse")
    assert not passwords.verify(kept, "correct horse ")


def test_the_same_password_never_has_the_same_hash_and_fits_its_column() -> None:
    hashes = {passwords.hash_password("correct horse") for _ in range(3)}
    assert len(hashes) == 3
    assert max(map(len, hashes)) <= 200


def test_the_hash_is_argon2id_with_at_least_what_owasp_asks() -> None:
    parameters = extract_parameters(passwords.hash_password("correct horse"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19_456
    assert parameters.time_cost >= 2


def test_an_unknown_person_costs_the_work_of_a_known_one_and_never_passes() -> None:
    """Seen failing with `if kept is None: return False`, and with NOBODYS_HASH made with m=1024."""
    assert not passwords.verify(None, "")
    assert extract_parameters(passwords.NOBODYS_HASH) == extract_parameters(passwords.hash_password("x"))
    kept = passwords.hash_password("correct horse")
    known = median(work_of(kept) for _ in range(7))
    unknown = median(work_of(None) for _ in range(7))
    assert 0.6 < unknown / known < 1.7


def test_a_broken_hash_passes_nobody() -> None:
    assert not passwords.verify("$argon2id$broken", "correct horse")
    assert not passwords.verify("", "")


def test_an_accent_typed_on_another_keyboard_is_the_same_password() -> None:
    kept = passwords.hash_password(unicodedata.normalize("NFC", "été à Besançon"))
    assert passwords.verify(kept, unicodedata.normalize("NFD", "été à Besançon"))


def test_a_hash_with_older_parameters_is_known_as_outdated() -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("correct horse")
    assert passwords.verify(older, "correct horse")
    assert passwords.is_outdated(older)
    assert not passwords.is_outdated(passwords.hash_password("correct horse"))


def work_of(kept: str | None) -> float:
    """Processor seconds of this thread for refusing a wrong password; other load does not count."""
    begun = time.thread_time()
    passwords.verify(kept, "wrong")
    return time.thread_time() - begun


@pytest.mark.parametrize(
    "common",
    ["passwordpassword", "123456789012", "P@ssw0rd1234", "PaSsWoRdPaSsWoRd", "azertyuiop12", "motdepasse123", "a" * 40],
)
def test_a_common_password_is_refused_however_it_is_written(common: str) -> None:
    """Seen failing without the list, and with the list asked only for what was typed."""
    assert "password-common" == passwords.weakness(common, ())


@pytest.mark.parametrize("built", ["HORIZON-2026", "chu-lyon-2026", "weshare-12345", "questionnaire1", "olga12345678"])
def test_what_is_left_without_words_that_others_know_must_be_worth_something(built: str) -> None:
    """Codes of studies, names of places and the platform's own words. Seen failing without each of the two lists."""
    assert "password-yours" == passwords.weakness(built, ("Horizon", "CHU Lyon", "olga", "chu-lyon"))


def test_a_sentence_is_taken_with_a_known_word_in_it() -> None:
    assert passwords.weakness("horizon over seven quiet herons", ("HORIZON",)) is None


def test_what_was_kept_for_nobody_is_known_again_with_other_parameters_too() -> None:
    """Seen failing with the whole hash compared."""
    kept = passwords.NOBODYS_HASH
    assert passwords.is_nobodys(kept)
    assert passwords.is_nobodys(kept.replace("t=2", "t=3"))
    assert not passwords.is_nobodys(passwords.hash_password("seven quiet herons at dawn"))
