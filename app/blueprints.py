"""Which page groups serve which audience: the only list of them."""

from collections.abc import Mapping

from flask import Blueprint

from app.web.investigator import course as investigator_course
from app.web.investigator import data as investigator_data
from app.web.investigator import library as investigator_library
from app.web.investigator import participants as investigator_participants
from app.web.investigator import posts as investigator_posts
from app.web.investigator import publishing as investigator_publishing
from app.web.investigator import sign_in as investigator_sign_in
from app.web.investigator import studies as investigator_studies
from app.web.patient import home as patient_home
from app.web.patient import news as patient_news
from app.web.patient import questionnaire as patient_questionnaire
from app.web.patient import results as patient_results
from app.web.patient import settings as patient_settings
from app.web.patient import visits as patient_visits
from app.web.preview import pages as preview
from app.web.public import links as public_links
from app.web.public import pages as public_pages
from app.web.public import sign_in as public_sign_in
from app.web.vault import mailbox as vault_mailbox
from app.web.vault import sign_in as vault_sign_in

BLUEPRINTS: Mapping[str, tuple[Blueprint, ...]] = {
    "public": (public_pages.bp, public_sign_in.bp, public_links.bp),
    "patient": (
        patient_home.bp,
        patient_results.bp,
        patient_news.bp,
        patient_settings.bp,
        patient_visits.bp,
        patient_questionnaire.bp,
    ),
    "investigator": (
        investigator_sign_in.bp,
        investigator_studies.bp,
        investigator_participants.bp,
        investigator_course.bp,
        investigator_data.bp,
        investigator_posts.bp,
        investigator_publishing.bp,
        investigator_library.bp,
        preview.bp,
    ),
    "vault": (vault_sign_in.bp, vault_mailbox.bp),
}
