"""``weshare instruments export`` and ``import`` as somebody types them."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import weshare
from tests.support.instruments import write_instrument


def ran(*words: str | Path) -> tuple[int, str, str]:
    """How a command ended, and what it said: on the output, on the error output."""
    said = weshare("instruments", *map(str, words))
    return said.exit_code, said.stdout, said.stderr


@pytest.mark.parametrize(("format_", "lang"), [("fhir", "fr,en"), ("redcap", "fr")])
def test_what_is_exported_can_be_imported_and_passes_the_check(tmp_path: Path, format_: str, lang: str) -> None:
    file, folder = tmp_path / "file", tmp_path / "out"
    assert 0 == ran("export", "weshare-core", "--format", format_, "--lang", lang, "--out", file)[0]
    assert 0 == ran("import", file, "--format", format_, "--out", folder)[0]
    code, out, _err = ran("check", folder)
    assert (0, "weshare-core@1.0") == (code, out.split(":")[0])


def test_what_a_format_cannot_say_is_listed(tmp_path: Path) -> None:
    code, _out, err = ran("export", "eq-5d-5l", "--format", "fhir", "--out", tmp_path / "file")
    assert 0 == code
    assert "score.INDEX: The score has no formula in FHIRPath" in err
    assert "score.INDEX" in (tmp_path / "file").read_text(encoding="utf-8")


def test_what_was_not_read_is_listed_and_the_code_tells(tmp_path: Path) -> None:
    items = [{"linkId": "a", "type": "string", "text": "A"}, {"linkId": "b", "type": "reference"}]
    file = tmp_path / "foreign.json"
    file.write_text(json.dumps({"resourceType": "Questionnaire", "title": "F", "item": items}), encoding="utf-8")
    code, _out, err = ran("import", file, "--format", "fhir", "--out", tmp_path / "out")
    assert 3 == code
    assert "item[1]: Items of the type “reference” are not known here" in err
    assert 0 == ran("check", tmp_path / "out")[0]


def test_what_cannot_be_read_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(b"\xff")
    code, _out, err = ran("import", file, "--format", "fhir", "--out", tmp_path / "out")
    assert (1, False) == (code, (tmp_path / "out").exists())
    assert "UTF-8" in err


def test_a_folder_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "file"
    ran("export", "gad-7", "--format", "fhir", "--out", file)
    assert 0 == ran("import", file, "--format", "fhir", "--out", tmp_path)[0]
    before = (tmp_path / "gad-7" / "1.0" / "definition.yaml").stat().st_mtime_ns
    code, _out, err = ran("import", file, "--format", "fhir", "--out", tmp_path)
    assert (1, before) == (code, (tmp_path / "gad-7" / "1.0" / "definition.yaml").stat().st_mtime_ns)
    assert "is there already" in err


def test_a_format_of_one_language_asks_which_and_one_that_is_not_installed_is_told(tmp_path: Path) -> None:
    write_instrument(tmp_path / "library")
    common = ("--folder", tmp_path / "library", "--out", tmp_path / "file")
    code, _out, err = ran("export", "tiny", "--format", "redcap", *common)
    assert (2, True) == (code, "choose one with --lang: en, fr" in err)
    code, _out, err = ran("export", "tiny", "--format", "fhir", "--lang", "en,de", *common)
    assert (0, True) == (code, "de: The wording is not installed in this language." in err)


def test_an_unknown_questionnaire_and_a_place_that_cannot_be_written_get_a_sentence(tmp_path: Path) -> None:
    assert (
        "There is no questionnaire “nothing”"
        in ran("export", "nothing", "--format", "fhir", "--out", tmp_path / "f")[2]
    )
    code, _out, err = ran("export", "gad-7", "--format", "fhir", "--out", tmp_path / "none" / "f")
    assert (1, True) == (code, "No such file" in err)
    assert 1 == ran("import", tmp_path / "none", "--format", "fhir", "--out", tmp_path)[0]
