"""A wording is checked against its instrument, installed once, and never changed."""

from functools import partial
from pathlib import Path

import pytest

from app.errors import Refusal
from app.questionnaires.library import Library
from app.questionnaires.mistakes import BrokenFile
from app.wordings import install, register, shelf
from app.wordings.install import MAX_BYTES, check
from app.wordings.register import Name
from tests.support.instruments import changed
from tests.support.together import at_once
from tests.support.world import AT
from tests.wordings.builders import KEY, put, shipped, text_of

FRENCH = Name(KEY, "fr", "1")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return shipped(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "wordings"


def mistakes(library: Library, text: bytes) -> list[str]:
    with pytest.raises(BrokenFile) as broken:
        check(library, text, "mine.yaml")
    return [str(one) for one in broken.value.mistakes]


def test_an_installed_wording_is_in_the_library_with_its_hash_and_its_origin(library: Library, folder: Path):
    pack = put(library, folder, text_of(question="Et les escaliers ?"), by="staff:7")
    found = shelf.look(library, folder)
    assert () == found.faults
    assert ("en", "fr") == found.library.languages(KEY)
    assert "Et les escaliers ?" == found.library.wording(KEY, "fr").items["q1"]
    assert (pack,) == found.library.packs(KEY, "fr")
    assert (AT, "staff:7") == (pack.installed_at, pack.installed_by)
    assert [pack.wording.content_hash] == [entry.hash for entry in register.read(folder).entries]


def test_the_file_is_kept_as_it_was_given_comments_included(library: Library, folder: Path):
    text = b"# signed off by two people\n" + text_of()
    put(library, folder, text)
    assert text == register.file_of(folder, FRENCH).read_bytes()


def test_the_same_wording_again_changes_nothing(library: Library, folder: Path):
    first, second = (
        put(library, folder, text_of(), by="staff:1"),
        put(library, folder, b"# x\n" + text_of(), by="staff:2"),
    )
    assert first == second
    assert 1 == len(register.read(folder).entries)


def test_the_same_version_with_other_content_is_refused(library: Library, folder: Path):
    """Seen failing when the hash was not compared."""
    put(library, folder, text_of())
    with pytest.raises(Refusal, match="wording-version-taken"):
        put(library, folder, text_of(question="Corrected in silence?"))
    assert "How are stairs for you?" == shelf.look(library, folder).library.wording(KEY, "fr").items["q1"]


def test_a_version_that_came_with_the_program_is_taken_too(library: Library, folder: Path):
    with pytest.raises(Refusal, match="wording-version-taken"):
        put(library, folder, text_of("en", question="Other?"))


def test_a_correction_is_a_new_version_and_the_old_one_stays(library: Library, folder: Path):
    put(library, folder, text_of())
    put(library, folder, text_of(version="2", question="Corrected?"))
    now = shelf.look(library, folder).library
    assert ("Corrected?", "2") == (now.wording(KEY, "fr").items["q1"], now.wording(KEY, "fr").wording_version)
    assert "How are stairs for you?" == now.wording(KEY, "fr", "1").items["q1"]


def test_the_newest_version_is_the_highest_number_whatever_was_installed_last(library: Library, folder: Path):
    """Seen failing with versions compared as texts."""
    for version in ("10", "9", "9.1"):
        put(library, folder, text_of(version=version))
    assert "10" == shelf.look(library, folder).library.wording(KEY, "fr").wording_version


def test_nobody_begins_with_a_withdrawn_wording_and_it_can_still_be_read(library: Library, folder: Path):
    put(library, folder, text_of())
    assert install.withdraw(folder, FRENCH, " A mistake in q2. ", "staff:1", AT)
    now = shelf.look(library, folder).library
    assert ("en",) == now.languages(KEY)
    assert "How are stairs for you?" == now.wording(KEY, "fr").items["q1"]
    assert [("A mistake in q2.", "staff:1")] == [
        (pack.withdrawn_because, pack.withdrawn_by) for pack in now.packs(KEY, "fr")
    ]


def test_the_version_before_a_withdrawn_one_is_used_again(library: Library, folder: Path):
    put(library, folder, text_of())
    put(library, folder, text_of(version="2", question="Worse?"))
    install.withdraw(folder, Name(KEY, "fr", "2"), "Worse.", "staff:1", AT)
    assert "1" == shelf.look(library, folder).library.wording(KEY, "fr").wording_version


def test_a_withdrawn_wording_does_not_come_back(library: Library, folder: Path):
    put(library, folder, text_of())
    install.withdraw(folder, FRENCH, "A mistake.", "staff:1", AT)
    assert not install.withdraw(folder, FRENCH, "Once more.", "staff:1", AT)
    with pytest.raises(Refusal, match="wording-withdrawn"):
        put(library, folder, text_of())


@pytest.mark.parametrize(
    ("code", "name", "because"),
    [("reason-missing", FRENCH, "  "), ("wording-unknown", Name(KEY, "en", "1"), "Shipped with the program.")],
)
def test_what_is_withdrawn_is_installed_and_has_a_reason(
    library: Library, folder: Path, code: str, name: Name, because: str
):
    put(library, folder, text_of())
    with pytest.raises(Refusal, match=code):
        install.withdraw(folder, name, because, "staff:1", AT)


def test_of_many_who_install_at_once_one_wording_counts(library: Library, folder: Path):
    """Seen failing without the lock on the register."""

    def one(number: int) -> str:
        try:
            return put(library, folder, text_of(question=f"Text of number {number}?")).wording.items["q1"]
        except Refusal as refusal:
            return refusal.code

    told = at_once([partial(one, number) for number in range(8)])
    kept = shelf.look(library, folder)
    assert () == kept.faults
    assert 1 == len(register.read(folder).entries)
    assert ["wording-version-taken"] * 7 == [
        answer for answer in told if answer != kept.library.wording(KEY, "fr").items["q1"]
    ]


REFUSED = [
    ("mine.yaml:12: response_scales.four.options.4: The text of “4” is missing.", ", 4: Impossible", ""),
    (
        "mine.yaml:18: items.q2: The definition has “q1” here. Write the items in its order.",
        "  q1: How are stairs for you?\n  q2: How was walking?\n",
        "  q2: How was walking?\n  q1: How are stairs for you?\n",
    ),
    (
        "mine.yaml:15: pages.whole: The definition has “body” here. Write the pages in its order.",
        "  body: Moving\n  whole: Life\n",
        "  whole: Life\n  body: Moving\n",
    ),
    (
        "mine.yaml:19: items.q2: Write plain text: “<b” looks like markup, and markup is never shown.",
        "q2: How",
        "q2: <b>How",
    ),
    ("mine.yaml:2: version: Version “2.0” is not here; of this questionnaire there is 1.0.", '"1.0"', '"2.0"'),
    ("mine.yaml:1: instrument: There is no questionnaire “tinny”. Did you mean “tiny”?", "tiny\n", "tinny\n"),
    ("mine.yaml:18: items.q1: A text is needed here, and nothing is written.", "q1: How are stairs for you?", "q1:"),
    (
        "mine.yaml:5: provenance.licence_number: A licensed wording also says its licence_number.",
        "kind: own,",
        "kind: licensed, translation_version: v3,",
    ),
]


@pytest.mark.parametrize(("sentence", "old", "new"), REFUSED)
def test_a_wrong_file_is_refused_with_file_line_and_place(library: Library, sentence: str, old: str, new: str):
    """Each rule was seen failing here: every change breaks one, and nothing else."""
    assert [sentence] == mistakes(library, changed(text_of().decode(), old, new).encode())


def test_another_encoding_is_refused_with_its_line(library: Library):
    text = text_of(question="Été").decode().encode("latin-1")
    assert ["mine.yaml:18: This is not UTF-8 text. Save the file with the encoding UTF-8."] == mistakes(library, text)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(library: Library):
    assert "fr" == check(library, b"\xef\xbb\xbf" + text_of(), "w").language


def test_a_file_of_another_world_is_refused_and_never_raises(library: Library):
    for text in (b"", b"[]", b"instrument: [1]\nversion: {a: b}", b"%PDF-1.7", b"a: &a [*a, *a]", b"\x00" * 10):
        assert mistakes(library, text)


def test_a_file_that_is_too_large_is_not_read(library: Library):
    assert ["mine.yaml:1: The file is larger than 300 kB; it is not read."] == mistakes(library, b"#" * (MAX_BYTES + 1))
