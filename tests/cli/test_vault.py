"""``weshare vault``: keys that are made, counted and changed by hand."""

import re
from pathlib import Path

from sqlalchemy import select

from app.config import embedded
from app.db import Databases, connect
from app.identity import people
from app.identity.models import LedgerEntry
from app.vault_keys import parse_keys
from tests.cli.conftest import Command


def add_key(instance: Path, weshare: Command, number: int) -> str:
    """A new master key beside the others, as the manual says."""
    file = instance / "vault-master-keys"
    made = weshare("vault", "new-key", "--number", str(number)).stdout
    file.write_text(file.read_text("utf-8") + made, encoding="utf-8")
    return made


def test_new_keys_are_keys(weshare: Command) -> None:
    master, lookup = weshare("vault", "new-key").stdout, weshare("vault", "new-key", "--lookup").stdout
    assert {1} == set(parse_keys(master, lookup).masters)


def test_keys_are_rotated_and_the_old_one_is_no_longer_needed(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    """Seen never ending with a rotation that did not commit."""
    assert "Master key 1: 2 persons" in weshare("vault", "keys").stdout
    add_key(instance, weshare, 2)
    said = weshare("vault", "rotate-key")
    assert 0 == said.exit_code, said.output
    assert "2 persons wrapped anew; master key 2 is the only one needed." in said.stdout
    assert "destroy when no backup is to need it: 1" in said.stdout
    newest = re.findall("2:.*", (instance / "vault-master-keys").read_text("utf-8"))
    (instance / "vault-master-keys").write_text(f"{newest[0]}\n", encoding="utf-8")
    assert "Master key 2: 2 persons" in weshare("vault", "keys").stdout
    assert lived_in.vault is not None
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.read() as session:
        assert people.authenticate(session, "ada@example.org", "password-of-Ada") is not None
        assert ["keys.rotated"] == list(session.scalars(select(LedgerEntry.action)))
    databases.close()


def test_a_lookup_key_is_replaced_with_everything_it_made(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    lookup = weshare("vault", "new-key", "--lookup").stdout
    (instance / "vault-lookup-key").write_text(lookup, encoding="utf-8")
    said = weshare("vault", "rotate-key", "--data-keys")
    assert 0 == said.exit_code, said.output
    assert "2 persons sealed anew under keys of their own" in said.stdout
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.read() as session:
        assert people.find_by_email(session, "boris@example.org") is not None
    databases.close()
    assert lived_in.vault is not None


def test_a_missing_master_key_is_named_and_the_command_fails(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    (instance / "vault-master-keys").write_text(weshare("vault", "new-key", "--number", "2").stdout, encoding="utf-8")
    for words in (("vault", "keys"), ("vault", "rotate-key")):
        said = weshare(*words)
        assert 1 == said.exit_code
        assert "aster key 1" in said.output
    assert lived_in.vault is not None


def test_keys_are_never_printed_but_by_new_key(instance: Path, weshare: Command, lived_in: Databases) -> None:
    key = (instance / "vault-master-keys").read_text("utf-8").split(":")[1].strip()
    lookup = (instance / "vault-lookup-key").read_text("utf-8").strip()
    for words in (("vault", "keys"), ("vault", "rotate-key"), ("doctor",), ("backup",), ("audit", "verify")):
        said = weshare(*words).output
        assert key not in said
        assert lookup not in said
    assert lived_in.vault is not None
