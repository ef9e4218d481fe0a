"""Settings are read once; whatever is missing is named at once, and what is not needed is not held."""

import re
import stat
from pathlib import Path

import pytest

from app.config import BrokenConfig, Config, embedded, from_environment
from app.vault_keys import fresh_key
from tests.support.keys import LOOKUP_KEY, MASTER_KEYS

COMPLETE = {
    "WESHARE_MODE": "production",
    "WESHARE_SECRET_KEY": "k" * 40,
    "WESHARE_PUBLIC_URL": "https://weshare.example/",
    "WESHARE_VAULT_URL": "https://vault.example",
    "WESHARE_RATE_LIMIT_STORAGE": "memory://",
    "WESHARE_STUDY_DATABASE": "sqlite:///study",
    "WESHARE_WAREHOUSE_DATABASE": "sqlite:///warehouse",
    "WESHARE_ASSERTION_PUBLIC_KEY": "public",
    "WESHARE_VAULT_DATABASE": "sqlite:///vault",
    "WESHARE_ASSERTION_PRIVATE_KEY": "private",
    "WESHARE_TICKET_PRIVATE_KEY": "tickets private",
    "WESHARE_TICKET_PUBLIC_KEY": "tickets public",
    "WESHARE_VAULT_MASTER_KEYS": MASTER_KEYS,
    "WESHARE_VAULT_LOOKUP_KEY": LOOKUP_KEY,
}


def test_every_missing_setting_is_named_at_once():
    """Seen failing when reading stopped at the first one."""
    with pytest.raises(BrokenConfig) as broken:
        from_environment({"WESHARE_MODE": "production"})
    assert set(COMPLETE) - {"WESHARE_MODE"} == {mistake.split()[0] for mistake in broken.value.mistakes}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"WESHARE_MODE": "produktion"}, "WESHARE_MODE"),
        ({"WESHARE_AUDIENCES": "patient,doctor"}, "'doctor'"),
        ({"WESHARE_AUDIENCES": "preview"}, "'preview'"),  # what needs no sign-in is for one's own computer
        ({"WESHARE_SECRET_KEY": "short"}, "WESHARE_SECRET_KEY"),
        ({"WESHARE_PUBLIC_URL": "weshare.example"}, "WESHARE_PUBLIC_URL"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(change: dict[str, str], said: str):
    with pytest.raises(BrokenConfig, match=said):
        from_environment({**COMPLETE, **change})


def test_a_study_side_needs_no_setting_of_the_vault_and_forgets_one_that_is_there():
    study = from_environment({**COMPLETE, "WESHARE_AUDIENCES": "public,patient,investigator"})
    assert (None, None, None) == (study.vault_database, study.assertion_private_key, study.vault_keys)
    vaults = "VAULT_(DATABASE|MASTER|LOOKUP)|ASSERTION_PRIVATE|TICKET_PUBLIC"
    without = {name: value for name, value in COMPLETE.items() if not re.search(vaults, name)}
    assert study == from_environment({**without, "WESHARE_AUDIENCES": "public,patient,investigator"})


def test_a_complete_production_is_read_as_written():
    config = from_environment(COMPLETE)
    assert ("production", "https://weshare.example", True, False) == (
        config.mode,
        config.public_url,
        config.is_https,
        config.is_demo,
    )


def test_the_embedded_default_needs_nothing_and_keeps_its_keys(tmp_path: Path):
    folder = tmp_path / "instance"
    first = from_environment({"WESHARE_INSTANCE": str(folder)})
    assert first == embedded(folder, "http://127.0.0.1:8000")
    assert isinstance(first, Config)
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
    for secret in ("secret-key", "assertion-key.pem", "vault-master-keys", "vault-lookup-key"):
        assert 0o600 == stat.S_IMODE((folder / secret).stat().st_mode)


def test_secrets_come_from_files_too_and_are_not_printed(tmp_path: Path):
    """The new line at the end of a file is not part of the key."""
    names = [name for name in COMPLETE if name not in ("WESHARE_MODE", "WESHARE_PUBLIC_URL")]
    settings = {name: COMPLETE[name] for name in ("WESHARE_MODE", "WESHARE_PUBLIC_URL")}
    for name in names:
        (tmp_path / name).write_text(f"{COMPLETE[name]}\n", encoding="utf-8")
        settings[f"{name}_FILE"] = str(tmp_path / name)
    config = from_environment(settings)
    assert from_environment(COMPLETE) == config
    for secret in ("k" * 40, "sqlite:///vault", "private", LOOKUP_KEY):
        assert secret not in repr(config)


def test_files_that_cannot_be_read_are_named_together_with_what_is_missing(tmp_path: Path):
    broken = {**COMPLETE, "WESHARE_SECRET_KEY_FILE": str(tmp_path / "nowhere"), "WESHARE_VAULT_LOOKUP_KEY": "short"}
    del broken["WESHARE_VAULT_URL"]
    with pytest.raises(BrokenConfig) as refused:
        from_environment(broken)
    said = "\n".join(refused.value.mistakes)
    for sentence in (
        "WESHARE_SECRET_KEY and WESHARE_SECRET_KEY_FILE are both set",
        "WESHARE_SECRET_KEY_FILE names a file that cannot be read (FileNotFoundError)",
        "WESHARE_VAULT_URL is not set",
        "the look-up key is not 32 bytes",
    ):
        assert sentence in said


def test_a_backup_key_is_checked_at_start():
    key = fresh_key()
    assert 32 == len(from_environment({**COMPLETE, "WESHARE_BACKUP_KEY": key}).backup_key or b"")
    with pytest.raises(BrokenConfig, match="WESHARE_BACKUP_KEY is not 32 bytes"):
        from_environment({**COMPLETE, "WESHARE_BACKUP_KEY": key[:20]})
