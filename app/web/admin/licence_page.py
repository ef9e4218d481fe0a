"""A licence as its page shows it, and how it stands today."""

from app.licences import documents
from app.licences.register import Attested
from app.licences.terms import EARLY
from app.studies import queries
from app.web.admin.frame import page
from app.web.filters import today
from app.web.locale import _
from app.web.request import current


def state_of(one: Attested) -> tuple[str, str]:
    """How a licence stands today: words, and kind of badge."""
    days = one.terms.days_left(today())
    if one.is_withdrawn:
        return _("Revoked"), "closed"
    if one.terms.valid_from > today():
        return _("Not valid yet"), "due"
    if days is not None and days < 0:
        return _("Expired"), "late"
    if days is not None and days <= max(EARLY):
        return _("Ends soon"), "due"
    return _("Valid"), "done"


def licence_page(history: tuple[Attested, ...], problem: str | None = None) -> str:
    """The page of a licence, perhaps with what is wrong with a file."""
    return page(
        "licence.html",
        licence=history[0],
        history=history,
        state=state_of(history[0]),
        documents=documents.of_licence(current.session, history[0].licence_id),
        codes={study.id: study.code for study in queries.every_study(current.session)},
        problem=problem,
    )
