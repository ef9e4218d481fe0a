"""S17, as far as it goes without a network: what is installed is pinned and ours to use; no secret is kept here."""

import re
import subprocess
import tomllib
from functools import cache
from importlib.metadata import Distribution, distributions

import pytest

from app.config import ROOT

PINNED = (
    "requirements.txt",
    "requirements-test.txt",
    "tests/supply/requirements.txt",
    "tests/exchange/judges/requirements.txt",
)

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0",
    "PSF-2.0", "Unlicense", "Zlib",
    # As classifiers have them, which older libraries give instead.
    "Apache Software License", "BSD License", "ISC License (ISCL)", "MIT License",
    "Mozilla Public License 2.0 (MPL 2.0)", "Python Software Foundation License",
}  # fmt: skip
"""Licences that ask nothing of our own code: LGPL and MPL reach only the library itself, which we do not change."""
WITHOUT = {"weshare": "our own", "axe-playwright-python": "MIT, says its repository; only the tests use it"}
"""Those that say nothing, and what is known of them."""

# Our own tests and settings have keys that are made on the spot; what is looked for is what somebody pastes.
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=\s]{40,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20}\b",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a Stripe key": r"\b[sr]k_live_[0-9A-Za-z]{20,}",
    "a PyPI or npm token": r"\b(?:pypi-AgEI[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36})\b",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}",
    "a master key of the vault": r"^\s*[1-9]:[A-Za-z0-9+/]{43}=$",
    "an address with a password": r"\b(?:postgresql|redis|smtps?)(?:\+\w+)?://[\w.-]+:(?!password|secret|…|\.\.\.|\{|%)[^\s@/'\"]{6,}@(?!localhost|127\.)",
}  # fmt: skip
BINARY = {".png", ".jpg", ".pdf", ".ico", ".woff2", ".mo", ".gz", ".parquet"}


@cache
def tracked() -> dict[str, str]:
    """Every file of the repository that is text, with it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    names = [name for name in listed.split("\0") if name] or pytest.skip("this is no checkout")
    files = [ROOT / name for name in names]
    return {str(one.relative_to(ROOT)): one.read_text("utf-8") for one in files if _is_text(one)}


def _is_text(file: object) -> bool:
    return getattr(file, "suffix", "") not in BINARY and getattr(file, "is_file", bool)()


@pytest.mark.parametrize("name", PINNED)
def test_every_library_is_pinned_to_one_version_and_its_hashes(name: str) -> None:
    """Seen failing with a line without a hash. No address of another index: nothing of ours can be shadowed there."""
    text = re.sub(r"#.*", "", (ROOT / name).read_text("utf-8")).replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    loose = [
        line
        for line in lines
        if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+( ;.*?)?(\s+--hash=sha256:[0-9a-f]{64})+$", line)
    ]
    assert [] == loose


def test_every_licence_is_one_that_we_may_use() -> None:
    """Seen failing with LGPL out of the table."""
    said = {one.metadata["Name"].lower(): licences(one) for one in distributions()}
    assert {} == {name: found for name, found in said.items() if name not in WITHOUT and not found <= ALLOWED}


def licences(one: Distribution) -> frozenset[str]:
    """What a library says of its licence, in the first of the three places where it says something that we know."""
    expression = re.findall(r"[\w.-]+", one.metadata.get("License-Expression", ""))
    classifiers = [line for line in one.metadata.get_all("Classifier", []) if line.startswith("License ::")]
    named = [line.split(" :: ")[-1].strip() for line in classifiers]
    places = (
        frozenset(expression) - {"AND", "OR"},
        frozenset([one.metadata.get("License", "").strip()]) & ALLOWED,
        frozenset(named) - {"OSI Approved"},
    )
    return next((found for found in places if found), frozenset(["nothing is said"]))


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_in_the_repository(kind: str) -> None:
    """Seen failing with one of each kind in a file."""
    pattern = re.compile(SECRETS[kind], re.MULTILINE)
    assert [] == [name for name, text in tracked().items() if pattern.search(text)]


@pytest.mark.parametrize(
    ("kind", "pasted"),
    [
        ("a private key", "-----BEGIN PRIVATE KEY-----\n" + "MC4CAQAwBQYDK2VwBCIEIJ" * 2 + "\n"),
        ("an AWS key", "AKIA" + "IOSFODNN7ABCDEFG"),
        ("a GitHub token", "ghp_" + "a1B2" * 9),
        ("a JSON web token", ".".join(["eyJ" + "hbGciOiJFZERTQSJ9", "eyJ" + "c3ViIjoiYWxpY2UifQ" * 2, "x" * 30])),
        ("a master key of the vault", "1:" + "mZ3f" * 10 + "abc="),
        ("an address with a password", "postgresql://vault:" + "Gk7pQx2m@db.example/vault"),
    ],
)
def test_a_secret_would_be_seen(kind: str, pasted: str) -> None:
    assert re.search(SECRETS[kind], pasted, re.MULTILINE)


def test_no_file_of_an_instance_is_in_the_repository() -> None:
    """Databases, keys and outboxes of somebody's own."""
    own = re.compile(r"(^|/)(instance/|\.env$|secret-key$|vault-(master|lookup)-keys?$|.*\.(sqlite|pem|key|p12|dump)$)")
    assert [] == [name for name in tracked() if own.search(name)]


def test_the_linter_looks_for_weak_code() -> None:
    """The rules of bandit, and no exception for the program itself."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [] == [rule for rule in lint["ignore"] if rule.startswith("S")]
    loosened = {
        pattern for pattern, rules in lint["per-file-ignores"].items() if any(re.match(r"S\d", rule) for rule in rules)
    }
    assert all(pattern.strip('"').startswith("tests/") for pattern in loosened)
