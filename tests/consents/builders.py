"""Versions with defaults, written through the services."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.consents import drafts
from app.consents.drafts import Draft
from app.consents.models import ConsentVersion
from app.consents.versions import Words
from tests.support.world import AT, World

WORDS = {
    "fr": Words("Une prise de sang de plus.", "Toute la note."),
    "en": Words("One more blood sample.", "All of the note."),
}


def a_draft(*, renews: bool = True, label: str = "2.1") -> Draft:
    """What an author wrote."""
    return Draft(label, renews, "The committee asks for it." if renews else "", WORDS)


def publish(
    session: Session, world: World, *, renews: bool = True, label: str = "2.1", at: datetime = AT
) -> ConsentVersion:
    """One more version of the world's study, in force from now on."""
    draft = a_draft(renews=renews, label=label)
    version = drafts.start(session, world.study_id, draft, world.staff["bob"], at)
    drafts.publish(session, version, version.revision, world.staff["bob"], at)
    return version
