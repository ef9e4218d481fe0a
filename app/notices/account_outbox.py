"""Messages to accounts, about what concerns none of their participations: by the states and keys of all messages."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.notices.models import Notice
from app.notices.outbox import DUE, EMAIL, LEASE, LEASED, ambiguous, new_message_id


def make_due(session: Session, accounts: Sequence[str], kind: str, about: str, at: datetime) -> None:
    """A notice about one thing for each of many accounts, to be looked at like any other."""
    everybody = {"channel": EMAIL, "step": kind, "kind": kind, "state": DUE, "created_at": at, "waits_until": at}
    rows = [{**everybody, "account_pseudonym": one, "about": about, "message_id": new_message_id()} for one in accounts]
    if rows:
        session.execute(insert(Notice), rows)
        look = Account.next_look_at
        late = (Account.pseudonym.in_(accounts), or_(look.is_(None), look > at))
        session.execute(update(Account).where(*late).values(next_look_at=at))


def claim(session: Session, accounts: Collection[str], at: datetime) -> dict[str, list[Notice]]:
    """The notices whose time has come, now this caller's to send, by account in the order of their making.

    One whose lease ended or whose try was put off is taken over with its message id.
    """
    taken = (
        update(Notice)
        .where(Notice.account_pseudonym.in_(accounts), Notice.waits_until <= at)
        .values(state=LEASED, waits_until=at + LEASE, ambiguous_at=ambiguous(at))
        .returning(Notice)
    )
    found: dict[str, list[Notice]] = {}
    for notice in sorted(session.scalars(taken), key=lambda notice: notice.id):
        found.setdefault(notice.account_pseudonym or "", []).append(notice)
    return found


def wakes(session: Session, accounts: Collection[str]) -> dict[str, datetime]:
    """By account, the first instant at which one of its notices has to be looked at again."""
    waits = select(Notice.account_pseudonym, func.min(Notice.waits_until)).where(
        Notice.account_pseudonym.in_(accounts), Notice.waits_until.is_not(None)
    )
    rows = session.execute(waits.group_by(Notice.account_pseudonym))
    return {account: moment for account, moment in rows if account is not None and moment is not None}
