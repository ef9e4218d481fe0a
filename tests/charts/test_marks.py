from app.charts.marks import SHAPES, arm_part, mark


def test_every_group_has_a_shape_of_its_own() -> None:
    """Seen failing when the square was used twice."""
    shapes = {(made.tag, made.get("d")) for made in (mark(group, 0, 0) for group in range(1, len(SHAPES) + 1))}
    assert len(shapes) == len(SHAPES) == 6


def test_a_mark_stands_where_it_is_put() -> None:
    assert mark(1, 20, 30).attrib == {"class": "chart-point", "cx": "20", "cy": "30", "r": "5"}


def test_the_parts_of_a_group_carry_its_number() -> None:
    made = arm_part(2, [mark(2, 0, 0)])
    assert (made.get("class"), len(made)) == ("chart-arm-2", 1)
