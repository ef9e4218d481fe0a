"""A stage on which every route can be called by everybody: its addresses are Alice's, or her study's."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sign_ins
from app.announcements import approval, drafts
from app.announcements.drafts import Draft
from app.announcements.posts import Words
from app.attached import checked
from app.config import Config
from app.consents import drafts as consent_drafts
from app.consents.drafts import Draft as ConsentDraft
from app.consents.versions import Words as ConsentWords
from app.identity import courier, people
from app.identity.carriage import Message
from app.identity.models import Pseudonym
from app.licences import documents, register
from app.licences.terms import Terms
from app.notices import keys
from app.participants import agenda, links
from app.participants.models import Participant
from app.responses import paper
from app.rights import requests
from app.studies import amendments
from app.studies.models import ProtocolVersion
from app.wordings import install
from tests.support import world as worlds
from tests.support.sheets import library, open_sheet
from tests.support.world import ACCOUNTS, AT, World

NO_TOKEN = "x" * 32
"""As long as a link's, and nobody's."""
DESIGN = {
    "visit": "M3",
    "iteration": 1,
    "event": "inclusion",
    "number": 1,
    "act": "follow-up",
    "site": "S1",
    "kind": "events",
    "part": "inclusion",
    "notice": 1,
    "task": 1,
    "message": "invitation",
    "spoken": "fr",
    "appointment": 1,
    "fact": "sex",
}
CONSENT_PAGES = ("investigator_consents", "investigator_consents_people", "investigator_consents_publishing")
ROLES = ("nobody", "alice", "dora", "charlie", "link", "bob", "staff-charlie", "dana")


@dataclass(frozen=True, slots=True)
class Stage:
    """What the addresses of the table are filled with: all of it is Alice's, or of the study that she takes part in."""

    app: Flask
    world: World
    values: dict[str, dict[str, Any]]
    record_id: int


def build(app: Flask, world: World) -> Stage:
    """Alice has begun a questionnaire, has a mail and a link; Bob has published a post and proposed one. It is AT."""
    with world.study() as session:
        opened = open_sheet(session, world, "alice")
        link = links.mint(session, opened.record.id, AT, AT.replace(month=6))
        words = Words("Titre", "Texte", "Qui", "Quoi", "Combien", "Bob")
        draft = Draft({"fr": words, "en": words}, None)
        post = drafts.start(session, world.study_id, "survey", draft, world.staff["bob"], AT)
        drafts.publish(session, post, ["fr", "en"], None, post.revision, AT)
        proposed = drafts.start(
            session, world.study_id, "trial", Draft({"fr": words, "en": words}, None, "both"), world.staff["bob"], AT
        )
        approval.propose(session, proposed, ["fr", "en"], proposed.revision, world.staff["bob"], AT)
        waiting = proposed.key
        consent = _consent(session, world)
        licence, document = _licence(session, world)
        version = session.scalars(select(ProtocolVersion).where(ProtocolVersion.study_id == world.study_id)).one()
        stop = keys.mint(session, ACCOUNTS["alice"], keys.STOP, AT)
        calendar = keys.mint(session, ACCOUNTS["alice"], keys.CALENDAR, AT)
        amendment = amendments.propose(session, version, "because", AT, "staff:1").id
        alice = session.get_one(Participant, world.participants["alice"])
        form = _form_from_paper(session, world)
        right = requests.ask(session, alice, "erasure", "All of it.", AT).key
        visit, sheet, record_id, key = opened.record.key, opened.sheet.key, opened.record.id, post.key
        session.commit()
    with world.vault() as vault:
        alice = people.register(vault, "alice@example.org", "Alice", "A", "fr", "a long password", AT)
        vault.add(Pseudonym(person_id=alice.id, domain="study:HORIZON", value="par-alice"))
        vault.flush()
        courier.deliver(vault, "par-alice", Message("m-1", "fr", "Bonjour", "Bonjour"), AT)
        vault.commit()
    installed = install_correction(world.config)
    values = {
        "admin": {"key": licence, "document": document, **installed},
        "admin_announcements": {"key": waiting},
        "admin_packs": {"instrument": "weshare-core@1.0", "number": 1},
        "patient_questionnaire": {"key": sheet, "layout": "page", "number": 1},
        "patient_visits": {"key": visit},
        "patient_news": {"key": key},
        "patient_consents": {"key": consent, "spoken": "fr"},
        **{page: {"code": "HORIZON", "subject": "H-001", "key": consent, "spoken": "fr"} for page in CONSENT_PAGES},
        "public_links": {"token": link},
        "public_stop": {"key": stop},
        "public_calendar": {"key": calendar},
        "vault_mailbox": {"number": 1},
        "vault_operator_access": {"number": 1},
        "vault_operator_reset": {"token": NO_TOKEN},
        "vault_operators": {"key": "no-such-request", "act": "approve"},
        "patient_rights": {"key": right, "form": "csv"},
        "investigator_rights": {"code": "HORIZON", "key": right},
        "vault_invitation": {"token": "no-such-invitation"},
        "vault_registration": {"token": NO_TOKEN},
        "vault_new_address": {"token": NO_TOKEN},
        "vault_mailed_links": {"purpose": "sign-in", "token": NO_TOKEN},
        "investigator_reset": {"token": NO_TOKEN},
        "admin_staff_access": {"number": world.staff["bob"]},
        "investigator": {"code": "HORIZON", "subject": "H-001", "file": "answers", "key": key, **DESIGN},
        "investigator_paper": {"code": "HORIZON", "subject": "H-001", "visit": "M0", "iteration": 1},
        "investigator_paper_entry": {"code": "HORIZON", "subject": "H-002", "key": form, "layout": "page", "number": 1},
        "investigator_amendments": {"code": "HORIZON", "amendment": amendment, "act": "approve"},
        "investigator_library": {"key": "weshare-core@1.0"},
        "preview": {"key": "weshare-core@1.0", "language": "fr", "layout": "page", "number": 1},
        "static": {"filename": "weshare.css"},
    }
    return Stage(app, world, values, record_id)


