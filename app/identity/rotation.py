"""Changing keys without anybody noticing: in batches that may stop anywhere and go on later."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.identity import blind_index, identities, likeness, operator_secrets, person_keys, sealed_rows, sealing
from app.identity.models import Person, PersonKey
from app.identity.sealed_rows import SEALED


def wrapped_by(session: Session) -> dict[int, int]:
    """How many people each master key is needed for: persons, and operators for second factor and address."""
    found: Counter[int] = Counter()
    for model in (PersonKey, *operator_secrets.WRAPPED):
        counted = select(model.master_key, func.count()).group_by(model.master_key)
        found.update(dict(session.execute(counted).all()))
    return dict(found)


def rewrap(session: Session, limit: int) -> int:
    """Wrap the next persons' keys by the newest master key; how many there were.

    0: the operators' second factors and addresses have been wrapped anew too, and the older master keys can go.
    """
    keys = person_keys.keys_of(session)
    older = select(PersonKey).where(PersonKey.master_key != keys.newest).order_by(PersonKey.person_id).limit(limit)
    rows = session.scalars(older.with_for_update()).all()
    for row in rows:
        _keep(session, row, person_keys.unwrap(keys, row))
    if not rows:
        operator_secrets.rewrap(session)
    session.flush()
    return len(rows)


def renew(session: Session, after: int, limit: int) -> list[int]:
    """Give the next persons after that number new keys of their own; all that is theirs is sealed and indexed anew.

    The numbers of those persons; none when there is nobody left.
    """
    next_ones = select(PersonKey).where(PersonKey.person_id > after).order_by(PersonKey.person_id).limit(limit)
    rows = session.scalars(next_ones.with_for_update()).all()
    for row in rows:
        _renew_one(session, row)
    if not rows:
        operator_secrets.rewrap(session)
    session.flush()
    return [row.person_id for row in rows]


def _renew_one(session: Session, row: PersonKey) -> None:
    keys = person_keys.keys_of(session)
    old, new = person_keys.unwrap(keys, row), sealing.new_key()
    for model, spec in SEALED.items():
        for kept in session.scalars(select(model).where(getattr(model, spec.owner) == row.person_id)):
            sealed_rows.reseal(kept, old, new)
    _keep(session, row, new)
    person = session.get_one(Person, row.person_id)
    identity = identities.opened(person, new)
    if identity.email is not None and person.email_index is None:
        return  # a registration that nobody has confirmed yet: it must not be found
    person.email_index = None if identity.email is None else blind_index.of_email(keys, identity.email)
    likeness.renew(session, person.id, likeness.traits(identity))


def _keep(session: Session, row: PersonKey, key: bytes) -> None:
    keys = person_keys.keys_of(session)
    row.wrapped = person_keys.wrap(keys, row.person_id, keys.newest, key)
    row.master_key = keys.newest
