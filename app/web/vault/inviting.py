"""The message that invites somebody who was enrolled to choose a password."""

from app.identity import courier, invitations, people
from app.identity.carriage import Message
from app.identity.models import Person
from app.web.locale import _, reading_in
from app.web.request import current


def invite(person: Person, language: str) -> None:
    """Send the link by which a password is chosen, if there is an address to send it to."""
    if person.email_index is None:
        return
    token = invitations.mint(current.vault, person, current.at)
    with reading_in(language):
        link = f"{current.config.vault_url}/vault/welcome/{token}"
        text = "\n\n".join(
            [
                _("Hello,"),
                _("You agreed to take part in a study on WeShare. Choose a password to open your account:"),
                link,
                _("The link is good for 14 days. If you did not agree to anything, please ignore this message."),
            ]
        )
        message = Message(f"welcome-{token[:12]}", current.language, _("Open your WeShare account"), text)
    courier.post(current.vault, people.pseudonym_of(current.vault, person, people.ACCOUNT), message, current.at)
