"""A message with made-up data: for the preview in a page and for the test that is sent to somebody of the team."""

from datetime import date, timedelta

from app.notices.compose import DIGEST, VISIT_KINDS, Facts, Item

IN_A_WEEK = timedelta(days=7)


def facts(url: str, paragraph: str, kind: str, on: date) -> Facts:
    """Facts of nobody: links that lead nowhere, a questionnaire of ten minutes that is open for a week."""
    item = Item(f"{url}/l/made-up", 10, on + IN_A_WEEK)
    return Facts(
        account=f"{url}/account",
        stop=f"{url}/messages/stop/made-up",
        items={DIGEST: (item, item), **dict.fromkeys(VISIT_KINDS, (item,))}.get(kind, ()),
        paragraph=paragraph,
    )
