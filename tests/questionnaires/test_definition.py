from app.questionnaires.parse import parse_instrument
from app.questionnaires.response_scales import RESPONSE_KINDS
from tests.support.instruments import DEFINITION, changed, tiny_instrument


def test_the_kinds_of_response_scales_are_told_by_their_models() -> None:
    assert {"choice", "rating", "vas", "multiple", "ranking", "number", "date", "text"} == RESPONSE_KINDS


def test_the_hash_is_blind_to_comments_quotes_and_layout() -> None:
    text = "# A comment\n" + changed(DEFINITION, "family: Tests", 'family:   "Tests"')
    assert tiny_instrument().content_hash == parse_instrument(text, "definition.yaml").content_hash


def test_the_hash_sees_the_order_of_scales_because_tables_of_scores_follow_it() -> None:
    """Seen failing with sorted keys."""
    before, scales = DEFINITION.split("scales:\n  PF")
    first, second = ("  PF" + scales).splitlines(keepends=True)
    swapped = parse_instrument(before + "scales:\n" + second + first, "definition.yaml")
    assert tiny_instrument().content_hash != swapped.content_hash
