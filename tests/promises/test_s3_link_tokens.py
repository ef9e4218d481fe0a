"""S3: what opens something without a password is in nobody's log, whatever was done with it."""

import base64
import re
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from app.accounts import reset_links
from app.notices import keys
from app.participants import links
from app.participants.models import OccasionRecord, Participant
from tests.support.browser_form import without_tokens
from tests.support.production import Site

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Secret:
    """A token and the pages that take it, each as it is called by whoever has it."""

    token: str
    look: str
    use: str | None = None


def secrets_of(site: Site) -> dict[str, Secret]:
    """One of every kind: a reminder's link, one past its time, of the messages, of a calendar, of a new password."""
    (member,) = site.crowd(1)
    at = datetime.now(UTC)
    with site.study.write() as session:
        person = session.get_one(Participant, member.participant)
        visit = OccasionRecord(key=f"s3-{person.id}", participant_id=person.id, visit_key="M3", iteration=1)
        session.add(visit)
        session.flush()
        account = person.account_pseudonym
        fresh = links.mint(session, visit.id, at, at + timedelta(days=1))
        late = links.mint(session, visit.id, at - timedelta(days=2), at - timedelta(days=1))
        stop = keys.mint(session, account, keys.STOP, at)
        calendar = keys.mint(session, account, keys.CALENDAR, at)
        password = reset_links.make(session, 1, at, drops_factor=False)
        session.commit()
    guess = "g" * 32
    return {
        "link": Secret(fresh, f"/l/{fresh}", f"/l/{fresh}"),
        "link past its time": Secret(late, f"/l/{late}", f"/l/{late}"),
        "guessed link": Secret(guess, f"/l/{guess}", f"/l/{guess}"),
        "stop": Secret(stop, f"/messages/stop/{stop}", f"/messages/stop/{stop}"),
        "calendar": Secret(calendar, f"/calendar/{calendar}.ics"),
        "new password": Secret(password, f"/staff/new-password/{password}", f"/staff/new-password/{password}"),
    }


def forms_of(token: str) -> set[str]:
    """How a token may stand in a log: as it is, encoded for an address, in base64."""
    return {token, urllib.parse.quote(token), base64.b64encode(token.encode()).decode().rstrip("=")}


def do_everything(site: Site, secret: Secret) -> None:
    """Look, look with the token as referrer and in a query, use, replay, break the address, break the method."""
    with httpx.Client(base_url=site.server.url, timeout=60) as browser:
        page = browser.get(secret.look)
        found = CSRF.search(page.text) or CSRF.search(browser.get("/about").text)
        form = {"csrf_token": found[1] if found else "", "password": "seven quiet herons at dawn"}
        referrer = {"Referer": f"{site.server.url}{secret.look}"}
        browser.get("/", headers=referrer)
        browser.get(f"/no-such-page/{secret.token}", headers=referrer)
        browser.get(f"/?token={secret.token}")
        browser.head(secret.look)
        for _time in range(2):
            if secret.use is not None:
                browser.post(secret.use, data=form)
        browser.post(secret.look)
        browser.put(secret.look)
        browser.get(f"{secret.look}%00")
        browser.get(f"{secret.look}/x")


def test_no_token_stands_in_any_log(site: Site):
    """After looking, following, replaying and expiring, with it as referrer, query or broken address.

    Seen failing with the path of the request in the line of the log.
    """
    secrets = secrets_of(site)
    for secret in secrets.values():
        do_everything(site, secret)
    written = site.server.log.read_text(encoding="utf-8", errors="replace")
    assert "request" in written, "the log that was searched is empty"
    found = {name for name, secret in secrets.items() for form in forms_of(secret.token) if form in written}
    assert set() == found


def test_looking_uses_nothing_up_and_no_page_hands_a_token_on(site: Site):
    """Mail scanners look, and the next site learns nothing from the referrer. Seen failing without the policy."""
    secrets = secrets_of(site)
    with httpx.Client(base_url=site.server.url, timeout=60) as browser:
        for what in ("link", "stop", "new password"):
            pages = [browser.get(secrets[what].look) for _number in range(3)]
            assert [200] * 3 == [page.status_code for page in pages]
            assert 1 == len({without_tokens(page) for page in pages})
            assert {"same-origin"} == {page.headers["Referrer-Policy"] for page in pages}
            assert [] == re.findall(r'(?:href|src|action)="(https?://(?!127\.0\.0\.1)[^"]*)"', pages[0].text)
