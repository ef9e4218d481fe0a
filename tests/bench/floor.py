"""The bare floor: the smallest Flask and SQLAlchemy program that stores the same answers in the same requests.

It knows nobody, checks nothing, translates nothing, scores nothing and shows nothing. What the application does beyond
this is what its answers a second are paid for. ``gunicorn tests.bench.floor:app``
"""

import os
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from flask import Flask, jsonify, redirect, request
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db import Database, UtcDateTime, engine_for

PAGE = "<!doctype html><title>Floor</title><form method=post><button>Next</button></form>"
PAGES = 6


class Base(DeclarativeBase):
    """The floor's own tables."""


class Sheet(Base):
    """One questionnaire being answered."""

    __tablename__ = "sheet"

    key: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Answer(Base):
    """One answer, as the application keeps it: by item and revision, once per request."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("sheet", "item", "revision"), UniqueConstraint("sheet", "request_id", "item"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str] = mapped_column(ForeignKey("sheet.key"))
    item: Mapped[str]
    revision: Mapped[int]
    value: Mapped[int]
    request_id: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


app = Flask(__name__)
database = Database(engine_for(os.environ.get("FLOOR_DATABASE", "sqlite://")))


@app.get("/healthz")
def healthz() -> Any:
    """The process answers."""
    return PAGE


@app.get("/visits/<key>")
@app.get("/q/<key>/page/<int:number>")
@app.get("/q/<key>/review")
@app.get("/q/<key>/done")
def page(**_where: object) -> Any:
    """Any page."""
    return PAGE


@app.post("/visits/<key>")
def begin(**_where: object) -> Any:
    """A new sheet."""
    sheet = token_urlsafe(16)
    with database.write() as session:
        session.add(Sheet(key=sheet))
        session.commit()
    return redirect(f"/q/{sheet}/page/1", 303)


@app.post("/q/<key>/answers")
def save(key: str) -> Any:
    """One answer."""
    given = request.get_json()
    answer = Answer(
        sheet=key,
        item=given["item"],
        revision=int(given["seen"]) + 1,
        value=int(given["value"]),
        request_id=given["request_id"],
        saved_at=datetime.now(UTC),
    )
    with database.write() as session:
        session.add(answer)
        session.commit()
    return jsonify(item=given["item"], value=given["value"], revision=1, conflict=False)


@app.post("/q/<key>/page/<int:number>")
def following(key: str, number: int) -> Any:
    """The next page; its answers are there already."""
    return redirect(f"/q/{key}/review" if number == PAGES else f"/q/{key}/page/{number + 1}", 303)


@app.post("/q/<key>/send")
def send(key: str) -> Any:
    """The end."""
    with database.write() as session:
        session.get_one(Sheet, key).sent_at = datetime.now(UTC)
        session.commit()
    return redirect(f"/q/{key}/done", 303)
