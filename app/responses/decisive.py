"""Scores that decide whether a later visit takes place: noted on the visit they were given in, for the timeline."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.participants.models import OccasionRecord, Participant
from app.responses.models import Submission, SubmissionScore
from app.responses.sheets import OpenSheet
from app.scheduling.protocol import Protocol


def scores_of(session: Session, opened: OpenSheet) -> dict[str, float | None]:
    """What a sent visit tells the conditions of its protocol, by ``instrument/scale``; no statement if none asks."""
    wanted = _wanted(opened.protocol).get(opened.record.visit_key)
    return _scores(session, [opened.record.id], wanted)[opened.record.id] if wanted else {}


def note_for(session: Session, study_id: int, protocol: Protocol) -> int:
    """Note what the conditions of a new version ask of visits that were sent before it; how many visits tell something.

    Whoever applies an amendment calls this in the same transaction.
    """
    told = 0
    for visit, wanted in _wanted(protocol).items():
        of_study = (Participant.study_id == study_id, OccasionRecord.visit_key == visit)
        sent = select(OccasionRecord).join(Participant, Participant.id == OccasionRecord.participant_id)
        records = list(session.scalars(sent.where(*of_study, OccasionRecord.submitted_at.is_not(None))))
        found = _scores(session, [record.id for record in records], wanted)
        for record in records:
            record.decisive_scores = {**record.decisive_scores, **found[record.id]}
            told += bool(found[record.id])
    session.flush()
    return told


def _wanted(protocol: Protocol) -> dict[str, set[tuple[str, str]]]:
    """Instrument and scale of every threshold, by the visit whose score it is."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for visit in protocol.visits:
        for threshold in visit.only_if.scores:
            wanted.setdefault(threshold.visit, set()).add((threshold.instrument, threshold.scale))
    return wanted


def _scores(
    session: Session, occasions: Sequence[int], wanted: Iterable[tuple[str, str]]
) -> dict[int, dict[str, float | None]]:
    asked = set(wanted)
    found: dict[int, dict[str, float | None]] = {id: {} for id in occasions}
    statement = (
        select(Submission.occasion_id, Submission.instrument, SubmissionScore.scale, SubmissionScore.value)
        .join(SubmissionScore, SubmissionScore.submission_id == Submission.id)
        .where(
            Submission.occasion_id.in_(occasions), Submission.instrument.in_({instrument for instrument, _ in asked})
        )
    )
    for occasion, instrument, scale, value in session.execute(statement):
        if (instrument, scale) in asked:
            found[occasion][f"{instrument}/{scale}"] = value
    return found
