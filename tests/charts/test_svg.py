from hypothesis import example, given
from hypothesis import strategies as st

from app.charts.svg import clean, figure, node, number, path
from tests.charts.drawings import IDS, read


@given(st.text())
@example("</text><script>alert(1)</script>")
@example('"><style>*{}</style>')
@example("&lt;b&gt; & co")
@example("one\r\ntwo\rthree")
@example("\x00\x08\x1b\ufffe\ud800")
def test_any_text_is_shown_as_it_is_and_never_becomes_markup(text: str) -> None:
    """Seen failing with the text put into the markup as it is, and, in the last example, without clean()."""
    svg = figure("chart", (10, 10), IDS, (text, text), [node("text", "chart-label", text, data_name=text)])
    root = read(svg)
    assert [child.tag.rpartition("}")[2] for child in root.iter()] == ["svg", "title", "desc", "text"]
    # Every reader of XML and HTML takes any end of line for a plain one.
    assert {child.text or "" for child in root} == {clean(text).replace("\r\n", "\n").replace("\r", "\n")}


def test_a_figure_is_an_image_named_by_its_title_and_description() -> None:
    root = read(figure("chart", (360, 220), IDS, ("Energy", "Your scores"), []))
    named = {child.get("id"): child.text for child in root}
    assert root.get("role") == "img"
    assert [named[part] for part in root.get("aria-labelledby", "").split()] == ["Energy", "Your scores"]


def test_a_figure_takes_the_width_of_its_place() -> None:
    root = read(figure("chart", (360, 220.04), IDS, ("", ""), []))
    assert root.get("viewBox") == "0 0 360 220"
    assert {"width", "height", "style"}.isdisjoint(root.keys())


def test_coordinates_are_short_and_there_is_no_minus_zero() -> None:
    assert [number(value) for value in (1.26, 2, -0.01, 719.99)] == ["1.3", "2", "0", "720"]


def test_a_path_runs_through_its_corners_and_may_be_closed() -> None:
    assert path("chart-line", [(0, 1), (2, 3.5)]).get("d") == "M0 1 2 3.5"
    assert path("chart-band", [(0, 1), (2, 3.5)], is_closed=True).get("d") == "M0 1 2 3.5Z"
