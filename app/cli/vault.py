"""``weshare vault``: the vault's keys, by hand."""

import click
from sqlalchemy.orm import Session

from app.cli import settings
from app.db import Database, connect
from app.errors import Refusal
from app.identity import (
    ledger,
    operator_factors,
    operator_letters,
    operator_resets,
    operators,
    person_keys,
    rotation,
)
from app.identity.sign_in_models import Operator
from app.jobs import clock
from app.vault_keys import VaultKeys, fresh_key

BATCH = 500
REFUSED = {
    "login-already-taken": "Somebody already has this login.",
    "password-short": "This password is too short: at least 12 characters; a sentence is fine.",
    "password-yours": "This password is easy to guess for whoever knows the name. Take another one.",
    "password-common": "This password is on lists of common ones. Take another one, such as a sentence.",
}


def opened() -> tuple[Database, VaultKeys]:
    """The vault of this process with its keys; the command ends where there is none."""
    config = settings.read()
    vault = connect(config).vault
    if vault is None or config.vault_keys is None:
        settings.stop("This process has no vault: WESHARE_AUDIENCES does not name it.", settings.USAGE)
    return vault, config.vault_keys


@click.group()
def vault() -> None:
    """The keys of the vault."""


@vault.command("new-key")
@click.option("--lookup", is_flag=True, help="A look-up key instead of a master key.")
@click.option("--number", default=1, show_default=True, help="Of a master key: one more than the newest there is.")
def new_key(lookup: bool, number: int) -> None:
    """Write a new key to standard output, as it belongs into the settings or into a file."""
    click.echo(fresh_key() if lookup else f"{number}:{fresh_key()}")


@vault.command()
def keys() -> None:
    """Say how many persons each master key is needed for."""
    database, given = opened()
    with database.read() as session:
        wrapped = rotation.wrapped_by(session)
    database.engine.dispose()
    for number in sorted({*wrapped, *given.masters}):
        there = "" if number in given.masters else ", WHICH IS NOT AMONG THE SETTINGS"
        click.echo(f"Master key {number}{there}: {wrapped.get(number, 0)} persons")
    if not set(wrapped) <= set(given.masters):
        settings.stop("Some persons cannot be read. Put the missing master key back into WESHARE_VAULT_MASTER_KEYS.")


@vault.command("rotate-key")
@click.option("--data-keys", is_flag=True, help="Also new keys for the persons, and every field and look-up anew.")
def rotate_key(data_keys: bool) -> None:
    """Wrap every person's key by the newest master key; may be stopped and run again, beside everything else."""
    database, given = opened()
    try:
        done = _renew_all(database) if data_keys else _rewrap_all(database)
    except person_keys.UnknownMasterKey as unknown:
        settings.stop(f"{unknown}. What was done so far is kept; put the key back and run this again.")
    _note(database, given.newest, done, data_keys=data_keys)
    database.engine.dispose()
    what = "sealed anew under keys of their own" if data_keys else "wrapped anew"
    click.echo(f"{done} persons {what}; master key {given.newest} is the only one needed.")
    spare = sorted(set(given.masters) - {given.newest})
    if spare:
        numbers = ", ".join(map(str, spare))
        click.echo(f"Take out of WESHARE_VAULT_MASTER_KEYS, and destroy when no backup is to need it: {numbers}")


@vault.command("add-operator")
@click.argument("login")
@click.argument("name")
@click.password_option(help="Asked for, if not given.")
def add_operator(login: str, name: str, password: str) -> None:
    """Let somebody work for the trusted third party: LOGIN, and NAME as the others see it. It takes two of them."""
    database, _given = opened()
    with database.write() as session:
        try:
            operator = operators.add(session, login, name, password, clock.now())
        except Refusal as refusal:
            settings.stop(REFUSED[refusal.code])
        ledger.record(session, clock.now(), "operator", "operator.added", f"operator:{operator.id}")
        code = operator_factors.hand_out(session, operator.id, clock.now())
        session.commit()
    database.engine.dispose()
    click.echo(f"{name} can sign in at /vault/operators.")
    _hand_over(code)


@vault.command("lost-telephone")
@click.argument("login")
def lost_telephone(login: str) -> None:
    """Help the operator of LOGIN who has lost the telephone: its app counts no longer, a one-time code is written."""
    database, _given = opened()
    with database.write() as session:
        operator = _open_account(session, login)
        code = operator_factors.hand_out(session, operator.id, clock.now())
        _record(session, "operator.second-factor-dropped", operator)
        session.commit()
    database.engine.dispose()
    _hand_over(code)


@vault.command("lost-password")
@click.argument("login")
def lost_password(login: str) -> None:
    """Write a one-time link with which the operator of LOGIN chooses a new password; the second factor stays."""
    database, _given = opened()
    with database.write() as session:
        operator = _open_account(session, login)
        token = operator_resets.make(session, operator.id, clock.now())
        _record(session, "operator.reset-link-made", operator)
        session.commit()
    database.engine.dispose()
    click.echo(f"{settings.read().vault_url}/vault/operators/new-password/{token}")


def _open_account(session: Session, login: str) -> Operator:
    operator = operators.by_login(session, login)
    if operator is None:
        settings.stop(f"No operator has the login {login!r}.", settings.USAGE)
    if operator.closed_at is not None:
        settings.stop(f"The account of {operator.name} is closed. Another operator can open it again.")
    return operator


def _record(session: Session, action: str, operator: Operator) -> None:
    """Write it down and, where there is a confirmed address, to the operator."""
    ledger.record(session, clock.now(), "operator", action, f"operator:{operator.id}")
    operator_letters.tell(session, operator.id, action, clock.now())


def _hand_over(code: str) -> None:
    click.echo(f"One-time code for setting up the second factor at the next sign-in, shown only now: {code}")


def _note(database: Database, newest: int, persons: int, *, data_keys: bool) -> None:
    facts = {"persons": persons, "data_keys": data_keys}
    with database.write() as session:
        ledger.record(session, clock.now(), "operator", "keys.rotated", f"master-key:{newest}", facts)
        session.commit()


def _rewrap_all(database: Database) -> int:
    done = 0
    while True:
        with database.write() as session:
            count = rotation.rewrap(session, BATCH)
            session.commit()
        done += count
        if count == 0:
            return done


def _renew_all(database: Database) -> int:
    done, last = 0, 0
    while True:
        with database.write() as session:
            renewed = rotation.renew(session, last, BATCH)
            session.commit()
        if not renewed:
            return done
        done, last = done + len(renewed), renewed[-1]
