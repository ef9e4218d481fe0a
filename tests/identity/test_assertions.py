"""What the vault signs at sign-in."""

import jwt

from app.identity import assertions
from app.signing_keys import public_key_of
from tests.support.keys import PRIVATE_KEY
from tests.support.people import NOON


def test_an_assertion_says_who_for_whom_and_until_when_and_nothing_more() -> None:
    token = assertions.issue(PRIVATE_KEY, "alice", "https://study.example", "a-state", NOON)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.pop("jti")
    assert claims == {
        "iss": "weshare-vault",
        "aud": "https://study.example",
        "sub": "alice",
        "state": "a-state",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 60,
    }
    assert jwt.get_unverified_header(token)["alg"] == "EdDSA"


def test_no_two_assertions_have_the_same_identifier() -> None:
    tokens = [assertions.issue(PRIVATE_KEY, "alice", "https://study.example", "s", NOON) for _ in range(3)]
    key = public_key_of(PRIVATE_KEY)
    read = [
        jwt.decode(
            t, key, algorithms=["EdDSA"], options={"verify_exp": False, "verify_iat": False, "verify_aud": False}
        )
        for t in tokens
    ]
    assert len({claims["jti"] for claims in read}) == 3
