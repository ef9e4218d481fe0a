"""What a browser calls itself, in the few words by which its owner knows it again. Nothing finer is kept."""

from flask import request

# The first that fits counts: almost every browser also calls itself by the names of others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name() -> str | None:
    """The browser of this request and what it runs on, such as "Firefox, Android"; None if it says neither."""
    agent = request.user_agent.string
    found = [next((name for sign, name in table if sign in agent), None) for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name) or None
