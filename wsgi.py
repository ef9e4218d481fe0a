"""The application for a WSGI server: ``gunicorn wsgi:app``."""

import os

from app.config import from_environment
from app.factory import create_app
from app.web.logs import configure

configure()
app = create_app(from_environment(os.environ))
