"""A sign-in is a key worth something for a while: it ends by sign-out, by idleness and by age."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from app.accounts import sign_ins
from app.accounts.models import SignIn
from app.accounts.sign_ins import LIMITS, SignedIn
from tests.support.people import NOON, an_account, bob

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def found(study: Session, key: str, after: timedelta = SECOND) -> SignedIn:
    signed_in = sign_ins.find(study, key, NOON + after)
    assert signed_in is not None
    return signed_in


def used_every(study: Session, key: str, step: timedelta, until: timedelta) -> None:
    """Somebody who is never away for longer than a step."""
    after = step
    while after < until:
        signed_in = sign_ins.find(study, key, NOON + after)
        if signed_in is None:
            return
        sign_ins.touch(study, signed_in, NOON + after)
        after += step


def test_a_key_finds_the_account_with_what_it_prefers(study: Session) -> None:
    an_account(study, "alice", "en").layout = "item"
    signed_in = found(study, sign_ins.open_for_account(study, "alice", NOON))
    assert (signed_in.account, signed_in.staff, signed_in.scope) == ("alice", None, None)
    assert (signed_in.language, signed_in.layout) == ("en", "item")


def test_a_key_of_a_professional_finds_the_professional_only(study: Session) -> None:
    staff = bob(study)
    signed_in = found(study, sign_ins.open_for_staff(study, staff.id, NOON))
    assert (signed_in.account, signed_in.staff, signed_in.scope) == (None, staff.id, None)


def test_a_sign_in_is_found_in_one_statement(study: Session) -> None:
    an_account(study)
    key = sign_ins.open_for_account(study, "alice", NOON)
    study.expunge_all()
    statements: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(study.get_bind(), "before_cursor_execute", note)
    found(study, key)
    assert len(statements) == 1


def test_the_key_itself_is_nowhere_in_the_database_nor_in_a_log(study: Session) -> None:
    """Seen failing with the key stored as it is, and with `key` left in the repr."""
    an_account(study)
    key = sign_ins.open_for_account(study, "alice", NOON)
    kept = study.scalars(select(SignIn)).one()
    assert len(key) >= 43
    assert len(kept.key_hash) == 64
    assert key not in kept.key_hash
    assert key not in repr(found(study, key))


def test_every_sign_in_has_a_key_of_its_own(study: Session) -> None:
    an_account(study)
    assert len({sign_ins.open_for_account(study, "alice", NOON) for _ in range(5)}) == 5


def test_an_unknown_key_finds_nobody(study: Session) -> None:
    an_account(study)
    sign_ins.open_for_account(study, "alice", NOON)
    assert sign_ins.find(study, "", NOON) is None
    assert sign_ins.find(study, "x" * 43, NOON) is None


def test_a_key_is_worth_nothing_after_sign_out(study: Session) -> None:
    """Seen failing without `ended_at IS NULL` in the look-up."""
    an_account(study)
    key = sign_ins.open_for_account(study, "alice", NOON)
    other = sign_ins.open_for_account(study, "alice", NOON)
    sign_ins.end(study, key, NOON + SECOND)
    assert sign_ins.find(study, key, NOON + 2 * SECOND) is None
    assert found(study, other).account == "alice"


def test_signing_out_everywhere_ends_every_key_of_that_person_only(study: Session) -> None:
    an_account(study, "alice")
    an_account(study, "charlie")
    staff = bob(study)
    hers = [sign_ins.open_for_account(study, "alice", NOON) for _ in range(2)]
    hers.append(sign_ins.open_for_link(study, "alice", "occasion:1", NOON, NOON + 3 * MINUTE))
    his = sign_ins.open_for_staff(study, staff.id, NOON)
    charlies = sign_ins.open_for_account(study, "charlie", NOON)
    sign_ins.end_all_of_account(study, "alice", NOON)
    assert [sign_ins.find(study, key, NOON) for key in hers] == [None, None, None]
    assert found(study, his).staff == staff.id
    sign_ins.end_all_of_staff(study, staff.id, NOON)
    assert sign_ins.find(study, his, NOON) is None
    assert found(study, charlies).account == "charlie"


def test_a_key_is_worth_nothing_after_its_idle_limit(study: Session) -> None:
    """Seen failing without the comparison with seen_at."""
    an_account(study)
    staff = bob(study)
    keys = {
        "participant": sign_ins.open_for_account(study, "alice", NOON),
        "staff": sign_ins.open_for_staff(study, staff.id, NOON),
    }
    for kind, minutes in (("participant", 60), ("staff", 30)):
        assert found(study, keys[kind], timedelta(minutes=minutes) - SECOND)
        assert sign_ins.find(study, keys[kind], NOON + timedelta(minutes=minutes)) is None


def test_somebody_who_keeps_working_is_not_idle_but_ends_at_the_absolute_limit(study: Session) -> None:
    """Seen failing with an `expires_at` pushed on by touch, and without `expires_at > at`."""
    an_account(study)
    staff = bob(study)
    for key, hours in (
        (sign_ins.open_for_account(study, "alice", NOON), 12),
        (sign_ins.open_for_staff(study, staff.id, NOON), 10),
    ):
        absolute = timedelta(hours=hours)
        used_every(study, key, 20 * MINUTE, until=absolute)
        assert found(study, key, absolute - SECOND)
        assert sign_ins.find(study, key, NOON + absolute) is None


def test_the_limits_are_the_written_ones() -> None:
    written = {kind: (limits.idle, limits.absolute) for kind, limits in LIMITS.items()}
    assert written == {
        "participant": (timedelta(minutes=60), timedelta(hours=12)),
        "staff": (timedelta(minutes=30), timedelta(hours=10)),
    }


def test_a_visit_is_noted_at_most_once_a_minute(study: Session) -> None:
    """Seen failing with TOUCH_EVERY = 0 (a write on every request)."""
    an_account(study)
    key = sign_ins.open_for_account(study, "alice", NOON)
    soon = found(study, key, MINUTE - SECOND)
    assert not sign_ins.needs_touch(soon, NOON + MINUTE - SECOND)
    sign_ins.touch(study, soon, NOON + MINUTE - SECOND)
    assert found(study, key).seen_at == NOON
    sign_ins.touch(study, soon, NOON + MINUTE)
    assert found(study, key, MINUTE).seen_at == NOON + MINUTE


def test_a_late_note_neither_turns_the_clock_back_nor_revives_an_ended_sign_in(study: Session) -> None:
    """Seen failing without `seen_at < at`."""
    an_account(study)
    key = sign_ins.open_for_account(study, "alice", NOON)
    seen = found(study, key)
    sign_ins.touch(study, seen, NOON + 10 * MINUTE)
    sign_ins.touch(study, seen, NOON + 5 * MINUTE)
    assert found(study, key, 11 * MINUTE).seen_at == NOON + 10 * MINUTE
    sign_ins.end(study, key, NOON + 12 * MINUTE)
    sign_ins.touch(study, seen, NOON + 13 * MINUTE)
    assert sign_ins.find(study, key, NOON + 13 * MINUTE) is None


@pytest.mark.parametrize(("link_lasts", "sign_in_lasts"), [(2, 2), (300, 12)])
def test_a_link_opens_its_scope_for_no_longer_than_the_link_itself(
    study: Session, link_lasts: int, sign_in_lasts: int
) -> None:
    """Seen failing with the absolute limit alone."""
    an_account(study)
    link_ends = NOON + timedelta(hours=link_lasts)
    key = sign_ins.open_for_link(study, "alice", sign_ins.occasion_scope(7), NOON, link_ends)
    used_every(study, key, 20 * MINUTE, until=timedelta(hours=sign_in_lasts))
    assert found(study, key, timedelta(hours=sign_in_lasts) - SECOND).scope == "occasion:7"
    assert sign_ins.find(study, key, NOON + timedelta(hours=sign_in_lasts)) is None
