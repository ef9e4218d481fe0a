"""A professional is written to whenever the own ways in change, whoever did it; with a confirmed address alone."""

from collections.abc import Collection

from app.accounts import staff_contacts
from app.notices import staff_outbox
from app.studies import queries
from app.web.request import current


def tell(staff_id: int, what: str) -> None:
    """Keep a message about it, to be sent at once; ``what`` is one of those in app/jobs/staff_words.py."""
    if staff_contacts.address_of(current.session, staff_id) is not None:
        about = f"{current.id}:{what}"
        staff_outbox.post(current.session, staff_id, staff_outbox.CHANGED, about, current.at, {"what": what})


def known_words(staff_id: int) -> Collection[str]:
    """What others know of a professional's work, on which no password is built: codes, titles and places of studies."""
    found = queries.accesses(current.session, staff_id)
    titles = [title for one in found for title in one.study.titles.values()]
    return [*titles, *(one.study.code for one in found), *(site.name for one in found for site in one.sites)]
