"""Drafts of protocols: kept with their mistakes, and never silently overwritten."""

import pytest

from app.errors import Refusal
from app.studies import drafts, protocols
from tests.support.world import AT, World, protocol_document


def test_a_study_that_nobody_has_redesigned_shows_its_last_version(world: World):
    with world.study() as session:
        draft = drafts.load(session, world.study_id)
        assert (0, 1, True) == (draft.revision, draft.published, draft.is_as_published)
        assert ["M0", "M3", "M6"] == [visit["key"] for visit in draft.document["visits"]]


def test_a_draft_is_kept_as_it_was_written_with_every_mistake(world: World):
    broken = {"events": {}, "visits": [{"key": "M0", "offset": "in a while"}], "arms": {}}
    with world.study() as session:
        assert 1 == drafts.save(session, world.study_id, broken, 0, world.staff["bob"], AT)
        draft = drafts.load(session, world.study_id)
        assert (1, broken, False) == (draft.revision, draft.document, draft.is_as_published)
        reading = drafts.read(draft.document, None)
        assert (None, None) == (reading.protocol, reading.shown)
        assert {"unreadable"} == {mistake.code for mistake in reading.mistakes}


def test_whoever_saves_an_old_revision_is_told(world: World):
    """Seen failing with the revision left out of the update's condition."""
    with world.study() as session:
        drafts.save(session, world.study_id, drafts.empty(), 0, world.staff["bob"], AT)
        for seen in (0, 7):
            with pytest.raises(Refusal, match="draft-changed"):
                drafts.save(session, world.study_id, {"visits": []}, seen, world.staff["bob"], AT)
        assert drafts.empty() == drafts.load(session, world.study_id).document
        assert 2 == drafts.save(session, world.study_id, {"visits": []}, 1, world.staff["bob"], AT)


def test_a_draft_that_no_protocol_could_be_is_refused(world: World):
    with world.study() as session, pytest.raises(Refusal, match="text-too-long"):
        drafts.save(session, world.study_id, {"visits": ["x" * drafts.LONGEST]}, 0, world.staff["bob"], AT)


def test_what_is_wrong_with_windows_can_be_seen_all_the_same():
    document = protocol_document()
    document["visits"][1]["offset"] = "P20D"
    reading = drafts.read(document, None)
    assert reading.protocol is None
    assert reading.shown is not None
    assert {"overlap"} == {mistake.code for mistake in reading.mistakes}


def test_the_draft_of_a_version_is_that_version_again(world: World):
    with world.study() as session:
        document = drafts.load(session, world.study_id).document
        drafts.save(session, world.study_id, document, 0, world.staff["bob"], AT)
        assert drafts.load(session, world.study_id).is_as_published
        document["visits"].pop()
        drafts.save(session, world.study_id, document, 1, world.staff["bob"], AT)
        assert not drafts.load(session, world.study_id).is_as_published
        protocols.publish(session, world.study_id, document, AT)
        assert drafts.load(session, world.study_id).is_as_published
