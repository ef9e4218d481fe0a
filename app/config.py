"""The settings of one process, read once from the environment; every missing or wrong one is named at once."""

import secrets
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import carriers
from app.carriers import MailServer, SmsGateway
from app.secret_files import kept
from app.signing_keys import new_private_key, public_key_of
from app.vault_keys import KEY_BYTES, VaultKeys, fresh_key, parse_keys

ROOT = Path(__file__).resolve().parent.parent
AUDIENCES = ("public", "patient", "investigator", "admin", "vault")
STUDY_AUDIENCES = frozenset(AUDIENCES) - {"vault"}
TICKET_AUDIENCES = frozenset({"investigator", "patient"})
"""Whose pages send somebody to the vault with a signed ticket."""
PREVIEW = frozenset({"preview"})
"""What no setting can name: it is no audience of a server."""
PREFIX = "WESHARE_"


class BrokenConfig(Exception):
    """The settings cannot be used; ``mistakes`` lists every one of them."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("The settings are not complete:\n" + "\n".join(f"  - {mistake}" for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Config:
    """What a process is allowed to know. A database URL that is None belongs to another process."""

    mode: Literal["demo", "production"]
    audiences: frozenset[str]
    secret_key: str = field(repr=False)
    study_database: str | None = field(repr=False)
    vault_database: str | None = field(repr=False)
    warehouse_database: str | None = field(repr=False)
    vault_keys: VaultKeys | None
    assertion_private_key: str | None = field(repr=False)
    assertion_public_key: str | None
    public_url: str
    vault_url: str
    rate_limit_storage: str
    ticket_private_key: str | None = field(default=None, repr=False)
    ticket_public_key: str | None = None
    mail: MailServer | None = None
    sms: SmsGateway | None = None
    metrics_token: str | None = field(default=None, repr=False)
    backup_key: bytes | None = field(default=None, repr=False)
    backups: Path | None = None
    instruments: Path = ROOT / "instruments"
    wordings: Path = ROOT / "instance" / "wordings"
    translations: Path = ROOT / "translations"

    def narrowed(self, audiences: Iterable[str]) -> "Config":
        """What a process needs to know that serves only some of the audiences: no database and no key of the others."""
        serving = frozenset(audiences)
        serves_study, serves_vault = bool(serving & STUDY_AUDIENCES), "vault" in serving
        return replace(
            self,
            audiences=serving,
            study_database=self.study_database if serves_study else None,
            warehouse_database=self.warehouse_database if serves_study else None,
            assertion_public_key=self.assertion_public_key if serves_study else None,
            vault_database=self.vault_database if serves_vault else None,
            vault_keys=self.vault_keys if serves_vault else None,
            mail=self.mail if serves_vault else None,
            sms=self.sms if serves_vault else None,
            assertion_private_key=self.assertion_private_key if serves_vault else None,
            ticket_private_key=self.ticket_private_key if serving & TICKET_AUDIENCES else None,
            ticket_public_key=self.ticket_public_key if serves_vault else None,
        )

    def carrying(self, mail: MailServer | None, sms: SmsGateway | None) -> "Config":
        """With the carriers of messages, where the vault is served: nobody else has an address to send to."""
        return replace(self, mail=mail, sms=sms) if "vault" in self.audiences else self

    @property
    def is_demo(self) -> bool:
        """True where the visible mailbox and the demo sign-ins are shown."""
        return self.mode == "demo"

    @property
    def needs_second_factor(self) -> bool:
        """True where professionals sign in with two factors: not in the demonstration, whose sign-ins are public."""
        return not self.is_demo

    @property
    def staff_key(self) -> bytes:
        """What seals the second factors of professionals: derived from the secret key, and used for nothing else."""
        derived = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"weshare: second factors of professionals")
        return derived.derive(self.secret_key.encode())

    @property
    def is_preview(self) -> bool:
        """True where instruments are shown on somebody's own computer: no accounts, no databases, nothing stored."""
        return self.audiences == PREVIEW

    @property
    def way_to_vault(self) -> str:
        """What to put before a path of the vault: nothing on the same site, whatever name the browser has for it."""
        return "" if self.vault_url == self.public_url else self.vault_url

    @property
    def way_to_study(self) -> str:
        """The same for a path of the study side, seen from the vault."""
        return "" if self.vault_url == self.public_url else self.public_url

    @property
    def is_https(self) -> bool:
        """True where cookies must be Secure and carry the __Host- prefix."""
        return urlsplit(self.public_url).scheme == "https"


