"""A study is designed in the browser: from its title to the first participant."""

from typing import Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.studies import drafts, queries
from app.studies.models import NoticeTest, Study
from tests.support.browser_form import page_text
from tests.support.forms import form_at, press, send
from tests.support.world import World

DESIGN = "/studies/NOVA/design"
TEXTS = {
    "title-fr": "NOVA, après la chimiothérapie",
    "title-en": "NOVA, after chemotherapy",
    "contact-fr": "L’équipe NOVA",
    "contact-en": "The NOVA team",
}


@pytest.fixture
def dana(signed_in: Any) -> Any:
    """The browser of the data manager."""
    return signed_in("dana")


@pytest.fixture
def nova(dana: Any) -> Any:
    """Dana has created the study and gives Bob the design."""
    made = send(dana, "/studies/new", code="NOVA", languages=["fr", "en"], sponsor="A hospital", **TEXTS)
    assert (303, DESIGN) == (made.status_code, made.headers["Location"])
    appointed = press(dana, f"{DESIGN}/team", f"{DESIGN}/team", login="bob", role="investigator", site="")
    assert 303 == appointed.status_code
    return dana


def text_of(page: Any) -> str:
    return " ".join(page_text(page).split())


@pytest.mark.usefixtures("nova")
def test_from_the_title_to_going_live(world: World, bob: Any):
    press(bob, f"{DESIGN}/team", f"{DESIGN}/sites", site_code="01", site_name="Centre Un")
    waiting = text_of(bob.get(f"{DESIGN}/go-live"))
    assert "Missing A published protocol" in waiting
    assert "Waits A licence for each questionnaire" in waiting
    event = {"key": "inclusion", "title-fr": "Inclusion", "title-en": "Inclusion", "kind": "inclusion"}
    assert 303 == send(bob, f"{DESIGN}/new/events", **event).status_code
    visit = {"key": "M0", "title-fr": "Au début", "title-en": "At the start", "instruments": "weshare-core@1.0"}
    saved = send(bob, f"{DESIGN}/new-visit", **visit)
    assert (303, f"{DESIGN}/protocol#visits") == (saved.status_code, saved.headers["Location"])
    protocol = text_of(bob.get(f"{DESIGN}/protocol?on-inclusion=2026-06-01"))
    assert "On the day of: Inclusion. It opens on the planned day and closes 4 weeks after the planned day." in protocol
    assert "June 2026 6 minutes · 3 messages" in protocol
    assert "Mon 1 Jun 2026, 09:00 Invitation: At the start" in protocol
    assert 303 == send(bob, f"{DESIGN}/publish").status_code
    refused = press(bob, f"{DESIGN}/go-live", f"{DESIGN}/go-live")
    assert 409 == refused.status_code
    assert "Read each message as participants will get it" in text_of(refused)
    kinds = ("invitation", "reminder", "last-call")
    read = [f"{kind} email {language}" for kind in kinds for language in ("fr", "en")]
    press(bob, f"{DESIGN}/messages", f"{DESIGN}/messages", read=read)
    assert 303 == press(bob, f"{DESIGN}/go-live", f"{DESIGN}/go-live").status_code
    with world.study() as session:
        study = session.scalars(select(Study).where(Study.code == "NOVA")).one()
        assert study.live_at is not None
        assert 6 == len(list(session.scalars(select(NoticeTest))))
        named = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        for action in ("study.created", "staff.appointed", "site.added", "draft.visit-saved", "protocol.published"):
            assert action in named
        assert "study.went-live" == named[-1]


def test_what_is_missing_in_the_title_is_told_and_nothing_typed_is_lost(dana: Any):
    typed = {**TEXTS, "title-en": "", "contact-fr": ""}
    page = send(dana, "/studies/new", code="nova 1", languages=["fr", "en"], **typed)
    assert 422 == page.status_code
    said = text_of(page)
    assert "A code has capital letters, digits and - only." in said
    assert "Enter the title in this language: English." in said
    assert "Say whom participants can ask in this language: French." in said
    assert ["NOVA, après la chimiothérapie"] == form_at(page, "/studies/new")["title-fr"]


