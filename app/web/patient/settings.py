"""What a participant can set: the language, how questions are shown, and whether news of studies are wanted."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import accounts
from app.i18n import LANGUAGES
from app.web.access import Who, account_of, allow
from app.web.locale import _
from app.web.request import current

bp = Blueprint("patient_settings", __name__)


@bp.get("/account/settings")
@allow(Who.PARTICIPANT)
def settings() -> str:
    """The settings as they are."""
    return render_template(
        "patient/settings.html",
        layout=current.person.layout if current.person else None,
        wants_study_news=accounts.wants_study_news(current.session, account_of(current.person)),
    )


@bp.post("/account/settings")
@allow(Who.PARTICIPANT)
def change() -> Response:
    """Keep the settings on the account, so that they hold on every device."""
    account = account_of(current.person)
    language = request.form.get("language", "")
    if language in LANGUAGES:
        accounts.set_language(current.session, account, language)
        current.language = language
    accounts.set_layout(current.session, account, request.form.get("layout") or None)
    flash(_("Your settings are saved."), "success")
    return redirect(url_for("patient_settings.settings"), 303)
