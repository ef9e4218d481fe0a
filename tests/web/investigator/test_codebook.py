"""The codebook has words for everything that can stand in a file."""

from typing import get_args

from app.consents import columns
from app.questionnaires.response_scales import NotAnswer
from app.questionnaires.scale import Scale
from app.responses import tables
from app.scoring.methods import METHODS
from app.web.investigator import codebook, scales
from tests.support.sheets import library


def test_every_key_has_a_meaning_in_the_same_order():
    """Seen failing when a key was added to tables.KEYS alone, or to the columns of consents."""
    assert [*tables.KEYS, *columns.COLUMNS] == list(codebook.KEYS)


def test_every_way_to_score_has_its_words():
    methods = {word for scale in METHODS for word in get_args(scale.model_fields["method"].annotation)}
    assert methods == set(codebook.METHODS)
    assert set(get_args(NotAnswer)) == set(codebook.NOT_ANSWERS)
    assert set(get_args(Scale.model_fields["better"].annotation)) == set(codebook.ENDS) == set(scales.BETTER)


def test_every_scale_of_our_own_instrument_has_a_translatable_title():
    titles = {scale.title for scale in library().instrument("weshare-core@1.0").scales.values()}
    assert titles == set(scales.TITLES)


def test_the_question_of_a_licensed_wording_is_not_passed_on():
    """A licence to ask a question is none to publish it in a codebook."""
    instrument, own = library().instrument("weshare-core@1.0"), library().wording("weshare-core@1.0", "en")
    licensed = own.model_copy(update={"provenance": own.provenance.model_copy(update={"kind": "licensed"})})
    item = instrument.order[0]
    assert "Over the past 7 days: How hard was it to get ready in the morning?" == codebook._question(
        instrument, own, item
    )
    assert instrument.items[item].topic == codebook._question(instrument, licensed, item)
