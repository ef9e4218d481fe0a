"""Keys of the tests: the vault's for signing, sealing and looking up, and a stranger's."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.signing_keys import public_key_of
from app.vault_keys import fresh_key, parse_keys


def _new() -> str:
    pem, pkcs8, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return Ed25519PrivateKey.generate().private_bytes(pem, pkcs8, plain).decode()


PRIVATE_KEY = _new()
PUBLIC_KEY = public_key_of(PRIVATE_KEY)
STRANGERS_PRIVATE_KEY = _new()
MASTER_KEYS, LOOKUP_KEY = f"1:{fresh_key()}", fresh_key()
VAULT_KEYS = parse_keys(MASTER_KEYS, LOOKUP_KEY)
