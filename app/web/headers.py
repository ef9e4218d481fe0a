"""Headers of every answer: nothing inline, nothing from elsewhere, nothing personal kept by a cache."""

from flask import Flask, request
from werkzeug.wrappers import Response

from app.config import Config

A_YEAR = 365 * 24 * 3600


def policy(config: Config) -> str:
    """The Content-Security-Policy. Forms may lead to the vault's sign-in and back, and nowhere else."""
    forms = " ".join(dict.fromkeys(["'self'", config.vault_url, config.public_url]))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )


def install(app: Flask, config: Config) -> None:
    """Set the headers after every request, refusals and errors included."""
    content_policy = policy(config)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = content_policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        elif request.endpoint != "static":
            headers["Cache-Control"] = "no-store"
        if config.is_https:
            headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
        return response
