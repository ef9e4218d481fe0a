"""Passkeys (WebAuthn, level 2): what is asked of a browser, and the check of what its device answered.

Keys are discoverable, so nobody types a name, and the device checks who holds it (user verification), always.
"""

import hmac
import json
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME = "WeShare"
TIMEOUT_MS = 120_000
LONGEST = 20_000
"""Characters of an answer, at most."""


class Refused(Exception):
    """The answer does not prove anything; ``reason`` is a word for the log and holds nothing of the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys hold: the name that they are bound to (RP id), and the one origin whose pages may ask."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a new passkey is for, as the device shows it; ``handle`` says nothing about the person."""

    handle: bytes
    name: str = field(repr=False)
    display_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """What a device has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def place_of(url: str) -> Place | None:
    """The place of a site's address; None for one without a name, to which no browser binds a passkey."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Place(host, f"{parts.scheme}://{parts.netloc}") if host else None
    return None


def to_make(place: Place, owner: Owner, known: list[bytes], challenge: bytes) -> dict[str, Any]:
    """What a browser is asked for to make a passkey; a device that holds one of ``known`` makes no second one."""
    options = webauthn.generate_registration_options(
        rp_id=place.name,
        rp_name=NAME,
        user_id=owner.handle,
        user_name=owner.name,
        user_display_name=owner.display_name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json_dict(options)


def to_sign_in(place: Place, challenge: bytes) -> dict[str, Any]:
    """What a browser is asked for to sign in: any passkey of this place, whoever's it is."""
    options = webauthn.generate_authentication_options(
        rp_id=place.name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def made(place: Place, answer: str, challenge: bytes) -> Made:
    """What the device has made; Refused unless it was for this challenge, from this origin, by a verified holder."""
    try:
        found = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except Exception as error:  # what a stranger sends may break any step of reading it
        raise Refused(type(error).__name__) from error
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def credential_id(answer: str) -> bytes:
    """Which passkey somebody claims to hold; Refused for what is no answer at all."""
    try:
        return base64url_to_bytes(str(_read(answer)["rawId"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(type(error).__name__) from error


def proven(place: Place, answer: str, challenge: bytes, public_key: bytes, user_handle: bytes) -> int:
    """How often the device says that it has signed (0: it does not count).

    Refused unless the holder of that key signed this challenge on this origin, and was verified by the device.
    """
    try:
        read = _read(answer)
        found = webauthn.verify_authentication_response(
            credential=read,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=public_key,
            # Compared by whoever keeps the count, after the signature: a forged count must stop nobody's passkey.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        claimed = base64url_to_bytes(str(read["response"].get("userHandle") or ""))
    except Exception as error:  # as above
        raise Refused(type(error).__name__) from error
    if claimed and not hmac.compare_digest(claimed, user_handle):
        raise Refused("user-handle")
    return found.new_sign_count


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise Refused("too-long")
    try:
        read = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Refused("no-json") from error
    if not isinstance(read, dict):
        raise Refused("no-object")
    return read
