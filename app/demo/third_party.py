"""The trusted third party of the demonstration: two operators, an identity that was opened, a request about data."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo_accounts import DEMO_OPERATORS
from app.identity import ledger, operators, unmasking
from app.participants.models import Participant
from app.rights import requests

NAMES = ("Olga Ferrand", "Oscar Nollet")
REASON = "L’hôpital a signalé le rappel d’un lot d’un dispositif : chaque personne concernée doit être jointe."
WORDS = "Je voudrais savoir qui, en dehors de l’équipe de l’étude, peut voir mes réponses."


def found(vault: Session, at: datetime) -> None:
    """The two who can open an identity together."""
    for (login, password), name in zip(DEMO_OPERATORS, NAMES, strict=True):
        operator = operators.add(vault, login, name, password, at)
        ledger.record(vault, at, "operator", "operator.added", f"operator:{operator.id}")


def look_after(study: Session, vault: Session, participant_id: int, at: datetime) -> None:
    """One opens the identity of the participant and the other allows it; the participant asks for access."""
    participant = study.get_one(Participant, participant_id)
    asked = unmasking.ask(vault, participant.pseudonym, REASON, 1, at)
    ledger.record(vault, at, "operator:1", "identity.asked-for", asked.pseudonym, {"request": asked.key})
    later = at + timedelta(minutes=12)
    unmasking.approve(vault, asked.key, 2, later)
    ledger.record(vault, later, "operator:2", "identity.approved", asked.pseudonym, {"request": asked.key})
    requests.ask(study, participant, "access", WORDS, at)
