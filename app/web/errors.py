"""How the application says no: one table from a refusal's code to a status and a sentence that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, jsonify, render_template, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.errors import Refusal
from app.web import refusals_of_access, refusals_of_messages, refusals_of_rights, refusals_of_studies, uploads
from app.web.access import SignInNeeded
from app.web.locale import lazy
from app.web.request import current

log = structlog.get_logger("weshare.web")

REFUSALS: Mapping[str, tuple[int, Any]] = {
    "no-such-choice": (422, lazy("Please choose one of the answers on the list. Nothing was changed.")),
    "unknown-item": (
        400,
        lazy("This question is not part of the questionnaire. Please reload the page; your answers are kept."),
    ),
    "answer-out-of-range": (
        400,
        lazy("This is not one of the possible answers. Please choose one of the answers shown."),
    ),
    "answer-needed": (400, lazy("This question needs an answer. Please choose or write one.")),
    "not-an-answer": (400, "%(sentence)s"),
    "bad-request-id": (400, lazy("The answer could not be read. Please reload the page; your answers are kept.")),
    "answered-elsewhere": (
        409,
        lazy("You have answered this question in another window since then. The newer answer is the one that counts."),
    ),
    "already-sent": (
        409,
        lazy("These answers have already been sent. They can no longer be changed, and nothing was sent twice."),
    ),
    "closed": (
        410,
        lazy("This questionnaire is closed. What you had answered is kept; you do not need to do anything."),
    ),
    "not-answerable-here": (
        422,
        lazy(
            "This questionnaire cannot be answered in WeShare yet. That is not your fault, and you do not need to do "
            "anything. Your study team can tell you more."
        ),
    ),
    "not-printable": (
        422,
        lazy(
            "This wording has letters that no font of this computer has, so it cannot be set on paper here. Whoever "
            "runs this computer can install a font for its language."
        ),
    ),
    "not-complete": (
        422,
        lazy("Some questions have no answer yet. Please answer them or say that you leave them out."),
    ),
    "not-plausible": (
        422,
        lazy("Some answers do not fit together. Please go back and look at them again; everything is kept."),
    ),
    "move-out-of-order": (
        409,
        lazy("A later move is recorded already. Please check the day; moves are recorded in the order of time."),
    ),
    "unknown-language": (400, lazy("WeShare is not offered in this language yet. Please choose one of those shown.")),
    "unknown-layout": (400, lazy("Please choose one of the ways of showing the questions.")),
    "address-already-registered": (409, lazy("This e-mail address already has an account.")),
    "login-already-taken": (409, lazy("Somebody already has this login. Please choose another one.")),
    "too-few-for-chart": (
        422,
        lazy(
            "This chart cannot be shown yet: at least %(points)s visits need answers from %(people)s people each, so "
            "that nobody can be recognised. Choose another chart or none, or publish when more people have answered."
        ),
    ),
    "already-published": (409, lazy("This has already been published and can no longer be changed.")),
    "already-proposed": (
        409,
        lazy("This waits for a data manager and cannot be changed meanwhile. Take it back first to go on writing."),
    ),
    "needs-approval": (409, lazy("This goes to people outside the study, so a data manager has to approve it first.")),
    "own-proposal": (403, lazy("You wrote or proposed this. Another data manager has to decide about it.")),
    "unknown-audience": (422, lazy("Please choose whom it is for from the list.")),
    "draft-changed": (409, lazy("This draft was changed while you were looking at it. Nothing of yours is lost.")),
    "post-incomplete": (422, lazy("Something is still missing. Every text must be there in each language.")),
    "text-too-long": (422, lazy("A text is too long. Please shorten it and save again.")),
    "unknown-kind": (400, lazy("This kind of text does not exist. Please go back and choose one of the kinds shown.")),
    "unknown-chart": (422, lazy("The chosen chart no longer exists in this study. Please choose another one or none.")),
    "wording-version-taken": (
        409,
        lazy(
            "This version of the wording is already installed with another content, and an installed wording is never "
            "changed. If yours is a correction, give it a new wording_version in the file."
        ),
    ),
    "wording-withdrawn": (
        409,
        lazy("This version of the wording was withdrawn. Give a corrected one a new wording_version in the file."),
    ),
    "wording-unknown": (404, lazy("This wording is not installed, or came with WeShare and cannot be withdrawn.")),
    "reason-missing": (422, lazy("Write the reason, so that others understand it later.")),
    "licence-changed": (
        409,
        lazy("Somebody has changed this licence meanwhile. What you typed is still here: compare it, then save again."),
    ),
    "licence-dates": (422, lazy("The last day of the licence lies before its first day. Correct one of them.")),
    "document-missing": (422, lazy("Choose the file to attach.")),
    "document-too-large": (413, lazy("The file is too large: at most 5 MB fit. A scan with fewer colours is smaller.")),
    "document-kind": (422, lazy("Only PDF, PNG and JPEG files can be attached. Save or scan it as PDF.")),
    "code-already-taken": (409, lazy("This code is already in use. Please choose another one.")),
    "languages-in-use": (
        409,
        lazy("Participants read this study in its languages, so none can be taken away once it is live."),
    ),
    "already-appointed": (409, lazy("This person is already appointed there.")),
    "last-designer": (
        409,
        lazy("Somebody has to answer for the study. Appoint somebody else for the whole study first."),
    ),
    **refusals_of_messages.REFUSALS,
    **refusals_of_access.REFUSALS,
    **refusals_of_rights.REFUSALS,
    **refusals_of_studies.REFUSALS,
    "subject-already-taken": (
        409,
        lazy("This subject code or pseudonym belongs to somebody in a study already. Please check both."),
    ),
    "too-late-to-undo": (
        409,
        lazy("This was recorded too long ago to be a mistake. Whoever wants to come back is enrolled anew."),
    ),
    "unknown-reason": (400, lazy("This is not one of the possible reasons. Please use the buttons of the page.")),
    "unknown-reply": (400, lazy("This is not one of the possible answers. Please use the buttons of the page.")),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """What an error page says."""

    title: Any
    sentence: Any


STATUSES: Mapping[int, Explained] = {
    400: Explained(lazy("We could not read this request"), lazy("Please go back and try again. Nothing was changed.")),
    401: Explained(
        lazy("Please sign in again"), lazy("You were away for a while, so you were signed out for your safety.")
    ),
    403: Explained(lazy("This page is not open to you"), lazy("Please sign in with the right account.")),
    404: Explained(
        lazy("Page not found"),
        lazy("This page does not exist, or it is not yours to see. Please check the address, or go to the start page."),
    ),
    405: Explained(lazy("This is not possible here"), lazy("Please go back and use the buttons of the page.")),
    409: Explained(lazy("This has already been done"), lazy("Nothing was done twice.")),
    410: Explained(lazy("This is closed"), lazy("You do not need to do anything.")),
    413: Explained(lazy("This is too long"), lazy("Please shorten your text and send it again.")),
    422: Explained(lazy("Something is missing"), lazy("Please go back and complete the page.")),
    429: Explained(lazy("Too many tries"), lazy("Please wait a few minutes, then try again.")),
    500: Explained(
        lazy("Something went wrong on our side"),
        lazy("What was saved before is kept. Please try again in a moment."),
    ),
    503: Explained(
        lazy("We cannot save right now"),
        lazy("Please keep this page open and try again in a minute. What was saved before is kept."),
    ),
}
RETRY_AFTER_S = 5
NEVER_REPEATED = (
    "csrf_token",
    "password",
    "old_password",
    "own_password",
    "passkey_password",
    "code",
    "handed",
    "credential",
)


def explained(refusal: Refusal) -> tuple[int, str]:
    """The status of a refusal and its sentence, in the reader's language."""
    status, sentence = REFUSALS[refusal.code]
    return status, str(sentence) % refusal.facts if refusal.facts else str(sentence)


