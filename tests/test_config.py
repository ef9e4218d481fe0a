"""Settings are read once; whatever is missing is named at once, and what is not needed is not held."""

import stat
from pathlib import Path

import pytest

from app.config import BrokenConfig, Config, embedded, from_environment

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
    assert (None, None) == (study.vault_database, study.assertion_private_key)
    without = {
        name: value for name, value in COMPLETE.items() if "VAULT_DATABASE" not in name and "PRIVATE" not in name
    }
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
    first = from_environment({"WESHARE_INSTANCE": str(tmp_path)})
    assert first == embedded(tmp_path, "http://127.0.0.1:8000")
    assert isinstance(first, Config)
    for secret in ("secret-key", "assertion-key.pem"):
        assert 0o600 == stat.S_IMODE((tmp_path / secret).stat().st_mode)
