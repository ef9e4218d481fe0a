"""Who may call a view: declared on the view, checked before it runs, refused where it is not declared."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.roles import DATA_MANAGER
from app.accounts.sign_ins import SECOND_FACTOR, SignedIn
from app.web.request import current

View = TypeVar("View", bound=Callable[..., Any])


class Who(Enum):
    """The kinds of caller. What a caller may see of a study or a visit is decided where that is looked up."""

    ANYONE = "anyone"
    DEMO = "anyone, in a demonstration only"
    PARTICIPANT = "a participant signed in to the account"
    RESPONDENT = "a participant signed in to the account, or holding a reminder's link to this visit"
    STAFF = "a professional signed in"
    HALF_STAFF = "a professional who has given the password, and is on the way to the second factor"
    DATA_MANAGER = "a professional signed in who looks after what all studies share"
    OPERATOR = "an operator of the trusted third party, signed in on the vault's side"
    HALF_OPERATOR = "an operator who has given the password, and is on the way to the second factor"
    OWNER = "a participant who has just signed in on the vault's side, to look after the ways in"
    HALF_OWNER = "a participant who has given one factor on the vault's side, and is on the way to the code"
    READER = "a professional signed in, or whoever shows an instrument on a computer of their own"


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration that a view carries."""

    who: Who
    writes: bool
    by_key: bool = False


def allow(who: Who, *, writes: bool = False, by_key: bool = False) -> Callable[[View], View]:
    """Declare who may call a view; ``writes`` for the rare GET that stores something.

    ``by_key``: a POST needs no token of the browser's, because a secret in its address says all that it may do.
    """

    def declare(view: View) -> View:
        view.__weshare_access__ = Access(who, writes, by_key)  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Access:
    """The declaration of an endpoint; LookupError where there is none."""
    declared = getattr(app.view_functions[endpoint], "__weshare_access__", None)
    if not isinstance(declared, Access):
        raise LookupError(f"the view {endpoint} does not declare who may call it")
    return declared


def require_declarations(app: Flask) -> None:
    """Refuse to start with a view that does not say who may call it."""
    for rule in app.url_map.iter_rules():
        access_of(app, rule.endpoint)


def writes(app: Flask) -> bool:
    """Whether the current request may store something."""
    if request.endpoint is None:
        return False
    return request.method not in ("GET", "HEAD", "OPTIONS") or access_of(app, request.endpoint).writes


def is_participant(person: SignedIn | None) -> bool:
    """Signed in to the account itself, not through a link."""
    return person is not None and person.account is not None and person.scope is None


def is_respondent(person: SignedIn | None) -> bool:
    """Signed in to an account, or through a link to one visit."""
    return person is not None and person.account is not None


def is_in_scope(person: SignedIn | None, scope: str) -> bool:
    """Whether a sign-in reaches that far: a full one reaches everything of its account, a link's one thing."""
    return person is not None and person.scope in (None, scope)


def is_staff(person: SignedIn | None) -> bool:
    """A professional, signed in with all that it takes."""
    return person is not None and person.staff is not None and person.scope is None


def is_half_staff(person: SignedIn | None) -> bool:
    """A professional who has given the password and not yet the second factor: sees nothing but the way to it."""
    return person is not None and person.staff is not None and person.scope == SECOND_FACTOR


def is_data_manager(person: SignedIn | None) -> bool:
    """A professional who looks after what all studies share."""
    return person is not None and is_staff(person) and DATA_MANAGER in (person.roles or ())


def staff_of(person: SignedIn | None) -> int:
    """The professional, signed in or half-way, of a page that only they may call; anything else is a bug."""
    if person is None or person.staff is None:
        raise RuntimeError("this view must be declared for professionals")
    return person.staff


def account_of(person: SignedIn | None) -> str:
    """The account of somebody whose page only participants may call; anything else is a bug."""
    if person is None or person.account is None:
        raise RuntimeError("this view must be declared for participants")
    return person.account


CHECKS: dict[Who, Callable[[SignedIn | None], bool]] = {
    Who.ANYONE: lambda _person: True,
    Who.DEMO: lambda _person: current.config.is_demo,
    Who.PARTICIPANT: is_participant,
    Who.RESPONDENT: is_respondent,
    Who.STAFF: is_staff,
    Who.HALF_STAFF: is_half_staff,
    Who.DATA_MANAGER: is_data_manager,
    Who.OPERATOR: lambda _person: current.operator is not None,
    Who.HALF_OPERATOR: lambda _person: current.half_operator is not None,
    Who.OWNER: lambda _person: current.owner is not None,
    Who.HALF_OWNER: lambda _person: current.half_owner is not None,
    Who.READER: lambda person: is_staff(person) or current.config.is_preview,
}
SIGN_IN_PAGES = {
    Who.PARTICIPANT: "public_sign_in.sign_in",
    Who.RESPONDENT: "public_sign_in.sign_in",
    Who.STAFF: "investigator_sign_in.sign_in",
    Who.HALF_STAFF: "investigator_sign_in.sign_in",
    Who.DATA_MANAGER: "investigator_sign_in.sign_in",
    Who.OPERATOR: "vault_operators.sign_in",
    Who.HALF_OPERATOR: "vault_operators.sign_in",
    Who.OWNER: "vault_security.enter",
    Who.HALF_OWNER: "vault_sign_in.sign_in",
    Who.READER: "investigator_sign_in.sign_in",
}


class SignInNeeded(Exception):
    """An unsafe request came from nobody (any more); what was typed must not be lost."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


def _may_sign_in(who: Who, person: SignedIn | None) -> bool:
    """Whether signing in, or on, could open the page: whoever is nobody yet, or holds less than the whole."""
    if person is None:
        return True
    # Somebody who holds a reminder's link may well have an account to sign in to.
    return is_respondent(person) if who is Who.PARTICIPANT else is_half_staff(person) and who in SIGN_IN_PAGES


def check(app: Flask) -> Response | None:
    """Let the request through, send it to sign in, or answer 404 so that nothing is given away."""
    if request.endpoint is None:
        return None
    who = access_of(app, request.endpoint).who
    person = current.person if who not in (Who.ANYONE, Who.DEMO) else None
    if CHECKS[who](person):
        return None
    if who is Who.DEMO or not _may_sign_in(who, person):
        abort(404)
    page = SIGN_IN_PAGES[who]
    if request.method == "GET":
        return redirect(url_for(page, next=request.full_path.rstrip("?")))
    raise SignInNeeded(page)
