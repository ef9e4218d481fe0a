"""The places a person can go to from every page, and what every template may use."""

from collections.abc import Collection
from typing import Any, NamedTuple

from flask import Flask, current_app, request, url_for

from app.accounts.roles import DATA_MANAGER
from app.i18n import LANGUAGES, locale
from app.web.access import is_data_manager, is_participant, is_staff
from app.web.locale import lazy
from app.web.request import current


class Place(NamedTuple):
    """One entry of the navigation."""

    label: str
    url: str
    is_current: bool


PATIENT_PLACES: tuple[tuple[Any, str], ...] = (
    (lazy("My account"), "patient_home.home"),
    (lazy("My results"), "patient_results.results"),
    (lazy("News"), "patient_news.news"),
    (lazy("My messages"), "patient_messages.messages"),
    (lazy("Settings"), "patient_settings.settings"),
)
STAFF_PLACES: tuple[tuple[Any, str], ...] = (
    (lazy("Studies"), "investigator_studies.studies"),
    (lazy("Instruments"), "investigator_library.instruments"),
)
MANAGER_PLACES: tuple[tuple[Any, str], ...] = (
    (lazy("Wordings and licences"), "admin_home.home"),
    (lazy("Announcements"), "admin_announcements.listing"),
    (lazy("Access of staff"), "admin_staff_access.listing"),
)
OWN_PLACE: tuple[tuple[Any, str], ...] = (
    (lazy("My messages"), "investigator_own_messages.messages"),
    (lazy("My access"), "investigator_own_account.account"),
)
ONE_PLACE = dict.fromkeys(
    ("admin_documents", "admin_installing", "admin_licences", "admin_packs", "admin_wordings"), "admin_home"
) | dict.fromkeys(("investigator_own_passkeys", "investigator_own_proof"), "investigator_own_account")
"""Page groups that the navigation shows as one place."""


def has_page(endpoint: str) -> bool:
    """Whether this process serves a page: an audience may have a process of its own."""
    return endpoint in current_app.view_functions


def places() -> list[Place]:
    """Where the person of this request can go."""
    if is_participant(current.person):
        table = PATIENT_PLACES
    elif is_staff(current.person):
        table = STAFF_PLACES + (MANAGER_PLACES if is_data_manager(current.person) else ()) + OWN_PLACE
    else:
        return []
    blueprint = ONE_PLACE.get(request.blueprint or "", request.blueprint)
    return [
        Place(str(label), url_for(page), page.split(".")[0] == blueprint) for label, page in table if has_page(page)
    ]


def staff_home(roles: Collection[str]) -> str:
    """Where a professional begins: whoever looks after what all studies share sees first what is waiting for that."""
    page = (
        "admin_home.home" if DATA_MANAGER in roles and has_page("admin_home.home") else "investigator_studies.studies"
    )
    return url_for(page)


def install(app: Flask) -> None:
    """Give templates the words of the frame: language, direction, navigation."""

    @app.context_processor
    def frame() -> dict[str, object]:
        is_elsewhere = not has_page("public_pages.start")
        return {
            "current": current,
            "language": current.language,
            "languages": LANGUAGES,
            "dir": locale(current.language).text_direction,
            "nav": places(),
            "signed_in": current.person is not None,
            "is_staff": is_staff(current.person),
            "home_url": f"{current.config.public_url}/" if is_elsewhere else url_for("public_pages.start"),
            "about_url": f"{current.config.public_url}/about" if is_elsewhere else url_for("public_pages.about"),
            "language_action": None if is_elsewhere else url_for("public_pages.language"),
            "has_page": has_page,
        }
