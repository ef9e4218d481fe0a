"""Numbers as the formats of others write them: plain decimals, never an exponent."""

from decimal import Decimal


def decimal(number: float) -> str:
    """The shortest plain decimal that is this number: 3, 0.1, 0.00002."""
    return str(int(number)) if float(number).is_integer() else format(Decimal(repr(number)), "f")
