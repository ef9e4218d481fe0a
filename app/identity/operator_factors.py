"""The second factor of operators: an authenticator app, its secret wrapped by the vault's master key.

An app is set up with a one-time code from somebody else, another operator or whoever runs the command line: the
password alone, in whoever's hands, does not even open the set-up.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.identity import operator_passkeys, operator_secrets, operators, person_keys, sealing
from app.identity.sign_in_models import OperatorFactor, OperatorRecoveryCode
from app.second_factor.factors import Factors, UnreadableFactor
from app.second_factor.recovery import RecoveryCodes
from app.vault_keys import VaultKeys


def kept(session: Session) -> Factors[OperatorFactor]:
    """The apps of operators."""
    keys = person_keys.keys_of(session)
    return Factors(
        session,
        OperatorFactor,
        "operator_id",
        lambda row, secret: operator_secrets.wrap(keys, row, secret),
        lambda row: _open(keys, row),
    )


def recovery_codes(session: Session) -> RecoveryCodes[OperatorRecoveryCode]:
    """What takes the place of the app."""
    return RecoveryCodes(session, OperatorRecoveryCode, "operator_id")


def hand_out(session: Session, operator_id: int, at: datetime) -> str:
    """The app of before, its codes, passkeys and every sign-in count no longer; the one-time code to set one up with.

    The telephone that is lost may hold passkeys too.
    """
    kept(session).drop(operator_id)
    operator_passkeys.kept(session).forget(operator_id)
    operators.end_all(session, operator_id, at)
    (code,) = recovery_codes(session).renew(operator_id, at, count=1)
    return code


def _open(keys: VaultKeys, row: OperatorFactor) -> str:
    try:
        return operator_secrets.unwrap(keys, row)
    except (KeyError, sealing.Tampered):
        raise UnreadableFactor(f"the second factor of operator {row.operator_id} cannot be read") from None
