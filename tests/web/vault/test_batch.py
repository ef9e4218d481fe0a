"""A list of participants on the vault's page: every bad line named, likely doubles decided, nobody entered twice."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.consents.models import ConsentAnswer, ConsentVersion
from app.identity import mailbox
from app.identity.models import LedgerEntry, Person
from app.participants.models import Participant
from tests.consents.builders import publish
from tests.support import world as worlds
from tests.support.browser_form import csrf_of, page_text
from tests.support.enrolling import ZOE, enrol
from tests.support.forms import form_at, send
from tests.support.signing_in import Clock, a_browser, path_of
from tests.support.world import World

BEGIN = "/studies/HORIZON/enrol/list"
PAGE = "/vault/enrolment/list"
HEADER = "Subject code;Given name;Family name;Date of birth;E-mail"
ADA = "S2-101;Ada;Byron;10/12/1952;ada@patients.example"
MAX = "S2-102;Max;Marteau;02/03/1960;"
TWO = "\r\n".join((HEADER, ADA, MAX))


@pytest.fixture
def bob(app: Flask, world: World, clock: Clock) -> Any:
    """The investigator of HORIZON."""
    browser = a_browser(app)
    worlds.sign_in(world, browser, "bob", clock.at)
    return browser


def begin(browser: Any, *codes: str) -> str:
    """The address of the vault's page, for these codes."""
    asked = send(browser, BEGIN, codes="\n".join(codes or ("S2-101", "S2-102")), site="S2", language="en")
    assert 303 == asked.status_code, page_text(asked)
    return path_of(asked.location)


def bring(browser: Any, page: str, text: str) -> Any:
    """The preview of a file."""
    shown = browser.get(page)
    ticket = form_at(shown, PAGE)["ticket"]
    file = (BytesIO(text.encode("cp1252")), "list.csv")
    return browser.post(PAGE, data={"csrf_token": csrf_of(shown), "ticket": ticket, "file": file})


def confirm(browser: Any, preview: Any, **decisions: str) -> Any:
    """What the vault answers to the button below the preview."""
    fields: dict[str, Any] = form_at(preview, f"{PAGE}/confirm")
    return browser.post(f"{PAGE}/confirm", data={**fields, **decisions})


def redeem(browser: Any, done: Any) -> Any:
    """Back to the study, and its button."""
    shown = browser.post("/enrolled/list", data={"statement": form_at(done, "/enrolled/list")["statement"]})
    assert 200 == shown.status_code, page_text(shown)
    return browser.post("/enrolled/list/enrol", data=form_at(shown, "/enrolled/list/enrol"))


def people(world: World) -> int:
    with world.vault() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def enrolled(world: World) -> list[str]:
    with world.study() as session:
        codes = session.scalars(select(Participant.subject_code).where(Participant.subject_code.startswith("S2-")))
        return sorted(codes)


def test_two_people_are_entered_and_enrolled(bob: Any, world: World) -> None:
    preview = bring(bob, begin(bob), TWO)
    assert (200, 0) == (preview.status_code, people(world))
    done = confirm(bob, preview)
    assert (200, 2, []) == (done.status_code, people(world), enrolled(world))
    assert "2 participants are enrolled." in page_text(redeem(bob, done))
    assert ["S2-101", "S2-102"] == enrolled(world)
    with world.vault() as session:
        actions = list(session.scalars(select(LedgerEntry.action)))
        assert ["Ada Byron"] == [one.to_name for one in mailbox.messages(session)]
    assert 2 == actions.count("person.entered")


def test_everybody_of_a_list_has_signed_the_version_that_was_chosen(bob: Any, world: World) -> None:
    """Seen failing with the choice forgotten on the way through the vault."""
    with world.study() as session:
        for _number in range(2):
            publish(session, world, renews=False)
        session.commit()
    asked = send(bob, BEGIN, codes="S2-101\nS2-102", site="S2", language="en", consent="1")
    redeem(bob, confirm(bob, bring(bob, path_of(asked.location), TWO)))
    with world.study() as session:
        said = session.execute(select(ConsentVersion.number, ConsentAnswer.way).join(ConsentAnswer))
        assert [(1, "at-enrolment")] * 2 == [tuple(row) for row in said]


def test_no_name_and_no_address_comes_to_the_study(bob: Any) -> None:
    """Seen failing with the list's text in the page that leads back."""
    done = confirm(bob, bring(bob, begin(bob), TWO))
    shown = bob.post("/enrolled/list", data={"statement": form_at(done, "/enrolled/list")["statement"]})
    for page in (done, shown, redeem(bob, done)):
        assert not [word for word in ("Ada", "Byron", "ada@patients.example", "1952") if word in page.text]


