"""What all pages of one study share: its title, the way back, and where else one can go in it."""

from typing import Any

from flask import render_template, request, url_for

from app.studies.queries import StudyAccess
from app.web.investigator.words import STATES
from app.web.locale import lazy
from app.web.navigation import Place, has_page
from app.web.request import current
from app.web.texts import in_language

TABS = (
    (lazy("Overview"), "investigator_studies.study"),
    (lazy("Mean course"), "investigator_course.course"),
    (lazy("Data"), "investigator_data.data"),
    (lazy("Results and news"), "investigator_posts.posts"),
    (lazy("Consent"), "investigator_consents.consents"),
    (lazy("Messages"), "investigator_messages.messages"),
    (lazy("Requests about data"), "investigator_rights.listing"),
    (lazy("Instruments and licences"), "investigator_instruments.instruments"),
    (lazy("Design"), "investigator_design.design"),
)


def study_page(template: str, access: StudyAccess, **facts: Any) -> str:
    """A page of a study, inside its frame."""
    return render_template(
        f"investigator/{template}",
        access=access,
        study=access.study,
        study_title=in_language(access.study.titles, current.language),
        tabs=tabs(access.study.code),
        states=STATES,
        in_language=lambda texts: in_language(texts, current.language),
        **facts,
    )


def tabs(code: str) -> list[Place]:
    """The pages of a study that this process serves."""
    return [
        Place(str(label), url_for(page, code=code), (request.blueprint or "").startswith(page.split(".")[0]))
        for label, page in TABS
        if has_page(page)
    ]
