"""``weshare doctor``: each check finds what it is there for, the exit code tells, and no secret is printed."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from app.backup import take
from app.carriers import MailServer, SmsGateway
from app.chain import guards
from app.cli import checks_databases, checks_record, checks_settings, checks_ways
from app.cli.doctor import CHECKS
from app.cli.finding import Finding, Level, Site
from app.cli.main import main
from app.cli.migrate import upgrade, upgrade_one
from app.config import embedded, from_environment
from app.db import Databases, connect, engine_for, vault_database
from app.identity import operator_factors, operators, people, sign_outs
from app.identity.identity import Identity
from app.jobs import clock
from app.notices import matters, staff_outbox
from app.participants.models import Participant
from app.signing_keys import public_key_of
from app.vault_keys import VaultKeys, fresh_key
from tests.support import postgres, safekeeping
from tests.support.keys import LOOKUP_KEY, MASTER_KEYS, PRIVATE_KEY, PUBLIC_KEY, STRANGERS_PRIVATE_KEY, VAULT_KEYS
from tests.support.world import AT, World

LOCAL = "http://localhost"
SECRETS = {
    "SECRET_KEY": "Zk3vB8qLw0TnXyR7cPaJmE5uHdFgS2oIW9xQ4tVb",
    "ASSERTION_PRIVATE_KEY": PRIVATE_KEY,
    "TICKET_PUBLIC_KEY": public_key_of(STRANGERS_PRIVATE_KEY),
    "VAULT_MASTER_KEYS": MASTER_KEYS,
    "VAULT_LOOKUP_KEY": LOOKUP_KEY,
    "BACKUP_KEY": fresh_key(),
}


@pytest.fixture(scope="session")
def built_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with somebody in it, built once per test process and copied by each test."""
    file = tmp_path_factory.mktemp("vault") / "vault.sqlite"
    vault = vault_database(engine_for(f"sqlite:///{file}"), VAULT_KEYS)
    upgrade_one(vault.engine, "vault")
    with vault.write() as session:
        people.enter(session, Identity("ada@example.org", "Ada", "Example"), "fr", "a long password", AT)
        session.commit()
    vault.engine.dispose()
    return file


@pytest.fixture
def deployment(built_vault: Path, tmp_path: Path) -> dict[str, str]:
    """The settings of a vault that is kept as it should be, with every secret in a file of its own."""
    folder = tmp_path / "vault"
    folder.mkdir(mode=0o700)
    shutil.copy(built_vault, folder)
    named = {**SECRETS, "VAULT_DATABASE": f"sqlite:///{folder / 'vault.sqlite'}"}
    settings = {
        "WESHARE_MODE": "production",
        "WESHARE_AUDIENCES": "vault",
        "WESHARE_PUBLIC_URL": "https://weshare.example",
        "WESHARE_VAULT_URL": "https://vault.example",
        "WESHARE_RATE_LIMIT_STORAGE": "redis://localhost",
        "WESHARE_BACKUPS": str(tmp_path / "backups"),
    }
    for name, value in named.items():
        file = folder / name.lower()
        file.touch(mode=0o600)
        file.write_text(f"{value}\n", encoding="utf-8")
        settings[f"WESHARE_{name}_FILE"] = str(file)
    return settings


def weshare(*words: str, settings: dict[str, str]) -> Result:
    clean = {name: None for name in os.environ if name.startswith("WESHARE_")}
    return CliRunner().invoke(main, words, env={**clean, **settings})


def test_a_well_kept_deployment_has_nothing_to_complain_about(deployment: dict[str, str]) -> None:
    assert 0 == weshare("backup", settings=deployment).exit_code
    said = weshare("doctor", settings=deployment)
    assert 0 == said.exit_code, said.output
    assert set(CHECKS) == {line[8:22].strip() for line in said.stdout.splitlines()}


def test_no_secret_is_printed_by_any_check(deployment: dict[str, str]) -> None:
    weshare("backup", settings=deployment)
    for settings in (deployment, {**deployment, **{f"WESHARE_{name}_FILE": "/nowhere" for name in SECRETS}}):
        said = weshare("doctor", settings=settings).output
        for secret in SECRETS.values():
            assert secret not in said
            assert secret.partition(":")[2] == "" or secret.partition(":")[2] not in said


def test_operators_without_a_second_factor_are_counted(deployment: dict[str, str]) -> None:
    """After an upgrade: whoever signed in with a password alone. Seen failing without the look at who has confirmed,
    and with closed accounts counted.
    """
    databases = connect(from_environment(deployment))
    assert databases.vault is not None
    with databases.vault.write() as session:
        operators.add(session, "olga", "Olga", "seven quiet herons", AT)
        operator_factors.kept(session).begin(1, AT)
        operators.add(session, "oscar", "Oscar", "seven quiet herons", AT).closed_at = AT
        session.commit()
    databases.close()
    assert (
        "warning operators     1 operators have no second factor yet" in weshare("doctor", settings=deployment).stdout
    )