def wants_json() -> bool:
    """The questionnaire's script asks, not a browser loading a page."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def answer(status: int, code: str, sentence: Any, title: Any = None) -> tuple[Any, int, dict[str, str]]:
    """A refusal as JSON or as a page, whichever was asked for."""
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    if wants_json():
        # The script needs a fresh token to try again with what was typed.
        return jsonify(error=code, message=str(sentence), csrf_token=generate_csrf()), status, headers
    heading = title or STATUSES.get(status, STATUSES[400]).title
    return render_template("error.html", heading=heading, sentence=sentence, status=status), status, headers


def ask_again(status: int, code: str, sign_in_page: str | None) -> tuple[Any, int, dict[str, str]]:
    """Refuse an unsafe request but keep what was typed: one click sends it again, after signing in if need be."""
    explained = STATUSES[401] if sign_in_page else STATUSES[400]
    if wants_json():
        return answer(status, code, explained.sentence)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_REPEATED]
    page = render_template(
        "resend.html", typed=typed, sign_in_url=url_for(sign_in_page) if sign_in_page else None, action=request.path
    )
    return page, status, {}


def install(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Any:
        status, sentence = explained(refusal)
        log.info("refused", request_id=current.id, code=refusal.code)
        return answer(status, refusal.code, sentence)

    @app.errorhandler(SignInNeeded)
    def sign_in_needed(needed: SignInNeeded) -> Any:
        return ask_again(401, "sign-in-needed", needed.page)

    @app.errorhandler(CSRFError)
    def stale_or_forged(_error: CSRFError) -> Any:
        return ask_again(400, "stale-page", None)

    @app.errorhandler(OperationalError)
    def database_away(_error: OperationalError) -> Any:
        # Never with the exception's text: it can hold the statement's parameters, which are answers.
        log.error("database away", request_id=current.id)
        return answer(503, "cannot-save", STATUSES[503].sentence)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Any:
        if isinstance(error.response, Response):
            return error.response
        status = 408 if uploads.was_too_slow(error) else error.code or 500
        explained = STATUSES.get(status, STATUSES[500 if status >= 500 else 400])
        return answer(status, f"http-{status}", explained.sentence, explained.title)

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> Any:
        if app.testing and app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        log.error("crashed", request_id=current.id, kind=type(error).__name__, where=_where(error))
        return answer(500, "crashed", STATUSES[500].sentence)


def _where(error: Exception) -> list[str]:
    """File and line of each frame: enough to find the fault, and no value that a person gave."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames[-12:]
