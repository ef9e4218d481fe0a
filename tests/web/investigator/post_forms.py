"""A browser in front of the pages on which posts are written."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.announcements import posts
from app.announcements.drafts import Draft
from app.announcements.models import Post
from app.announcements.posts import Words
from tests.announcements.builders import ENERGY, a_draft, published
from tests.support.browser_form import csrf_of
from tests.support.world import World

POSTS = "/studies/HORIZON/posts"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\"'&amp;</textarea>"
CHART = f"{ENERGY.instrument}/{ENERGY.scale}"


def fields(words: Mapping[str, Words], **more: str) -> dict[str, str]:
    """The texts as a browser sends them."""
    names = ("title", "body", "who", "involves", "duration", "contact")
    typed = {f"{name}-{language}": getattr(words[language], name) for language in words for name in names}
    return {**typed, **more}


def send(browser: Any, path: str, data: Mapping[str, str], form: str | None = None) -> Any:
    """Post to an address with the token of the page that holds the form."""
    return browser.post(path, data={"csrf_token": csrf_of(browser.get(form or path)), **data})


def value_of(page: Any, field: str) -> str:
    """What stands in a field of a page."""
    found = re.search(rf'<textarea[^>]* id="{field}"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)
    found = found or re.search(rf'<input[^>]* id="{field}" [^>]*?value="([^"]*)"', page.text)
    return found.group(1) if found else ""


def hidden_of(page: Any) -> dict[str, str]:
    """The hidden fields of the form of a draft."""
    return dict(re.findall(r'<input type="hidden" name="(revision|kind|was-[a-z-]+)" value="([^"]*)"', page.text))


def written(world: World, kind: str = "summary", *, is_published: bool = False, draft: Draft | None = None) -> str:
    """The address of a draft, or of what was published, for HORIZON."""
    with world.study() as session:
        post = published(session, world, kind) if is_published else a_draft(session, world, kind, draft)
        session.commit()
        return f"{POSTS}/{post.key}"


def stored(world: World, path: str) -> Post:
    """The post of an address as it is in the database."""
    with world.study() as session:
        return session.scalars(select(Post).where(Post.key == path.split("/")[4])).one()


def texts(world: World, path: str) -> dict[str, Words]:
    """What is written in the post of an address."""
    with world.study() as session:
        post = posts.find(session, world.study_id, path.split("/")[4])
        return {} if post is None else posts.words_of(session, post)
