"""Where messages leave from: the mail server and the gateway for text messages, as the settings name them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import TypeVar
from urllib.parse import unquote, urlsplit

Read = TypeVar("Read")
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and the address that messages come from. ``security``: smtp (none), smtp+starttls or smtps.

    ``per_minute``: how many messages one process hands over in a minute, at most; None: as many as it can.
    """

    security: str
    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    per_minute: int | None = None

    @property
    def domain(self) -> str:
        """What stands after the @ of the sender: message ids end with it."""
        return parseaddr(self.sender)[1].rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """An HTTP service that takes text messages; ``region`` reads telephone numbers without a country code."""

    url: str
    token: str = field(repr=False)
    sender: str
    region: str = "FR"


def from_settings(given: Mapping[str, str], mistakes: list[str]) -> tuple[MailServer | None, SmsGateway | None]:
    """Read both, by names without the prefix; None where nothing is set. What is wrong is added to ``mistakes``."""
    per_minute = _read(given, "MAIL_PER_MINUTE", _number, mistakes)
    sms = (given.get("SMS_TOKEN", ""), given.get("SMS_SENDER", ""), given.get("SMS_REGION", "FR"))
    return (
        _read(given, "SMTP_URL", lambda url: mail_server(url, given.get("MAIL_SENDER", ""), per_minute), mistakes),
        _read(given, "SMS_URL", lambda url: sms_gateway(url, *sms), mistakes),
    )


def _read(given: Mapping[str, str], name: str, read: Callable[[str], Read], mistakes: list[str]) -> Read | None:
    if not given.get(name):
        return None
    try:
        return read(given[name])
    except ValueError as problem:
        mistakes.append(f"WESHARE_{name} {problem}")
        return None


def _number(text: str) -> int:
    if not text.strip().isdecimal() or int(text) < 1:
        raise ValueError("must be a whole number of messages, 1 or more")
    return int(text)


def mail_server(url: str, sender: str, per_minute: int | None = None) -> MailServer:
    """Read ``smtp+starttls://user:password@host:587``; ValueError says what is wrong, and quotes nothing secret."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(f"must start with one of {', '.join(f'{scheme}://' for scheme in PORTS)}")
    if not parts.hostname:
        raise ValueError("names no host")
    if "@" not in parseaddr(sender)[1]:
        raise ValueError("needs WESHARE_MAIL_SENDER, such as “WeShare <messages@example.org>”")
    return MailServer(
        security=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        sender=sender,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        per_minute=per_minute,
    )


def sms_gateway(url: str, token: str, sender: str, region: str) -> SmsGateway:
    """The gateway; ValueError if something is missing."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ValueError("must start with https://")
    if not token or not sender:
        raise ValueError("needs WESHARE_SMS_TOKEN and WESHARE_SMS_SENDER")
    return SmsGateway(url, token, sender, region)
