"""Files beside a licence: few kinds, told by their content; kept with their hash; found for their licence only."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app import attached
from app.config import embedded
from app.db import Databases
from app.errors import Refusal
from app.licences import documents, register
from app.licences.models import Licence
from tests.support import world as worlds
from tests.support.licences import KEY, terms
from tests.support.world import AT, World

PDF = b"%PDF-1.7\nsigned\x00\xff"


@pytest.fixture
def either(empty_databases: Databases, tmp_path: Path) -> World:
    """The small world on either engine."""
    return worlds.build(embedded(tmp_path / "instance", "http://localhost"), empty_databases)


@pytest.fixture
def session(either: World) -> Iterator[Session]:
    """Its study side, open for writing."""
    with either.study() as opened:
        yield opened


def licence(session: Session, world: World) -> Licence:
    return register.add(session, KEY, terms(study_ids=None), world.staff["dana"], AT)


def test_a_file_comes_back_byte_by_byte_with_its_hash(either: World, session: Session):
    mine = licence(session, either)
    key = documents.attach(session, mine.id, "Signed licence.pdf", PDF, either.staff["dana"], AT).key
    session.commit()
    found = documents.find(session, mine.key, key)
    assert found is not None
    assert (PDF, len(PDF), sha256(PDF).hexdigest()) == (found.content, found.size, found.content_hash)
    assert ["Signed licence.pdf"] == [one.name for one in documents.of_licence(session, mine.id)]


def test_a_file_is_found_for_its_own_licence_only(either: World, session: Session):
    """Seen failing when the licence was left out of the look-up."""
    mine, other = licence(session, either), licence(session, either)
    key = documents.attach(session, mine.id, "a.pdf", PDF, either.staff["dana"], AT).key
    assert documents.find(session, other.key, key) is None


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("document-missing", b""),
        ("document-kind", b"<html><script>alert(1)</script>"),
        ("document-kind", b"MZ program"),
        ("document-kind", b" %PDF-1.7 not at the beginning"),
        ("document-too-large", b"%PDF-" + b"x" * attached.MAX_BYTES),
    ],
)
def test_only_papers_and_pictures_of_them_are_kept(either: World, session: Session, code: str, content: bytes):
    with pytest.raises(Refusal, match=code):
        documents.attach(session, licence(session, either).id, "a.pdf", content, either.staff["dana"], AT)