def test_a_deployment_without_backups_is_unsafe(deployment: dict[str, str]) -> None:
    said = weshare("doctor", settings=deployment)
    assert 2 == said.exit_code
    assert "UNSAFE  backups       There is no backup" in said.stdout


def test_missing_settings_are_named_at_once(deployment: dict[str, str]) -> None:
    del deployment["WESHARE_PUBLIC_URL"], deployment["WESHARE_VAULT_MASTER_KEYS_FILE"]
    said = weshare("doctor", settings=deployment)
    assert 2 == said.exit_code
    for name in ("PUBLIC_URL", "VAULT_MASTER_KEYS"):
        assert f"WESHARE_{name} is not set" in said.stderr


def test_the_demonstration_is_a_warning_on_this_computer_and_unsafe_elsewhere(tmp_path: Path) -> None:
    here = {"WESHARE_INSTANCE": str(tmp_path)}
    assert "warning mode" in weshare("doctor", settings=here).stdout
    said = weshare("doctor", settings={**here, "WESHARE_PUBLIC_URL": "https://weshare.example"}).stdout
    assert "UNSAFE  mode" in said


def site_of(settings: dict[str, str]) -> Site:
    config = from_environment(settings)
    return Site(settings, config, connect(config), clock.now())


def found_by(check: Callable[[Site], list[Finding]], site: Site) -> tuple[Level, str]:
    """The worst of what it says."""
    findings = check(site)
    site.databases.close()
    worst = max(findings, key=lambda one: one.level)
    return worst.level, worst.sentence


@pytest.mark.parametrize(
    ("check", "change", "level", "said"),
    [
        (checks_settings.https, {"public_url": "http://weshare.example"}, Level.UNSAFE, "PUBLIC_URL does not begin"),
        (
            checks_settings.https,
            {"public_url": "http://localhost", "vault_url": "http://localhost"},
            1,
            "this computer",
        ),
        (checks_settings.secret_key, {"secret_key": "password" * 8}, Level.UNSAFE, "could be guessed"),
        (checks_settings.secret_key, {"secret_key": sha256(b"x").hexdigest()}, Level.OK, "long and mixed"),
        (checks_settings.secret_key, {"secret_key": "a" * 60}, Level.UNSAFE, "could be guessed"),
        (checks_settings.assertion_keys, {"assertion_public_key": PUBLIC_KEY}, Level.OK, "belong together"),
        (
            checks_settings.assertion_keys,
            {"assertion_public_key": PUBLIC_KEY, "assertion_private_key": STRANGERS_PRIVATE_KEY},
            Level.UNSAFE,
            "do not belong together",
        ),
        (checks_settings.assertion_keys, {"assertion_private_key": "nonsense"}, Level.UNSAFE, "not an Ed25519 key"),
        (checks_settings.rate_limits, {"rate_limit_storage": "memory://"}, Level.WARNING, "each process counts"),
        (checks_ways.sealed, {"mail": MailServer("smtp", "mail.example", 25, "a@b.example")}, Level.UNSAFE, "SMTP_URL"),
        (checks_ways.sealed, {"mail": MailServer("smtp", "localhost", 25, "a@b.example")}, Level.OK, "sealed"),
        (checks_ways.sealed, {"mail": MailServer("smtps", "mail.example", 465, "a@b.example")}, Level.OK, "sealed"),
        (checks_ways.sealed, {"sms": SmsGateway("http://sms.example", "t", "WeShare")}, Level.UNSAFE, "SMS_URL"),
        (checks_ways.sealed, {"sms": SmsGateway("https://sms.example", "t", "WeShare")}, Level.OK, "sealed"),
        (checks_ways.sealed, {"rate_limit_storage": "redis://counter"}, Level.WARNING, "rediss://"),
        (checks_ways.sealed, {"rate_limit_storage": "rediss://counter"}, Level.OK, "sealed"),
        (checks_record.vault_keys, {"vault_keys": VaultKeys({7: bytes(32)}, bytes(32))}, Level.UNSAFE, "master key 1"),
    ],
)
def test_a_setting_that_is_unsafe_is_found(
    deployment: dict[str, str],
    check: Callable[[Site], list[Finding]],
    change: dict[str, object],
    level: Level,
    said: str,
) -> None:
    site = site_of(deployment)
    found, sentence = found_by(check, replace(site, config=replace(site.config, **change)))  # type: ignore[arg-type]
    assert (level, True) == (found, said in sentence)


