"""Flask-Login on our own table of sign-ins: the browser holds a random key that can be ended at any time."""

from datetime import datetime

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from app.accounts import sign_ins
from app.accounts.sign_ins import SignedIn
from app.web.request import Services, current

KEPT_AT_SIGN_IN = ("next",)
HELD = "_user_id"  # where Flask-Login keeps the key in the cookie


class Holder:
    """What Flask-Login asks of a user, around a sign-in; the identifier is the random key, never a person's."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, key: str, person: SignedIn) -> None:
        self.key = key
        self.person = person

    def get_id(self) -> str:
        """The key that the browser holds."""
        return self.key


def install(app: Flask) -> None:
    """Connect Flask-Login; a key that is unknown, ended, idle or too old signs nobody in."""
    manager = LoginManager(app)
    # Flask-Login's own protection compares addresses and browsers, which change on a patient's way to hospital.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> Holder | None:
        person = sign_ins.find(current.session, key, current.at)
        return None if person is None else Holder(key, person)


def person() -> SignedIn | None:
    """Who holds this request's cookie, if anybody."""
    holder = current_user
    return holder.person if getattr(holder, "is_authenticated", False) else None


def holder() -> SignedIn:
    """The sign-in of this request, on a page that only people signed in may call; anything else is a bug."""
    if current.person is None:
        raise RuntimeError("this view must be declared for people who are signed in")
    return current.person


def start(key: str) -> None:
    """Give the browser a new key and forget everything it held before, so that no session can be fixed on it."""
    held = session.get(HELD)
    if held:
        sign_ins.end(current.session, held, current.at)
    kept = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    session.clear()
    session.update(kept)
    signed_in = sign_ins.find(current.session, key, current.at)
    if signed_in is None:
        raise LookupError("a sign-in that was never opened")
    login_user(Holder(key, signed_in))


def end(at: datetime) -> None:
    """Sign out: the key stops working everywhere, not only in this browser."""
    key = session.get(HELD)
    if key:
        sign_ins.end(current.session, key, at)
    logout_user()
    session.clear()


def keep_alive(services: Services) -> None:
    """Note that the sign-in is in use, in a transaction of its own so that a refused request notes it too."""
    study = services.databases.study
    held = current.person
    if study is None or held is None or not sign_ins.needs_touch(held, current.at):
        return
    # On SQLite a writing request already holds the write lock that this note needs; nothing was written yet.
    current.close()
    with study.write() as own:
        sign_ins.touch(own, held, current.at)
        own.commit()
