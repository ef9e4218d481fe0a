"""One request, one transaction: what a view did is committed once, if its answer is below 400, before it is sent."""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

from app.web import access, cookies, session
from app.web.locale import COOKIE, from_browser
from app.web.request import Request, current, now


def install(app: Flask) -> None:
    """Open and end the request's state. Must be installed first, so that it commits before any header is written."""

    @app.before_request
    def begin() -> None:
        services = app.extensions["weshare"]
        g.weshare = Request(
            services=services,
            id=secrets.token_hex(8),
            at=now(),
            language=from_browser(request, cookies.called(COOKIE, services.config)),
            writes=access.writes(app),
        )

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if "weshare" in g:
            current.close()


def install_commit(app: Flask) -> None:
    """Must be installed last: after-request functions run backwards, so this one runs first."""

    @app.after_request
    def commit(response: Response) -> Response:
        # A failure here leaves as an error page: nobody is told "saved" before the database said so.
        if response.status_code < 400:
            current.commit()
        current.close()
        return response


def install_person(app: Flask, study_endpoints: bool) -> None:
    """Find out who asks, for the pages of the study side; the vault's pages never look into its sign-ins."""

    @app.before_request
    def identify() -> None:
        if (
            not study_endpoints
            or request.endpoint in (None, "static")
            or (request.blueprint or "").startswith("vault_")
        ):
            return
        current.person = session.person()
        if current.person is not None:
            current.language = current.person.language or current.language
            session.keep_alive(current.services)
