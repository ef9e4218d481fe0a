import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.mistakes import BrokenFile, Mistake
from app.questionnaires.yaml_source import MAX_BYTES, MAX_DEPTH, MAX_VALUES, read
from tests.questionnaires.broken import mistakes
from tests.support import floors


def test_a_value_knows_its_line_and_its_place() -> None:
    root = read("a:\n  b: [q1,\n    q2]\n", "f").root
    second = root.child("a").child("b").child(1)
    assert (second.value, second.line, second.where) == ("q2", 3, ("a", "b", 2))


def test_the_line_of_an_entry_is_where_its_name_stands() -> None:
    assert read("a: 1\nb:\n\n  - 1\n", "f").root.child("b").line == 2


def test_plain_data_keeps_texts_numbers_and_order() -> None:
    expected = {"b": ("1", 1, 1.5, None, True), "a": {2: "p", "2": "q"}}
    text = 'b: ["1", 1, 1.5, null, true]\na: {2: p, "2": q}'
    assert expected == read(text, "f").root.plain()


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read(b"\xef\xbb\xbfa: 1", "f").root.plain() == {"a": 1}


def test_looking_for_something_that_is_not_there_gives_an_empty_place() -> None:
    assert not read("a: 1", "f").root.child("items").child("q1").children


def test_all_ambiguous_words_are_listed_with_their_places() -> None:
    source = read("a: no\nb: [1:30, 2]\nno: 1\n", "f")
    assert [(one.line, one.where) for one in source.mistakes] == [(1, "a"), (2, "b.1"), (3, "")]


def test_a_name_written_twice_keeps_the_first_and_says_where_it_is() -> None:
    source = read("a: 1\nb: 2\na: 3\n", "f")
    expected = [Mistake("f", 3, "a", "“a” is written twice; the first one is on line 1.")]
    assert (expected, {"a": 1, "b": 2}) == (source.mistakes, source.root.plain())


HOSTILE: dict[str, tuple[str | bytes, int]] = {
    "billion laughs": ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", 1),
    "anchor": ("\na: &x 1", 2),
    "alias": ("a: 1\nb: *a", 2),
    "alias as a name": ("*a : 1", 1),
    "recursion": ("a: 1\nb: &b [*b]", 2),
    "python tag": ("a: !!python/object/apply:os.system [echo]", 1),
    "tag on a mapping": ("a: 1\nb: !!set {x}", 2),
    "tag on a name": ("!!str a: 1", 1),
    "empty tag": ("a: ! b", 1),
    "merge key": ("a: 1\n<<: {b: 1}", 2),
    "merge key in braces": ("a: {<<: [1]}", 1),
    "absurd number": ("a: 1\nb: " + "9" * 1_000_000, 2),
    "absurd hexadecimal": ("a: 0x" + "f" * 30, 1),
    "nested lists": ("[" * 20_000, 1),
    "nested braces": ("{a: " * 20_000, 1),
    "nested dashes": ("- " * 20_000 + "x", 1),
    "nested questions": ("? " * 20_000 + "x", 1),
    "nested indents": ("\n".join(" " * depth + "a:" for depth in range(2_000)), MAX_DEPTH),
    "too large": ("#" * (MAX_BYTES + 1), 1),
    "too many values": ("\n" + "- 1\n" * (MAX_BYTES // 4 - 1), MAX_VALUES + 1),
    "too many names": ("".join(f"k{number}:\n" for number in range(900_000)), MAX_VALUES // 2),
    "latin-1": ("a: 1\nb: \xe9".encode("latin-1"), 2),
    "utf-16": ("a: 1".encode("utf-16"), 1),
    "nul": ("a: 1\nb: \0", 2),
    "escape sign": ("a: \x1b[2J", 1),
    "text turned round": ("a: 1\nb: x\u202ey", 2),
    "nul, escaped": ('a: 1\nb: "x\\0"', 2),
    "escape sign, escaped": ('a: "\\e[2J"', 1),
    "text turned round, escaped": ('a: "\\u202e"', 1),
    "half a pair, escaped": ('a: "\\ud800"', 1),
    "nul in a name, escaped": ('a: 1\n"b\\0": 1', 2),
    "half a pair": ("a: \ud800", 1),
    "second document": ("a: 1\n---\nb: 2", 2),
    "yaml directive": ("%YAML 1.1\n---\na: 1", 1),
    "tag directive": ("%TAG ! tag:x,2000:\n---\na: 1", 1),
    "list as a name": ("a: 1\n[x]: 1", 2),
    "no name": ("a: 1\n: 2", 2),
    "truth as a name": ("true: 1", 1),
    "decimal as a name": ("1.5: 1", 1),
    "open quote": ('a: 1\nb: "x', 2),
    "tab": ("a:\n\tb: 1", 2),
    "two colons": ("a: b: c", 1),
    "percent": ("a: %x", 1),
    "empty": ("", 1),
    "only a comment": ("# nothing", 1),
    "long name": ("a" * 2_000_000 + ": 1", 1),
    "many open quotes": ('"' * 1_000_001, 1),
    "many blanks": (" " * 5_000_000 + "\t@", 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_is_refused_with_its_line_about_as_fast_as_plain_yaml_is_read(name: str) -> None:
    """Seen failing without MAX_DEPTH, without MAX_VALUES (many seconds) and with anchors let through."""
    text, line = HOSTILE[name]
    found: list[Mistake] = []

    def work() -> None:
        try:
            found.extend(read(text, "f").mistakes)
        except BrokenFile as broken:
            found.extend(broken.mistakes)

    assert floors.times(work, floors.reading_a_plain_file) <= 5
    assert line == found[0].line, found[0]


@pytest.mark.parametrize("name", ["too many values", "too many names", "many open quotes"])
def test_hostile_yaml_takes_less_than_a_hundred_megabytes(name: str) -> None:
    text, _ = HOSTILE[name]
    tracemalloc.start()
    try:
        assert mistakes(lambda: read(text, "f"))
        assert tracemalloc.get_traced_memory()[1] <= 100 * 2**20
    finally:
        tracemalloc.stop()


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert not read("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f").mistakes


YAML_SIGNS = st.text(alphabet="ab1 \n\t:-[]{}&*!%@`'\"|>?#,<=~.\\0xé\x00\ud800", max_size=60)


@given(st.one_of(st.text(), st.binary(), YAML_SIGNS))
def test_any_text_is_read_or_refused_and_nothing_else_happens(text: str | bytes) -> None:
    with suppress(BrokenFile):
        source = read(text, "f")
        source.root.plain()
        assert all(mistake.line >= 1 and mistake.message for mistake in source.mistakes)
