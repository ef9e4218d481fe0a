"""S11: nothing of anybody in the vault is found in any dump, log or outbox, in whatever form it is looked for."""

import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from app.config import ROOT
from app.db import Databases
from app.identity import (
    duplicates,
    erasure,
    identities,
    mailbox,
    operator_contacts,
    operator_letters,
    operators,
    people,
    sign_outs,
)
from app.identity.identity import Identity
from app.identity.models import Pseudonym
from app.jobs import send_notices
from app.notices.models import Notice
from app.questionnaires.library import load
from app.web import logs
from tests.support import needles, postgres
from tests.support import world as worlds
from tests.support.signing_in import a_browser, ask_for_link, try_vault
from tests.support.world import AT, World

IDENTITY = Identity(
    "Zephyrine.Quillevere@patients.example",
    "Zéphyrine",
    "Quillévéré-d’Aubépine",
    "+33 6 98 76 54 32",
    date(1913, 11, 29),
    "17 chaussée des Ormes-Penchés\n99999 Trifouillis-lès-Bains",
)
PASSWORD = "correct horse battery staple 1913"
OPERATOR = "hyacinthe.operator@operators.example"
NEEDLES = (
    "zephyrine.quillevere@patients.example",
    "Quillevere@",
    "Zéphyrine",
    "Zephyrine",
    "Quillévéré",
    "d’Aubépine",
    "6 98 76 54 32",
    "698765432",
    "1913-11-29",
    "chaussée des Ormes",
    "Trifouillis",
    "@operators.example",
    PASSWORD,
)


def enter(world: World) -> None:
    """Alice of the study is that person, with everything that the vault can hold."""
    with world.vault() as session:
        person = people.enter(session, replace(IDENTITY, email="first@patients.example"), "fr", PASSWORD, AT)
        people.correct(session, person, IDENTITY)
        session.add(Pseudonym(person_id=person.id, domain=people.ACCOUNT, value=worlds.ACCOUNTS["alice"]))
        session.add(Pseudonym(person_id=person.id, domain="study:HORIZON", value="par-alice"))
        assert 1 == len(duplicates.candidates(session, replace(IDENTITY, email=None)))
        for name in ("dora", "charlie"):
            other = people.enter(session, Identity(None, name, name), "fr", None, AT)
            session.add(Pseudonym(person_id=other.id, domain="study:HORIZON", value=f"par-{name}"))
        operators.add(session, "olga", "Olga", PASSWORD, AT)
        for address in ("before@operators.example", OPERATOR):
            operator_contacts.give(session, 1, address, "fr")
            operator_contacts.confirm(session, 1, operator_contacts.make_code(session, 1, AT) or "", AT)
        operator_letters.post(session, 1, operator_letters.ADDRESS_CHANGED, AT)
        sign_outs.ask(session, person, "asked", 1, "https://weshare.example/", AT)
        session.commit()


def live(app: Flask, world: World) -> list[str]:
    """She is written to, mistypes her password, signs in, looks around; the secrets of her mails come back."""
    browser = a_browser(app)
    try_vault(browser, IDENTITY.email or "", "wrong")
    assert 303 == try_vault(browser, IDENTITY.email or "", PASSWORD).status_code
    browser.get(f"/account?to={IDENTITY.email}")
    browser.get(f"/{IDENTITY.email}")
    send_notices.run(world.databases, world.config, load(ROOT / "instruments"), at=AT)
    stranger = a_browser(app)
    assert 200 == ask_for_link(stranger, IDENTITY.email or "").status_code
    with world.vault() as session:
        mails = [message.text for message in mailbox.messages(session)]
    tokens = [found[1] for mail in mails if (found := re.search(r"/l/([\w-]+)", mail))]
    assert 4 == len(tokens)
    for token in tokens:
        stranger.get(f"/vault/l/{token}")
    return tokens


def dumps(databases: Databases) -> dict[str, bytes]:
    """What a thief would carry away: the files of SQLite with what lies beside them, dumps of PostgreSQL."""
    found: dict[str, bytes] = {}
    for name in ("study", "vault", "warehouse"):
        found |= dump(name, getattr(databases, name).engine)
    return found


def dump(name: str, engine: Engine) -> dict[str, bytes]:
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        return {beside.name: beside.read_bytes() for beside in file.parent.glob(f"{file.name}*")}
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run([postgres.tools() / "pg_dump", f"--dbname={url}"], capture_output=True, check=True)
    return {f"{name}.sql": done.stdout}


@pytest.fixture
def stolen(
    either_app: Flask, either_world: World, capsys: pytest.CaptureFixture[str]
) -> tuple[World, list[str], dict[str, bytes]]:
    """The world after some life, the secrets in its mails, and everything that could be stolen."""
    logs.configure()
    enter(either_world)
    tokens = live(either_app, either_world)
    hay = dumps(either_world.databases)
    with either_world.study() as session:
        hay["outbox"] = repr([vars(notice) for notice in session.scalars(select(Notice))]).encode()
    hay["logs"] = capsys.readouterr().err.encode()
    assert b"vault/sign-in" in hay["logs"]
    return either_world, tokens, hay


def test_nothing_that_identifies_anybody_is_found_in_what_could_be_stolen(
    stolen: tuple[World, list[str], dict[str, bytes]],
) -> None:
    """The vault's own dump included. Seen failing with an address, and with the text of a mail, in the ledger."""
    world, tokens, hay = stolen
    assert set() == needles.found([*NEEDLES, *tokens], hay)
    with world.vault() as session:
        person = people.find_by_email(session, IDENTITY.email or "")
        assert person is not None
        assert IDENTITY == identities.read(session, person)


def test_the_search_would_have_found_it(stolen: tuple[World, list[str], dict[str, bytes]]) -> None:
    """The positive control: one row of the study side with a name in it, in every disguise."""
    world, _tokens, hay = stolen
    for needle in NEEDLES:
        for form, disguised in needles.disguises(needle).items():
            assert {(needle, form)} == needles.found([needle], {form: b"some " + disguised + b" more"})
    with world.study() as session:
        session.execute(text("UPDATE site SET name = :name WHERE code = 'S1'"), {"name": "chez Zéphyrine"})
        session.commit()
    again = {**hay, **dumps(world.databases)}
    assert {"Zéphyrine"} == {needle for needle, _where in needles.found(NEEDLES, again)}


def test_an_erased_person_leaves_nothing_that_a_key_could_open(
    stolen: tuple[World, list[str], dict[str, bytes]],
) -> None:
    world, _tokens, _hay = stolen
    with world.vault() as session:
        person = people.find_by_email(session, IDENTITY.email or "")
        assert person is not None
        sealed = person.given_name_sealed
        assert sealed is not None
        erasure.erase(session, person, AT + timedelta(days=1), "operator:1")
        session.commit()
    assert world.databases.vault is not None
    if world.databases.vault.engine.dialect.name == "sqlite":
        with world.databases.vault.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    for content in dump("vault", world.databases.vault.engine).values():
        assert sealed not in content
        assert sealed.hex().encode() not in content
