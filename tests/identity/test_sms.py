"""Text messages over a real HTTP gateway: each of its answers is the right fate, and a number is read as typed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.carriers import SmsGateway
from app.identity.carriage import Fate, Message, Parcel
from app.identity.sms import SmsCarrier, international
from tests.support.people import NOON

MESSAGE = Message("m-1", "fr", "Sujet", "Long texte", short="WeShare : un questionnaire est ouvert.")


class Gateway(BaseHTTPRequestHandler):
    """It answers by the last digits of the number, and keeps what it was asked."""

    asked: list[tuple[dict[str, Any], str]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((body, self.headers["Authorization"]))
        if body["to"].endswith("000"):
            self.connection.close()
            return
        self.send_response(int(body["to"][-3:]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    Gateway.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SmsGateway(f"http://127.0.0.1:{server.server_port}/send", "token", "WeShare")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("ending", "fate"),
    [
        ("200", Fate.DELIVERED),
        ("202", Fate.DELIVERED),
        ("409", Fate.DELIVERED),
        ("400", Fate.BOUNCED),
        ("404", Fate.BOUNCED),
        ("401", Fate.LATER),
        ("429", Fate.LATER),
        ("503", Fate.LATER),
        ("000", Fate.UNCLEAR),
    ],
)
def test_each_answer_of_the_gateway_is_a_fate(gateway: SmsGateway, ending: str, fate: Fate):
    carrier = SmsCarrier(gateway)
    assert fate is carrier.carry(Parcel(f"06 12 34 5{ending[0]} {ending[1:]}", MESSAGE), NOON).fate
    carrier.close()
    expected = {"to": f"+33612345{ending}", "from": "WeShare", "text": MESSAGE.short, "id": "m-1"}
    assert [(expected, "Bearer token")] == Gateway.asked


def test_a_gateway_that_is_down_is_tried_later():
    carrier = SmsCarrier(SmsGateway("http://127.0.0.1:1/send", "token", "WeShare"))
    assert Fate.LATER is carrier.carry(Parcel("0612345678", MESSAGE), NOON).fate
    carrier.close()


def test_a_number_that_is_nobodys_is_not_sent_out(gateway: SmsGateway):
    carrier = SmsCarrier(gateway)
    assert Fate.UNREACHABLE is carrier.carry(Parcel("12", MESSAGE), NOON).fate
    carrier.close()
    assert [] == Gateway.asked


def test_numbers_are_read_as_people_write_them():
    assert "+33612345678" == international("06 12 34 56 78", "FR")
    assert "+33612345678" == international("+33 (0)6.12.34.56.78", "FR")
    assert "+32470123456" == international("0470 12 34 56", "BE")
    assert international("call me", "FR") is None