def test_a_key_file_that_others_can_read_is_found(deployment: dict[str, str]) -> None:
    Path(deployment["WESHARE_VAULT_MASTER_KEYS_FILE"]).chmod(0o640)
    level, said = found_by(checks_settings.secret_files, site_of(deployment))
    assert (Level.UNSAFE, True) == (level, said.startswith("WESHARE_VAULT_MASTER_KEYS_FILE: others"))


def test_secrets_in_the_environment_are_found(deployment: dict[str, str]) -> None:
    del deployment["WESHARE_SECRET_KEY_FILE"]
    level, said = found_by(
        checks_settings.secrets_in_environment, site_of({**deployment, "WESHARE_SECRET_KEY": SECRETS["SECRET_KEY"]})
    )
    assert (Level.WARNING, True) == (level, "WESHARE_SECRET_KEY_FILE" in said)


def test_a_pending_migration_and_a_missing_guard_are_found(deployment: dict[str, str]) -> None:
    site = site_of(deployment)
    assert site.databases.vault is not None
    with site.databases.vault.engine.execution_options(writes=True).begin() as connection:
        guards.remove(connection, "ledger_entry")
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert Level.UNSAFE == found_by(checks_databases.append_only, site)[0]
    level, said = found_by(checks_databases.up_to_date, site)
    assert (Level.UNSAFE, True) == (level, "run “weshare migrate”" in said)


def test_migrating_puts_the_guards_back(deployment: dict[str, str]) -> None:
    site = site_of(deployment)
    assert site.databases.vault is not None
    with site.databases.vault.engine.execution_options(writes=True).begin() as connection:
        guards.remove(connection, "ledger_entry")
    upgrade(site.databases)
    assert Level.OK == found_by(checks_databases.append_only, site)[0]


def test_an_old_or_unsealed_backup_is_found(deployment: dict[str, str], tmp_path: Path) -> None:
    site = site_of(deployment)
    take.take(site.config, site.databases, tmp_path / "backups", site.at - timedelta(hours=50))
    level, said = found_by(checks_record.backups, site)
    assert (Level.UNSAFE, "The newest backup is 50 hours old.") == (level, said)
    take.take(replace(site.config, backup_key=None), site.databases, tmp_path / "backups", site.at)
    level, said = found_by(checks_record.backups, site)
    assert (Level.WARNING, True) == (level, "not sealed" in said)


def test_a_broken_record_and_one_of_the_future_are_found(deployment: dict[str, str]) -> None:
    weshare("vault", "rotate-key", settings=deployment)
    site = site_of(deployment)
    assert Level.OK == found_by(checks_record.record, site)[0]
    level, said = found_by(checks_record.record, replace(site, at=site.at - timedelta(days=30)))
    assert (Level.WARNING, True) == (level, "of the future" in said)
    assert site.databases.vault is not None
    with site.databases.vault.engine.execution_options(writes=True).begin() as connection:
        guards.remove(connection, "ledger_entry")
        connection.execute(text("UPDATE ledger_entry SET actor = 'nobody'"))
    level, said = found_by(checks_record.record, site)
    assert (Level.UNSAFE, True) == (level, "entry 1" in said)


def test_one_process_or_one_database_for_both_sides_is_found(tmp_path: Path) -> None:
    config = safekeeping.place(tmp_path, lambda name: f"sqlite:///{tmp_path / name}.sqlite")
    site = Site({}, config, connect(config), AT)
    assert Level.WARNING == found_by(checks_settings.apart, site)[0]
    shared = replace(config, vault_database=config.study_database)
    assert Level.UNSAFE == found_by(checks_settings.apart, Site({}, shared, connect(shared), AT))[0]


@pytest.mark.parametrize(("name", "level"), [("one", Level.UNSAFE), ("two", Level.WARNING)])
def test_one_database_for_both_sides_is_found_under_whatever_roles(tmp_path: Path, name: str, level: Level) -> None:
    """Seen failing with the addresses compared whole: SQLAlchemy leaves a password that is set to None."""
    config = replace(
        embedded(tmp_path, LOCAL),
        study_database="postgresql://study:secret@db.example/one",
        vault_database=f"postgresql://vault:other@db.example/{name}",
    )
    assert level == found_by(checks_settings.apart, Site({}, config, connect(config), AT))[0]


def test_a_database_that_is_away_is_said_to_be(deployment: dict[str, str], tmp_path: Path) -> None:
    Path(deployment["WESHARE_VAULT_DATABASE_FILE"]).write_text(f"sqlite:///{tmp_path}/no/such/file", encoding="utf-8")
    said = weshare("doctor", settings=deployment)
    assert 2 == said.exit_code
    assert "The vault database does not answer (OperationalError)." in said.stdout
    assert isinstance(said.exception, SystemExit)


