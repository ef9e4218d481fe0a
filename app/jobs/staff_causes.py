"""What causes a message to a professional: something raised, or the hour of a digest that has something to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.accounts import staff_contacts
from app.accounts.models import StaffContact
from app.db import Database
from app.notices import history, matters, staff_outbox
from app.notices.models import Matter
from app.participants import tallies
from app.studies import queries, team
from app.studies.roles import may_enrol

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits at one site: visits that are overdue, messages that could not be delivered."""

    overdue: int = 0
    failures: int = 0


def alert(study: Database, at: datetime) -> int:
    """A message for everybody who wants to hear of what was raised since; how many things were raised."""
    with study.write() as session:
        raised = matters.untold(session, BATCH)
        for matter in raised:
            for staff_id in sorted(_readers(session, matter)):
                staff_outbox.post(session, staff_id, staff_outbox.ALERT, matter.about, at, study_id=matter.study_id)
            matter.told_at = at
        session.commit()
        return len(raised)


def digest(study: Database, at: datetime) -> int:
    """A message for everybody whose hour has come and at whose sites something waits; how many there are."""
    with study.read() as session:
        ready = [one.staff_id for one in staff_contacts.who_want_digests(session) if _day(one, at) is not None]
    counted: dict[int, Mapping[int, Figures]] = {}
    return sum(_digest(study, staff_id, counted, at) for staff_id in ready)


def _digest(study: Database, staff_id: int, counted: dict[int, Mapping[int, Figures]], at: datetime) -> bool:
    """Claim the day of one professional, and keep the digest if there is something to say."""
    with study.write() as session:
        day = _day(staff_contacts.of(session, staff_id), at)
        if day is None or not staff_contacts.claim_day(session, staff_id, day):
            return False
        lines = _lines(session, staff_id, counted, at)
        if lines:
            staff_outbox.post(session, staff_id, staff_outbox.DIGEST, day.isoformat(), at, {"lines": lines})
        session.commit()
        return bool(lines)


def _day(contact: StaffContact, at: datetime) -> date | None:
    """The day whose digest may be looked at now, by the professional's own clocks."""
    local = at.astimezone(ZoneInfo(contact.time_zone))
    is_ready = local.hour >= contact.hour and (contact.digest_on is None or contact.digest_on < local.date())
    return local.date() if is_ready and contact.digest and contact.address is not None else None


def _lines(
    session: Session, staff_id: int, counted: dict[int, Mapping[int, Figures]], at: datetime
) -> list[list[object]]:
    """Study, site and both numbers of each site that the professional sees and at which something waits."""
    lines: list[list[object]] = []
    for access in queries.accesses(session, staff_id):
        if may_enrol(access.role):
            if access.study.id not in counted:
                counted[access.study.id] = _count(session, access.study.id, at)
            found = counted[access.study.id]
            for site in access.sites:
                figures = found.get(site.id, Figures())
                if figures != Figures():
                    lines.append([access.study.code, site.name, figures.overdue, figures.failures])
    return lines


def _count(session: Session, study_id: int, at: datetime) -> dict[int, Figures]:
    overdue = tallies.overdue_by_site(session, study_id, at)
    failures = history.failures_by_site(session, study_id, at)
    return {site: Figures(overdue.get(site, 0), failures.get(site, 0)) for site in {*overdue, *failures}}


def _readers(session: Session, matter: Matter) -> set[int]:
    """Of those who enrol there the ones whom it concerns first; all others where none of these wants to be told."""
    there = [
        one
        for one in team.of_study(session, matter.study_id)
        if may_enrol(one.role) and one.site_id in (None, matter.site_id)
    ]
    first = [one.staff_id for one in there if matter.role in (None, one.role)]
    return staff_contacts.who_want_alerts(session, first) or staff_contacts.who_want_alerts(
        session, [one.staff_id for one in there]
    )
