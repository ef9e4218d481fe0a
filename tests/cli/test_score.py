"""The command that scores a file, as a person runs it."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from app.cli.main import main
from tests.support.instruments import changed, write_instrument

HEADINGS = ("respondent", "q1", "q2", "q3")
FULL = ("ann", 1, 1, 7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_instrument(tmp_path / "instruments")
    return tmp_path


def write(folder: Path, *rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> Path:
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    return folder / "answers.csv"


def score(folder: Path, source: Path, *options: str, target: str = "scores.csv", code: str = "tiny") -> Result:
    where = ["--in", str(source), "--out", str(folder / target), "--folder", str(folder / "instruments")]
    return CliRunner().invoke(main, ["instruments", "score", code, *where, *options])


def scored(folder: Path, target: str = "scores.csv") -> list[list[str]]:
    with (folder / target).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_file_of_answers_becomes_a_file_of_scores(folder: Path) -> None:
    result = score(folder, write(folder, FULL, ("bob", 4, "", "")))
    assert (0, [["respondent", "PF", "QL"], ["ann", "100", "100"], ["bob", "0", ""]]) == (
        result.exit_code,
        scored(folder),
    )


def test_columns_are_found_by_name_in_any_order_and_case(folder: Path) -> None:
    score(folder, write(folder, (7, 1, "ann", 1), headings=("Q3", "Q1", "Respondent", "Q2")))
    assert ["ann", "100", "100"] == scored(folder)[1]


@pytest.mark.parametrize("missing", ["", "NA"])
def test_nothing_and_na_are_no_answer(folder: Path, missing: str) -> None:
    result = score(folder, write(folder, ("ann", 1, missing, missing)))
    assert ["ann", "100", ""] == scored(folder)[1]
    assert "cannot be" not in result.output


def test_what_is_wrong_is_told_by_line_and_the_rest_is_scored(folder: Path) -> None:
    """Seen failing, one at a time: duplicates kept; text cells read as 0; stray codes not told; lines from 0."""
    rows = [FULL, ("bob", 9, 1, "x"), ("ann", 1, 1, 1), ("", 1, 1, 1), ("eve", 2, 2, 4)]
    result = score(folder, write(folder, *[(*row, "?") for row in rows], headings=(*HEADINGS, "age")))
    assert [["ann", "100", "100"], ["bob", "100", ""], ["eve", "66.66666666666667", "50"]] == scored(folder)[1:]
    for told in (
        "line 1: “age” is no item of tiny@1.0",
        "line 3: “9” cannot be the value of q1",
        "line 3: “x” cannot be the value of q3",
        "line 4: the respondent “ann” was there before",
        "line 5: no respondent",
        "3 respondents scored",
    ):
        assert told in result.output
    assert 0 == result.exit_code


def test_a_row_with_too_few_or_too_many_cells_is_left_out(folder: Path) -> None:
    """Seen failing when one such row ended everything."""
    result = score(folder, write(folder, ("ann", 1), FULL, ("bob", 1, 1, 1, 1)))
    assert [["ann", "100", "100"]] == scored(folder)[1:]
    for told in ("line 2: 2 cells where line 1 names 4 columns", "line 4: 5 cells", "1 respondents scored"):
        assert told in result.output
    alone = score(folder, write(folder, ("ann", 1)))
    assert (0, [HEADINGS[0]]) == (alone.exit_code, scored(folder)[0][:1])


def test_a_file_that_breaks_off_leaves_the_scores_there_were(folder: Path) -> None:
    """Seen failing when the first half of the scores stood where whole ones had been."""
    score(folder, write(folder, FULL))
    (folder / "answers.csv").write_text('respondent,q1,q2,q3\nbob,1,1,1\neve,"1,1,1\n', encoding="utf-8")
    assert 1 == score(folder, folder / "answers.csv").exit_code
    assert "ann" == scored(folder)[1][0]
    assert ["answers.csv", "instruments", "scores.csv"] == sorted(one.name for one in folder.iterdir())


@pytest.mark.parametrize("odd", ["1_0", "\u0661", "0x1", "1e", "1,0", "true"])
def test_what_only_python_reads_as_a_number_is_none(folder: Path, odd: str) -> None:
    """Seen failing with digits of another script."""
    result = score(folder, write(folder, ("ann", odd, 1, 1)))
    assert f"line 2: “{odd}” cannot be the value of q1" in result.output


def test_a_respondent_far_below_is_still_recognised(folder: Path) -> None:
    """Seen failing when only respondents of the same batch were compared."""
    rows = [(f"p{number}", 1, 1, 1) for number in range(40_000)]
    result = score(folder, write(folder, *rows, ("p7", 1, 1, 1), ("p39999", 1, 1, 1)))
    assert "line 40002: the respondent “p7”" in result.output
    assert "line 40003: the respondent “p39999”" in result.output
    assert 40_001 == len(scored(folder))


def test_a_flood_of_findings_is_counted(folder: Path) -> None:
    result = score(folder, write(folder, *[(f"p{number}", 9, 1, 1) for number in range(150)]))
    assert "50 more: impossible values." in result.output


def test_explain_adds_a_status_and_a_reason(folder: Path) -> None:
    score(folder, write(folder, ("ann", 1, "", "")), "--explain")
    assert {
        "respondent": "ann",
        "PF": "100",
        "QL": "",
        "PF_status": "computed",
        "PF_reason": "computed from 1 of 2",
        "QL_status": "not computed",
        "QL_reason": "not computed: 1 of 1 items missing, at least 1 needed",
    } == dict(zip(*scored(folder), strict=True))


def test_explain_names_the_thresholds_that_are_crossed(tmp_path: Path) -> None:
    """Seen failing before anything said so; what is still to be confirmed is not said."""
    headings = ("respondent", *(f"q{number}" for number in range(1, 10)))
    source = write(tmp_path, ("ann", *(1,) * 9), ("bob", *(3,) * 9), ("eve", *(0,) * 8, ""), headings=headings)
    words = ["--in", str(source), "--out", str(tmp_path / "scores.csv"), "--explain"]
    CliRunner().invoke(main, ["instruments", "score", "phq-9", *words])
    names, *rows = scored(tmp_path)
    found = [row[names.index("PHQ9_SCORE_thresholds")] for row in rows]
    assert ["mild", "mild moderate moderately_severe severe", ""] == found
    assert "MDS_thresholds" not in names


def test_a_threshold_for_some_people_is_named_for_them_alone(folder: Path) -> None:
    file = folder / "instruments" / "tiny" / "1.0" / "definition.yaml"
    low = "key: low, title: Low, at: le, value: 50, source: Us, only_if: {fact: sex, eq: male}, status: confirmed"
    later = "key: later, title: Later, at: le, value: 50, source: Us, status: to-confirm"
    text = changed(
        file.read_text(encoding="utf-8"),
        "PF: {title: Moving,",
        f"PF: {{title: Moving, thresholds: [{{{low}}}, {{{later}}}],",
    )
    facts = "facts: {sex: {title: Sex, values: [female, male]}}\nscales:\n"
    file.write_text(changed(text, "scales:\n  PF", facts + "  PF"), encoding="utf-8")
    rows = [(name, 4, 4, 1, sex) for name, sex in (("ann", "female"), ("bob", "male"), ("joe", ""))]
    result = score(folder, write(folder, *rows, headings=(*HEADINGS, "sex")), "--explain")
    assert 0 == result.exit_code, result.output
    names, *rows_found = scored(folder)
    assert ["", "low", ""] == [row[names.index("PF_thresholds")] for row in rows_found]


def test_parquet_in_and_out_gives_the_same_scores(folder: Path) -> None:
    columns = {"respondent": ["ann", "bob"], "q1": [1, 4], "q2": [1, None], "q3": [7, None]}
    pq.write_table(pa.table(columns), folder / "answers.parquet")
    assert 0 == score(folder, folder / "answers.parquet", target="scores.parquet").exit_code
    table = pq.read_table(folder / "scores.parquet")
    assert {"respondent": ["ann", "bob"], "PF": [100.0, 0.0], "QL": [100.0, None]} == table.to_pydict()


def test_numbers_that_name_respondents_stay_what_they_are(folder: Path) -> None:
    """Seen failing: 12345678 and 12345679 both became 1.23457e+07, and the second row was left out."""
    for names in ([12345678, 12345679], [2**62, 2**62 + 1], [12345678.0, 12345679.0]):
        table = {"respondent": names, "q1": [1, 4], "q2": [1, 4], "q3": [7, 1]}
        pq.write_table(pa.table(table), folder / "answers.parquet")
        result = score(folder, folder / "answers.parquet")
        assert "left out" not in result.output
        assert [str(int(name)) for name in names] == [row[0] for row in scored(folder)[1:]]


def test_a_respondent_that_looks_like_a_formula_is_defused_in_csv(folder: Path) -> None:
    score(folder, write(folder, ("=1+1", 1, 1, 1)))
    assert "'=1+1" == scored(folder)[1][0]


@pytest.mark.parametrize(
    ("told", "headings", "row"),
    [
        ("needs a column “respondent”", ("id", "q1"), ("ann", 1)),
        ("no item of tiny@1.0", ("respondent", "age"), ("ann", 1)),
        ("separated by “;”; save the table with commas", ("respondent;q1",), ("ann;1",)),
        ("separated by tabs; save the table with commas", ("respondent\tq1",), ("ann\t1",)),
    ],
)
def test_a_table_that_cannot_be_scored_ends_with_a_sentence(
    folder: Path, told: str, headings: Sequence[str], row: Sequence[object]
) -> None:
    result = score(folder, write(folder, row, headings=headings))
    assert 1 == result.exit_code
    assert told in result.output


@pytest.mark.parametrize(
    ("told", "options", "more"),
    [
        ("There is no questionnaire “huge”", (), {"code": "huge"}),
        ("There is no questionnaire “tiny@2.0”", (), {"code": "tiny@2.0"}),
        ("no value set “FR”. tiny@1.0 has none.", ("--value-set", "FR"), {}),
        ("ends in .csv or .parquet", (), {"target": "scores.xls"}),
        ("written over the answers", (), {"target": "answers.csv"}),
    ],
)
def test_a_wrong_word_of_the_command_ends_with_a_sentence(
    folder: Path, told: str, options: Sequence[str], more: dict[str, str]
) -> None:
    result = score(folder, write(folder, FULL), *options, **more)
    assert 1 == result.exit_code
    assert told in result.output.replace("\n", "")


def test_the_chosen_value_set_decides(tmp_path: Path) -> None:
    """Seen failing when the first value set was always taken."""
    source = write(tmp_path, ("ann", 1, 1, 2, 1, 1), headings=("respondent", "mo", "sc", "ua", "pd", "ad"))
    for wanted, value_set in (("0.967", "FR"), ("0.967", "france"), ("0.964", "DE")):
        target = tmp_path / "scores.csv"
        words = ["--in", str(source), "--out", str(target), "--value-set", value_set]
        CliRunner().invoke(main, ["instruments", "score", "eq-5d-5l", *words])
        assert wanted == scored(tmp_path)[1][1]


ABILITY = ("respondent", *(f"q{number}" for number in (2, 3, 6, 9, 11, 13, 14, 16, 17, 18, 24, 26, 27)))
DECREMENTS = "term,XX\nStartValue,1\nPF2,-0.1\nRF3,-0.2\nBO4,-0.05\n"


def utility(folder: Path, values: str, *rows: Sequence[object]) -> Result:
    (folder / "values.csv").write_text(values, encoding="utf-8")
    source, target = write(folder, *rows, headings=ABILITY), folder / "scores.csv"
    words = ["--in", str(source), "--out", str(target), "--value-sets", str(folder / "values.csv")]
    return CliRunner().invoke(main, ["instruments", "score", "eortc-qlu-c10d", *words, "--value-set", "XX"])


def test_a_study_brings_the_value_sets_that_are_not_shipped(tmp_path: Path) -> None:
    """Seen failing before the option was there, and where an answer was missing whose level did not depend on it."""
    best = (1,) * 13
    worse = (2, 1, 3, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1)
    result = utility(tmp_path, DECREMENTS, ("ann", *best), ("bob", *worse), ("eve", 1, "", *best[2:]))
    assert 0 == result.exit_code, result.output
    assert ["1", "0.65", ""] == [row[-1] for row in scored(tmp_path)[1:]]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("words,XX\nPF2,1\n", "The table has no column “term”."),
        ("term\nPF2\n", "no value set"),
        ("term,XX\nStartValue,1\nZZ2,-0.1\n", "values.csv:3: “ZZ2” is not a term"),
        ("term,XX\nPF2,1\nPF2,1\n", "values.csv:3: “PF2” is written twice."),
        ("term,XX\nPF2,1\n,1\n", "values.csv:3: “” is not a term"),
        ("term,XX\nPF2,much\n", "values.csv:2: XX: “much” is not a number."),
    ],
)
def test_what_is_wrong_with_brought_value_sets_is_told_by_line(tmp_path: Path, values: str, told: str) -> None:
    result = utility(tmp_path, values, ("ann", *(1,) * 13))
    assert (1, True) == (result.exit_code, told in result.output), result.output


def test_an_instrument_with_value_sets_of_its_own_takes_none(tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_text(DECREMENTS, encoding="utf-8")
    words = ["--in", "a.csv", "--out", "b.csv", "--value-sets", str(tmp_path / "values.csv")]
    result = CliRunner().invoke(main, ["instruments", "score", "eq-5d-5l", *words])
    assert (1, True) == (result.exit_code, "takes no value sets from a file" in result.output)


def test_an_impossible_fact_is_told_and_counts_as_unknown(tmp_path: Path) -> None:
    """Seen failing when a word where 1 or 0 is meant, and a 7, were taken for unknown without a word."""
    source = write(
        tmp_path,
        *[(name, 4, 4, fact) for name, fact in (("ann", "yes"), ("bob", 7), ("eve", 0), ("joe", ""))],
        headings=("respondent", "q74", "q75", "surgery"),
    )
    target = tmp_path / "scores.csv"
    result = CliRunner().invoke(
        main, ["instruments", "score", "eortc-qlq-br45", "--in", str(source), "--out", str(target)]
    )
    for told in ("line 2: “yes” cannot be the value of surgery", "line 3: “7” cannot be the value of surgery"):
        assert told in result.output
    assert result.output.count("the value of surgery") == 2
    names, *rows = scored(tmp_path)
    assert ["100", "100", "", "100"] == [row[names.index("BS")] for row in rows]


def test_list_and_show_tell_what_is_there(folder: Path) -> None:
    where = ["--folder", str(folder / "instruments")]
    listed = CliRunner().invoke(main, ["instruments", "list", *where])
    shown = CliRunner().invoke(main, ["instruments", "show", "tiny", *where])
    assert "tiny@1.0\tA tiny instrument\t3 items\t2 scales\ten, fr\n" == listed.output
    assert "PF\tMoving\t0 to 100, high is good\tlinear: q1, q2" in shown.output
