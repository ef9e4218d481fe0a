"""Forms from paper: entered by the site through the participants' own pages, counted on the day they were answered."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.questionnaires.answers import LEFT_BLANK, UNUSABLE
from app.responses.models import Answer, AnswerSheet, Submission
from tests.support.browser_form import csrf_of, fields_of, page_text
from tests.support.forms import form_at, press, send
from tests.support.page_tables import table_of
from tests.support.sheets import open_sheet
from tests.support.world import ACCOUNTS, World

ALICE = "/studies/HORIZON/participants/H-001"
BEGIN = f"{ALICE}/visits/M0/1/paper"
DAY = "2026-05-02"


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


def begin(bob: Any, **more: str) -> Any:
    return send(bob, BEGIN, **{"answered": DAY, "language": "fr", **more})


def enter(bob: Any, path: str, said: dict[str, str] | None = None) -> str:
    """Page after page the lowest answer of each question, or what is said of it; the address of the review."""
    while not path.endswith("/review"):
        page = bob.get(path)
        fields = dict(fields_of(page))
        for item in re.findall(r'data-item="(\w+)"', page.text):
            fields.setdefault(f"answer-{item}", re.findall(rf'name="answer-{item}" value="(\d+)"', page.text)[0])
            fields[f"answer-{item}"] = (said or {}).get(item, fields[f"answer-{item}"])
        path = bob.post(path, data={**fields, "go": "next"}).location
    return path


def keep(bob: Any, review: str) -> Any:
    return bob.post(review.replace("/review", "/send"), data=fields_of(bob.get(review), "send"))


def test_a_form_is_entered_through_the_pages_of_participants_and_counts_on_its_day(world: World, bob: Any) -> None:
    """Seen failing with the day of entering in the place of the day on the form."""
    found = bob.get("/studies/HORIZON/paper?subject=H-001")
    assert (303, f"{ALICE}/paper") == (found.status_code, found.location)
    assert ["At the start"] == [row[0] for row in table_of(bob.get(f"{ALICE}/paper"), "Visits that have opened")[1:]]
    first = begin(bob).location
    page = bob.get(first)
    assert "Form from paper · H-001 · At the start · answered on 2 May 2026" in text_of(page)
    assert '<div lang="fr">' in page.text  # the language of the form, not that of the professional
    review = enter(bob, first, {"q1": LEFT_BLANK.value, "q2": UNUSABLE.value})
    assert "Compare with the paper" in text_of(bob.get(review))
    done = keep(bob, review)
    assert "counts as answered on 2 May 2026" in text_of(bob.get(done.location))
    with world.study() as session:
        sent = session.scalars(select(Submission)).one()
        assert {"q1": "blank-on-paper", "q2": "unusable-on-paper"} == sent.unread
        assert (None, None, f"staff:{world.staff['bob']}") == (sent.answers["q1"], sent.answers["q2"], sent.entered_by)
        assert date(2026, 5, 2) == session.scalars(select(AnswerSheet)).one().answered_on
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("paper.")))
        assert ["paper.begun", "paper.sent"] == list(acts)


def test_files_and_course_say_that_it_came_in_on_paper(bob: Any) -> None:
    keep(bob, enter(bob, begin(bob).location, {"q1": LEFT_BLANK.value, "q2": UNUSABLE.value}))
    header, row = (line.split(",") for line in bob.get("/studies/HORIZON/data/answers.csv").text.splitlines()[:2])
    cells = {name.strip('\ufeff"'): value.strip('"') for name, value in zip(header, row, strict=True)}
    assert ("paper", DAY) == (cells["mode"], cells["answered_on_paper"])
    assert ("", "q1", "q2") == tuple(
        cells[name] for name in ("declined_items", "blank_on_paper_items", "unusable_on_paper_items")
    )
    codebook = bob.get("/studies/HORIZON/data/codebook.csv").text
    assert all(name in codebook for name in ("mode", "answered_on_paper", "blank_on_paper_items"))
    assert "on paper: answered on 2 May 2026, entered on 4 May 2026" in text_of(bob.get(ALICE))


def test_it_is_refused_a_second_time(bob: Any) -> None:
    """Seen failing with every visit that has opened on offer."""
    keep(bob, enter(bob, begin(bob).location))
    visits = bob.get(f"{ALICE}/paper")
    assert "Already answered: a form is not entered a second time." in text_of(visits)
    assert f'href="{BEGIN}"' not in visits.text
    again = begin(bob)
    assert 409 == again.status_code
    assert "This visit has been answered already." in text_of(again)


@pytest.mark.parametrize(
    ("answered", "sentence"),
    [
        ("", "Enter the day that is written on the form."),
        ("2026-13-40", "This is not a date."),
        ("2026-04-01", "The visit was not open on this day."),
        ("2026-05-09", "The visit was not open on this day."),
    ],
)
def test_a_wrong_day_is_told_and_stays_in_its_field(bob: Any, answered: str, sentence: str) -> None:
    page = begin(bob, answered=answered)
    assert 422 == page.status_code
    assert sentence in text_of(page)
    assert [answered] == form_at(page, BEGIN)["answered"]


def test_a_question_without_anything_is_asked_about_before_going_on(bob: Any) -> None:
    first = begin(bob).location
    asked = bob.post(first, data={**fields_of(bob.get(first)), "go": "next"})
    assert "missing=1" in asked.location
    page = bob.get(asked.location)
    assert "Left blank on the paper" in text_of(page)
    assert "Cannot be used: illegible, two boxes ticked, or no possible answer" in text_of(page)


def test_what_was_not_said_at_all_can_be_called_blank_in_one_go(world: World, bob: Any) -> None:
    review = begin(bob).location.replace("/page/1", "/review")
    fields = fields_of(bob.get(review), "send")
    path = review.replace("/review", "/send")
    assert bob.post(path, data=fields).location.endswith("/review?missing=1")
    assert bob.post(path, data={**fields, "leave_out": "1"}).location.endswith("/done")
    with world.study() as session:
        assert {"blank-on-paper"} == set((session.scalars(select(Submission)).one().unread or {}).values())


def test_meanwhile_the_participant_is_told_and_loses_nothing(world: World, bob: Any, signed_in: Any) -> None:
    """Seen failing when a page of hers still took answers."""
    with world.study() as session:
        key = open_sheet(session, world, "alice").sheet.key
        session.commit()
    alice = signed_in("alice")
    screen = f"/q/{key}/page/1"
    typed = {**fields_of(alice.get(screen)), "answer-q1": "1", "go": "leave"}
    alice.post(screen, data=typed)
    assert "1 answer was given here and is not sent yet" in text_of(bob.get(BEGIN))
    assert "Please confirm that the form goes before these answers." in text_of(begin(bob))
    first = begin(bob, instead="1").location
    entered = {**fields_of(bob.get(first)), "answer-q1": "2", "go": "leave"}
    bob.post(first, data=entered)
    refused = alice.get(screen)
    assert 409 == refused.status_code
    assert "Your study team is entering the form" in text_of(refused)
    given_up = press(bob, first.replace("/page/1", "/give-up"), first.replace("/page/1", "/give-up"))
    assert ALICE == given_up.location
    assert "1" == fields_of(alice.get(screen))["answer-q1"]
    with world.study() as session:
        rows = session.scalars(select(Answer).where(Answer.item == "q1").order_by(Answer.revision))
        assert [(1, None), (2, "given"), (1, None)] == [(row.value, row.paper) for row in rows]


def test_only_who_looks_after_the_participant_enters_anything(bob: Any, at_second_site: Any) -> None:
    first = begin(bob).location
    fields = {**fields_of(bob.get(first)), "answer-q1": "1", "csrf_token": csrf_of(at_second_site.get("/studies"))}
    assert [404, 404, 404] == [
        at_second_site.get(f"{ALICE}/paper").status_code,
        at_second_site.get(first).status_code,
        at_second_site.post(first, data=fields).status_code,
    ]
    assert 404 == bob.get(first.replace("H-001", "H-002")).status_code  # another participant's sheet


def test_a_sheet_that_is_answered_here_is_none_of_the_sites(world: World, bob: Any) -> None:
    """Seen failing without the look at the day on the form: staff could have written answers in her place."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        assert ACCOUNTS["alice"] == opened.participant.account_pseudonym
        key = opened.sheet.key
        session.commit()
    assert 404 == bob.get(f"{ALICE}/paper/{key}/page/1").status_code


def test_an_unknown_subject_code_is_told(bob: Any) -> None:
    page = bob.get("/studies/HORIZON/paper?subject=nobody")
    assert 422 == page.status_code
    assert "No participant has this subject code." in text_of(page)
