"""A crowd with one open visit each and signed in already, so that load on the server is load of the questionnaire."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app.accounts import accounts, sign_ins
from app.config import Config
from app.db import Database
from app.participants import agenda
from app.participants.enrol import Enrolment, enrol, record_event
from app.studies.models import Arm, ProtocolVersion, Site, Study


@dataclass(frozen=True, slots=True)
class Member:
    """One of the crowd: where the visit is, and what the browser holds. ``token`` is the CSRF token of every page."""

    account: str
    participant: int
    visit: str
    cookie: str
    token: str

    @property
    def visit_url(self) -> str:
        """The visit's page."""
        return f"/visits/{self.visit}"


def gather(database: Database, config: Config, count: int, at: datetime, prefix: str = "crowd") -> list[Member]:
    """So many new participants of the world's study, included today, each signed in to the account."""
    members = []
    with database.write() as session:
        study = session.scalars(select(Study).where(Study.code == "HORIZON")).one()
        site = session.scalars(select(Site).where(Site.study_id == study.id).order_by(Site.id)).first()
        arm = session.scalars(select(Arm).where(Arm.study_id == study.id)).first()
        protocol = session.scalars(select(ProtocolVersion).where(ProtocolVersion.study_id == study.id)).one()
        assert site is not None
        for number in range(count):
            name = f"{prefix}-{number}"
            accounts.ensure(session, f"acc-{name}", at).language = "en"
            who = Enrolment(f"par-{name}", f"acc-{name}", f"C-{name}", "en", "Europe/Paris")
            participant = enrol(session, site, arm, protocol, who, at)
            record_event(session, participant, "inclusion", at.date(), at, "system")
            visits = agenda.of_participants(session, [participant], at)[participant.id]
            record = next(one.record for one in agenda.make_available(session, visits, at) if one.record is not None)
            key = sign_ins.open_for_account(session, f"acc-{name}", at)
            cookie, token = held(config, key, name)
            members.append(Member(f"acc-{name}", participant.id, record.key, cookie, token))
        session.commit()
    return members


def held(config: Config, key: str, name: str = "anybody") -> tuple[str, str]:
    """The cookie (``name=value``) that a browser with this sign-in holds, and the CSRF token that goes with it."""
    app = Flask("cookies")
    app.secret_key = config.secret_key
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = serializer.dumps({"_user_id": key, "_fresh": True, "csrf_token": name})
    token = URLSafeTimedSerializer(config.secret_key, salt="wtf-csrf-token").dumps(name)
    return f"{'__Host-' if config.is_https else ''}weshare={cookie}", str(token)
