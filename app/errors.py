"""The one way to say no to a person: a code and the facts that the sentence needs."""

from collections.abc import Mapping


class Refusal(Exception):
    """Something a person asked for cannot be done; the edge turns the code into a kind sentence and a status.

    ``facts`` fill the sentence; they never hold an answer, an address or a secret.
    """

    def __init__(self, code: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = facts or {}
