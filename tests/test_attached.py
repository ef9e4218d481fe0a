"""What a file is, is told by its content; its name is harmless anywhere."""

import pytest

from app import attached
from app.errors import Refusal


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        ("licence.pdf", "licence.pdf"),
        ("licence.pdf", "licence.html"),
        ("passwd.pdf", "../../etc/passwd"),
        ("x.pdf", "C:\\papers\\x.exe"),
        ("été 2026 (signé).pdf", "été 2026 (signé).pdf"),
        ("a_b.pdf", 'a"\r\nb.pdf'),
        ("document.pdf", ""),
        ("document.pdf", "...."),
        ("_script_alert(1)__script_.pdf", "<script>alert(1)<_script>"),
    ],
)
def test_the_name_of_a_file_is_harmless_anywhere(expected: str, written: str):
    assert expected == attached.safe_name(written, "pdf")


def test_a_long_name_is_cut():
    assert attached.LONGEST_NAME >= len(attached.safe_name("x" * 5000 + ".pdf", "pdf"))


def test_every_kind_has_its_beginning_and_its_media_type():
    assert attached.BEGINNINGS.keys() == attached.MEDIA_TYPES.keys()


def test_a_kind_that_is_not_wanted_here_is_refused():
    """Seen failing with every known kind taken everywhere."""
    assert "pdf" == attached.checked("note.pdf", b"%PDF-1.7", ("pdf",)).kind
    with pytest.raises(Refusal, match="document-kind"):
        attached.checked("note.pdf", attached.BEGINNINGS["png"], ("pdf",))
