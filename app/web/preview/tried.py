"""What somebody has answered in a preview. It travels in the page and in its address, sealed, and is stored nowhere."""

import base64
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from app.errors import Refusal
from app.questionnaires import answers as reading
from app.questionnaires.answers import DECLINED, Answers, AnswerValue
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId
from app.responses.collect import Kept

Facts = Mapping[FactId, float | str]


@dataclass(frozen=True, slots=True)
class Tried:
    """The answers given so far, and what the study would know of the person."""

    answers: Answers = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)

    @property
    def kept(self) -> dict[ItemId, Kept]:
        """The answers as the questionnaire's form takes them; there are no revisions here."""
        return {item: Kept(item, answer, 0, is_conflict=False) for item, answer in self.answers.items()}

    def knows(self, kind: str, name: str) -> float | str | None:
        """The facts, for conditions that look at them."""
        return self.facts.get(FactId(name)) if kind == "fact" else None


def seal(secret: str, instrument: Instrument, tried: Tried) -> str:
    """A word for an address: nobody reads the answers in it, neither in a log nor in a list of visited pages."""
    if not tried.answers and not tried.facts:
        return ""
    content = {
        "instrument": instrument.key,
        "answers": {item: _written(answer) for item, answer in tried.answers.items()},
        "facts": dict(tried.facts),
    }
    return _box(secret).encrypt(zlib.compress(json.dumps(content).encode())).decode()


def unseal(secret: str, instrument: Instrument, word: str) -> Tried:
    """What was sealed. Nothing where the word is damaged, from another process or of another instrument."""
    try:
        content = json.loads(zlib.decompress(_box(secret).decrypt(word.encode())))
    except (InvalidToken, ValueError):
        return Tried()
    if content["instrument"] != instrument.key:
        return Tried()
    return Tried(_answers(instrument, content["answers"]), {FactId(k): v for k, v in content["facts"].items()})


def with_said(answers: Answers, said: Mapping[ItemId, Any]) -> dict[ItemId, AnswerValue]:
    """The answers after a screen was sent; what was wiped out there is an answer no longer."""
    return {item: answer for item, answer in {**answers, **said}.items() if _is_answer(answer)}


def _is_answer(said: object) -> bool:
    return said is DECLINED or not isinstance(said, Enum)


def _written(answer: AnswerValue) -> str | None:
    """An answer as a form sends it, which ``answers.coerce`` reads; None for one that was declined."""
    if answer is DECLINED:
        return None
    return ",".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


def _answers(instrument: Instrument, sealed: Mapping[str, str | None]) -> dict[ItemId, AnswerValue]:
    """The answers that are still possible: a new version of the file may have other options."""
    found: dict[ItemId, Any] = {}
    for item, raw in sealed.items():
        with suppress(Refusal):
            is_known = ItemId(item) in instrument.items
            found[ItemId(item)] = DECLINED if raw is None and is_known else reading.coerce(instrument, item, raw or "")
    return with_said({}, found)


def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(f"preview:{secret}".encode()).digest()))
