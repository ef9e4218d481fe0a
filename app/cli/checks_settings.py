"""Checks of the settings themselves: how the pages are reached, how tries are counted, who could read the keys."""

import math
import stat
import zlib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from app.cli.finding import Finding, Site, ok, unsafe, warning
from app.config import PREFIX, ROOT
from app.signing_keys import public_key_of

LOCAL = ("127.0.0.1", "::1", "localhost")
SECRETS = (
    "SECRET_KEY",
    "ASSERTION_PRIVATE_KEY",
    "TICKET_PRIVATE_KEY",
    "VAULT_MASTER_KEYS",
    "VAULT_LOOKUP_KEY",
    "BACKUP_KEY",
    "STUDY_DATABASE",
    "VAULT_DATABASE",
    "WAREHOUSE_DATABASE",
    "SMTP_URL",
    "SMS_TOKEN",
    "METRICS_TOKEN",
)
INSTANCE_SECRETS = ("secret-key", "assertion-key.pem", "ticket-key.pem", "vault-master-keys", "vault-lookup-key")
ENOUGH_BITS, PACKING = 100, 8


def mode(site: Site) -> list[Finding]:
    """The demonstration shows its passwords to everybody."""
    if not site.config.is_demo:
        return [ok("This is production.")]
    if urlsplit(site.config.public_url).hostname in LOCAL:
        return [warning("This is the demonstration: everybody who reaches it may sign in and read every message.")]
    return [unsafe("This is the demonstration, and it is served under a public address.")]


def https(site: Site) -> list[Finding]:
    """Passwords and answers travel sealed, and cookies never travel otherwise."""
    urls = {"PUBLIC_URL": site.config.public_url, "VAULT_URL": site.config.vault_url}
    open_ones = [f"{PREFIX}{name}" for name, url in urls.items() if urlsplit(url).scheme != "https"]
    if not open_ones:
        return [ok("Pages are reached by https only.")]
    if all(urlsplit(url).hostname in LOCAL for url in urls.values()):
        return [warning("Pages are served without https, on this computer only.")]
    return [
        unsafe(f"{name} does not begin with https: passwords and answers can be read on the way.") for name in open_ones
    ]


def secret_key(site: Site) -> list[Finding]:
    """What signs cookies cannot be guessed."""
    key = site.config.secret_key
    # By how its characters are spread, and by what is left once repetitions are packed; the lower one counts.
    spread = -sum(count * math.log2(count / len(key)) for count in Counter(key).values())
    bits = min(spread, 8 * (len(zlib.compress(key.encode(), 9)) - PACKING))
    if bits >= ENOUGH_BITS:
        return [ok("The secret key is long and mixed.")]
    return [unsafe(f"{PREFIX}SECRET_KEY could be guessed: make one with “openssl rand -base64 48”.")]


def assertion_keys(site: Site) -> list[Finding]:
    """What the vault signs is what the study side checks, where one process knows both."""
    private, public = site.config.assertion_private_key, site.config.assertion_public_key
    try:
        derived = None if private is None else public_key_of(private)
    except ValueError:
        return [unsafe(f"{PREFIX}ASSERTION_PRIVATE_KEY is not an Ed25519 key in PEM: nobody can sign in.")]
    if derived is None or public is None:
        return [ok("The other half of the signing keys is with another process, as it should be.")]
    if "".join(derived.split()) == "".join(public.split()):
        return [ok("The two halves of the signing keys belong together.")]
    return [unsafe("The two halves of the signing keys do not belong together: nobody can sign in.")]


def secret_files(site: Site) -> list[Finding]:
    """Nobody else on the machine reads the keys."""
    files = {name: Path(value) for name, value in site.environment.items() if _is_secret_file(name)}
    if site.config.is_demo:
        folder = Path(site.environment.get(f"{PREFIX}INSTANCE") or ROOT / "instance")
        files |= {name: folder / name for name in INSTANCE_SECRETS}
    found = [
        unsafe(f"{name}: others on this machine can read the file. Run chmod 600 on it.")
        for name, file in sorted(files.items())
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077
    ]
    return found or [ok(f"Only their owner reads the {len(files)} files with keys.")]


def secrets_in_environment(site: Site) -> list[Finding]:
    """A file is read once; the environment is copied to every child and shown by some tools."""
    plain = [name for name in SECRETS if site.environment.get(f"{PREFIX}{name}")]
    if not plain:
        return [ok("No key, password or database address stands in the environment.")]
    names = ", ".join(f"{PREFIX}{name}_FILE" for name in plain)
    return [warning(f"Secrets stand in the environment; files are safer: {names}.")]


def rate_limits(site: Site) -> list[Finding]:
    """Guessing is counted in one place."""
    if site.config.is_demo or not site.config.rate_limit_storage.startswith("memory"):
        return [ok("Tries are counted in one place.")]
    return [warning(f"{PREFIX}RATE_LIMIT_STORAGE is memory: each process counts tries for itself. Use redis://…")]


def apart(site: Site) -> list[Finding]:
    """Who has the study's machine has no identities."""
    study, vault = site.databases.study, site.databases.vault
    if study is None or vault is None:
        return [ok("The vault and the studies are served by different processes.")]
    here, there = study.engine.url, vault.engine.url
    if (here.host, here.port, here.database) == (there.host, there.port, there.database):  # whatever roles they name
        return [unsafe("The vault and the studies share one database.")]
    same_host = here.host == there.host
    where = "and their databases are on one host" if same_host else "though their databases are on different hosts"
    return [warning(f"This one process serves the vault and the studies, {where}: whoever takes it over has both.")]


def _is_secret_file(name: str) -> bool:
    return name in {f"{PREFIX}{secret}_FILE" for secret in SECRETS}
