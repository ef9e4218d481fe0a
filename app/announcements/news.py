"""What one account may read: the published posts of the studies it takes part in, which are new, and which it muted.

Whoever left a study still sees its results, but no announcements. Whoever wants news of studies that could be joined
also sees what is for everybody, of open studies it never took part in. Nothing here depends on the number of posts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app import once
from app.accounts.models import Account
from app.announcements.kinds import ANNOUNCEMENTS, TO_EVERYBODY, TO_PARTICIPANTS
from app.announcements.models import Mute, Post, PostText, Reading
from app.participants.models import Participant
from app.studies.models import Study
from app.studies.queries import storable

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class News:
    """One post as one account sees it, with its title in one of the post's languages.

    ``participant``: who the reader is in the post's study; None: it is news of a study that the reader could join.
    """

    post: Post
    study: Study
    participant: Participant | None
    language: str
    title: str
    is_new: bool
    is_muted: bool


def unread(session: Session, account: str, at: datetime) -> int:
    """How many posts are new to an account, muted kinds left out; one statement."""
    new = _visible(select(func.count(Post.id.distinct())), account, at).where(
        Reading.post_id.is_(None), Post.kind.not_in(_muted(account))
    )
    return session.scalar(new) or 0


def of_account(session: Session, account: str, language: str, at: datetime) -> list[News]:
    """Everything an account may read, the newest first, muted kinds included; three statements."""
    return _news(session, account, language, at)


def find(session: Session, account: str, key: str, language: str, at: datetime) -> News | None:
    """One post; None for one that is not for this account: see _visible."""
    return next(iter(_news(session, account, language, at, Post.key == storable(key))), None)


def audience(session: Session, study_id: int, kind: str) -> int:
    """How many people of a study see a post of it as it is now; whoever joins the study later will see it too."""
    people = select(func.count(Participant.account_pseudonym.distinct())).where(Participant.study_id == study_id)
    if kind in ANNOUNCEMENTS:
        people = people.where(Participant.withdrawn_at.is_(None))
    return session.scalar(people) or 0


def outside(session: Session, study_id: int) -> int:
    """How many accounts want news of studies and never took part in this one."""
    mine = (Participant.account_pseudonym == Account.pseudonym, Participant.study_id == study_id)
    people = select(func.count()).select_from(Account).where(Account.study_news.is_(True), ~exists().where(*mine))
    return session.scalar(people) or 0


def is_unread(session: Session, account: str, post_id: int, since: datetime | None, at: datetime) -> bool:
    """Whether a post is still news to an account: visible, of a kind that is not muted, unread, not older than that."""
    new = _visible(select(Post.id), account, at).where(
        Post.id == post_id, Reading.post_id.is_(None), Post.kind.not_in(_muted(account))
    )
    return session.scalar(new if since is None else new.where(Post.published_at > since)) is not None


def is_unread_offer(session: Session, account: str, post_id: int, since: datetime | None, at: datetime) -> bool:
    """The same for news of a study that the account could join: not for somebody who takes part in it meanwhile."""
    outside = Participant.id.is_(None)
    new = _visible(select(Post.id), account, at).where(
        Post.id == post_id, outside, Reading.post_id.is_(None), Post.kind.not_in(_muted(account))
    )
    return session.scalar(new if since is None else new.where(Post.published_at > since)) is not None


def mark_read(session: Session, account: str, post: Post, at: datetime) -> None:
    """The post is no longer new to this account; also where two tabs open it at once."""
    if session.get(Reading, (account, post.id)) is None:
        once.insert(session, Reading(account_pseudonym=account, post_id=post.id, read_at=at))


def muted_kinds(session: Session, account: str) -> frozenset[str]:
    """The kinds of announcement that an account does not want."""
    return frozenset(session.scalars(_muted(account)))


def mute(session: Session, account: str, kind: str, at: datetime) -> bool:
    """No more announcements of one kind; False if that had been said before."""
    if kind not in ANNOUNCEMENTS:
        raise ValueError(f"{kind} cannot be muted")
    if kind in muted_kinds(session, account):
        return False
    session.add(Mute(account_pseudonym=account, kind=kind, since=at))
    session.flush()
    return True


def unmute(session: Session, account: str, kind: str, at: datetime) -> bool:
    """Announcements of one kind again; False if they were not muted."""
    open_ones = session.scalars(
        select(Mute).where(Mute.account_pseudonym == account, Mute.kind == kind, Mute.ended_at.is_(None))
    ).all()
    for one in open_ones:
        one.ended_at = at
    session.flush()
    return bool(open_ones)


def _news(session: Session, account: str, language: str, at: datetime, *conditions: ColumnElement[bool]) -> list[News]:
    muted = muted_kinds(session, account)
    rows = session.execute(
        _visible(select(Post, Study, Participant, Reading.read_at), account, at)
        .where(*conditions)
        # Somebody who came back has two participants in the study: the one who takes part now speaks.
        .order_by(
            Post.published_at.desc(), Post.id.desc(), Participant.withdrawn_at.is_not(None), Participant.id.desc()
        )
    ).all()
    titles = _titles(session, account, at, *conditions)
    found: dict[int, News] = {}
    for post, study, participant, read_at in rows:
        if post.id not in found:
            own = (participant.language,) if participant is not None else ()
            spoken = _spoken(titles[post.id], (language, *own, *study.languages))
            found[post.id] = News(
                post=post,
                study=study,
                participant=participant,
                language=spoken,
                title=titles[post.id][spoken],
                is_new=read_at is None and post.kind not in muted,
                is_muted=post.kind in muted,
            )
    return list(found.values())


def _visible(statement: Select[*Columns], account: str, at: datetime) -> Select[*Columns]:
    """The published posts that an account may see, each beside its reading, if any, and who it is in the study."""
    takes_part = or_(Participant.withdrawn_at.is_(None), Participant.withdrawn_at > at)
    wants = exists().where(Account.pseudonym == account, Account.study_news.is_(True))
    as_participant = and_(
        Participant.id.is_not(None),
        Post.audience.in_(TO_PARTICIPANTS),
        or_(Post.kind.not_in(ANNOUNCEMENTS), takes_part),
    )
    is_open = or_(Study.closed_at.is_(None), Study.closed_at > at)
    from_outside = and_(Participant.id.is_(None), Post.audience.in_(TO_EVERYBODY), wants, is_open)
    return (
        statement.select_from(Post)
        .join(Study, Study.id == Post.study_id)
        .outerjoin(Participant, and_(Participant.study_id == Post.study_id, Participant.account_pseudonym == account))
        .outerjoin(Reading, and_(Reading.post_id == Post.id, Reading.account_pseudonym == account))
        .where(Post.published_at <= at, Post.withdrawn_at.is_(None), or_(as_participant, from_outside))
    )


def _titles(
    session: Session, account: str, at: datetime, *conditions: ColumnElement[bool]
) -> dict[int, dict[str, str]]:
    statement = _visible(select(PostText.post_id, PostText.language, PostText.title), account, at)
    found: dict[int, dict[str, str]] = {}
    for post_id, language, title in session.execute(
        statement.join(PostText, PostText.post_id == Post.id).where(*conditions)
    ):
        found.setdefault(post_id, {})[language] = title
    return found


def _spoken(there: dict[str, str], wanted: Sequence[str]) -> str:
    """The first wanted language the post is written in; it is written in all languages its study had."""
    return next((language for language in wanted if language in there), next(iter(there)))


def _muted(account: str) -> Select[str]:
    return select(Mute.kind).where(Mute.account_pseudonym == account, Mute.ended_at.is_(None))
