"""The mail server and the gateway as the settings name them; what is wrong is said without quoting a secret."""

import pytest

from app import carriers
from app.carriers import MailServer

SENDER = "WeShare <messages@weshare.example>"


def test_a_mail_server_is_one_address_with_everything_in_it():
    found = carriers.mail_server("smtp+starttls://me%40x:p%2Fw@mail.example", SENDER)
    assert MailServer("smtp+starttls", "mail.example", 587, SENDER, "me@x", "p/w") == found
    assert "weshare.example" == found.domain
    assert "p/w" not in repr(found)


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"SMTP_URL": "https://me:secret@mail.example", "MAIL_SENDER": SENDER}, "must start with one of smtp://"),
        ({"SMTP_URL": "smtp://", "MAIL_SENDER": SENDER}, "names no host"),
        ({"SMTP_URL": "smtp://me:secret@mail.example"}, "needs WESHARE_MAIL_SENDER"),
        ({"MAIL_PER_MINUTE": "many"}, "WESHARE_MAIL_PER_MINUTE must be a whole number of messages"),
        ({"MAIL_PER_MINUTE": "0"}, "WESHARE_MAIL_PER_MINUTE must be a whole number of messages"),
        ({"SMS_URL": "ftp://gateway", "SMS_TOKEN": "secret", "SMS_SENDER": "WeShare"}, "must start with https://"),
        ({"SMS_URL": "https://gateway.example"}, "needs WESHARE_SMS_TOKEN"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, str], mistake: str):
    mistakes: list[str] = []
    assert (None, None) == carriers.from_settings(given, mistakes)
    assert mistake in mistakes[0]
    assert "secret" not in mistakes[0]


def test_a_limit_to_messages_a_minute_goes_with_the_server():
    given = {"SMTP_URL": "smtp://mail.example", "MAIL_SENDER": SENDER, "MAIL_PER_MINUTE": "600"}
    mail, _sms = carriers.from_settings(given, [])
    assert mail is not None
    assert 600 == mail.per_minute


def test_without_settings_there_is_no_carrier():
    mistakes: list[str] = []
    assert (None, None, []) == (*carriers.from_settings({}, mistakes), mistakes)
