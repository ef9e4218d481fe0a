"""``weshare staff``: the first professional of an installation, and help where no data manager can help."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy.orm import Session

from app.accounts import reset_links, staff_contacts
from app.accounts import staff as professionals
from app.accounts.roles import DATA_MANAGER
from app.audit import trail
from app.cli import settings
from app.db import connect
from app.errors import Refusal
from app.jobs import clock

ACTOR = "operator"


@click.group()
def staff() -> None:
    """The access of professionals."""


@staff.command()
@click.argument("login")
@click.argument("name")
@click.option("--data-manager", is_flag=True, help="Looks after what all studies share, and makes studies.")
@click.option("--email", help="An address at work; nothing but a code goes there before it is confirmed.")
def add(login: str, name: str, data_manager: bool, email: str | None) -> None:
    """Add a professional, and write a one-time link with which a password is chosen."""
    roles = [DATA_MANAGER] if data_manager else []
    with _study() as (session, public_url):
        at = clock.now()
        try:
            # Nobody ever sees this password: the link leads to a new one.
            added = professionals.add(session, login, name, secrets.token_urlsafe(32), at)
        except Refusal:
            settings.stop(f"Somebody has the login {login!r} already.", settings.USAGE)
        professionals.set_roles(session, added.id, roles)
        if email is not None:
            _give(session, added.id, email)
        trail.record(session, at, ACTOR, "staff.added", f"staff:{added.id}", {"roles": roles})
        _write_link(session, public_url, added.id, at, drops_factor=False)


@staff.command()
@click.argument("login")
@click.option("--lost-telephone", is_flag=True, help="The second factor is lost too, and is set up anew.")
def link(login: str, lost_telephone: bool) -> None:
    """Write a one-time link to standard output, with which the professional of LOGIN chooses a new password."""
    with _study() as (session, public_url):
        found = professionals.find(session, login)
        if found is None:
            settings.stop(f"No professional has the login {login!r}.", settings.USAGE)
        if found.closed_at is not None:
            settings.stop(f"The account of {login!r} is closed.", settings.USAGE)
        _write_link(session, public_url, found.id, clock.now(), drops_factor=lost_telephone)


def _give(session: Session, staff_id: int, email: str) -> None:
    """The address waits on the professional's own page until it is confirmed there."""
    try:
        staff_contacts.give(session, staff_id, email)
    except Refusal:
        settings.stop("--email does not look like an e-mail address; nobody was added.", settings.USAGE)


@contextmanager
def _study() -> Iterator[tuple[Session, str]]:
    """The study's database in one transaction, and where professionals reach it."""
    config = settings.read()
    study = connect(config).study
    if study is None:
        settings.stop("This process has no study database: WESHARE_AUDIENCES names the vault alone.", settings.USAGE)
    with study.write() as session:
        yield session, config.public_url
        session.commit()
    study.engine.dispose()


def _write_link(session: Session, public_url: str, staff_id: int, at: datetime, *, drops_factor: bool) -> None:
    token = reset_links.make(session, staff_id, at, drops_factor=drops_factor)
    facts = {"drops_factor": drops_factor}
    trail.record(session, at, ACTOR, "staff.reset-link-made", f"staff:{staff_id}", facts)
    click.echo(f"{public_url}/staff/new-password/{token}")
