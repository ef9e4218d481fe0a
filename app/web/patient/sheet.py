"""The sheet that a participant's request is about: found for its owner only."""

from typing import cast

from flask import abort, url_for

from app.accounts.sign_ins import occasion_scope
from app.questionnaires.routing import Layout
from app.responses import sheets
from app.web.access import account_of, is_in_scope
from app.web.filling import languages
from app.web.filling.sheet import Filling, Ways
from app.web.request import current

WIDE_ENOUGH_PX = 700


def load(key: str, *, lock: bool = False) -> Filling:
    """The sheet, or 404 where it is not this person's, whatever the reason."""
    opened = sheets.find_owned(current.session, key, account_of(current.person), lock=lock)
    if opened is None or not is_in_scope(current.person, occasion_scope(opened.record.id)):
        abort(404)
    instrument = current.library.instrument(opened.sheet.instrument)
    ways = Ways("patient_questionnaire", {"key": key}, url_for("patient_visits.start", key=opened.record.key))
    return Filling(opened, instrument, languages.wording_of(opened.sheet), ways)


def layout_for(width: str, is_phone: bool) -> Layout:
    """One question a screen or a page of them: what the person chose, else what the screen is wide enough for."""
    chosen = current.person.layout if current.person else None
    if chosen in ("page", "item"):
        return cast(Layout, chosen)
    if width.isascii() and width.isdigit():
        return "item" if int(width) < WIDE_ENOUGH_PX else "page"
    return "item" if is_phone else "page"
