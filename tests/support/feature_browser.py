"""Alice's browser without scripts, with the sheet of one feature open."""

from dataclasses import dataclass
from typing import Any

from tests.support import features
from tests.support.browser_form import csrf_of, fields_of, page_text
from tests.support.world import World


@dataclass(slots=True)
class FeatureBrowser:
    """Alice's browser with one sheet open."""

    client: Any
    world: World
    sheet: features.Opened

    @property
    def start(self) -> str:
        return f"/q/{self.sheet.key}/page/1"

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, fields: dict[str, Any], path: str = "", go: str = "next") -> Any:
        """Fill in what is given on top of what the page holds, and press a button."""
        path = path or self.start
        return self.client.post(path, data={**fields_of(self.get(path)), **fields, "go": go})

    def save(self, item: str, value: str, **more: Any) -> Any:
        body = {"item": item, "value": value, "seen": 0, "request_id": f"request-{item}-{len(value)}", **more}
        token = csrf_of(self.get(self.start))
        return self.client.post(f"/q/{self.sheet.key}/answers", json=body, headers={"X-CSRFToken": token})

    def review(self) -> str:
        return page_text(self.get(f"/q/{self.sheet.key}/review"))

    def send(self, **more: str) -> Any:
        review = self.get(f"/q/{self.sheet.key}/review")
        return self.client.post(f"/q/{self.sheet.key}/send", data={**fields_of(review, "send"), **more})

    @property
    def answers(self) -> dict[str, Any]:
        return features.latest(self.world, self.sheet.id)
