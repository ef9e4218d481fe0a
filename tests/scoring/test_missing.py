from typing import get_args

from app.questionnaires.definition import Scale
from app.scoring.missing import NEEDED, half


def test_half_of_the_items_rounded_up_is_enough() -> None:
    """Seen failing when half() was `items // 2`, which would compute a scale of one item from no answer."""
    assert [half(items) for items in range(1, 8)] == [1, 1, 2, 2, 3, 3, 4]


def test_every_rule_a_definition_can_name_is_here() -> None:
    assert set(get_args(Scale.model_fields["missing"].annotation)) == set(NEEDED)
