"""S14: every route that writes leaves an entry, or says why not; a new one without a row fails.

That each entry names who really did it, with sixteen at once, is shown in tests/chain/test_append.py.
"""

import inspect
import sys

import pytest
from flask import Flask

from app.web.access import access_of

TABLE = """
    POST admin_documents.attach                licence.document-attached
    POST admin_installing.check                - the file is read and shown; nothing is installed before it is confirmed
    POST admin_installing.confirm              wording.installed
    POST admin_licences.new                    licence.added
    POST admin_licences.revise                 licence.revised
    POST admin_licences.withdraw               licence.withdrawn
    POST admin_announcements.approve           post.approved
    POST admin_announcements.send_back         post.sent-back
    POST admin_packs.ask                       pack.asked-for
    POST admin_staff_access.close              staff.account-closed
    POST admin_staff_access.end_sign_ins       staff.sign-ins-ended
    POST admin_staff_access.reopen             staff.account-reopened
    POST admin_staff_access.link               staff.reset-link-made
    POST admin_wordings.withdraw               wording.withdrawn
    POST investigator_about_participant.change participant.changed
    POST investigator_amendments.do            amendment.
    POST investigator_amendments.listing       amendment.proposed
    GET investigator_counts_file.download      data.exported.counts
    GET investigator_data.download             data.exported.
    POST investigator_consents.create          consent.drafted
    POST investigator_consents.save            consent.saved
    POST investigator_consents_people.paper    consent.recorded-on-paper
    POST investigator_consents_publishing.discard consent.discarded
    POST investigator_consents_publishing.publish consent.published
    POST investigator_dating.event             event.dated
    POST investigator_design.go_live           study.went-live
    POST investigator_design_file.edit         draft.file-saved
    POST investigator_design_names.delete      draft.part-deleted
    POST investigator_design_names.new         draft.part-saved
    POST investigator_design_names.part        draft.part-saved
    POST investigator_design_publish.messages  notices.tested
    POST investigator_design_publish.publish   protocol.published
    POST investigator_design_settings.new      study.created
    POST investigator_design_settings.settings study.changed
    POST investigator_design_team.add_site     site.added
    POST investigator_design_team.appoint      staff.appointed
    POST investigator_design_team.dismiss      staff.dismissed
    POST investigator_design_team.rename_site  site.renamed
    POST investigator_design_visits.delete     draft.visit-deleted
    POST investigator_design_visits.move       draft.visit-moved
    POST investigator_design_visits.new        draft.visit-saved
    POST investigator_design_visits.visit      draft.visit-saved
    POST investigator_enrolment.enrol          enrolment.begun
    GET investigator_enrolment.enrolled        participant.enrolled
    POST investigator_batch_enrolment.begin    enrolment.list-begun
    POST investigator_batch_enrolment.bring    - what the vault states is shown; nothing is stored before it is redeemed
    POST investigator_batch_enrolment.redeem   participant.enrolled
    POST investigator_leaving.pause            participant.
    POST investigator_leaving.undo             participant.withdrawal-undone
    POST investigator_leaving.withdraw         participant.withdrawn
    POST investigator_messages.finish          contact-task.done
    POST investigator_messages.recall          notice.recalled
    POST investigator_messages.send_again      notice.sent-again
    POST investigator_messages.write           paragraph.written
    POST investigator_own_messages.choose      staff.messages-chosen
    POST investigator_own_messages.confirm     staff.address-confirmed
    POST investigator_own_messages.forget      staff.address-forgotten
    POST investigator_own_messages.give        staff.address-given
    POST patient_messages.calendar             calendar.made
    POST patient_messages.prefer               messages.preferred
    POST patient_messages.rest                 messages.rested
    POST patient_messages.stop                 messages.stopped
    POST public_stop.stop                      messages.stopped
    POST investigator_own_account.change_factor staff.second-factor-dropped
    POST investigator_own_account.change_password staff.password-changed
    POST investigator_own_account.end_sign_ins sign-ins.ended
    POST investigator_own_account.renew_codes  staff.recovery-codes-renewed
    POST investigator_own_proof.prove          staff.proven-again
    POST investigator_own_proof.by_passkey     staff.proven-again
    POST investigator_facts.one                fact.recorded
    POST investigator_paper.begin              paper.begun
    POST investigator_paper_entry.give_up      paper.given-up
    POST investigator_paper_entry.keep         - answers are append-only rows; paper.begun says who enters them
    POST investigator_paper_entry.send         paper.sent
    POST investigator_own_passkeys.add         staff.passkey-added
    POST investigator_own_passkeys.remove      staff.passkey-removed
    POST investigator_own_passkeys.start       - a challenge in the browser's own cookie
    POST investigator_passkey_sign_in.sign_in  staff.signed-in
    POST investigator_passkey_sign_in.start    - a challenge in the browser's own cookie
    POST investigator_posts.create             post.created
    POST investigator_posts.save               post.saved
    POST investigator_publishing.discard       post.discarded
    POST investigator_publishing.publish       post.published
    POST investigator_publishing.take_back     post.proposal-taken-back
    POST investigator_publishing.withdraw      post.withdrawn
    POST investigator_reasons.record_reason    visit.excused
    POST investigator_reasons.take_back        visit.excuse-taken-back
    POST investigator_rights.case              right.advanced
    POST investigator_rights.correct           right.passed-on
    POST investigator_rights.pass_on           right.passed-on
    POST investigator_reset.choose             staff.password-chosen
    POST investigator_second_factor.confirm    staff.second-factor-set-up
    POST investigator_second_factor.prove      staff.signed-in
    GET investigator_second_factor.set_up      - a secret that is not in use before a code has confirmed it
    POST investigator_sign_in.sign_in          staff.signed-in
    POST patient_consents.answer               consent.answered
    GET patient_home.home                      - what is shown is made available: each visit keeps its own instants
    GET patient_news.post                      - that a post was read is a row of its own, with its instant
    POST patient_news.reply                    post.replied
    POST patient_news.unmute                   announcements.
    POST patient_news.wish                     study-news.
    POST patient_questionnaire.keep            - answers are append-only rows with who, when, from which request
    POST patient_questionnaire.layout          - how questions are shown, not what is answered
    POST patient_questionnaire.save            - answers are append-only rows with who, when, from which request
    POST patient_questionnaire.send            visit.submitted
    GET patient_rights.copy                    right.copy-taken
    POST patient_rights.rights                 right.asked-for
    POST patient_rights.take_back              right.taken-back
    POST patient_settings.change               - language and layout, chosen by the person and shown on the account
    POST patient_sign_ins.end                  sign-ins.ended
    POST patient_visits.begin                  - a sheet that is opened keeps its own instant
    POST preview.answer                        - a preview stores nothing
    POST preview.begin                         - a preview stores nothing
    POST public_links.follow                   link.followed
    POST public_pages.language                 - a cookie in the person's own browser
    GET public_sign_in.open_account            account.signed-in
    POST public_sign_in.sign_out               signed-out
    POST vault_batch.check                     - the list is read and shown; nothing is kept before it is confirmed
    POST vault_batch.confirm                   person.
    POST vault_correction.correct              identity.corrected
    POST vault_new_address.confirm             address.changed
    GET vault_own_identity.identity            identity.shown
    POST vault_own_identity.correct            identity.corrected
    POST vault_own_identity.change_address     address.change-asked
    POST vault_own_identity.erase              - app/identity/erasure.py writes person.erased into the ledger
    POST vault_registration.ask                - app/identity/registrations.py writes registration.asked into the ledger
    POST vault_registration.confirm            registration.confirmed
    POST vault_enrolment.enrol                 person.
    POST vault_erasure.erase                   - app/identity/erasure.py writes person.erased into the ledger
    POST vault_invitation.choose               password.chosen
    POST vault_operators.decide                identity.
    POST vault_operators.read                  identity.read
    POST vault_operators.requests              identity.asked-for
    POST vault_operators.sign_in               operator.password-given
    POST vault_operators.sign_out              operator.signed-out
    POST vault_mailed_links.ask                link.asked
    POST vault_mailed_links.follow             signed-in.by-link
    POST vault_code.prove                      - app/web/vault/handing_over.py writes down the way in
    POST vault_code.lost                       second-factor.lost
    POST vault_operator_access.lost            operator.second-factor-dropped
    POST vault_operator_factor.prove           - app/web/vault/operator_proving.py writes operator.signed-in
    POST vault_operator_access.close           operator.account-closed
    POST vault_operator_access.end_sign_ins    operator.signed-out-everywhere
    POST vault_operator_access.reopen          operator.account-reopened
    POST vault_operator_address.confirm        operator.address-confirmed
    POST vault_operator_address.forget         operator.address-forgotten
    POST vault_operator_address.give           operator.address-given
    POST vault_operator_people.end_sign_ins     person.signed-out
    POST vault_operator_access.link            operator.reset-link-made
    POST vault_operator_own.change_factor      operator.second-factor-dropped
    POST vault_operator_own.change_password    operator.password-changed
    POST vault_operator_own.end_sign_ins       operator.sign-ins-ended
    POST vault_operator_own.renew_codes        operator.recovery-codes-renewed
    POST vault_operator_passkey_sign_in.sign_in - app/web/vault/operator_proving.py writes operator.signed-in
    POST vault_operator_passkey_sign_in.start  - a challenge in the browser's own cookie
    POST vault_operator_passkeys.add           operator.passkey-added
    POST vault_operator_passkeys.remove        operator.passkey-removed
    POST vault_operator_passkeys.start         - a challenge in the browser's own cookie
    POST vault_operator_proof.by_passkey       operator.proven-again
    POST vault_operator_proof.prove            operator.proven-again
    POST vault_operator_reset.choose           operator.password-chosen
    POST vault_operator_factor.confirm         operator.second-factor-set-up
    GET vault_operator_factor.set_up           - a secret that is not in use before a code has confirmed it
    POST vault_passkey_sign_in.sign_in         signed-in.by-passkey
    POST vault_passkey_sign_in.start           - a challenge in the browser's own cookie
    POST vault_security.add                    passkey.added
    POST vault_security.leave                  - the key to this page is worth nothing any more
    POST vault_security.remove                 passkey.removed
    POST vault_security.start                  - a challenge in the browser's own cookie
    POST vault_security_password.change        password.changed
    POST vault_security_app.confirm            second-factor.set-up
    GET vault_security_app.set_up              - a secret that is not in use before a code has confirmed it
    POST vault_security_app.switch_off         second-factor.dropped
    POST vault_sign_in.sign_in                 signed-in
"""


def rows() -> dict[str, str]:
    """Route -> what it writes down, or its reason."""
    lines = [line.split(maxsplit=2) for line in TABLE.strip().splitlines()]
    return {f"{method} {endpoint}": what for method, endpoint, what in lines}


def writing(app: Flask) -> dict[str, str]:
    """Every route that may write -> its endpoint."""
    return {
        f"{method} {rule.endpoint}": rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if method != "GET" or access_of(app, rule.endpoint).writes
    }


def test_every_route_that_writes_has_a_row(app: Flask) -> None:
    """Seen failing with a new POST route, and with a GET that began to write."""
    assert set(rows()) == set(writing(app))


@pytest.mark.parametrize("route", [route for route, what in rows().items() if not what.startswith("-")])
def test_what_a_route_is_said_to_write_down_is_written_where_it_is(app: Flask, route: str) -> None:
    """Seen failing with the entry of a withdrawn post taken out."""
    view = app.view_functions[writing(app)[route]]
    assert f'"{rows()[route]}' in inspect.getsource(sys.modules[inspect.unwrap(view).__module__]).replace('f"', '"')
