"""The library as it stands: re-read when the register grows, and whole whatever happened to the folder."""

from pathlib import Path

import pytest

from app.questionnaires.library import Library
from app.wordings import install, register, shelf
from app.wordings.register import REGISTER, Name
from app.wordings.shelf import Fault, Shelf
from tests.support.world import AT
from tests.wordings.builders import KEY, put, shipped, text_of

FRENCH = Name(KEY, "fr", "1")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return shipped(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "wordings"


def file_of(folder: Path) -> Path:
    file = register.file_of(folder, FRENCH)
    file.chmod(0o644)
    return file


def test_without_a_folder_there_is_what_came_with_the_program(library: Library, folder: Path):
    assert ("en",) == Shelf(library, folder).library().languages(KEY)
    assert not folder.exists()


def test_what_another_process_installs_is_there_at_the_next_look(library: Library, folder: Path):
    """Seen failing with a shelf that read its folder once."""
    mine = Shelf(library, folder)
    assert ("en",) == mine.library().languages(KEY)
    put(library, folder, text_of())
    assert ("en", "fr") == mine.library().languages(KEY)
    install.withdraw(folder, FRENCH, "A mistake.", "staff:1", AT)
    assert ("en",) == mine.library().languages(KEY)


def test_the_folder_is_read_once_as_long_as_nothing_changes(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    put(library, folder, text_of())
    mine = Shelf(library, folder)
    first = mine.library()
    monkeypatch.setattr(shelf, "look", lambda *_: pytest.fail("read again"))
    assert mine.library() is first


@pytest.mark.parametrize(
    ("code", "harm"),
    [
        ("file-missing", lambda file: file.unlink()),
        ("file-changed", lambda file: file.write_bytes(text_of(question="Changed behind our back?"))),
        ("file-changed", lambda file: file.write_bytes(text_of(version="2"))),
        ("not-fitting", lambda file: file.write_bytes(b"items: {}")),
    ],
)
def test_a_file_that_is_not_what_was_installed_is_not_used(library: Library, folder: Path, code: str, harm):
    """Seen failing when the hash of the register was not compared."""
    put(library, folder, text_of())
    harm(file_of(folder))
    told: list[tuple[Fault, ...]] = []
    mine = Shelf(library, folder, told.append)
    assert ("en",) == mine.library().languages(KEY)
    assert [(Fault(code, "tiny@1.0/fr@1"),)] == told


def test_one_bad_file_keeps_no_other_from_being_used(library: Library, folder: Path):
    put(library, folder, text_of("de"))
    put(library, folder, text_of())
    file_of(folder).unlink()
    assert ("de", "en") == Shelf(library, folder).library().languages(KEY)


def test_a_lost_file_is_brought_back_by_installing_it_again(library: Library, folder: Path):
    put(library, folder, text_of())
    file_of(folder).unlink()
    mine = Shelf(library, folder)
    assert ("en",) == mine.library().languages(KEY)
    put(library, folder, text_of())
    assert ("en", "fr") == mine.library().languages(KEY)
    assert 1 == len(register.read(folder).entries)


def test_a_wording_of_an_instrument_that_is_gone_is_told(folder: Path, library: Library):
    put(library, folder, text_of())
    assert (Fault("not-fitting", "tiny@1.0/fr@1"),) == shelf.look(Library({}), folder).faults


def test_a_line_that_was_cut_off_harms_no_other_line(library: Library, folder: Path):
    """Seen failing when a new line was added behind the torn one."""
    put(library, folder, text_of())
    with (folder / REGISTER).open("ab") as file:
        file.write(b'{"act": "inst')
    put(library, folder, text_of("de"))
    found = shelf.look(library, folder)
    assert ("de", "en", "fr") == found.library.languages(KEY)
    assert (Fault("line-broken", "2"),) == found.faults


def test_a_text_without_its_line_does_not_count(library: Library, folder: Path):
    """The order of writing: whoever dies between the two has installed nothing."""
    with register.writing(folder) as writer:
        writer.keep(FRENCH, text_of().decode())
    assert ("en",) == shelf.look(library, folder).library.languages(KEY)
    put(library, folder, text_of(question="And now?"))
    assert "And now?" == shelf.look(library, folder).library.wording(KEY, "fr").items["q1"]


def test_a_backup_holds_the_register_and_every_text(library: Library, folder: Path):
    assert () == shelf.files(folder)
    put(library, folder, text_of())
    put(library, folder, text_of("de", "2"))
    expected = [REGISTER, "tiny/1.0/wording.fr.1.yaml", "tiny/1.0/wording.de.2.yaml"]
    assert expected == [str(path.relative_to(folder)) for path in shelf.files(folder)]
