"""``weshare staff``: the first professional, and a one-time link for whoever no data manager can help."""

from pathlib import Path

from sqlalchemy import select

from app.accounts import reset_links, staff, staff_contacts
from app.audit.models import AuditEntry
from app.config import embedded
from app.db import Databases, connect
from app.jobs import clock
from tests.cli.conftest import Command
from tests.support import people


def test_a_link_is_written_for_a_login_and_put_on_the_trail(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    """Seen failing with a command that did not commit."""
    assert lived_in.study is not None
    with lived_in.study.write() as session:
        people.bob(session, "only-one")
        session.commit()
    made = weshare("staff", "link", "only-one", "--lost-telephone")
    assert 0 == made.exit_code, made.output
    token = made.stdout.strip().rsplit("/staff/new-password/", 1)[1]
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.study is not None
    with databases.study.write() as session:
        assert "only-one" == reset_links.use(session, token, "seven quiet herons at dawn", clock.now()).login
        assert staff.authenticate(session, "only-one", "seven quiet herons at dawn") is not None
        assert "staff.reset-link-made" in session.scalars(select(AuditEntry.action)).all()
    databases.close()


def test_an_unknown_login_is_said_to_be_unknown(weshare: Command, lived_in: Databases) -> None:
    assert lived_in is not None
    made = weshare("staff", "link", "nobody")
    assert 2 == made.exit_code
    assert "No professional has the login 'nobody'." in made.output


def test_the_first_professional_is_added_and_chooses_a_password_by_the_link(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    """Seen failing with the role left out."""
    assert lived_in is not None
    made = weshare("staff", "add", "diane", "Diane Dubois", "--data-manager")
    assert 0 == made.exit_code, made.output
    token = made.stdout.strip().rsplit("/staff/new-password/", 1)[1]
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.study is not None
    with databases.study.write() as session:
        added = reset_links.use(session, token, "seven quiet herons at dawn", clock.now())
        assert ("diane", "Diane Dubois", ["data-manager"]) == (added.login, added.name, added.roles)
        assert "staff.added" in session.scalars(select(AuditEntry.action)).all()
    databases.close()
    again = weshare("staff", "add", "Diane", "Another")
    assert 2 == again.exit_code
    assert "Somebody has the login 'Diane' already." in again.output


def test_an_address_at_work_is_kept_until_its_owner_confirms_it_and_a_wrong_one_adds_nobody(
    instance: Path, weshare: Command, lived_in: Databases
) -> None:
    """Seen failing with the address taken as confirmed, and with the professional added all the same."""
    assert lived_in is not None
    wrong = weshare("staff", "add", "eve", "Eve Example", "--email", "eve at hospital")
    assert (2, "nobody was added" in wrong.output) == (wrong.exit_code, True)
    made = weshare("staff", "add", "eve", "Eve Example", "--email", "eve@hospital.example")
    assert 0 == made.exit_code, made.output
    databases = connect(embedded(instance, "http://localhost"))
    assert databases.study is not None
    with databases.study.read() as session:
        added = staff.find(session, "eve")
        assert added is not None
        kept = staff_contacts.of(session, added.id)
        assert (None, "eve@hospital.example") == (kept.address, kept.pending_address)
        assert "hospital" not in str([entry.facts for entry in session.scalars(select(AuditEntry))])
    databases.close()