def from_environment(environment: Mapping[str, str]) -> Config:
    """Read the WESHARE_ settings; BrokenConfig names all that are missing or wrong.

    Without WESHARE_MODE=production the embedded default is used: three SQLite files and generated keys under the
    instance folder.
    """
    given = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    mistakes = _read_files(given)
    mode = given.get("MODE", "demo")
    mail, sms = carriers.from_settings(given, mistakes)
    if mode == "demo":
        if mistakes:
            raise BrokenConfig(tuple(mistakes))
        folder = Path(given.get("INSTANCE", str(ROOT / "instance")))
        config = embedded(folder, given.get("PUBLIC_URL", "http://127.0.0.1:8000"))
        return replace(
            config,
            mail=mail,
            sms=sms,
            metrics_token=given.get("METRICS_TOKEN") or None,
            backup_key=_backup_key(given),
            backups=Path(given["BACKUPS"]) if given.get("BACKUPS") else None,
            wordings=wordings_folder(given),
        )
    return replace(_production(given, mode, mistakes), metrics_token=given.get("METRICS_TOKEN") or None).carrying(
        mail, sms
    )


def _read_files(given: dict[str, str]) -> list[str]:
    """Put in what a setting that ends in _FILE points to, as many platforms hand over secrets; every mistake in it."""
    mistakes = []
    for name in [name for name in given if name.endswith("_FILE")]:
        plain = name.removesuffix("_FILE")
        if plain in given:
            mistakes.append(f"{PREFIX}{plain} and {PREFIX}{name} are both set; keep one of them")
        try:
            given[plain] = Path(given[name]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            given[plain] = ""
            mistakes.append(f"{PREFIX}{name} names a file that cannot be read ({type(problem).__name__})")
    return mistakes


def embedded(folder: Path, public_url: str) -> Config:
    """The settings of the one-command default: everything in one folder, keys made on first use."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = kept(folder / "assertion-key.pem", new_private_key)
    tickets = kept(folder / "ticket-key.pem", new_private_key)
    return Config(
        mode="demo",
        audiences=frozenset(AUDIENCES),
        secret_key=kept(folder / "secret-key", lambda: secrets.token_urlsafe(48)),
        study_database=f"sqlite:///{folder / 'study.sqlite'}",
        vault_database=f"sqlite:///{folder / 'vault.sqlite'}",
        warehouse_database=f"sqlite:///{folder / 'warehouse.sqlite'}",
        vault_keys=parse_keys(
            kept(folder / "vault-master-keys", lambda: f"1:{fresh_key()}\n"),
            kept(folder / "vault-lookup-key", fresh_key),
        ),
        assertion_private_key=private,
        assertion_public_key=public_key_of(private),
        public_url=public_url,
        vault_url=public_url,
        rate_limit_storage="memory://",
        ticket_private_key=tickets,
        ticket_public_key=public_key_of(tickets),
        wordings=folder / "wordings",
    )


def wordings_folder(given: Mapping[str, str]) -> Path:
    """Where wordings are installed: WESHARE_WORDINGS, else beside what the instance keeps. Names without the prefix."""
    return Path(given.get("WORDINGS") or Path(given.get("INSTANCE") or ROOT / "instance") / "wordings").absolute()


def preview(instruments: Path, wordings: Path, public_url: str) -> Config:
    """The settings of a preview on somebody's own computer; the key lasts as long as the process."""
    return Config(
        mode="demo",
        audiences=PREVIEW,
        secret_key=secrets.token_urlsafe(48),
        study_database=None,
        vault_database=None,
        warehouse_database=None,
        assertion_private_key=None,
        assertion_public_key=None,
        vault_keys=None,
        public_url=public_url,
        vault_url=public_url,
        rate_limit_storage="memory://",
        instruments=instruments,
        wordings=wordings,
    )


def _production(given: Mapping[str, str], mode: str, mistakes: list[str]) -> Config:
    if mode != "production":
        mistakes.append(f"{PREFIX}MODE is {mode!r}; it must be demo or production")
    audiences = frozenset(given.get("AUDIENCES", ",".join(AUDIENCES)).split(","))
    for stranger in sorted(audiences - frozenset(AUDIENCES)):
        mistakes.append(f"{PREFIX}AUDIENCES names {stranger!r}; known are {', '.join(AUDIENCES)}")
    serves_study = bool(audiences & STUDY_AUDIENCES)
    serves_vault = "vault" in audiences
    needed = {
        "SECRET_KEY": True,
        "PUBLIC_URL": True,
        "VAULT_URL": True,
        "RATE_LIMIT_STORAGE": True,
        "STUDY_DATABASE": serves_study,
        "WAREHOUSE_DATABASE": serves_study,
        "ASSERTION_PUBLIC_KEY": serves_study,
        "VAULT_DATABASE": serves_vault,
        "VAULT_MASTER_KEYS": serves_vault,
        "VAULT_LOOKUP_KEY": serves_vault,
        "ASSERTION_PRIVATE_KEY": serves_vault,
        "TICKET_PRIVATE_KEY": bool(audiences & TICKET_AUDIENCES),
        "TICKET_PUBLIC_KEY": serves_vault,
    }
    mistakes += [
        f"{PREFIX}{name} is not set"
        for name, wanted in needed.items()
        if wanted and not given.get(name) and f"{name}_FILE" not in given
    ]
    vault_keys = _vault_keys(given, mistakes) if serves_vault else None
    if given.get("BACKUP_KEY") and _backup_key(given) is None:
        mistakes.append(f"{PREFIX}BACKUP_KEY is not 32 bytes in base64; make one with: openssl rand -base64 32")
    for name in ("PUBLIC_URL", "VAULT_URL"):
        if given.get(name) and urlsplit(given[name]).scheme not in ("http", "https"):
            mistakes.append(f"{PREFIX}{name} must start with https://")
    if len(given.get("SECRET_KEY", "x" * 32)) < 32:
        mistakes.append(f"{PREFIX}SECRET_KEY is too short; use at least 32 characters made at random")
    if mistakes:
        raise BrokenConfig(tuple(mistakes))
    everything = Config(
        mode="production",
        audiences=audiences,
        secret_key=given["SECRET_KEY"],
        study_database=given.get("STUDY_DATABASE"),
        vault_database=given.get("VAULT_DATABASE"),
        warehouse_database=given.get("WAREHOUSE_DATABASE"),
        vault_keys=vault_keys,
        assertion_private_key=given.get("ASSERTION_PRIVATE_KEY"),
        assertion_public_key=given.get("ASSERTION_PUBLIC_KEY"),
        public_url=given["PUBLIC_URL"].rstrip("/"),
        vault_url=given["VAULT_URL"].rstrip("/"),
        rate_limit_storage=given["RATE_LIMIT_STORAGE"],
        ticket_private_key=given.get("TICKET_PRIVATE_KEY"),
        ticket_public_key=given.get("TICKET_PUBLIC_KEY"),
        backup_key=_backup_key(given),
        backups=Path(given["BACKUPS"]) if given.get("BACKUPS") else None,
        instruments=Path(given.get("INSTRUMENTS", str(ROOT / "instruments"))),
        wordings=wordings_folder(given),
    )
    return everything.narrowed(audiences)


def _vault_keys(given: Mapping[str, str], mistakes: list[str]) -> VaultKeys | None:
    masters, lookup = given.get("VAULT_MASTER_KEYS"), given.get("VAULT_LOOKUP_KEY")
    if not masters or not lookup:
        return None
    try:
        return parse_keys(masters, lookup)
    except ValueError as problem:
        mistakes.append(f"{PREFIX}VAULT_MASTER_KEYS or {PREFIX}VAULT_LOOKUP_KEY: {problem}")
        return None


def _backup_key(given: Mapping[str, str]) -> bytes | None:
    try:
        key = b64decode(given.get("BACKUP_KEY", ""), validate=True)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None
