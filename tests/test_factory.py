"""One application for every audience, or one each: a process knows only what its pages need."""

import pytest

from app.config import Config
from app.factory import create_app


def test_a_vault_of_its_own_has_no_study_database_and_no_study_page(config: Config):
    """Seen failing when the factory connected to every database of the settings."""
    app = create_app(config, {"vault"})
    services = app.extensions["weshare"]
    assert (None, None) == (services.databases.study, services.databases.warehouse)
    client = app.test_client()
    assert 200 == client.get("/vault/mailbox").status_code
    assert {"vault": "ok"} == client.get("/readyz").json["databases"]
    for path in ("/", "/account", "/studies", "/staff/sign-in"):
        assert 404 == client.get(path).status_code


def test_a_study_side_of_its_own_has_no_vault_database_no_vault_key_and_no_vault_page(config: Config):
    app = create_app(config, {"public", "patient", "investigator"})
    services = app.extensions["weshare"]
    assert (None, None) == (services.databases.vault, services.config.assertion_private_key)
    client = app.test_client()
    assert 200 == client.get("/").status_code
    assert {"study": "ok", "warehouse": "ok"} == client.get("/readyz").json["databases"]
    for path in ("/vault/sign-in", "/vault/mailbox"):
        assert 404 == client.get(path).status_code


@pytest.mark.parametrize("audiences", [{"public"}, {"patient"}, {"investigator"}, {"vault"}])
def test_each_audience_can_have_a_process_of_its_own(config: Config, audiences: set[str]):
    client = create_app(config, audiences).test_client()
    assert 200 == client.get("/healthz").status_code
    assert 404 == client.get("/no/such/page").status_code
