"""Which page groups serve which audience: the only list of them."""

from collections.abc import Mapping

from flask import Blueprint

from app.web.admin import announcements as admin_announcements
from app.web.admin import documents as admin_documents
from app.web.admin import home as admin_home
from app.web.admin import installing as admin_installing
from app.web.admin import licences as admin_licences
from app.web.admin import packs as admin_packs
from app.web.admin import staff_access as admin_staff_access
from app.web.admin import wordings as admin_wordings
from app.web.investigator import about_participant as investigator_about_participant
from app.web.investigator import amendments as investigator_amendments
from app.web.investigator import batch_enrolment as investigator_batch_enrolment
from app.web.investigator import consents as investigator_consents
from app.web.investigator import consents_people as investigator_consents_people
from app.web.investigator import consents_publishing as investigator_consents_publishing
from app.web.investigator import counts_file as investigator_counts_file
from app.web.investigator import course as investigator_course
from app.web.investigator import data as investigator_data
from app.web.investigator import dating as investigator_dating
from app.web.investigator import design as investigator_design
from app.web.investigator import design_file as investigator_design_file
from app.web.investigator import design_names as investigator_design_names
from app.web.investigator import design_protocol as investigator_design_protocol
from app.web.investigator import design_publish as investigator_design_publish
from app.web.investigator import design_settings as investigator_design_settings
from app.web.investigator import design_team as investigator_design_team
from app.web.investigator import design_visits as investigator_design_visits
from app.web.investigator import enrolment as investigator_enrolment
from app.web.investigator import facts as investigator_facts
from app.web.investigator import instruments as investigator_instruments
from app.web.investigator import leaving as investigator_leaving
from app.web.investigator import library as investigator_library
from app.web.investigator import messages as investigator_messages
from app.web.investigator import own_account as investigator_own_account
from app.web.investigator import own_messages as investigator_own_messages
from app.web.investigator import own_passkeys as investigator_own_passkeys
from app.web.investigator import own_proof as investigator_own_proof
from app.web.investigator import paper as investigator_paper
from app.web.investigator import paper_entry as investigator_paper_entry
from app.web.investigator import participants as investigator_participants
from app.web.investigator import passkey_sign_in as investigator_passkey_sign_in
from app.web.investigator import posts as investigator_posts
from app.web.investigator import publishing as investigator_publishing
from app.web.investigator import reasons as investigator_reasons
from app.web.investigator import reset as investigator_reset
from app.web.investigator import rights as investigator_rights
from app.web.investigator import second_factor as investigator_second_factor
from app.web.investigator import sign_in as investigator_sign_in
from app.web.investigator import studies as investigator_studies
from app.web.investigator import time_machine as investigator_time_machine
from app.web.patient import consents as patient_consents
from app.web.patient import home as patient_home
from app.web.patient import messages as patient_messages
from app.web.patient import news as patient_news
from app.web.patient import openings as patient_openings
from app.web.patient import questionnaire as patient_questionnaire
from app.web.patient import results as patient_results
from app.web.patient import rights as patient_rights
from app.web.patient import settings as patient_settings
from app.web.patient import sign_ins as patient_sign_ins
from app.web.patient import visits as patient_visits
from app.web.preview import pages as preview
from app.web.public import calendar as public_calendar
from app.web.public import links as public_links
from app.web.public import pages as public_pages
from app.web.public import sign_in as public_sign_in
from app.web.public import stop as public_stop
from app.web.vault import batch as vault_batch
from app.web.vault import code as vault_code
from app.web.vault import correction as vault_correction
from app.web.vault import enrolment as vault_enrolment
from app.web.vault import erasure as vault_erasure
from app.web.vault import invitation as vault_invitation
from app.web.vault import mailbox as vault_mailbox
from app.web.vault import mailed_links as vault_mailed_links
from app.web.vault import new_address as vault_new_address
from app.web.vault import openings as vault_openings
from app.web.vault import operator_access as vault_operator_access
from app.web.vault import operator_address as vault_operator_address
from app.web.vault import operator_factor as vault_operator_factor
from app.web.vault import operator_own as vault_operator_own
from app.web.vault import operator_passkey_sign_in as vault_operator_passkey_sign_in
from app.web.vault import operator_passkeys as vault_operator_passkeys
from app.web.vault import operator_people as vault_operator_people
from app.web.vault import operator_proof as vault_operator_proof
from app.web.vault import operator_reset as vault_operator_reset
from app.web.vault import operators as vault_operators
from app.web.vault import own_identity as vault_own_identity
from app.web.vault import passkey_sign_in as vault_passkey_sign_in
from app.web.vault import registration as vault_registration
from app.web.vault import security as vault_security
from app.web.vault import security_app as vault_security_app
from app.web.vault import security_password as vault_security_password
from app.web.vault import sign_in as vault_sign_in

