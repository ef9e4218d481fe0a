"""The data files of a study: every submission once, keys first, nothing of anybody else."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.questionnaires.answers import DECLINED
from app.responses import tables
from app.responses.tables import Extract
from app.studies.models import Site
from tests.support.answers import answer_all
from tests.support.cohort import enrol_cohort
from tests.support.sheets import library
from tests.support.statements import statements
from tests.support.world import AT, World

CORE = library().instrument("weshare-core@1.0")
M3 = AT + timedelta(days=92)


def extract(world: World, site_ids: tuple[int, ...] | None = None) -> Extract:
    return Extract(world.study_id, CORE, site_ids)


def as_dicts(rows) -> list[dict[str, object]]:
    header, *body = rows
    return [dict(zip(header, row, strict=True)) for row in body]


def answers(session: Session, world: World, site_ids=None) -> list[dict[str, object]]:
    return as_dicts(tables.answers(session, extract(world, site_ids)))


def scores(session: Session, world: World, site_ids=None) -> list[dict[str, object]]:
    return as_dicts(tables.scores(session, extract(world, site_ids)))


def test_a_row_says_who_when_with_what_and_what_was_answered(world: World):
    with world.study() as session:
        answer_all(session, world, "alice", values={"q1": 4, "q30": 7})
        [row] = answers(session, world)
        expected = {
            "study": "HORIZON",
            "site": "S1",
            "arm": "A",
            "subject_code": "H-001",
            "visit": "M0",
            "iteration": 1,
            "instrument": "weshare-core@1.0",
            "instrument_hash": CORE.content_hash,
            "wording_version": "1",
            "language": "fr",
            "protocol_version": 1,
            "scoring_version": "1",
            "made_available": AT,
            "opened": AT,
            "started": AT,
            "submitted": AT,
            "late": False,
            "mode": "online",
            "answered_on_paper": None,
        }
        assert expected == {column: row[column] for column in tables.KEYS}
        assert (4, 2, 7, "") == (row["q1"], row["q2"], row["q30"], row["declined_items"])


def test_left_out_on_purpose_is_empty_and_named(world: World):
    with world.study() as session:
        answer_all(session, world, "alice", values={"q10": DECLINED, "q2": DECLINED})
        [row] = answers(session, world)
        assert (None, None, "q2 q10") == (row["q2"], row["q10"], row["declined_items"])


def test_scores_stand_beside_the_number_of_answers_and_are_empty_where_not_computed(world: World):
    with world.study() as session:
        answer_all(session, world, "alice", values=dict.fromkeys(["q1", "q2", "q3"], DECLINED) | {"q29": 7, "q30": 7})
        [row] = scores(session, world)
        assert (None, 2) == (row["PF"], row["PF_answered"])
        assert (100.0, 2) == (row["QL"], row["QL_answered"])
        assert [*tables.KEYS, "QL", "QL_answered"] == list(row)[: len(tables.KEYS) + 2]


def test_rows_come_by_subject_code_and_time(world: World):
    with world.study() as session:
        answer_all(session, world, "dora")
        answer_all(session, world, "alice", "M3", M3)
        answer_all(session, world, "alice")
        expected = [("H-001", "M0"), ("H-001", "M3"), ("H-002", "M0")]
        assert expected == [(row["subject_code"], row["visit"]) for row in answers(session, world)]
        assert expected == [(row["subject_code"], row["visit"]) for row in scores(session, world)]


def test_only_the_sites_that_may_be_seen(world: World):
    """Seen failing when the condition on sites was taken out of _of."""
    with world.study() as session:
        answer_all(session, world, "alice")
        answer_all(session, world, "dora")
        here = session.scalars(select(Site.id).where(Site.code == "S2")).one()
        for found in (answers(session, world, (here,)), scores(session, world, (here,))):
            assert ["H-002"] == [row["subject_code"] for row in found]


def test_nothing_of_another_study_and_no_pseudonym(world: World):
    with world.study() as session:
        answer_all(session, world, "charlie")
        answer_all(session, world, "alice")
        [row] = answers(session, world)
        assert not [cell for cell in row.values() if isinstance(cell, str) and cell.startswith(("acc-", "par-"))]


def test_who_has_no_arm_has_an_empty_cell(world: World):
    with world.study() as session:
        [nobody] = enrol_cohort(session, world, 1, arm=None)
        answer_all(session, world, nobody)
        assert None is answers(session, world)[0]["arm"]


def test_a_study_without_answers_gives_the_header_alone(world: World):
    with world.study() as session:
        assert [tables.answer_columns(extract(world))] == list(tables.answers(session, extract(world)))
        assert [tables.score_columns(extract(world))] == list(tables.scores(session, extract(world)))


def test_one_statement_a_file_however_many_rows(world: World):
    with world.study() as session:
        for id in enrol_cohort(session, world, 20):
            answer_all(session, world, id)
        session.commit()
        assert world.databases.study is not None
        with statements(world.databases.study.engine) as sent:
            assert 20 == len(answers(session, world)) == len(scores(session, world))
        assert 2 == len(sent)
