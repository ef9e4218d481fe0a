"""A message as it travels by e-mail: plain text and HTML, and the headers that machines on its way go by."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.carriers import MailServer
from app.identity.carriage import Parcel

# Python would write an address of more than 78 letters in a code that mail clients do not read in List-Unsubscribe.
POLICY = SMTP.clone(max_line_length=900)


def letter(parcel: Parcel, server: MailServer, at: datetime) -> EmailMessage:
    """The whole message; ValueError for an address that cannot stand in a header.

    The Message-ID is made of the message's own name, so that a second try is the same message for whoever has both.
    """
    message, mail = parcel.message, EmailMessage(policy=POLICY)
    mail["From"] = server.sender
    mail["To"] = parcel.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.message_id}@{server.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes back
    mail["X-Auto-Response-Suppress"] = "All"
    if message.unsubscribe is not None:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="quoted-printable")
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # last: what is made of two parts takes such headers away
    return mail
