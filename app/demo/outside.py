"""People outside the demonstration's studies: one who wants to hear of them, and what the teams offer to tell."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import accounts
from app.announcements import approval, drafts
from app.announcements.drafts import Draft
from app.audit import trail
from app.demo import outside_texts
from app.demo.design import LANGUAGES
from app.demo.founding import Founded
from app.demo.news_texts import Texts
from app.demo_accounts import DEMO_CITIZEN_EMAIL, DEMO_CITIZEN_PASSWORD
from app.identity import ledger, people

REGISTERED_AGO: Final = timedelta(days=12)
APPROVED_AGO: Final = timedelta(days=3)
PROPOSED_AGO: Final = timedelta(hours=7)
A_LOOK: Final = timedelta(hours=5)
"""How long the data manager takes."""
GIVEN_NAME, FAMILY_NAME = "Célia", "Morand"


def register(study: Session, vault: Session, at: datetime) -> None:
    """Célia makes an account, takes part in nothing, and says that she wants news of studies."""
    person = people.register(vault, DEMO_CITIZEN_EMAIL, GIVEN_NAME, FAMILY_NAME, "fr", DEMO_CITIZEN_PASSWORD, at)
    account = people.pseudonym_of(vault, person, people.ACCOUNT)
    who = f"account:{account}"
    ledger.record(vault, at, who, "registration.confirmed", who)
    accounts.ensure(study, account, at)
    accounts.want_study_news(study, account, "fr", wanted=True)
    trail.record(study, at, who, "study-news.wanted", who)


def offer(session: Session, founded: Founded, study_id: int, at: datetime) -> None:
    """The next study is told of to everybody: proposed by its investigator, approved by the data manager."""
    key = _propose(session, founded, study_id, outside_texts.NEXT_STUDY, at - A_LOOK)
    found = approval.find(session, key)
    if found is None:
        raise LookupError("what was proposed just now is not there")
    post, study = found
    approval.approve(session, post, study.languages, post.revision, founded.manager, at)
    trail.record(session, at, f"staff:{founded.manager}", "post.approved", f"post:{key}", {"study": study.code})


def propose(session: Session, founded: Founded, at: datetime) -> None:
    """The study that is under way would like more people; the data manager has not looked at it yet."""
    _propose(session, founded, founded.study, outside_texts.MORE_PEOPLE, at)


def _propose(session: Session, founded: Founded, study_id: int, texts: Texts, at: datetime) -> str:
    draft = Draft(texts, audience="everybody")
    post = drafts.start(session, study_id, "survey", draft, founded.staff, at)
    approval.propose(session, post, LANGUAGES, post.revision, founded.staff, at)
    trail.record(session, at, f"staff:{founded.staff}", "post.proposed", f"post:{post.key}", {"kind": post.kind})
    return post.key
