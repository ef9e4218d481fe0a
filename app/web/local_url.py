"""Where to go next, when the browser says so: only ever to ourselves."""

from urllib.parse import urlsplit


def is_local(target: str) -> bool:
    """A path on this site; not another host, not a scheme, not a browser's idea of a host (``//`` or ``/\\``)."""
    parts = urlsplit(target)
    return (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
        and all(" " <= letter != "\\" for letter in target)
    )


def or_start(target: str) -> str:
    """The target if it is ours, else the start page."""
    return target if is_local(target) else "/"