@pytest.mark.postgres
def test_a_role_that_may_too_much_and_a_clock_that_is_wrong_are_found(postgres_url: str, tmp_path: Path) -> None:
    """The tests' own role is a superuser; one that only owns its database may not touch the record."""
    with postgres.databases(postgres_url) as fresh:
        config = safekeeping.place(tmp_path, fresh)
        site = Site({}, config, connect(config), clock.now())
        upgrade(site.databases)
        assert Level.UNSAFE == found_by(checks_databases.roles, site)[0]
        assert Level.OK == found_by(checks_databases.clock, replace(site, at=clock.now()))[0]
        level, said = found_by(checks_databases.clock, replace(site, at=clock.now() + timedelta(minutes=1)))
        assert (Level.UNSAFE, True) == (level, "s away from ours" in said)
        role = "weshare_doctor"
        url = fresh("study")
        name = url.split("/")[-1].split("?")[0]
        postgres.run(postgres_url, f"CREATE ROLE {role} LOGIN", f'ALTER DATABASE "{name}" OWNER TO {role}')
        own = replace(config, study_database=url.replace("//postgres", f"//{role}", 1), vault_database=None)
        databases: Databases = replace(connect(own), vault=None, warehouse=None)
        assert databases.study is not None
        upgrade_one(databases.study.engine, "study")
        assert Level.OK == found_by(checks_databases.roles, Site({}, own, databases, AT))[0]
        with databases.study.engine.begin() as connection:
            connection.execute(text("GRANT UPDATE ON audit_entry TO CURRENT_USER"))
        assert Level.UNSAFE == found_by(checks_databases.roles, Site({}, own, databases, AT))[0]
        databases.close()
    postgres.run(postgres_url, f"DROP ROLE {role}")


@pytest.mark.parametrize(
    ("address", "level"),
    [
        ("postgresql://u:p@db.example/vault", Level.UNSAFE),
        ("postgresql://u:p@db.example/vault?sslmode=prefer", Level.UNSAFE),
        ("postgresql://u:p@db.example/vault?sslmode=require", Level.WARNING),
        ("postgresql://u:p@db.example/vault?sslmode=verify-full", Level.OK),
        ("postgresql://u:p@localhost/vault", Level.OK),
        ("postgresql://u:p@/vault?host=/run/postgresql", Level.OK),
        ("postgresql://u:p@/vault?host=db.example", Level.UNSAFE),
    ],
)
def test_a_way_to_a_database_that_is_not_sealed_is_found(address: str, level: Level, tmp_path: Path) -> None:
    """Seen failing with the host read from the address alone. No connection is opened to see it."""
    config = replace(embedded(tmp_path, LOCAL), vault_database=address)
    databases = replace(connect(config), study=None, warehouse=None)
    found, sentence = found_by(checks_ways.sealed, Site({}, config, databases, AT))
    assert level == found
    assert "u:p" not in sentence


@pytest.mark.parametrize(("hours", "level"), [(0, Level.OK), (2, Level.WARNING), (30, Level.UNSAFE)])
def test_jobs_that_stand_still_are_found(world: World, hours: int, level: Level) -> None:
    """Seen failing without the look that is due."""
    with world.study() as session:
        session.execute(update(Participant).values(next_look_at=AT))
        session.commit()
    site = Site({}, world.config, world.databases, AT + timedelta(hours=hours))
    [finding] = checks_ways.waiting(site)
    assert level == finding.level


def test_somebody_who_should_be_signed_out_by_now_is_found_too(world: World) -> None:
    """As where no process of the jobs reaches both databases. Seen failing with the looks at the study side alone."""
    with world.study() as session:
        session.execute(update(Participant).values(next_look_at=None))
        session.commit()
    with world.vault() as session:
        person = people.register(session, "alice@example.org", "Alice", "A", "fr", "a long password of hers", AT)
        operators.add(session, "olga", "Olga", "a long password of somebody", AT)
        sign_outs.ask(session, person, "asked", 1, "https://weshare.example/", AT)
        session.commit()
    for databases in (world.databases, replace(world.databases, study=None)):
        [finding] = checks_ways.waiting(Site({}, world.config, databases, AT + timedelta(hours=2)))
        assert Level.WARNING == finding.level


@pytest.mark.parametrize("what", ["raised", "to be sent"])
def test_professionals_whom_nobody_tells_are_found_too(world: World, what: str) -> None:
    """Seen failing, for each, with the looks at participants alone."""
    with world.study() as session:
        session.execute(update(Participant).values(next_look_at=None))
        if what == "raised":
            alice = session.get_one(Participant, world.participants["alice"])
            matters.raise_once(session, alice, matters.FAILED, "1", AT)
        else:
            staff_outbox.post(session, world.staff["bob"], staff_outbox.ALERT, "1", AT)
        session.commit()
    [finding] = checks_ways.waiting(Site({}, world.config, world.databases, AT + timedelta(hours=2)))
    assert Level.WARNING == finding.level
