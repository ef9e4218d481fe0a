"""A letter to the person whenever the ways in change: whoever did it, the owner of the address learns of it."""

from app.identity import link_mails
from app.identity.models import Person
from app.web.request import current


def tell(person: Person) -> None:
    """Post it; it says that something changed and where to look, and nothing more."""
    link_mails.tell_of_change(current.vault, person, f"{current.config.vault_url}/vault/security/enter", current.at)
