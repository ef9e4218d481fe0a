"""Posts with defaults, written through the services."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts import accounts
from app.announcements import drafts
from app.announcements.charts import Choice, CoursePoint, FrozenChart, ScaleWords, freeze
from app.announcements.drafts import Draft
from app.announcements.models import Post
from app.announcements.posts import Words
from app.participants.models import OccasionRecord, Participant
from app.questionnaires.elements import ItemId
from app.questionnaires.scale import Scale
from app.questionnaires.scales import Linear
from app.responses.models import AnswerSheet, Submission, SubmissionScore
from tests.support.world import AT, World

LATER = AT + timedelta(days=1)
ENERGY = Choice("weshare-core@1.0", "FA")

SUMMARY = {
    "fr": Words(title="Ce que vous nous avez appris", body="Merci à tous."),
    "en": Words(title="What you taught us", body="Thank you all."),
}
ANNOUNCEMENT = {
    "fr": Words("Une étude sur la marche", "Nous préparons une étude.", "Tout le monde", "- Marcher", "6 mois", "Bob"),
    "en": Words("A study about walking", "We prepare a study.", "Everybody", "- Walk", "6 months", "Bob"),
}


def words_for(kind: str) -> Mapping[str, Words]:
    """Complete texts in both languages."""
    return SUMMARY if kind == "summary" else ANNOUNCEMENT


def with_title(kind: str, title: str) -> Mapping[str, Words]:
    """The same with another title, in both languages."""
    return {language: replace(words, title=title) for language, words in words_for(kind).items()}


def a_draft(session: Session, world: World, kind: str = "summary", draft: Draft | None = None) -> Post:
    """Bob's draft for HORIZON."""
    return drafts.start(session, world.study_id, kind, draft or Draft(words_for(kind)), world.staff["bob"], AT)


def published(
    session: Session, world: World, kind: str = "summary", at: datetime = AT, title: str | None = None
) -> Post:
    """Bob's published post for HORIZON."""
    words = words_for(kind) if title is None else with_title(kind, title)
    post = a_draft(session, world, kind, Draft(words))
    drafts.publish(session, post, ("fr", "en"), None, post.revision, at)
    return post


def a_scale(better: str = "low") -> Scale:
    """A symptom scale: a high score is bad."""
    return Linear.model_validate(
        {
            "title": "Fatigue",
            "items": (ItemId("q1"),),
            "method": "linear",
            "reversed": False,
            "missing": "half",
            "better": better,
        }
    )


def a_point(position: float, mean: float | None = 40.0, n: int = 12, half: float = 5.0) -> CoursePoint:
    """The mean of a visit with an interval around it."""
    low, high = (None, None) if mean is None else (mean - half, mean + half)
    titles = {"fr": f"À {position:.0f} mois", "en": f"At {position:.0f} months"}
    return CoursePoint(titles, position, mean, low, high, n)


def a_chart(points: Sequence[CoursePoint] = (a_point(0), a_point(3)), better: str = "low") -> FrozenChart:
    """A chart of energy, as it would be frozen at noon."""
    words = {
        "fr": ScaleWords(name="Énergie", explanation="Votre énergie.", low="aucune", high="beaucoup"),
        "en": ScaleWords(name="Energy", explanation="Your energy.", low="none", high="plenty"),
    }
    return freeze(ENERGY, a_scale(better), words, points, AT)


def a_crowd(
    session: Session, world: World, number: int, visits: Sequence[str] = ("M0", "M3"), first: int = 100
) -> None:
    """So many more people of HORIZON who have sent each visit, with scores of fatigue from 20 to 60."""
    like = session.get_one(Participant, world.participants["alice"])
    columns = ("study_id", "site_id", "arm_id", "protocol_version_id", "language", "time_zone")
    copied = {name: getattr(like, name) for name in columns}
    for person in range(first, first + number):
        accounts.ensure(session, f"acc-{person}", AT)
        names = {"pseudonym": f"par-{person}", "account_pseudonym": f"acc-{person}", "subject_code": f"H-{person}"}
        participant = Participant(enrolled_at=AT, **names, **copied)
        session.add(participant)
        session.flush()
        for visit in visits:
            send(session, participant, visit, 20.0 + person % 5 * 10)


def send(session: Session, participant: Participant, visit: str, fatigue: float) -> None:
    """A submission of the core questionnaire with one score, as app.responses.collect would have frozen it."""
    occasion = OccasionRecord(
        key=f"{participant.pseudonym}-{visit}", participant_id=participant.id, visit_key=visit, submitted_at=AT
    )
    session.add(occasion)
    session.flush()
    sheet = AnswerSheet(
        key=occasion.key, occasion_id=occasion.id, instrument=ENERGY.instrument, language="fr", started_at=AT
    )
    session.add(sheet)
    session.flush()
    submission = Submission(
        sheet_id=sheet.id,
        occasion_id=occasion.id,
        instrument=ENERGY.instrument,
        instrument_hash="0" * 64,
        language="fr",
        wording_version="1",
        wording_hash="0" * 64,
        scoring_version="1",
        protocol_version=1,
        answers={},
        submitted_at=AT,
        late=False,
        request_id=occasion.key,
    )
    session.add(submission)
    session.flush()
    score = SubmissionScore(submission_id=submission.id, scale=ENERGY.scale, value=fatigue, answered=3, of=3, needed=2)
    session.add(score)
    session.flush()
