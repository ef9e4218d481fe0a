"""``weshare vault``: keys that are made, counted and changed by hand."""

import re
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from app.config import embedded
from app.db import Databases, connect
from app.identity import operator_contacts, operator_factors, operator_resets, people
from app.identity.models import LedgerEntry
from app.identity.sign_in_models import Operator, OperatorLetter
from app.jobs import clock
from app.vault_keys import parse_keys
from tests.cli.conftest import Command
from tests.support.world import AT


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


ADD = ("vault", "add-operator", "olga", "Olga Ferrand", "--password")


def code_in(said: Result) -> str:
    """The one-time code that a command has written."""
    found = re.search(r"[a-z2-7]{4}(-[a-z2-7]{4}){5}", said.stdout)
    assert found is not None, said.output
    return found[0]


def test_an_operator_gets_a_one_time_code_and_a_new_one_for_a_lost_telephone(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    """Seen failing with a command that left the code of before."""
    first = code_in(weshare(*ADD, "seven quiet herons at dawn"))
    second = code_in(weshare("vault", "lost-telephone", "OLGA"))
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.write() as session:
        codes = operator_factors.recovery_codes(session)
        assert [False, True, False] == [codes.use(1, typed, AT) for typed in (first, second, second)]
        acts = ["operator.added", "operator.second-factor-dropped"]
        assert acts == list(session.scalars(select(LedgerEntry.action).order_by(LedgerEntry.id)))
    databases.close()
    assert lived_in.vault is not None


def test_a_link_for_a_lost_password_is_written_once_and_is_on_the_ledger(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    weshare(*ADD, "seven quiet herons at dawn")
    said = weshare("vault", "lost-password", "OLGA")
    found = re.search(r"/vault/operators/new-password/(\S+)$", said.stdout.strip())
    assert found is not None, said.output
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.write() as session:
        assert "olga" == operator_resets.find(session, found[1], clock.now()).login
        acts = list(session.scalars(select(LedgerEntry.action).order_by(LedgerEntry.id)))
        assert "operator.reset-link-made" == acts[-1]
    databases.close()
    assert lived_in.vault is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ADD, "short"), "at least 12 characters"),
        ((*ADD, "passwordpassword"), "on lists of common ones"),
        (("vault", "lost-password", "nobody"), "No operator has the login 'nobody'."),
        ((*ADD, "Olga Ferrand olga"), "easy to guess"),
        (("vault", "lost-telephone", "nobody"), "No operator has the login 'nobody'."),
    ],
)
def test_what_cannot_be_done_is_said(weshare: Command, lived_in: Databases, words: tuple[str, ...], said: str) -> None:
    answer = weshare(*words)
    assert answer.exit_code != 0
    assert said in answer.output
    assert lived_in.vault is not None


@pytest.mark.parametrize("command", ["lost-telephone", "lost-password"])
def test_a_closed_account_is_helped_by_another_operator_alone(
    instance: Path, weshare: Command, lived_in: Databases, command: str
) -> None:
    """Seen failing without the look."""
    weshare(*ADD, "seven quiet herons at dawn")
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.write() as session:
        session.get_one(Operator, 1).closed_at = AT
        session.commit()
    databases.close()
    answer = weshare("vault", command, "olga")
    assert (True, True) == (answer.exit_code != 0, "is closed. Another operator can open it again." in answer.output)
    assert lived_in.vault is not None


def test_whoever_is_helped_at_the_machine_is_written_to(instance: Path, weshare: Command, lived_in: Databases) -> None:
    """Seen failing with the ledger alone."""
    weshare(*ADD, "seven quiet herons at dawn")
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.vault is not None
    with databases.vault.write() as session:
        operator_contacts.give(session, 1, "olga@work.example", "fr")
        operator_contacts.confirm(session, 1, operator_contacts.make_code(session, 1, AT) or "", AT)
        session.commit()
    for command in ("lost-telephone", "lost-password"):
        weshare("vault", command, "olga")
    with databases.vault.read() as session:
        assert ["app", "link"] == list(session.scalars(select(OperatorLetter.what).order_by(OperatorLetter.id)))
    databases.close()
    assert lived_in.vault is not None
