"""Checks of what was done: whether keys open everybody, backups are fresh, and the record proves itself."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from app.backup import manifest, take
from app.backup.key_store import without_key
from app.backup.parts import DATABASES
from app.chain.verify import verify
from app.cli.backup import backups_of
from app.cli.finding import Finding, Site, ok, unsafe, warning
from app.identity import operator_factors, operators, rotation

FRESH = timedelta(hours=26)


def vault_keys(site: Site) -> list[Finding]:
    """Everybody can be read, and by the newest key alone."""
    keys = site.config.vault_keys
    if site.databases.vault is None or keys is None:
        return [ok("The vault's keys are with another process.")]
    with site.databases.vault.read() as session:
        wrapped, missing = rotation.wrapped_by(session), without_key(session)
    found = [
        unsafe(f"{wrapped[number]} persons need master key {number}, which is not among the settings.")
        for number in sorted(set(wrapped) - set(keys.masters))
    ]
    if missing:
        found.append(unsafe(f"{missing} persons have no key and were not erased: restore the newest key store."))
    if not found and set(wrapped) - {keys.newest}:
        found.append(warning("Some persons are still under an older master key: run “weshare vault rotate-key”."))
    return found or [ok(f"Master key {keys.newest} opens everybody.")]


def second_factors(site: Site) -> list[Finding]:
    """Who works for the trusted third party can sign in, and with two factors."""
    if site.databases.vault is None or site.config.vault_keys is None or not site.config.needs_second_factor:
        return [ok("Operators sign in elsewhere, or in a demonstration.")]
    with site.databases.vault.read() as session:
        at_work = {one.id for one in operators.everybody(session) if one.closed_at is None}
        without = at_work - operator_factors.kept(session).those_set_up()
    if without:
        return [warning(f"{len(without)} operators have no second factor yet: see “weshare vault lost-telephone”.")]
    return [ok("Every operator has a second factor.")]


def backups(site: Site) -> list[Finding]:
    """There is one of today or yesterday, and nobody but us reads it."""
    folder = backups_of(site.config)
    found = _newest(folder)
    if found is None:
        level = warning if site.config.is_demo else unsafe
        return [level("There is no backup where WESHARE_BACKUPS says: run “weshare backup” every day.")]
    made_at, sealed = found
    findings = [] if sealed else [warning("The newest backup is not sealed: set WESHARE_BACKUP_KEY.")]
    age = site.at - made_at
    if age > FRESH:
        findings.append(unsafe(f"The newest backup is {age.days * 24 + age.seconds // 3600} hours old."))
    if site.databases.vault is not None:
        findings += _key_stores(folder / take.KEY_STORES, site.at)
    return findings or [ok("The newest backup is fresh and sealed.")]


def record(site: Site) -> list[Finding]:
    """Every entry follows from the one before it, and none is of the future."""
    found = []
    for name, database in site.reachable().items():
        chain = DATABASES[name].chain
        if chain is None:
            continue
        with database.engine.connect() as connection:
            proof = verify(connection, chain)
            late = text(f"SELECT COUNT(*) FROM {chain} WHERE at > :until")  # noqa: S608 -- names of our own tables
            naive = connection.dialect.name == "sqlite"
            until = (site.at + FRESH).astimezone(UTC)
            of_the_future = connection.scalar(late, {"until": str(until.replace(tzinfo=None)) if naive else until})
        found += [
            unsafe(f"The {name} side's record is broken: stream {one.stream}, entry {one.number}: {one.what}.")
            for one in proof.breaks
        ]
        if of_the_future:
            found.append(warning(f"{of_the_future} entries of the {name} side's record are of the future."))
        if not proof.breaks:
            found.append(ok(f"The {name} side's {proof.entries} entries follow from each other."))
    return found


def _newest(folder: Path) -> tuple[datetime, bool] | None:
    """When the newest backup was made and whether it is sealed; its files are not read."""
    for made in sorted(folder.glob(f"*/{manifest.FILE}"), reverse=True):
        try:
            body = json.loads(made.read_text(encoding="utf-8"))
            return datetime.fromisoformat(body["made_at"]), bool(body["sealed"])
        except (OSError, ValueError, KeyError):
            continue
    return None


def _key_stores(folder: Path, at: datetime) -> list[Finding]:
    made = sorted(datetime.strptime(file.stem, take.NAME).replace(tzinfo=UTC) for file in folder.glob("*.keys"))
    if not made or at - made[-1] > FRESH:
        return [unsafe("There is no fresh key store: without one, no backup of the vault can be read.")]
    if at - made[0] > timedelta(days=31):
        return [warning("The oldest key store is older than a month: it still opens people who were erased since.")]
    return []
