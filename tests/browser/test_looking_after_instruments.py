"""A data manager installs a wording and enters a licence, on a phone and at a desk; hostile text never runs."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.config import ROOT
from tests.browser.conftest import NewPage
from tests.support import chromium
from tests.support.look import is_wider_than_its_window, violations

PHONE_FRENCH_DARK = {"language": "fr-FR", "size": {"width": 360, "height": 740}, "color_scheme": "dark"}
DESK_ENGLISH_LIGHT = {"language": "en-GB", "size": chromium.DESK, "color_scheme": "light"}
SHIPPED = (ROOT / "instruments" / "weshare-core" / "1.0" / "wording.en.yaml").read_text(encoding="utf-8")
HOSTILE = "1 < 2 && ' onfocus=alert(1) autofocus %s ${alert(1)} javascript:alert(1)"


def look(page: Page) -> None:
    """axe finds nothing, and nobody has to scroll sideways."""
    wide = ["wider than the window"] if is_wider_than_its_window(page) else []
    assert [] == violations(page) + wide, page.url


def file_with(tmp_path: Path, name: str, change: tuple[str, str]) -> Path:
    """Our own wording as version 2 with one passage changed."""
    assert change[0] in SHIPPED
    file = tmp_path / name
    file.write_text(SHIPPED.replace('wording_version: "1"', 'wording_version: "2"').replace(*change), encoding="utf-8")
    return file


@pytest.mark.parametrize("how", [PHONE_FRENCH_DARK, DESK_ENGLISH_LIGHT], ids=["phone", "desk"])
def test_a_wording_and_a_licence_from_the_first_page_to_the_last(new_page: NewPage, tmp_path: Path, how: dict):
    page = new_page(**how)
    page.watch.expected = {422}
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto("/staff/sign-in")
    page.locator("#login").fill("dana")
    page.locator("#password").fill("dana-password-2026")
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/manage$"))
    look(page)

    page.goto("/manage/wordings/new")
    look(page)
    page.locator("#file").set_input_files(file_with(tmp_path, "broken.yaml", ("  q2: ", "  q31: ")))
    page.locator("form[action$='/check'] button").click()
    expect(page.locator(".mistakes li")).to_have_count(2)
    look(page)

    sound = file_with(tmp_path, "'-alert(1)-'.yaml", ("How hard was it to get ready in the morning?", HOSTILE))
    page.locator("#file").set_input_files(sound)
    page.locator("form[action$='/check'] button").click()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    look(page)
    page.locator("#compared").check(force=True)
    page.locator("form[action$='/install'] .button-primary").click()
    page.wait_for_url(re.compile("/en/2$"))
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    look(page)

    page.goto("/manage/licences/new")
    chromium.follow(page.locator(".button-primary"))
    look(page)
    page.locator("#instrument").select_option("eortc-qlq-c30@3.0")
    for name, text in {"owner": HOSTILE, "number": "L-1", "terms": HOSTILE, "languages": "fr, en"}.items():
        page.locator(f"#{name}").fill(text)
    page.locator("#studies").check(force=True)
    page.locator("#electronic").check(force=True)
    page.locator("#valid_from").fill("2026-01-01")
    page.locator(".button-primary").click()
    page.wait_for_url(re.compile(r"/manage/licences/[\w-]{20,}$"))
    look(page)
    for address in ("/manage/licences", "/manage/wordings"):
        page.goto(address)
        look(page)
    assert [] == dialogs
