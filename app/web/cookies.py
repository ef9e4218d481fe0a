"""What our cookies are called."""

from app.config import Config


def called(name: str, config: Config) -> str:
    """The name under which a browser keeps a cookie; under https no other host of the domain can set one with it."""
    return f"__Host-{name}" if config.is_https else name
