"""The account: what is waiting, what is asked anew, what comes next, what was done, and whether there is news."""

from flask import Blueprint, render_template
from sqlalchemy import select

from app.accounts import accounts
from app.announcements import news
from app.consents import standing
from app.participants import agenda, queries
from app.scheduling.status import ANSWERABLE, State
from app.studies.models import Study
from app.web.access import Who, account_of, allow
from app.web.request import current

bp = Blueprint("patient_home", __name__)
SENT = (State.SUBMITTED, State.SUBMITTED_LATE)


@bp.get("/account")
@allow(Who.PARTICIPANT, writes=True)
def home() -> str:
    """Everything of one account, over all its studies."""
    account = account_of(current.person)
    visits = agenda.of_account(current.session, account, current.at)
    visits = agenda.make_available(current.session, visits, current.at)
    has_studies = bool(visits) or queries.takes_part(current.session, account)
    ids = {visit.participant.study_id for visit in visits}
    studies = {study.id: study for study in current.session.scalars(select(Study).where(Study.id.in_(ids)))}
    return render_template(
        "patient/home.html",
        studies=studies,
        has_studies=has_studies,
        due=[visit for visit in visits if visit.state in ANSWERABLE],
        upcoming=[visit for visit in visits if visit.state is State.NOT_YET][:3],
        sent=[visit for visit in reversed(visits) if visit.state in SENT],
        minutes=_minutes,
        asked=[one for one in standing.of_account(current.session, account, current.at) if one.is_open],
        unread=news.unread(current.session, account, current.at),
        # Whoever takes part in a study is asked where there is less to do: under the news, and in the settings.
        wants_study_news=None if has_studies else accounts.wants_study_news(current.session, account),
    )


def _minutes(instruments: tuple[str, ...]) -> int:
    return sum(current.library.instrument(instrument).minutes for instrument in instruments)
