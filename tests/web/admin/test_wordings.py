"""The list of wordings, an empty file, and the end of a wording."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.questionnaires.wording_template import template
from tests.support.browser_form import fields_of, page_text
from tests.support.page_tables import table_of
from tests.support.sheets import library
from tests.support.stage import install_correction

CORE = "WeShare core quality-of-life questionnaire"


def rows(page: Any, count: int) -> list[list[str]]:
    found = table_of(page, f"{count} wordings")[1:]
    return [row for row in found if row[0].startswith(CORE)]


def test_the_list_tells_what_is_in_use_and_what_is_superseded(app: Flask, dana: Any):
    count = len(list(library().all_packs())) + 1
    install_correction(app.extensions["weshare"].config)
    found = [row[1:5] for row in rows(dana.get("/manage/wordings"), count)]
    assert ["French", "1", "Superseded", "Own wording"] in found
    assert ["French", "2", "In use", "Own wording"] in found


def test_an_empty_file_is_taken_away_as_a_file(dana: Any):
    answer = dana.get("/manage/wordings/template?instrument=eortc-qlq-c30@3.0&language=pt-BR")
    assert template(library().instrument("eortc-qlq-c30@3.0"), "pt-BR") == answer.text
    assert "attachment; filename=wording-eortc-qlq-c30-3.0.pt-BR.yaml" == answer.headers["Content-Disposition"]
    assert "text/plain; charset=utf-8" == answer.content_type


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("Choose one of the questionnaires", "instrument=nothing&language=fr"),
        ("Write the code of the language", "instrument=weshare-core@1.0&language=French"),
        ("Write the code of the language", "instrument=weshare-core@1.0&language=../x"),
    ],
)
def test_what_cannot_be_made_is_asked_again(dana: Any, words: str, query: str):
    page = dana.get(f"/manage/wordings/template?{query}")
    assert (422, True) == (page.status_code, words in page_text(page))


def test_a_wording_is_withdrawn_for_a_reason_and_says_so(app: Flask, dana: Any):
    install_correction(app.extensions["weshare"].config)
    one = "/manage/wordings/weshare-core@1.0/fr/2"
    fields = fields_of(dana.get(f"{one}/withdraw"))
    assert 422 == dana.post(f"{one}/withdraw", data={**fields, "because": " "}).status_code
    answer = dana.post(f"{one}/withdraw", data={**fields, "because": "Two words of q2 are wrong."})
    assert 303 == answer.status_code
    assert "Two words of q2 are wrong." in page_text(dana.get(answer.location))
    assert "1" == app.extensions["weshare"].library.wording("weshare-core@1.0", "fr").wording_version
    assert 404 == dana.get(f"{one}/withdraw").status_code


def test_what_came_with_weshare_cannot_be_withdrawn(dana: Any):
    assert 200 == dana.get("/manage/wordings/weshare-core@1.0/fr/1").status_code
    assert 404 == dana.get("/manage/wordings/weshare-core@1.0/fr/1/withdraw").status_code


@pytest.mark.parametrize("address", ["no-such@1.0/fr/1", "weshare-core@1.0/de/1", "weshare-core@1.0/fr/9"])
def test_a_wording_that_is_not_there_is_not_found(dana: Any, address: str):
    assert 404 == dana.get(f"/manage/wordings/{address}").status_code


def test_only_data_managers_find_the_place_in_their_navigation(signed_in: Callable[[str], Any]):
    assert "/manage" in signed_in("dana").get("/studies").text
    assert "/manage" not in signed_in("bob").get("/studies").text


def test_a_data_manager_begins_at_what_is_waiting(dana: Any):
    assert "/manage" == dana.get("/").location
    assert "Nothing is waiting" in page_text(dana.get("/manage"))