def test_bad_lines_are_named_and_nothing_is_kept(bob: Any, world: World) -> None:
    preview = bring(bob, begin(bob), "\n".join((HEADER, "S2-101;;Byron", "S2-999;Max;Marteau;31/02/1960")))
    text = page_text(preview)
    assert 422 == preview.status_code
    assert "Line 2, Given name: Nothing stands here." in " ".join(text.split()).replace(" :", ":")
    assert "Line 3, Subject code:" in " ".join(text.split())
    assert "Enter these people" not in text
    assert 422 == bob.post(f"{PAGE}/confirm", data=form_at(preview, f"{PAGE}/confirm")).status_code
    assert 0 == people(world)


def test_codes_that_are_taken_are_told_before_anything(bob: Any) -> None:
    asked = send(bob, BEGIN, codes="H-001\nS2-101\nS2-101\nS2 x\né", site="S2", language="en")
    text = page_text(asked)
    assert 422 == asked.status_code
    assert "Take them out: H-001" in text
    assert "More than once: S2-101" in text
    assert "Correct: é" in text


def test_a_code_that_is_taken_meanwhile_is_told_at_redeeming_and_stops_nobody_else(bob: Any, world: World) -> None:
    """Seen failing when the first refusal ended the whole list."""
    done = confirm(bob, bring(bob, begin(bob), TWO))
    enrol(bob, {"subject": "S2-101"}, ZOE)
    text = page_text(redeem(bob, done))
    assert "Somebody else has got this code meanwhile." in text
    assert "1 participant is enrolled." in text
    assert ["S2-101", "S2-102"] == enrolled(world)


def test_the_same_confirmation_twice_enters_nobody_twice(bob: Any, world: World) -> None:
    """Seen failing without the table of lines."""
    preview = bring(bob, begin(bob), TWO)
    confirm(bob, preview)
    again = confirm(bob, preview)
    assert (200, 2) == (again.status_code, people(world))
    assert "2 participants are enrolled." in page_text(redeem(bob, again))


def test_after_something_broke_the_same_file_goes_on_where_it_was(bob: Any, world: World, clock: Clock) -> None:
    """The way back was lost and the ticket is too old: a new one with the same codes and the same file."""
    confirm(bob, bring(bob, begin(bob), TWO))
    clock.wait(hours=3)
    worlds.sign_in(world, bob, "bob", clock.at)
    preview = bring(bob, begin(bob), TWO)
    assert "2 were entered before and stay as they are." in page_text(preview)
    done = confirm(bob, preview)
    assert 2 == people(world)
    assert "2 participants are enrolled." in page_text(redeem(bob, done))


def test_a_used_ticket_enters_nobody_new(bob: Any, world: World) -> None:
    """Seen failing when a used ticket was taken for a first one."""
    page = begin(bob)
    confirm(bob, bring(bob, page, "\r\n".join((HEADER, ADA))))
    preview = bring(bob, page, TWO)
    assert "A confirmed list takes nobody more." in page_text(preview)
    assert "1 person is entered here." in page_text(confirm(bob, preview))
    assert 1 == people(world)


def test_a_code_under_which_somebody_else_was_entered_is_named(bob: Any, world: World) -> None:
    page = begin(bob)
    confirm(bob, bring(bob, page, TWO))
    preview = bring(bob, page, "\r\n".join((HEADER, "S2-101;Zoé;Quill;29/11/1953;", MAX)))
    assert (422, 2) == (preview.status_code, people(world))
    assert "Under this code somebody else was entered before." in page_text(preview)


def test_a_statement_is_redeemed_once_and_by_whoever_began(bob: Any, app: Flask, world: World, clock: Clock) -> None:
    done = confirm(bob, bring(bob, begin(bob), TWO))
    statement = form_at(done, "/enrolled/list")["statement"]
    dana = a_browser(app)
    worlds.sign_in(world, dana, "dana", clock.at)
    assert 400 == dana.post("/enrolled/list/enrol", data={"statement": statement}).status_code
    redeem(bob, done)
    assert 400 == bob.post("/enrolled/list/enrol", data={"statement": statement}).status_code
    forged = statement[0][:-8] + statement[0][-8:][::-1]
    assert 400 == bob.post("/enrolled/list", data={"statement": forged}).status_code


def test_somebody_known_is_proposed_and_a_decision_is_needed(bob: Any, world: World) -> None:
    enrol(bob, {}, ZOE)
    text = "\r\n".join((HEADER, "S2-101;QUILLEVERE;zoe;29/11/1953;", MAX))
    preview = bring(bob, begin(bob), text)
    assert "the same name and the same date of birth" in page_text(preview)
    assert "zoe@patients.example" not in preview.text
    undecided = confirm(bob, preview)
    assert (422, 1) == (undecided.status_code, people(world))
    assert "Say for each of these lines who it is" in page_text(undecided)
    done = confirm(bob, undecided, **{"decision-2": "new"})
    assert (200, 3) == (done.status_code, people(world))