def _consent(session: Session, world: World) -> str:
    """A version of the study's note that Bob has published, with a file; everybody is asked to agree to it."""
    words = {language: ConsentWords("Nouveau", "La note") for language in ("fr", "en")}
    draft = ConsentDraft("2", True, "Because.", words, {"fr": checked("note.pdf", b"%PDF-1.7")})
    version = consent_drafts.start(session, world.study_id, draft, world.staff["bob"], AT)
    consent_drafts.publish(session, version, version.revision, world.staff["bob"], AT)
    return version.key


def _form_from_paper(session: Session, world: World) -> str:
    """A form of Dora's that Bob has begun to enter; the address of its sheet."""
    dora = session.get_one(Participant, world.participants["dora"])
    visit = agenda.of_participants(session, [dora], AT)[dora.id][0]
    form = paper.Form(AT.date(), "fr", f"staff:{world.staff['bob']}")
    return paper.begin(session, visit, form, AT)[0].sheet.key


def _licence(session: Session, world: World) -> tuple[str, str]:
    """A licence with a file, both entered by Dana; their keys."""
    terms = Terms("Owner", "L-1", "Free.", frozenset({world.study_id}), frozenset({"fr"}), True, AT.date(), None)
    licence = register.add(session, "eortc-qlq-c30@3.0", terms, world.staff["dana"], AT)
    file = documents.attach(session, licence.id, "licence.pdf", b"%PDF-1.7", world.staff["dana"], AT)
    return licence.key, file.key


def install_correction(config: Config, version: str = "2", language: str = "fr") -> dict[str, str]:
    """Install our own questionnaire's wording once more, as another version; how addresses name it."""
    shipped = (config.instruments / "weshare-core" / "1.0" / f"wording.{language}.yaml").read_text(encoding="utf-8")
    text = shipped.replace('wording_version: "1"', f'wording_version: "{version}"').encode()
    wording = install.check(library(), text, "wording.yaml")
    install.install(library(), config.wordings, wording, text, "staff:1", AT)
    return {"instrument": wording.instrument_key, "language": language, "version": version}


def browser_of(stage: Stage, role: str) -> Any:
    """A browser signed in as that role."""
    client = stage.app.test_client()
    if role == "link":
        with stage.world.study() as session:
            scope = sign_ins.occasion_scope(stage.record_id)
            key = sign_ins.open_for_link(session, ACCOUNTS["alice"], scope, AT, AT.replace(month=6))
            session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = key
    elif role != "nobody":
        worlds.sign_in(stage.world, client, role, AT)
    return client


def calls(stage: Stage) -> list[tuple[str, str, str]]:
    """(row of the table, method, address) of every route and method."""
    found = []
    adapter = stage.app.url_map.bind("localhost")
    for rule in stage.app.url_map.iter_rules():
        blueprint = rule.endpoint.split(".")[0]
        values = stage.values.get(blueprint) or stage.values.get(blueprint.split("_")[0], {})
        address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((f"{method} {rule.endpoint}", method, address))
    # What takes the thing away, or changes who the caller is, comes last.
    last = ("sign_out", "follow", "give_up", "staff_access.close")
    return sorted(found, key=lambda call: (*(word in call[0] for word in last), call))


def token_of(client: Any) -> str:
    """A valid token of this browser."""
    return str(client.get("/about").text.split('name="csrf_token" value="')[1].split('"')[0])


def missing(address: str) -> str:
    """The same address for things that do not exist."""
    return re.sub(r"(?<=/)(HORIZON|H-001|[\w-]{20,})(?=/|$)", "no-such-thing", address)
