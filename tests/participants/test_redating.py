"""What moves if an event gets another date."""

from datetime import timedelta

from app.participants import agenda, redating
from app.participants.models import Participant
from tests.support.answers import answer_all
from tests.support.cohort import INCLUSION
from tests.support.world import AT, World


def test_a_corrected_date_moves_every_visit_and_keeps_what_was_answered(world: World):
    with world.study() as session:
        answer_all(session, world, "alice")
        course = agenda.courses(session, [session.get_one(Participant, world.participants["alice"])])[0]
        moves = redating.preview(course, "inclusion", 1, INCLUSION - timedelta(days=7), AT).moves
        assert ["M0", "M3", "M6"] == [move.key[0] for move in moves]
        assert [True, False, False] == [move.is_kept for move in moves]
        assert all(move.after.opens < move.before.opens for move in moves)


def test_the_same_date_moves_nothing(world: World):
    with world.study() as session:
        course = agenda.courses(session, [session.get_one(Participant, world.participants["alice"])])[0]
        assert redating.NOTHING == redating.preview(course, "inclusion", 1, INCLUSION, AT)


def test_without_a_date_only_what_was_answered_may_stay(world: World):
    with world.study() as session:
        course = agenda.courses(session, [session.get_one(Participant, world.participants["alice"])])[0]
        moves = redating.preview(course, "inclusion", 1, None, AT).moves
        assert [None, None, None] == [move.after for move in moves]
        assert {1: INCLUSION} == course.known.events["inclusion"]


def test_messages_that_are_recalled_moved_or_new_are_told(world: World):
    """Seen failing with the messages of the old date alone."""
    with world.study() as session:
        course = agenda.courses(session, [session.get_one(Participant, world.participants["alice"])])[0]
        later = redating.preview(course, "inclusion", 1, INCLUSION + timedelta(days=7), AT)
        told = {(note.key[0], note.kind): (note.before is None, note.after is None) for note in later.notes}
        assert (True, False) == told[("M0", "invitation")]  # its day had passed, and comes again
        assert (False, False) == told[("M3", "invitation")]
        gone = redating.preview(course, "inclusion", 1, None, AT)
        assert {None} == {note.after for note in gone.notes}
        settled = {note.key: frozenset({"invitation", "reminder-1"}) for note in gone.notes}
        assert () == redating.preview(course, "inclusion", 1, None, AT, settled).notes