def test_a_code_that_is_taken_is_told(dana: Any):
    page = send(dana, "/studies/new", code="HORIZON", languages=["fr", "en"], **TEXTS)
    assert 422 == page.status_code
    assert "This code is already in use." in text_of(page)


def test_only_data_managers_create_studies(bob: Any):
    assert 404 == bob.get("/studies/new").status_code
    assert "Create a study" not in bob.get("/studies").text


def test_settings_change_and_the_change_is_on_record(world: World, bob: Any):
    page = send(bob, "/studies/HORIZON/design/settings", sponsor="The sponsor", languages=["fr", "en"])
    assert 303 == page.status_code
    with world.study() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "study.changed")).one()
        assert ["sponsor"] == entry.facts["changed"]
    refused = send(bob, "/studies/HORIZON/design/settings", languages=["fr"])
    assert 422 == refused.status_code
    assert "none can be taken away once it is live" in text_of(refused)


def test_somebody_without_a_sign_in_cannot_be_appointed(bob: Any):
    team = "/studies/HORIZON/design/team"
    page = press(bob, team, team, login="nobody", role="site-staff", site="S1")
    assert 422 == page.status_code
    assert "Nobody has this login." in text_of(page)
    assert ["nobody"] == form_at(page, team)["login"]


def test_site_staff_may_read_the_design_and_change_nothing(at_second_site: Any):
    assert 200 == at_second_site.get("/studies/HORIZON/design").status_code
    protocol = at_second_site.get("/studies/HORIZON/design/protocol")
    assert "Add a visit" not in text_of(protocol)
    assert 404 == at_second_site.get("/studies/HORIZON/design/visits/M3").status_code


def test_the_file_and_the_pages_say_the_same(bob: Any):
    design = "/studies/HORIZON/design"
    file = bob.get(f"{design}/protocol.yaml")
    assert "attachment" in file.headers["Content-Disposition"]
    changed = file.text.replace("offset: P3M", "offset: P4M")
    assert 303 == send(bob, f"{design}/file", text=changed).status_code
    assert "4 months after: Inclusion" in text_of(bob.get(f"{design}/protocol"))
    assert changed == bob.get(f"{design}/protocol.yaml").text
    assert "offset: P3M" in bob.get(f"{design}/protocol.yaml?version=1").text
    for odd in ("9", "", "one", "-1", "9" * 30):
        assert 404 == bob.get(f"{design}/protocol.yaml?version={odd}").status_code


def test_a_file_that_cannot_be_read_says_in_which_line_and_keeps_the_text(bob: Any):
    page = send(bob, "/studies/HORIZON/design/file", text="events:\n  inclusion: [1\nvisits: &x")
    assert 422 == page.status_code
    assert "cannot be read. Check indentation and quotes." in text_of(page)
    assert ["events:\n  inclusion: [1\nvisits: &x"] == form_at(page, "/studies/HORIZON/design/file")["text"]


def test_a_draft_with_a_mistake_is_told_in_the_readers_language_and_cannot_be_published(signed_in: Any):
    bob = signed_in("bob", "fr")
    design = "/studies/HORIZON/design"
    send(bob, f"{design}/visits/M3", offset=["20", "D"])
    page = bob.get(f"{design}/publish")
    assert "M0" in text_of(page)
    assert "overlap" not in page.text
    assert 'name="revision"' not in page.text


def test_publishing_twice_publishes_once(world: World, bob: Any):
    design = "/studies/HORIZON/design"
    send(bob, f"{design}/visits/M3", offset=["4", "M"])
    fields = form_at(bob.get(f"{design}/publish"), f"{design}/publish")
    assert 303 == bob.post(f"{design}/publish", data=fields).status_code
    assert 409 == bob.post(f"{design}/publish", data=fields).status_code
    with world.study() as session:
        assert 2 == len(queries.protocols(session, world.study_id))
        assert drafts.load(session, world.study_id).is_as_published
