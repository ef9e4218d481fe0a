"""Whether this process is well: asked by whoever runs it, of every process, whichever pages it serves."""

from flask import Blueprint, jsonify
from sqlalchemy import text
from werkzeug.wrappers import Response

from app.web.access import Who, allow
from app.web.request import current

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow(Who.ANYONE)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@allow(Who.ANYONE)
def readyz() -> tuple[Response, int]:
    """The databases of this process answer too."""
    databases = current.services.databases
    states = {}
    for name in ("study", "vault", "warehouse"):
        database = getattr(databases, name)
        if database is not None:
            with database.read() as session:
                session.execute(text("SELECT 1"))
            states[name] = "ok"
    return jsonify(status="ok", databases=states), 200
