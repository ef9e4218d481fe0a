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
    always = [
        ("Content-Security-Policy", policy(config)),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ]
    if config.is_https:
        always.append(("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains"))

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.extend(always)  # no view sets any of them
        if request.endpoint != "static":
            headers["Cache-Control"] = "no-store"
        elif "v" in request.args and response.status_code == 200:
            headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return response
