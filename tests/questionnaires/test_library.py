from pathlib import Path

import pytest

from app.questionnaires.library import BrokenLibrary, NotInLibrary, check, load
from app.questionnaires.mistakes import Mistake
from app.questionnaires.yaml_source import MAX_BYTES
from tests.support.instruments import (
    CASES,
    DEFINITION,
    WORDING,
    changed,
    tiny_instrument,
    wording_text,
    write_instrument,
)

SHIPPED = Path(__file__).parents[2] / "instruments"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the tiny instrument, all sound, under instruments/tiny/1.0."""
    return write_instrument(tmp_path / "instruments")


def found(folder: Path) -> list[tuple[str, int, str]]:
    """The mistakes of the library that the instrument's folder belongs to, as (file name, line, sentence)."""
    return [(Path(one.path).name, one.line, one.message) for one in check(folder.parents[1])]


def test_everything_of_an_instrument_is_found_by_its_key(folder: Path) -> None:
    library = load(folder.parents[1])
    assert library.keys == ("tiny@1.0",)
    assert library.instrument("tiny@1.0") == tiny_instrument()
    assert library.instrument_hash("tiny@1.0") == tiny_instrument().content_hash
    assert library.languages("tiny@1.0") == ("en", "fr")
    assert library.wording("tiny@1.0", "fr").language == "fr"
    assert [case.name for case in library.cases("tiny@1.0")] == ["everything easy", "nothing about life"]


def test_two_versions_stand_beside_each_other(folder: Path) -> None:
    newer = folder.parent / "1.1"
    newer.mkdir()
    (newer / "definition.yaml").write_text(changed(DEFINITION, '"1.0"', '"1.1"'), encoding="utf-8")
    (newer / "cases.yaml").write_text(CASES, encoding="utf-8")
    library = load(folder.parents[1])
    assert (library.keys, library.languages("tiny@1.1")) == (("tiny@1.0", "tiny@1.1"), ())


def test_files_are_read_again_once_they_have_changed(folder: Path) -> None:
    """Seen failing with what was read first, for ever."""
    root, file = folder.parents[1], folder / "definition.yaml"
    before, as_it_was = load(root), file.read_bytes()
    assert before is load(root)
    file.write_bytes(as_it_was + b"\n")
    assert before is not load(root)
    file.write_bytes(as_it_was)
    assert before is load(root)
    (folder.parent / "9.9").mkdir()
    with pytest.raises(BrokenLibrary):
        load(root)


def test_what_is_not_installed_is_said_in_a_sentence(folder: Path) -> None:
    library = load(folder.parents[1])
    with pytest.raises(NotInLibrary, match=r"^The instrument “other@1\.0” is not installed\.$"):
        library.instrument("other@1.0")
    with pytest.raises(NotInLibrary, match=r"^The wording of tiny@1\.0 in “de” is not installed\.$"):
        library.wording("tiny@1.0", "de")
    with pytest.raises(NotInLibrary, match=r"^The instrument “other@1\.0” is not installed\.$"):
        library.wording("other@1.0", "fr")


def test_an_unknown_instrument_is_a_key_error(folder: Path) -> None:
    with pytest.raises(KeyError):
        load(folder.parents[1]).cases("other@1.0")


def test_mistakes_of_all_files_are_listed_together(folder: Path) -> None:
    """Seen failing with a loader that stops at the first broken file."""
    (folder / "definition.yaml").write_text(changed(DEFINITION, "minutes: 1", "minutes: no"), encoding="utf-8")
    (folder / "wording.fr.yaml").write_text(changed(wording_text("fr"), "title: ", "titel: "), encoding="utf-8")
    (folder / "cases.yaml").write_text(changed(CASES, "q3: 7", "q3: seven"), encoding="utf-8")
    expected = [("definition.yaml", 10), ("wording.fr.yaml", 1), ("wording.fr.yaml", 6), ("cases.yaml", 2)]
    assert expected == [(name, line) for name, line, _ in found(folder)]
    with pytest.raises(BrokenLibrary, match=r"definition\.yaml:10: minutes: Write"):
        load(folder.parents[1])


def test_a_mistake_names_its_file_from_the_folder_of_instruments_on(folder: Path) -> None:
    (folder / "definition.yaml").write_text(changed(DEFINITION, "minutes: 1", "minutes: 0"), encoding="utf-8")
    expected = "instruments/tiny/1.0/definition.yaml:10: minutes: The number must be at least 1."
    assert [expected] == [str(one) for one in check(folder.parents[1])]


def test_a_definition_stands_in_the_folders_it_names(folder: Path) -> None:
    folder.rename(folder.parent / "2.0")
    assert found(folder) == [("definition.yaml", 2, "“1.0” stands in a folder named “2.0”.")]


def test_a_wording_has_the_language_of_its_file_name(folder: Path) -> None:
    (folder / "wording.fr.yaml").write_text(WORDING, encoding="utf-8")
    assert found(folder) == [("wording.fr.yaml", 3, "“en” is written here, but the name of this file says “fr”.")]


@pytest.mark.parametrize("name", ["definition.yaml", "cases.yaml"])
def test_a_missing_file_is_a_mistake(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert [(name, 1, "This file is missing.")] == found(folder)


def test_an_instrument_without_scores_needs_no_cases(folder: Path) -> None:
    (folder / "definition.yaml").write_text(DEFINITION.split("scales:\n  PF")[0] + "scales: {}\n", encoding="utf-8")
    (folder / "cases.yaml").unlink()
    for language in ("en", "fr"):
        text = wording_text(language).split("scales:\n  PF")[0] + "scales: {}\n"
        (folder / f"wording.{language}.yaml").write_text(text, encoding="utf-8")
    assert load(folder.parents[1]).cases("tiny@1.0") == ()


@pytest.mark.parametrize("name", ["wordings.fr.yaml", "definition.yml", "wording.yaml", "notes.yaml"])
def test_a_file_that_would_silently_not_count_is_a_mistake(folder: Path, name: str) -> None:
    (folder / name).write_text("a: 1", encoding="utf-8")
    assert [name] == [file for file, _, _ in found(folder)]


def test_a_file_that_cannot_be_read_is_a_mistake(folder: Path) -> None:
    (folder / "wording.de.yaml").mkdir()
    assert found(folder) == [("wording.de.yaml", 1, "This file cannot be read (Is a directory).")]


def test_a_file_that_is_too_large_is_a_mistake(folder: Path) -> None:
    (folder / "cases.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    assert [(name, line) for name, line, _ in found(folder)] == [("cases.yaml", 1)]


def test_a_folder_without_instruments_is_a_mistake(tmp_path: Path) -> None:
    expected = "There is no instrument here; it would stand in <code>/<version>/definition.yaml."
    (tmp_path / "nothing").mkdir()
    for root in (tmp_path / "nothing", tmp_path / "absent"):
        assert check(root) == (Mistake(root.name, 1, "", expected),)


def test_the_shipped_instruments_are_sound_and_our_own_speaks_french_and_english() -> None:
    library = load(SHIPPED)
    assert {"en", "fr"} <= set(library.languages("weshare-core@1.0"))
