"""A vault in clear, and trails without a chain, are brought along; nothing of what was in clear stays behind."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, ProgrammingError

from app.chain.verify import verify
from app.cli.migrate import downgrade_one, upgrade_one
from app.db import VAULT_KEYS as CARRIED
from app.db import engine_for, vault_database
from app.identity import duplicates, identities, mailbox, people
from app.identity.identity import Identity
from app.identity.models import Person
from app.passwords import hash_password
from tests.support import postgres
from tests.support.keys import VAULT_KEYS
from tests.support.postgres import Fresh

PASSWORD = "a long enough password"
KEYS = {CARRIED: VAULT_KEYS}
ALICE = {"key": "alice@example.org", "email": "Alice@Example.org", "given": "Zéphyrine", "family": "Quillévéré"}


def in_clear(engine: Engine) -> None:
    """The vault as it was before, with somebody in it, a message and acts in the ledger."""
    upgrade_one(engine, "vault", "0001")
    person = "INSERT INTO person VALUES (1, :key, :email, :given, :family, 'fr', :hash, '2026-03-02 12:00:00')"
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(person), {**ALICE, "hash": hash_password(PASSWORD)})
        message = "INSERT INTO mailbox_message VALUES (1, 1, 'm-1', 'fr', 'Bonjour', 'Lien secret', :at)"
        connection.execute(text(message), {"at": "2026-03-02 12:00:00"})
        for number in range(1, 6):
            act = "INSERT INTO ledger_entry VALUES (:n, '2026-03-02 12:00:00.5', 'courier', 'delivered', 'subject')"
            connection.execute(text(act), {"n": number})


def test_people_in_clear_are_sealed_and_everything_works_as_before(fresh_url: Fresh) -> None:
    """Seen failing with the column's name left out of what was bound."""
    engine = engine_for(fresh_url("vault"))
    in_clear(engine)
    upgrade_one(engine, "vault", carried=KEYS)
    with vault_database(engine, VAULT_KEYS).write() as session:
        person = people.authenticate(session, "alice@example.org", PASSWORD)
        assert person is not None
        assert Identity("Alice@Example.org", "Zéphyrine", "Quillévéré") == identities.read(session, person)
        assert ["Lien secret"] == [message.text for message in mailbox.messages(session)]
        assert 1 == len(duplicates.candidates(session, Identity(None, "quillevere", "ZEPHYRINE")))
        people.correct(session, person, Identity("new@example.org", "Zéphyrine", "Quillévéré"))
        session.commit()
    with engine.connect() as connection:
        found = verify(connection, "ledger_entry")
    assert (5, ()) == (found.entries, tuple(found.breaks))
    engine.dispose()


def test_nothing_in_clear_stays_in_the_file(tmp_path: Path) -> None:
    """Freed pages included, which not every build of SQLite overwrites unasked."""
    file = tmp_path / "vault.sqlite"
    engine = engine_for(f"sqlite:///{file}")
    in_clear(engine)
    assert "Quillévéré".encode() in b"".join(one.read_bytes() for one in tmp_path.iterdir())
    upgrade_one(engine, "vault", carried=KEYS)
    engine.dispose()
    everything = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    for word in ("Quillévéré", "Alice@Example.org", "alice@example.org", "Lien secret", "$argon2id"):
        assert word.encode() not in everything


def test_people_are_not_sealed_without_the_keys_and_nothing_is_changed(fresh_url: Fresh) -> None:
    engine = engine_for(fresh_url("vault"))
    in_clear(engine)
    with pytest.raises(RuntimeError, match="needs the vault's keys"):
        upgrade_one(engine, "vault")
    with engine.connect() as connection:
        assert "Zéphyrine" == connection.scalar(text("SELECT given_name FROM person"))
    engine.dispose()


def test_sealed_people_are_never_written_in_clear_again(fresh_url: Fresh) -> None:
    engine = engine_for(fresh_url("vault"))
    in_clear(engine)
    upgrade_one(engine, "vault", carried=KEYS)
    with pytest.raises(RuntimeError, match="no way back"):
        downgrade_one(engine, "vault", "0001")
    with vault_database(engine, VAULT_KEYS).read() as session:
        assert "Zéphyrine" == identities.read(session, session.get_one(Person, 1)).given_name
    engine.dispose()


def test_an_older_trail_is_chained_as_it_was_written(fresh_url: Fresh) -> None:
    """The facts as they were kept, spaces included. Seen failing with facts written anew before they were hashed."""
    engine = engine_for(fresh_url("study"))
    upgrade_one(engine, "study", "0001")
    entry = "INSERT INTO audit_entry VALUES (:n, '2026-03-02 12:00:00.123456', 'a', 'b', :subject, :facts, NULL)"
    with engine.execution_options(writes=True).begin() as connection:
        for number in range(1, 30):
            facts = '{"b": 1, "a": "\\u00e9"}'
            connection.execute(text(entry), {"n": number, "subject": f"participant:{number % 7}", "facts": facts})
    upgrade_one(engine, "study")
    with engine.connect() as connection:
        found = verify(connection, "audit_entry")
    assert (29, ()) == (found.entries, tuple(found.breaks))
    engine.dispose()


@pytest.mark.parametrize(("name", "chain"), [("study", "audit_entry"), ("vault", "ledger_entry")])
def test_a_migrated_database_refuses_to_change_an_entry(fresh_url: Fresh, name: str, chain: str) -> None:
    """Seen failing without the guards."""
    engine = engine_for(fresh_url(name))
    upgrade_one(engine, name)
    entry = f"INSERT INTO {chain} VALUES (1, 0, 1, '2026-03-02 12:00:00', 'a', 'b', 'c', '{{}}', NULL, 'h')"  # noqa: S608
    columns = "(id, stream, number, at, actor, action, subject, facts, request_id, hash)"
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(entry.replace(" VALUES", f" {columns} VALUES")))
    for statement in (f"UPDATE {chain} SET actor = 'x'", f"DELETE FROM {chain}"):  # noqa: S608
        with pytest.raises(DatabaseError, match="never changed"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize(("name", "chain"), [("study", "audit_entry"), ("vault", "ledger_entry")])
def test_on_postgresql_the_programs_own_role_has_no_right_to_change_an_entry(
    postgres_url: str, name: str, chain: str
) -> None:
    """Not even as the owner of the table, before any trigger is asked."""
    role = f"weshare_{name}"
    with postgres.databases(postgres_url) as fresh:
        url = fresh(name)
        database = url.split("/")[-1].split("?")[0]
        postgres.run(postgres_url, f"CREATE ROLE {role} LOGIN", f'ALTER DATABASE "{database}" OWNER TO {role}')
        engine = engine_for(url.replace("//postgres:@", f"//{role}:@").replace("//postgres@", f"//{role}@"))
        upgrade_one(engine, name)
        with engine.connect() as connection:
            assert role == connection.scalar(text("SELECT current_user"))
        for statement in (f"UPDATE {chain} SET actor = 'x'", f"DELETE FROM {chain}", f"TRUNCATE {chain}"):  # noqa: S608
            with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
                connection.execute(text(statement))
        engine.dispose()
    postgres.run(postgres_url, f"DROP ROLE {role}")
