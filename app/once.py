"""Insert rows whose unique key makes it happen once, whoever else tries at the same instant; and forget them again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, object_mapper

Row = TypeVar("Row", bound=DeclarativeBase)

_INSERTS: Mapping[str, Callable[[Any], Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert(session: Session, row: DeclarativeBase) -> bool:
    """True if the row was inserted; False, with the rest of the transaction intact, if its key was already there."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def insert_all(session: Session, rows: Sequence[Row]) -> list[Row]:
    """The rows of which no key was there yet, as they are stored now; one statement, however many there are.

    All of one model, with the same columns given. The objects handed in stay outside the session.
    """
    if not rows:
        return []
    model, columns = type(rows[0]), [column.key for column in object_mapper(rows[0]).column_attrs]
    given = [{name: row.__dict__[name] for name in columns if name in row.__dict__} for row in rows]
    insert_new = _INSERTS[session.get_bind().dialect.name](model).on_conflict_do_nothing().returning(model)
    return list(session.scalars(insert_new, given))


def upsert(session: Session, row: DeclarativeBase, changes: Mapping[Any, Any]) -> None:
    """Insert the row or, where its primary key is there already, make these changes to it; one statement."""
    model = type(row)
    (key,) = inspect(model).primary_key
    given = {
        column.key: row.__dict__[column.key] for column in object_mapper(row).column_attrs if column.key in row.__dict__
    }
    fresh = _INSERTS[session.get_bind().dialect.name](model).values(given)
    session.execute(
        fresh.on_conflict_do_update(index_elements=[key], set_={one.key: to for one, to in changes.items()})
    )


def change(
    session: Session, row: DeclarativeBase, still: Sequence[ColumnElement[bool]], values: Mapping[str, object]
) -> bool:
    """Change a stored row if it still is as these conditions say: of several who try at once, one is told True.

    The object in the session is read anew either way.
    """
    model = type(row)
    (key,), (known,) = inspect(model).primary_key, object_mapper(row).primary_key_from_instance(row)
    mine = (key == known, *still)
    done = session.execute(update(model).where(*mine).values(**values).execution_options(synchronize_session=False))
    session.refresh(row)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def forget(session: Session, model: type[Any], before: datetime, most: int) -> int:
    """Remove rows whose ``expires_at`` is before that instant: how many, at most so many at once.

    What has expired is refused for its age, with its row or without: nothing can be done a second time by this.
    """
    (key,) = inspect(model).primary_key
    old = select(key).where(model.expires_at < before).order_by(model.expires_at).limit(most)
    gone = session.execute(delete(model).where(key.in_(old.scalar_subquery())))
    return int(gone.rowcount)  # type: ignore[attr-defined]
