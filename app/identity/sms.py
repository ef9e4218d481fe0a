"""Text messages through an HTTP gateway, whoever runs it: one POST of JSON for each, with a bearer token.

The gateway is asked ``{"to": "+33612345678", "from": ..., "text": ..., "id": ...}``. Any 2xx means that it has taken
the message, 409 that it had taken the one of that id before, 429 and 5xx that it may be tried later, any other 4xx that
the number is refused. A provider with other words needs a few lines of relay, not a change here.
"""

from datetime import datetime
from typing import Final

import httpx
import phonenumbers

from app.carriers import SmsGateway
from app.identity.carriage import Fate, Parcel, Receipt

TIMEOUT_S: Final = 10.0
TAKEN_BEFORE: Final = 409
LATER: Final = frozenset({401, 403, 408, 425, 429})
"""Our own token or pace is the trouble, not the number."""


class SmsCarrier:
    """A line to the gateway, kept open between messages."""

    def __init__(self, gateway: SmsGateway, timeout_s: float = TIMEOUT_S) -> None:
        self._gateway = gateway
        headers = {"Authorization": f"Bearer {gateway.token}"}
        self._client = httpx.Client(timeout=timeout_s, headers=headers, follow_redirects=False)

    def carry(self, parcel: Parcel, at: datetime) -> Receipt:  # noqa: ARG002 -- a gateway keeps its own time
        """Try once."""
        number = international(parcel.address, self._gateway.region)
        if number is None:
            return Receipt(Fate.UNREACHABLE, "number-unusable")
        message = parcel.message
        body = {
            "to": number,
            "from": self._gateway.sender,
            "text": message.short or message.subject,
            "id": message.message_id,
        }
        try:
            answer = self._client.post(self._gateway.url, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return Receipt(Fate.LATER, "sms-unconnected")
        except httpx.HTTPError:  # the request was on its way
            return Receipt(Fate.UNCLEAR, "sms-dropped")
        return Receipt(_fate(answer.status_code), f"sms-{answer.status_code}")

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def international(number: str, region: str) -> str | None:
    """A telephone number in E.164, whatever way it was typed; None if it can be nobody's."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _fate(status: int) -> Fate:
    if status // 100 == 2 or status == TAKEN_BEFORE:
        return Fate.DELIVERED
    return Fate.BOUNCED if status // 100 == 4 and status not in LATER else Fate.LATER
