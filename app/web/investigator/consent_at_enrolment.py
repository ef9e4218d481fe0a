"""Which version of the note the paper carries with which somebody enters a study."""

from typing import Any

from wtforms import Form

from app.consents import answers, asking, versions
from app.notices import outbox
from app.participants.models import Participant
from app.web.investigator.consent_words import version_name
from app.web.investigator.design_access import actor
from app.web.investigator.selects import offered
from app.web.locale import lazy
from app.web.request import current

LABEL = lazy("Version of the consent that was signed")
CONSENT = "consent"


def offer(form: Form, study_id: int) -> None:
    """Let the form choose among the published versions, the one in force first; a study without any asks nothing."""
    published = versions.published(current.session, study_id)
    if published:
        form.consent.choices = offered((str(one.number), version_name(one)) for one in published)
    else:
        del form.consent


def chosen(form: Any) -> int | None:
    """The number of the version, if the study has any."""
    return int(form.consent.data) if "consent" in form else None


def keep(participant: Participant, number: int | None) -> None:
    """Record the agreement; if the paper is older than what everybody was asked to agree to, ask this person too."""
    session = current.session
    version = None if number is None else versions.numbered(session, participant.study_id, number)
    if version is not None:
        answers.agree_at_enrolment(session, version, participant, actor(), current.at)
    late = asking.late(session, participant)
    if late is not None:
        outbox.make_due(session, [participant.id], CONSENT, f"{CONSENT}:{late.id}", current.at)