def test_the_same_person_stays_one_and_a_line_can_be_left_out(bob: Any, world: World) -> None:
    enrol(bob, {}, ZOE)
    rows = (HEADER, "S2-101;QUILLEVERE;zoe;29/11/1953;", MAX, "S2-103;Marteau;MAX;02/03/1960;")
    preview = bring(bob, begin(bob, "S2-101", "S2-102", "S2-103"), "\r\n".join(rows))
    assert "This line resembles line 3 of the same list." in page_text(preview)
    known = preview.text.split('name="decision-2" value="')[1].split('"')[0]
    done = confirm(bob, preview, **{"decision-2": known, "decision-4": "skip"})
    assert (200, 2) == (done.status_code, people(world))
    assert "This person takes part in the study already, under another code." in page_text(redeem(bob, done))
    assert ["S2-009", "S2-102"] == enrolled(world)


@pytest.mark.parametrize("decision", ["1", "999999", "nonsense"])
def test_nobody_is_recognised_whom_a_line_does_not_resemble(bob: Any, world: World, decision: str) -> None:
    """Seen failing when the number in the form was believed."""
    enrol(bob, {}, {**ZOE, "given_name": "Ada", "family_name": "Lovelace", "birth_date": "1901-01-01"})
    enrol(bob, {"subject": "S2-010"}, {**ZOE, "email": "other@patients.example", "phone": "", "decision": "new"})
    rows = (HEADER, "S2-101;QUILLEVERE;zoe;29/11/1953;")
    answer = confirm(bob, bring(bob, begin(bob), "\r\n".join(rows)), **{"decision-2": decision})
    assert (422, 2) == (answer.status_code, people(world))


def test_an_address_of_somebody_known_cannot_be_entered_as_new(bob: Any) -> None:
    enrol(bob, {}, ZOE)
    rows = (HEADER, "S2-101;Ada;Byron;;zoe@patients.example")
    preview = bring(bob, begin(bob), "\r\n".join(rows))
    assert "The e-mail address belongs to somebody who is known already." in page_text(preview)
    assert 422 == confirm(bob, preview, **{"decision-2": "new"}).status_code


def test_hostile_cells_stay_text(bob: Any) -> None:
    rows = (HEADER, 'S2-101;"<script>alert(1)</script>";=cmd|x;29/11/1953;')
    preview = bring(bob, begin(bob), "\r\n".join(rows))
    assert "<script>alert" not in preview.text
    assert "=cmd|x" in preview.text
    assert 200 == confirm(bob, preview).status_code


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 422, "Choose the file with your list."),
        (b"x" * 200_001, 413, "The file is too large"),
        (b"PK\x03\x04\x00\x81", 422, "CSV UTF-8"),
        (b"Ada;Byron", 422, "The first line must name the columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(bob: Any, data: bytes, status: int, said: str) -> None:
    page = begin(bob)
    shown = bob.get(page)
    sent = {"csrf_token": csrf_of(shown), "ticket": form_at(shown, PAGE)["ticket"], "file": (BytesIO(data), "x.csv")}
    answer = bob.post(PAGE, data=sent)
    assert (status, True) == (answer.status_code, said in page_text(answer))


def test_the_largest_file_can_be_confirmed(bob: Any) -> None:
    """What was looked at comes back in the form, however many accents are in it."""
    ormes = "é" * 490
    header = f"{HEADER};;;;;Adresse postale"
    rows = [f"S2-{number};Ada{chr(97 + number % 26)};Byron;;;;;;;{ormes}" for number in range(200)]
    codes = [row.split(";")[0] for row in rows]
    preview = bring(bob, begin(bob, *codes), "\r\n".join((header, *rows)))
    fields: dict[str, Any] = form_at(preview, f"{PAGE}/confirm")
    assert "multipart/form-data" in preview.text
    answer = bob.post(f"{PAGE}/confirm", data=fields, content_type="multipart/form-data")
    assert (422, True) == (answer.status_code, "Say for each of these lines who it is" in page_text(answer))


def test_a_list_says_nothing_in_the_log(bob: Any, capsys: pytest.CaptureFixture[str]) -> None:
    bring(bob, begin(bob), "\n".join((HEADER, "S2-101;Ada;;31/02/1953;ada-at-home")))
    said = capsys.readouterr()
    assert not [word for word in ("Ada", "ada-at-home", "31/02") if word in said.out + said.err]


def test_the_empty_list_is_taken_in_the_readers_language(app: Flask) -> None:
    french, english = (a_browser(app, language).get(f"{PAGE}/empty.csv") for language in ("fr", "en"))
    assert "prénom" in french.text
    assert ";" in french.text
    assert "given name" in english.text


def test_a_ticket_for_one_person_opens_no_list(bob: Any) -> None:
    """Seen failing when the page took a ticket for one person."""
    asked = send(bob, "/studies/HORIZON/enrol", subject="S2-500", site="S2", language="en")
    ticket = path_of(asked.location).split("ticket=")[1]
    assert 400 == bob.get(f"{PAGE}?ticket={ticket}").status_code
