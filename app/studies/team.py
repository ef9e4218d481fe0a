"""Who works on a study."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.studies.models import Appointment


def of_study(session: Session, study_id: int) -> list[Appointment]:
    """Every appointment, those for the whole study first, then by site, in the order in which they were made."""
    rows = session.scalars(select(Appointment).where(Appointment.study_id == study_id))
    return sorted(rows, key=lambda one: (one.site_id or 0, one.id))
