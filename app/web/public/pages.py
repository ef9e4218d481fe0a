"""Pages that anybody may open: the start, what WeShare is, and the language."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import accounts, staff
from app.i18n import LANGUAGES
from app.web import cookies, local_url
from app.web.access import Who, allow, is_participant, is_staff
from app.web.locale import COOKIE
from app.web.navigation import staff_home
from app.web.request import current

bp = Blueprint("public_pages", __name__)
A_YEAR = 365 * 24 * 3600


@bp.get("/")
@allow(Who.ANYONE)
def start() -> str | Response:
    """The door: a short welcome, or straight to where the person works."""
    if is_participant(current.person):
        return redirect(url_for("patient_home.home"))
    if current.person is not None and is_staff(current.person):
        return redirect(staff_home(current.person.roles or ()))
    return render_template("public/start.html")


@bp.get("/about")
@allow(Who.ANYONE)
def about() -> str:
    """What WeShare is, who sees what, and whom to ask."""
    return render_template("public/about.html")


@bp.post("/language")
@allow(Who.ANYONE)
def language() -> Response:
    """Read on in another language; remembered in the browser, and on the account where there is one."""
    wanted = request.form.get("lang", "")
    response = make_response(redirect(local_url.or_start(request.form.get("next", ""))))
    if wanted in LANGUAGES:
        _remember(wanted)
        response.set_cookie(
            cookies.called(COOKIE, current.config),
            wanted,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=current.config.is_https,
        )
    return response


def _remember(language: str) -> None:
    """Keep the language with whoever is signed in, so that it is the same on every device."""
    person = current.person
    if person is not None and person.account is not None:
        accounts.set_language(current.session, person.account, language)
    elif person is not None and person.staff is not None:
        staff.set_language(current.session, person.staff, language)
