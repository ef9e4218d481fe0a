"""R10: whatever happens to a save on its way, the page says "Saved" only of what is in the database."""

from itertools import cycle, islice

import pytest
from playwright.sync_api import Browser, expect

from tests.promises import pages
from tests.promises.conftest import trials
from tests.promises.pages import Said, stored
from tests.support import fault_proxy
from tests.support.fault_proxy import FAULTS, SLOW
from tests.support.production import Device, Site

pytestmark = pytest.mark.browser

ITEMS, VALUES = ("q1", "q2", "q3"), ("1", "2", "3", "4", "declined")


def test_the_page_never_says_saved_of_what_is_not_stored(site: Site, chrome: Browser):
    """Each quick fault once by default, 1 000 and a few slow ones with WESHARE_FULL=1. Every answer is stored once.

    Seen failing when the script said "Saved" before the answer came, and when it believed any answer with status 200.
    """
    [member] = site.crowd()
    with Device(site, member) as device:
        sheet = device.begin().split("/")[-1]
    quick = [fault for fault in FAULTS if fault != SLOW]
    faults = [*islice(cycle(quick), trials(len(quick), 1_000)), *[SLOW] * trials(0, 2)]
    false: list[Said] = []

    def check(said: Said) -> None:
        if said.state in ("saved", "conflict") and (said.item, said.value) not in stored(site, sheet)[-1:]:
            false.append(said)

    expected = []
    with (
        fault_proxy.between(site.server.port) as proxy,
        pages.browsing(chrome, proxy.url, member) as context,
    ):
        questions = pages.open_questions(context, f"/q/{sheet}/page/1")
        questions.check = check
        for number, fault in enumerate(faults):
            item, value = ITEMS[number % len(ITEMS)], VALUES[number % len(VALUES)]
            expected.append((item, value))
            proxy.break_next_save(fault)
            questions.choose(item, value)
            # Browsers send a request again by themselves where a connection that they had kept open is torn.
            questions.expect_state(item, "retrying|saved")
            questions.try_again()
            questions.expect_state(item, "saved")
            assert len(expected) == proxy.faults_met
        expect(questions.page.locator('[data-state="conflict"]')).to_have_count(0)
    assert [] == false
    assert expected == stored(site, sheet)
