"""A sealed file opens as it was, or not at all."""

from pathlib import Path

import pytest

from app.backup import sealed_file
from app.backup.sealed_file import Unreadable

KEY = bytes(range(32))
PIECE = 64


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.backup.sealed_file.PIECE", PIECE)


def sealed(folder: Path, content: bytes) -> Path:
    (folder / "plain").write_bytes(content)
    sealed_file.seal(folder / "plain", folder / "sealed", KEY, "study")
    return folder / "sealed"


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_a_file_of_any_size_comes_back(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    sealed_file.unseal(sealed(tmp_path, content), tmp_path / "back", KEY, "study")
    assert content == (tmp_path / "back").read_bytes()


def test_nothing_of_the_content_is_in_it(tmp_path: Path) -> None:
    assert b"alice" not in sealed(tmp_path, b"alice" * 100).read_bytes()


def _swap(content: bytes) -> bytes:
    head, first, second = content[:20], content[20:100], content[100:180]
    return head + second + first + content[180:]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda content: content[:-1],
        lambda content: content[: 20 + 2 * (PIECE + 16)],
        lambda content: content[:20],
        lambda content: content[:10],
        lambda content: b"XXXX" + content[4:],
        lambda content: content[:50] + bytes([content[50] ^ 1]) + content[51:],
        lambda content: content + content[20:100],
        _swap,
    ],
    ids=["cut", "whole piece cut", "no piece", "no salt", "magic", "flipped", "piece doubled", "pieces swapped"],
)
def test_a_file_that_was_changed_is_refused_and_leaves_nothing(tmp_path: Path, tamper: object) -> None:
    """Seen failing, for a whole piece that was cut off, with the last one not marked as such."""
    file = sealed(tmp_path, b"a" * (3 * PIECE + 5))
    assert callable(tamper)
    file.write_bytes(tamper(file.read_bytes()))
    with pytest.raises(Unreadable):
        sealed_file.unseal(file, tmp_path / "back", KEY, "study")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize(("key", "name"), [(bytes(32), "study"), (KEY, "vault")])
def test_another_key_or_another_part_is_refused(tmp_path: Path, key: bytes, name: str) -> None:
    with pytest.raises(Unreadable):
        sealed_file.unseal(sealed(tmp_path, b"content"), tmp_path / "back", key, name)


def test_the_same_file_is_never_sealed_alike(tmp_path: Path) -> None:
    """Every file has a key of its own, since each begins with the nonce 0. Seen failing with one key for all."""
    first, second = (sealed(tmp_path, b"a" * 100).read_bytes()[20:] for _time in range(2))
    assert first != second
