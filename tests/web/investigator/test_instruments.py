"""What a study's people see of its wordings and licences: read only, by questionnaire and language."""

from datetime import timedelta
from typing import Any

from app.licences import register
from app.licences.terms import Terms
from app.studies import protocols
from tests.support.browser_form import page_text
from tests.support.page_tables import table_of
from tests.support.world import AT, World, protocol_document

LICENSED = "eortc-qlq-c30@3.0"
PAGE = "/studies/HORIZON/instruments"
CORE = "WeShare core quality-of-life questionnaire"


def test_our_own_questionnaire_needs_nothing(bob: Any):
    page = bob.get(PAGE)
    assert [
        ["English", "Own wording, 1", "Not needed", "–"],
        ["French", "Own wording, 1", "Not needed", "–"],
    ] == sorted(table_of(page, CORE)[1:])
    assert "Nothing is missing." in page_text(page)


def test_what_is_missing_and_what_ends_is_told_in_sentences(bob: Any, world: World):
    with world.study() as session:
        protocols.publish(session, world.study_id, protocol_document((LICENSED,)), AT)
        terms = Terms(
            "O",
            "L-1",
            "Free.",
            frozenset({world.study_id}),
            frozenset({"fr"}),
            True,
            AT.date(),
            AT.date() + timedelta(10),
        )
        register.add(session, LICENSED, terms, world.staff["dana"], AT)
        session.commit()
    page = bob.get(PAGE)
    text = " ".join(page_text(page).split())
    assert "3 things are missing" in text
    assert "No licence for EORTC QLQ-C30 covers this study in English." in text
    assert "The licence for EORTC QLQ-C30 in French ends on 14 May 2026." in text
    assert [["English", "Missing", "No permission", "–"], ["French", "Missing", "Ends soon", "14/05/2026"]] == sorted(
        table_of(page, "EORTC QLQ-C30")[1:]
    )


def test_a_questionnaire_that_is_not_installed_is_told(bob: Any, world: World):
    with world.study() as session:
        protocols.publish(session, world.study_id, protocol_document(("gone@1.0",)), AT)
        session.commit()
    assert "gone@1.0 is not installed here." in page_text(bob.get(PAGE))


def test_french_readers_get_it_in_french(bob: Any):
    bob.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    assert "Il ne manque rien." in page_text(bob.get(PAGE))
