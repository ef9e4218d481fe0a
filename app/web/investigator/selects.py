"""What a select of WTForms offers."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields import SelectChoice


def offered(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Values with their labels, in order; a label may be a message that is translated when it is shown."""
    return [SelectChoice(value, label) for value, label in pairs]
