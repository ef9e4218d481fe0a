"""A deployment to back up and an empty one to restore into, on either engine, with the same keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.audit import trail
from app.cli.migrate import upgrade
from app.config import Config, embedded
from app.db import Databases, connect
from app.identity import courier, people
from app.identity.carriage import Message
from app.identity.identity import Identity
from tests.support import world as worlds
from tests.support.keys import VAULT_KEYS
from tests.support.world import AT

NAMES = ("Ada Lefèvre", "Boris Nguyen", "Chloé O’Brien")


def place(folder: Path, url_of: Callable[[str], str]) -> Config:
    """Settings of an empty deployment in a folder; its databases are where ``url_of`` says."""
    return replace(
        embedded(folder, "http://localhost"),
        study_database=url_of("study"),
        vault_database=url_of("vault"),
        warehouse_database=url_of("warehouse"),
        vault_keys=VAULT_KEYS,
    )


def lived_in(config: Config) -> Databases:
    """The deployment after some life: people in the vault, messages, a trail."""
    databases = connect(config)
    upgrade(databases)
    worlds.build(config, databases)
    assert databases.vault is not None
    assert databases.study is not None
    with databases.vault.write() as session:
        for number, name in enumerate(NAMES):
            given, family = name.split()
            identity = Identity(f"{given}.{family}@example.org", given, family, f"061234567{number}")
            person = people.enter(session, identity, "fr", f"password-of-{given}", AT)
            pseudonym = people.pseudonym_of(session, person, people.ACCOUNT)
            courier.deliver(session, pseudonym, Message(f"m-{number}", "fr", "Bonjour", f"Lien de {given}"), AT)
        session.commit()
    for number in range(40):
        with databases.study.write() as session:
            trail.record(session, AT + timedelta(minutes=number), "staff:1", "event.dated", f"participant:{number}")
            session.commit()
    return databases
