"""Can a condition ever hold? Found by trying what people can answer."""

from itertools import islice, product

from app.questionnaires.conditions import And, Not, Or, Test, tests
from app.questionnaires.definition import Instrument
from app.questionnaires.response_scales import Coded, Multiple
from app.questionnaires.rules import TRUE, Value, truth

MOST_TRIED = 20_000  # combinations of answers that are tried before a condition is believed to be possible


def possible(instrument: Instrument, test: Test) -> tuple[object, ...] | None:
    """Every value the subject of a comparison can have; None where there are too many to list."""
    if test.answer is not None:
        response = instrument.response_of(test.answer)
        if isinstance(response, Coded):
            return response.scored
        return response.options if isinstance(response, Multiple) else None
    return instrument.facts[test.fact].values if test.fact is not None else None


def can_be_true(instrument: Instrument, condition: And | Or | Not | Test) -> bool:
    """Is there a set of answers and facts for which it holds? True as well where there are too many to try."""
    worlds: dict[tuple[str, str], tuple[Value, ...]] = {}
    for test in tests(condition):
        values = possible(instrument, test)
        if values is None:
            if test.answer is None or not isinstance(test.operator[1], bool):
                return True
            values = (1.0,)
        worlds[test.subject] = (None, *(float(one) if isinstance(one, int) else str(one) for one in values))
    tried = islice(product(*worlds.values()), MOST_TRIED + 1)
    for number, combination in enumerate(tried):
        world = dict(zip(worlds, combination, strict=True))
        if number == MOST_TRIED or truth(condition, lambda kind, name, world=world: world[kind, name]) == TRUE:  # type: ignore[misc]
            return True
    return False
