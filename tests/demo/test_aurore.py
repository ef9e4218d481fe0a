"""The demonstration's second study, as its designers left it."""

from app.demo import aurore
from app.studies import drafts, queries
from tests.support.world import AT, World


def test_one_thing_is_left_to_mend():
    reading = drafts.read(aurore.document(), None)
    assert reading.protocol is None
    assert {"overlap"} == {mistake.code for mistake in reading.mistakes}


def test_it_is_being_designed_and_its_investigator_finds_the_draft(world: World):
    with world.study() as session:
        aurore.found(session, world.staff["bob"], AT)
        access = queries.find_access(session, world.staff["bob"], aurore.CODE)
        assert access is not None
        assert (None, "investigator", 2) == (access.study.live_at, access.role, len(access.sites))
        draft = drafts.load(session, access.study.id)
        assert (1, 4) == (draft.revision, len(draft.document["visits"]))
