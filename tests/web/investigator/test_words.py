"""Tables of words are complete for what they name."""

from app.participants import excuses, leaving
from app.scheduling.amend import FOLLOW, STAY, What
from app.scheduling.mistakes import MISTAKES, UNREACHABLE
from app.scheduling.participation import Withdrawal
from app.scheduling.protocol import EventKind
from app.studies import readiness, roles
from app.studies.amendments import Stage
from app.web.investigator import mistake_words, readiness_words, words
from app.web.investigator.amendment_words import CHANGES, OPEN_VISITS, STAGES
from app.web.investigator.event_words import EVENT_KINDS
from app.web.investigator.leaving_words import ACTS, LEAVING_REASONS
from app.web.investigator.reason_words import REASONS


def test_every_mistake_of_a_protocol_has_its_sentence():
    """Seen failing with the sentence for an endless visit taken away."""
    assert set(MISTAKES) == set(mistake_words.SENTENCES)
    assert set(UNREACHABLE) == set(mistake_words.REASONS)


def test_every_check_of_readiness_has_its_words_and_its_place():
    for table in (readiness_words.TITLES, readiness_words.TO_DO, readiness_words.PAGES):
        assert set(readiness.CHECKS) == set(table)


def test_kinds_reasons_acts_and_roles():
    assert set(EventKind.model_fields["kind"].annotation.__args__) == set(EVENT_KINDS)
    assert set(excuses.REASONS) == set(REASONS)
    assert set(leaving.REASONS) == set(LEAVING_REASONS)
    assert set(Withdrawal) == set(ACTS)
    assert set(roles.ROLES) == set(words.ROLES)
    assert (set(Stage), set(What), {STAY, FOLLOW}) == (set(STAGES), set(CHANGES), set(OPEN_VISITS))
