"""Which page groups serve which audience: the only list of them."""

from collections.abc import Mapping

from flask import Blueprint

from app.web.patient import home as patient_home
from app.web.patient import questionnaire as patient_questionnaire
from app.web.patient import settings as patient_settings
from app.web.patient import visits as patient_visits
from app.web.public import pages as public_pages

BLUEPRINTS: Mapping[str, tuple[Blueprint, ...]] = {
    "public": (public_pages.bp,),
    "patient": (patient_home.bp, patient_settings.bp, patient_visits.bp, patient_questionnaire.bp),
    "investigator": (),
    "vault": (),
}
