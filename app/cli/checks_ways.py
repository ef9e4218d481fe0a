"""Checks of the ways out of this program: what travels to another machine is sealed, and what is due leaves in time."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import URL

from app.cli.checks_settings import LOCAL
from app.cli.finding import Finding, Site, ok, unsafe, warning
from app.config import PREFIX
from app.identity import sign_outs
from app.notices import history, matters, staff_outbox

PROVED, SEALED = ("verify-full",), ("require", "verify-ca")
"""PostgreSQL's ``sslmode``: the certificate is checked for its host; the way is sealed, to whoever answers."""
LATE, FORGOTTEN = timedelta(hours=1), timedelta(days=1)


def sealed(site: Site) -> list[Finding]:
    """Databases, the mail server, the gateway for text messages and the counter of tries, where they are elsewhere."""
    found = [finding for name, database in site.reachable().items() for finding in _database(name, database.engine.url)]
    mail, sms = site.config.mail, site.config.sms
    if mail is not None and mail.security == "smtp" and mail.host not in LOCAL:
        found.append(
            unsafe(f"{PREFIX}SMTP_URL: addresses and links travel in clear. Use smtp+starttls:// or smtps://.")
        )
    if sms is not None and urlsplit(sms.url).scheme != "https" and urlsplit(sms.url).hostname not in LOCAL:
        found.append(unsafe(f"{PREFIX}SMS_URL: numbers and links travel in clear. Use https://."))
    tries = urlsplit(site.config.rate_limit_storage)
    if tries.scheme == "redis" and tries.hostname not in LOCAL:
        found.append(warning(f"{PREFIX}RATE_LIMIT_STORAGE: tries are counted in clear. Use rediss://."))
    return found or [ok("What goes to other machines is sealed on its way.")]


def waiting(site: Site) -> list[Finding]:
    """The jobs run: no message, and nobody who has to be looked at, told or signed out, is long overdue."""
    if site.databases.study is None and site.databases.vault is None:
        return [ok("Messages are made on the study side.")]
    late = max((site.at - moment for moment in _due(site) if moment is not None), default=timedelta(0))
    if late < LATE:
        return [ok("Messages leave in time.")]
    hours = int(late / timedelta(hours=1))
    sentence = f"Something has been due for {hours} h: see that “weshare jobs clock” runs, and that mail leaves."
    return [unsafe(sentence) if late >= FORGOTTEN else warning(sentence)]


def _due(site: Site) -> list[datetime | None]:
    found: list[datetime | None] = []
    if site.databases.study is not None:
        with site.databases.study.read() as session:
            found += history.oldest_due(session), staff_outbox.oldest_due(session), matters.oldest_untold(session)
    if site.databases.vault is not None:
        with site.databases.vault.read() as session:
            found.append(sign_outs.oldest_waiting(session))
    return found


def _database(name: str, url: URL) -> list[Finding]:
    if url.get_backend_name() != "postgresql" or _is_here(url):
        return []
    mode = str(url.query.get("sslmode", "prefer"))
    if mode in PROVED:
        return []
    advice = "Add ?sslmode=verify-full to its address."
    if mode in SEALED:
        return [warning(f"The {name} database could be somebody else's: its name is not checked. {advice}")]
    return [unsafe(f"The way to the {name} database may be in clear. {advice}")]


def _is_here(url: URL) -> bool:
    """On this machine: a name of it, or a socket, which is a folder or nothing."""
    host = str(url.query.get("host", "")) or url.host or ""
    return host in LOCAL or not host or host.startswith("/")
