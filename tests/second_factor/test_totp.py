"""Codes of an authenticator app, against the standard's own values, and what happens beside the right half minute."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.second_factor import totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOON = datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    """Appendix B, SHA-1, the last six of its eight digits."""
    assert second // 30 == totp.step_of(SECRET, code, datetime.fromtimestamp(second, UTC))


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(seconds: int, fits: bool) -> None:
    shown = pyotp.TOTP(SECRET).at(NOON + timedelta(seconds=seconds))
    assert fits is (totp.step_of(SECRET, shown, NOON) is not None)


@given(st.text())
def test_whatever_is_typed_breaks_nothing(typed: str) -> None:
    found = totp.step_of(SECRET, typed, NOON)
    assert found is None or typed.strip()


def test_spaces_do_not_matter_and_an_app_reads_what_the_picture_says() -> None:
    shown = pyotp.TOTP(SECRET).at(NOON)
    assert totp.step_of(SECRET, f" {shown[:3]} {shown[3:]} ", NOON) is not None
    read = pyotp.parse_uri(totp.address(SECRET, "alice@example.org"))
    assert ("WeShare", "alice@example.org", SECRET) == (read.issuer, read.name, read.secret)
    assert "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" == totp.in_groups(SECRET)


def test_a_secret_has_160_bits_and_no_two_are_alike() -> None:
    assert 5 == len({totp.new_secret() for _ in range(5)})
    assert 32 == len(totp.new_secret())
