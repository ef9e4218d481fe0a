import pytest

from app.questionnaires.yaml_scalars import Ambiguous, Scalar, meaning


@pytest.mark.parametrize(
    ("expected", "word"),
    [
        (None, ""),
        (None, "~"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-3, "-3"),
        (999999999999999, "999999999999999"),
        (66.6667, "66.6667"),
        ("1.0.2", "1.0.2"),
        ("2026-01-31", "2026-01-31"),
        ("nobody", "nobody"),
        ("q1", "q1"),
        ("-", "-"),
        ("12 months", "12 months"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_a_clear_word_means_what_it_looks_like(expected: Scalar, word: str) -> None:
    assert (type(expected), expected) == (type(meaning(word)), meaning(word))


AS_TRUTH_OR_NOTHING = ("y", "Y", "n", "N", "no", "No", "yes", "on", "OFF", "True", "FALSE", "Null", "<<", "=")
AS_NUMBERS = ("010", "0o17", "0x1F", "0b1", "1_000", "1:30", "1:30:15.5", "1e3", "1.5E-3", "1.", ".5", "-.INF", ".nan")
TOO_LONG = ("1234567890123456", "-" + "9" * 5000, "1" * 30 + "." + "1" * 30, "9" * 20 + ":" + "9" * 30)


@pytest.mark.parametrize("word", AS_TRUTH_OR_NOTHING + AS_NUMBERS + TOO_LONG)
def test_a_word_that_readers_of_yaml_disagree_on_is_refused(word: str) -> None:
    with pytest.raises(Ambiguous):
        meaning(word)
