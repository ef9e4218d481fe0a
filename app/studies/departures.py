"""A professional leaves every study at once; a study that nobody answers for then passes to somebody."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.studies import roles, studies
from app.studies.models import Appointment, Study


def left_alone_by(session: Session, staff_id: int) -> list[Study]:
    """The studies whose design and team nobody else could change."""
    found = []
    for study in studies.of_staff(session, staff_id):
        team = list(session.scalars(select(Appointment).where(Appointment.study_id == study.id)))
        designers = {one.staff_id for one in team if one.site_id is None and roles.may_design(one.role, None)}
        if designers == {staff_id}:
            found.append(study)
    return found


def leave(session: Session, staff_id: int, successor: int) -> tuple[int, list[Study]]:
    """End all appointments: how many there were, and the studies of which ``successor`` is data manager from now on."""
    alone = left_alone_by(session, staff_id)
    mine = select(Appointment.id).where(Appointment.staff_id == staff_id)
    ended = len(session.scalars(mine).all())
    session.execute(delete(Appointment).where(Appointment.staff_id == staff_id))
    for study in alone:
        whole = (Appointment.staff_id == successor, Appointment.study_id == study.id, Appointment.site_id.is_(None))
        held = session.scalar(select(Appointment).where(*whole))
        if held is not None:
            held.role = roles.DATA_MANAGER
        else:
            studies.appoint(session, successor, study, roles.DATA_MANAGER)
    session.flush()
    return ended, alone
