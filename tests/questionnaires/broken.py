"""How the tests of this folder read the mistakes of a broken file."""

from collections.abc import Callable

import pytest

from app.questionnaires.mistakes import BrokenFile, Mistake


def mistakes(parse: Callable[[], object]) -> tuple[Mistake, ...]:
    """The mistakes that parsing lists; it must not succeed."""
    with pytest.raises(BrokenFile) as broken:
        parse()
    return broken.value.mistakes


def said(parse: Callable[[], object]) -> list[tuple[int, str, str]]:
    """The same as (line, place, sentence)."""
    return [(one.line, one.where, one.message) for one in mistakes(parse)]
