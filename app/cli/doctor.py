"""``weshare doctor``: what is missing or unsafe in this deployment, check by check; nothing is changed."""

import os
from collections.abc import Mapping

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli import checks_databases, checks_record, checks_settings, checks_ways, settings
from app.cli.finding import Check, Finding, Level, Site, unsafe
from app.config import BrokenConfig, from_environment
from app.db import connect
from app.jobs import clock

CHECKS: Mapping[str, Check] = {
    "mode": checks_settings.mode,
    "https": checks_settings.https,
    "other ways": checks_ways.sealed,
    "secret key": checks_settings.secret_key,
    "signing keys": checks_settings.assertion_keys,
    "key files": checks_settings.secret_files,
    "environment": checks_settings.secrets_in_environment,
    "limits": checks_settings.rate_limits,
    "apart": checks_settings.apart,
    "reachable": checks_databases.reachable,
    "migrations": checks_databases.up_to_date,
    "roles": checks_databases.roles,
    "append-only": checks_databases.append_only,
    "clock": checks_databases.clock,
    "backup tools": checks_databases.tools,
    "messages": checks_ways.waiting,
    "vault keys": checks_record.vault_keys,
    "operators": checks_record.second_factors,
    "backups": checks_record.backups,
    "record": checks_record.record,
}
WORDS = {Level.OK: "ok", Level.WARNING: "warning", Level.UNSAFE: "UNSAFE"}
WIDTH = max(map(len, CHECKS))


@click.command()
def doctor() -> None:
    """Say what is missing or unsafe. Ends with 0 where all is well, 1 after warnings, 2 where something is unsafe."""
    try:
        config = from_environment(os.environ)
    except BrokenConfig as broken:
        settings.stop(str(broken), Level.UNSAFE)
    site = Site(dict(os.environ), config, connect(config), clock.now())
    worst = Level.OK
    for name, check in CHECKS.items():
        for finding in run(check, site):
            click.echo(f"{WORDS[finding.level]:8}{name:{WIDTH}}  {finding.sentence}")
            worst = max(worst, finding.level)
    site.databases.close()
    raise SystemExit(int(worst))


def run(check: Check, site: Site) -> list[Finding]:
    """What a check says; one that a database kept from its work says so, without the words of the error."""
    try:
        return check(site)
    except (SQLAlchemyError, OSError) as problem:
        return [unsafe(f"This could not be checked ({type(problem).__name__}).")]
