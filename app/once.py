"""Insert a row whose unique key makes it happen once, whoever else tries at the same instant."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session


def insert(session: Session, row: DeclarativeBase) -> bool:
    """True if the row was inserted; False, with the rest of the transaction intact, if its key was already there."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
