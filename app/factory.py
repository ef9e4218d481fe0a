"""Where everything meets: configuration, databases, instruments and pages become one WSGI application."""

from collections.abc import Iterable

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.blueprints import BLUEPRINTS
from app.config import STUDY_AUDIENCES, Config
from app.db import connect
from app.questionnaires.library import load
from app.web import (
    access,
    cookies,
    errors,
    filters,
    headers,
    health,
    json_bodies,
    limits,
    locale,
    logs,
    metrics,
    navigation,
    question_html,
    session,
    storable,
    stored_numbers,
    transaction,
    uploads,
)
from app.web.preview import pages as preview
from app.web.request import Services
from app.web.vault import duty
from app.wordings.shelf import Shelf

MAX_BODY_BYTES = 512 * 1024


def create_app(config: Config, audiences: Iterable[str] | None = None) -> Flask:
    """The application for some audiences (all of the configuration's by default).

    BrokenLibrary if an instrument file is wrong, LookupError if a view does not say who may call it: both at start,
    never in front of a patient.
    """
    config = config if audiences is None else config.narrowed(audiences)
    app = Flask(__name__, root_path=str(headers.__file__).rsplit("/", 1)[0])
    app.config.update(settings(config))
    app.extensions["weshare"] = Services(config, connect(config), _shelf(config))
    _install(app, config, serves_study=bool(config.audiences & STUDY_AUDIENCES))
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)
    for audience in sorted(config.audiences):
        for blueprint in BLUEPRINTS[audience]:
            app.register_blueprint(blueprint)
    app.view_functions["static"] = access.allow(access.Who.ANYONE)(app.view_functions["static"])
    access.require_declarations(app)
    if config.is_https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    return app


def create_preview_app(config: Config) -> Flask:
    """The preview of instruments alone, on somebody's own computer: no accounts, no databases.

    BrokenLibrary if an instrument file is wrong.
    """
    app = Flask(__name__, root_path=str(headers.__file__).rsplit("/", 1)[0])
    app.config.update(settings(config))
    app.extensions["weshare"] = Services(config, connect(config), _shelf(config))
    _install(app, config, serves_study=False)
    app.register_blueprint(preview.bp)
    app.view_functions["static"] = access.allow(access.Who.ANYONE)(app.view_functions["static"])
    access.require_declarations(app)
    return app


def _shelf(config: Config) -> Shelf:
    return Shelf(load(config.instruments), config.wordings, logs.wording_faults)


def settings(config: Config) -> dict[str, object]:
    """Flask's own settings."""
    secure = config.is_https
    return {
        "SECRET_KEY": config.secret_key,
        "SESSION_COOKIE_NAME": cookies.called("weshare", config),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        # A patient who comes back to a page after a rest loses nothing; the token still dies with the sign-in.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "MAX_CONTENT_LENGTH": MAX_BODY_BYTES,
        "MAX_FORM_PARTS": uploads.MOST_FIELDS,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY_BYTES,
        "TRAP_HTTP_EXCEPTIONS": False,
        "RATELIMIT_STORAGE_URI": config.rate_limit_storage,
        "RATELIMIT_HEADERS_ENABLED": False,
    }


def _install(app: Flask, config: Config, *, serves_study: bool) -> None:
    stored_numbers.install(app)
    json_bodies.install(app)
    transaction.install(app)
    logs.install(app)
    headers.install(app, config)
    session.install(app)
    transaction.install_person(app, serves_study)
    if "vault" in config.audiences:
        duty.install(app)
    storable.install(app)
    protect = CSRFProtect(app)

    @app.before_request
    def guard() -> Response | None:
        refused = access.check(app)
        if refused is None and request.endpoint is not None:
            uploads.widen(app)
            uploads.refuse_too_many()
            if not access.access_of(app, request.endpoint).by_key:
                protect.protect()
        return refused

    limits.install(app)
    _install_words(app)
    errors.install(app)
    transaction.install_commit(app)


def _install_words(app: Flask) -> None:
    """Words, dates and navigation in templates."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        locale.template_gettext, locale.template_ngettext, newstyle=True
    )
    app.jinja_env.globals["_"] = locale.template_message
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters.install(app)
    question_html.install(app)
    navigation.install(app)
