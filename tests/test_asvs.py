"""The self-assessment against OWASP ASVS 5.0.0 is whole, names only what is there, and counts itself rightly."""

import re
from collections import Counter
from functools import cache

import pytest

from app.config import ROOT

DOCUMENT = ROOT / "docs" / "asvs.md"
LEVELS = """
    V1.1 22  V1.2 1111122223  V1.3 112222222223  V1.4 222  V1.5 123
    V2.1 122  V2.2 112  V2.3 12223  V2.4 23
    V3.1 3  V3.2 113  V3.3 12223  V3.4 11222233  V3.5 11122333  V3.6 3  V3.7 22333
    V4.1 12233  V4.2 23333  V4.3 22  V4.4 1222
    V5.1 2  V5.2 112333  V5.3 113  V5.4 222
    V6.1 122  V6.2 111111112222  V6.3 11223333  V6.4 112233  V6.5 22222333  V6.6 2223  V6.7 33  V6.8 2222
    V7.1 222  V7.2 1111  V7.3 22  V7.4 11222  V7.5 223  V7.6 22
    V8.1 1233  V8.2 1123  V8.3 133  V8.4 23
    V9.1 111  V9.2 1222
    V10.1 22  V10.2 223  V10.3 22223  V10.4 1111122222233333  V10.5 22222  V10.6 22  V10.7 222
    V11.1 2233  V11.2 22233  V11.3 11233  V11.4 1222  V11.5 23  V11.6 23  V11.7 33
    V12.1 12233  V12.2 11  V12.3 22223
    V13.1 2333  V13.2 222223  V13.3 2233  V13.4 1222233
    V14.1 22  V14.2 12223333  V14.3 122
    V15.1 12233  V15.2 12233  V15.3 1222222  V15.4 3333
    V16.1 2  V16.2 22222  V16.3 2222  V16.4 222  V16.5 2223
    V17.1 23  V17.2 22223333  V17.3 22
"""
"""Each section of the standard with the levels of its requirements, in their order."""
TO_LEVEL_3 = ("V6.", "V11.")
STATES = ("holds", "partly", "does not hold", "not applicable")
KEYED = re.compile(r"^(?:import|from) (?:cryptography|jwt|argon2|pyotp|itsdangerous|hmac|webauthn|nacl|ssl)\b", re.M)
TRANSPORT = {"app/identity/smtp.py"}
"""TLS, which is the system's."""
WEAK = re.compile(r"\bmd5\b|\bsha1\(|hashlib\.new|uuid1|\bECB\b", re.I)


@cache
def rows() -> list[list[str]]:
    """id, level, what is asked for, state, where."""
    lines = DOCUMENT.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if re.match(r"\| V\d+\.", line)]


def standard() -> dict[str, int]:
    """Every requirement with its level."""
    words = LEVELS.split()
    return {
        f"{section}.{number}": int(level)
        for section, levels in zip(words[::2], words[1::2], strict=True)
        for number, level in enumerate(levels, start=1)
    }


def test_the_list_is_the_standards() -> None:
    """The counts that the standard gives of itself: 70, 183 and 92."""
    assert {1: 70, 2: 183, 3: 92} == Counter(standard().values())


def test_every_requirement_is_assessed_once_and_none_is_invented() -> None:
    """Seen failing with a row taken out, a row doubled, and a level changed."""
    asked = [(key, str(level)) for key, level in standard().items() if level < 3 or key.startswith(TO_LEVEL_3)]
    assert asked == [(row[0], row[1]) for row in rows()]


def test_every_row_has_one_of_the_four_states_and_its_reason() -> None:
    assert [] == [row for row in rows() if len(row) != 5 or row[3] not in STATES or not row[2] or not row[4]]


def test_what_is_said_to_hold_names_where_it_is_shown() -> None:
    assert [] == [row[0] for row in rows() if row[3] == "holds" and "`" not in row[4]]


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"`([\w/.*-]+/[\w.*-]+|\w+\.\w+)`", DOCUMENT.read_text("utf-8"))))
)
def test_every_file_that_is_named_is_there(named: str) -> None:
    assert list(ROOT.glob(named.removeprefix("/"))) or named == "/healthz"


def test_the_summary_counts_what_stands_above() -> None:
    """Chapter by chapter. Seen failing with a state changed above."""
    counted: dict[str, Counter[str]] = {}
    for key, _level, _asks, state, _where in rows():
        counted.setdefault(key.partition(".")[0], Counter())[state] += 1
    expected = [[chapter, *(str(found[state]) for state in STATES)] for chapter, found in counted.items()]
    total = ["all", *(str(sum(found[state] for found in counted.values())) for state in STATES)]
    lines = DOCUMENT.read_text("utf-8").rpartition("## Summary")[2].splitlines()
    shown = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.startswith("| ")]
    assert [*expected, total] == shown[1:]


def test_every_module_with_cryptography_is_in_the_inventory() -> None:
    """Seen failing with a signature in a module of its own."""
    inventory = DOCUMENT.read_text("utf-8").partition("## Inventory")[2]
    using = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "app").rglob("*.py")
        if KEYED.search(file.read_text("utf-8")) and f"`{file.relative_to(ROOT)}`" not in inventory
    }
    assert using <= TRANSPORT, "put them into the inventory of docs/asvs.md"


def test_nothing_weak_is_used() -> None:
    assert [] == [str(file) for file in (ROOT / "app").rglob("*.py") if WEAK.search(file.read_text("utf-8"))]
