"""An e-mail address that is typed: what it looks like, and whose tries are counted."""

from flask import request
from flask_limiter.util import get_remote_address

from app.identity import blind_index
from app.web.limits import person_key

ADDRESS = r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+$"


def typed_person_here() -> str:
    """Whose tries are counted, and where: another person's storm must not keep the owner of an address waiting."""
    return f"{person_key(blind_index.email_key(request.form.get('email', '')))}/{get_remote_address()}"
