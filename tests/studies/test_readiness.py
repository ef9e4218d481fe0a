"""What a study needs before it goes live."""

from dataclasses import replace

import pytest

from app.scheduling.parse import parse_protocol
from app.studies import readiness
from app.studies.readiness import CHECKS, Known
from tests.support.world import protocol_document

PROTOCOL = parse_protocol(protocol_document())
TESTED = {(kind, "email", language) for kind in ("invitation", "reminder") for language in ("fr", "en")}
TEXTS = {"fr": "Texte", "en": "Text"}
READY = Known(("fr", "en"), TEXTS, TEXTS, sites=1, enrolling=1, protocol=PROTOCOL, tested=TESTED)


def missing(known: Known) -> dict[str, tuple[str, ...]]:
    return {check.code: check.missing for check in readiness.checks(known) if not check.is_ready}


def test_a_study_with_everything_is_ready():
    assert {} == missing(READY)
    assert readiness.is_ready(READY)


@pytest.mark.parametrize(
    ("change", "code", "what"),
    [
        ({"titles": {"fr": "Titre"}}, readiness.TITLE, ("en",)),
        ({"contacts": {"fr": "Bob", "en": " "}}, readiness.CONTACT, ("en",)),
        ({"sites": 0}, readiness.SITE, ("site",)),
        ({"enrolling": 0}, readiness.TEAM, ("staff",)),
        ({"uncovered_sites": ["Centre 2"]}, readiness.SITE_TEAM, ("Centre 2",)),
        ({"is_draft_ahead": True}, readiness.DRAFT, ("draft",)),
        ({"unworded": ["x in English"]}, readiness.WORDING, ("x in English",)),
        ({"unlicensed": ["x"]}, readiness.LICENCE, ("x",)),
        ({"tested": TESTED - {("reminder", "email", "en")}}, readiness.NOTICE, ("reminder email en",)),
    ],
)
def test_each_thing_that_is_missing_keeps_it_from_going_live(change, code: str, what: tuple[str, ...]):
    """Seen failing when the contacts were looked for among the titles."""
    known = replace(READY, **change)
    assert {code: what} == missing(known)
    assert not readiness.is_ready(known)


def test_without_a_protocol_nobody_can_say_what_it_needs():
    waiting = {check.code for check in readiness.checks(replace(READY, protocol=None)) if check.waits}
    assert {readiness.DRAFT, readiness.WORDING, readiness.LICENCE, readiness.NOTICE} == waiting
    assert ("protocol",) == missing(replace(READY, protocol=None))[readiness.PUBLISHED]


def test_every_check_is_made_once():
    assert CHECKS == tuple(check.code for check in readiness.checks(READY))
