"""E-mail over SMTP: one connection per worker, every wait bounded, every answer of the server turned into a fate."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from app.carriers import MailServer
from app.identity import mime
from app.identity.carriage import Fate, Parcel, Receipt

TIMEOUT_S: Final = 10.0
"""How long one answer of the server may take: a hanging server costs its worker that much, and the others nothing."""


class SmtpCarrier:
    """A line to the mail server, opened when it is first needed and kept for the next message."""

    def __init__(self, server: MailServer, timeout_s: float = TIMEOUT_S) -> None:
        self._server = server
        self._timeout_s = timeout_s
        self._line: smtplib.SMTP | None = None

    def carry(self, parcel: Parcel, at: datetime) -> Receipt:
        """Try once; on a line that was closed while it was idle, once more on a new one."""
        try:
            content = mime.letter(parcel, self._server, at)
            content_bytes, recipient = content.as_bytes(), content["To"].addresses[0].addr_spec
            recipient.encode("ascii")
        except (ValueError, IndexError):
            return Receipt(Fate.UNREACHABLE, "address-unusable")
        is_kept = self._line is not None
        receipt = self._try(recipient, content_bytes)
        if is_kept and receipt.code == "smtp-dropped" and receipt.fate is Fate.LATER:
            receipt = self._try(recipient, content_bytes)
        return receipt

    def close(self) -> None:
        """Hang up, without waiting for a server that does not answer."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _try(self, recipient: str, content: bytes) -> Receipt:
        broken = Fate.LATER
        try:
            line = self._open()
            answer = line.mail(mime_address(self._server))[0]
            if answer // 100 != 2:
                return self._refused(answer, Fate.LATER)  # it is our sender that is not wanted: nobody's address
            answer = line.rcpt(recipient)[0]
            if answer // 100 != 2:
                return self._refused(answer, Fate.BOUNCED)
            broken = Fate.UNCLEAR
            answer = line.data(content)[0]
            if answer // 100 != 2:
                return self._refused(answer, Fate.BOUNCED)
        except smtplib.SMTPDataError as problem:  # the server did not even ask for the content
            return self._refused(problem.smtp_code, Fate.BOUNCED)
        except smtplib.SMTPResponseException as problem:
            self.close()
            return Receipt(Fate.LATER, f"smtp-{problem.smtp_code}")
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            # smtplib says of a time-out that the line was cut.
            is_late = TimeoutError in (type(problem), type(problem.__context__))
            return Receipt(broken, "smtp-timeout" if is_late else "smtp-dropped")
        return Receipt(Fate.DELIVERED, f"smtp-{answer}")

    def _open(self) -> smtplib.SMTP:
        if self._line is None:
            line = OPENERS[self._server.security](self._server, self._timeout_s)
            self._line = line
            if self._server.user is not None:
                line.login(self._server.user, self._server.password or "")
        return self._line

    def _refused(self, answer: int, for_good: Fate) -> Receipt:
        """A 5 for good, a 4 for now. The next message begins anew, on a new line if the server is closing this one."""
        if answer == 421 or self._line is None or not _is_reset(self._line):
            self.close()
        return Receipt(for_good if answer // 100 == 5 else Fate.LATER, f"smtp-{answer}")


def mime_address(server: MailServer) -> str:
    """The bare address that bounces go to."""
    return server.sender.rpartition("<")[2].rstrip(">").strip()


def _is_reset(line: smtplib.SMTP) -> bool:
    try:
        return line.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _plain(server: MailServer, timeout_s: float) -> smtplib.SMTP:
    return _greeted(smtplib.SMTP(server.host, server.port, timeout=timeout_s))


def _starttls(server: MailServer, timeout_s: float) -> smtplib.SMTP:
    line = _plain(server, timeout_s)
    try:
        line.starttls(context=ssl.create_default_context())
    except BaseException:
        line.close()
        raise
    return _greeted(line)


def _tls(server: MailServer, timeout_s: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    return _greeted(smtplib.SMTP_SSL(server.host, server.port, timeout=timeout_s, context=context))


def _greeted(line: smtplib.SMTP) -> smtplib.SMTP:
    """The line after the first words on it; closed if they fail."""
    try:
        line.ehlo()
    except BaseException:
        line.close()
        raise
    return line


OPENERS: Final[Mapping[str, Callable[[MailServer, float], smtplib.SMTP]]] = {
    "smtp": _plain,
    "smtp+starttls": _starttls,
    "smtps": _tls,
}
