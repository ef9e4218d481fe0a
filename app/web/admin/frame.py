"""What all pages of data managers share: who is asking, and where else one can go."""

from typing import Any, Final

from flask import render_template, request, url_for

from app.audit import trail
from app.web import licence_words
from app.web.locale import lazy
from app.web.navigation import Place
from app.web.request import current
from app.web.texts import language_name

TABS: Final = (
    (lazy("What is waiting"), "admin_home.home", ("admin_home",)),
    (lazy("Licences"), "admin_licences.licences", ("admin_licences", "admin_documents")),
    (lazy("Wordings"), "admin_wordings.wordings", ("admin_wordings", "admin_installing")),
)


def page(template: str, **facts: Any) -> str:
    """A page inside their frame."""
    return render_template(
        f"admin/{template}",
        tabs=[Place(str(label), url_for(to), request.blueprint in groups) for label, to, groups in TABS],
        name_of=licence_words.name_of,
        language_name=language_name,
        **facts,
    )


def staff_id() -> int:
    """The data manager of this request; any other caller is a bug of the view's declaration."""
    if current.person is None or current.person.staff is None:
        raise RuntimeError("this view must be declared for data managers")
    return current.person.staff


def record(action: str, subject: str, facts: dict[str, object]) -> None:
    """Put what the data manager did on the trail."""
    trail.record(current.session, current.at, f"staff:{staff_id()}", action, subject, facts, current.id)