BLUEPRINTS: Mapping[str, tuple[Blueprint, ...]] = {
    "public": (public_pages.bp, public_sign_in.bp, public_links.bp, public_stop.bp, public_calendar.bp),
    "patient": (
        patient_home.bp,
        patient_results.bp,
        patient_news.bp,
        patient_consents.bp,
        patient_settings.bp,
        patient_openings.bp,
        patient_rights.bp,
        patient_messages.bp,
        patient_sign_ins.bp,
        patient_visits.bp,
        patient_questionnaire.bp,
    ),
    "investigator": (
        investigator_sign_in.bp,
        investigator_second_factor.bp,
        investigator_passkey_sign_in.bp,
        investigator_own_account.bp,
        investigator_own_messages.bp,
        investigator_own_passkeys.bp,
        investigator_own_proof.bp,
        investigator_reset.bp,
        investigator_studies.bp,
        investigator_participants.bp,
        investigator_paper.bp,
        investigator_facts.bp,
        investigator_paper_entry.bp,
        investigator_course.bp,
        investigator_data.bp,
        investigator_instruments.bp,
        investigator_posts.bp,
        investigator_publishing.bp,
        investigator_consents.bp,
        investigator_consents_people.bp,
        investigator_consents_publishing.bp,
        investigator_library.bp,
        preview.bp,
        investigator_amendments.bp,
        investigator_time_machine.bp,
        investigator_about_participant.bp,
        investigator_dating.bp,
        investigator_enrolment.bp,
        investigator_batch_enrolment.bp,
        investigator_leaving.bp,
        investigator_counts_file.bp,
        investigator_reasons.bp,
        investigator_rights.bp,
        investigator_messages.bp,
        investigator_design.bp,
        investigator_design_file.bp,
        investigator_design_names.bp,
        investigator_design_protocol.bp,
        investigator_design_publish.bp,
        investigator_design_settings.bp,
        investigator_design_team.bp,
        investigator_design_visits.bp,
    ),
    "admin": (
        admin_home.bp,
        admin_announcements.bp,
        admin_licences.bp,
        admin_documents.bp,
        admin_wordings.bp,
        admin_packs.bp,
        admin_installing.bp,
        admin_staff_access.bp,
    ),
    "vault": (
        vault_sign_in.bp,
        vault_passkey_sign_in.bp,
        vault_code.bp,
        vault_security.bp,
        vault_security_app.bp,
        vault_security_password.bp,
        vault_mailed_links.bp,
        vault_mailbox.bp,
        vault_enrolment.bp,
        vault_batch.bp,
        vault_invitation.bp,
        vault_registration.bp,
        vault_own_identity.bp,
        vault_new_address.bp,
        vault_correction.bp,
        vault_operators.bp,
        vault_operator_factor.bp,
        vault_operator_access.bp,
        vault_operator_own.bp,
        vault_operator_address.bp,
        vault_operator_people.bp,
        vault_operator_proof.bp,
        vault_operator_passkeys.bp,
        vault_operator_passkey_sign_in.bp,
        vault_operator_reset.bp,
        vault_openings.bp,
        vault_erasure.bp,
    ),
}
