"""Alice the patient, Bob the investigator, Charlie who may see nothing: builders with defaults."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts import staff
from app.accounts.models import Account, Staff
from app.identity import people
from app.identity.models import Person
from app.participants.models import OccasionRecord, Participant
from app.studies.models import ProtocolVersion, Site, Study

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSWORD = "a long enough password"


def alice(vault: Session, email: str = "alice@example.org", password: str = PASSWORD, language: str = "fr") -> Person:
    """A person of the vault."""
    return people.register(vault, email, "Alice", "Aubert", language, password, NOON)


def bob(study: Session, login: str = "bob", password: str = PASSWORD) -> Staff:
    """A professional of the study side."""
    return staff.add(study, login, "Dr Bob Berger", password, NOON)


def an_account(study: Session, pseudonym: str = "alice", language: str | None = "fr") -> Account:
    """An account as the study side knows it."""
    account = Account(pseudonym=pseudonym, language=language, layout=None, created_at=NOON)
    study.add(account)
    study.flush()
    return account


def an_occasion(study: Session, account: Account, document: str = "{}", key: str = "o" * 22) -> OccasionRecord:
    """One visit, made available at noon, of the account's participant in a study of one site."""
    started = NOON - timedelta(days=30)
    trial = Study(code="demo", titles={"en": "Demo"}, contacts={}, languages=["fr", "en"], created_at=started)
    study.add(trial)
    study.flush()
    site = Site(study_id=trial.id, code="01", name="Besançon")
    protocol = ProtocolVersion(study_id=trial.id, version=1, document=document, published_at=started)
    study.add_all([site, protocol])
    study.flush()
    participant = Participant(
        pseudonym=f"participant-{account.pseudonym}",
        account_pseudonym=account.pseudonym,
        study_id=trial.id,
        site_id=site.id,
        protocol_version_id=protocol.id,
        subject_code="01-001",
        language="fr",
        time_zone="Europe/Paris",
        enrolled_at=started,
    )
    study.add(participant)
    study.flush()
    occasion = OccasionRecord(
        key=key, participant_id=participant.id, visit_key="baseline", iteration=1, made_available_at=NOON
    )
    study.add(occasion)
    study.flush()
    return occasion
