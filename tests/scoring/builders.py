"""Instruments in numbers only, for the tests of scoring: no text of any questionnaire, topics are "topic 1"."""

from collections.abc import Mapping, Sequence
from typing import Literal

from app.questionnaires.definition import Instrument, Item, Licence, Page
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.response_scales import Choice, Rating
from app.questionnaires.scales import Linear

FOUR = Choice(kind="choice", options=(1, 2, 3, 4))
SEVEN = Rating(kind="rating", minimum=1, maximum=7)

Better = Literal["high", "low"]


def item_id(number: int) -> ItemId:
    return ItemId(f"q{number}")


def scale(numbers: Sequence[int], *, is_reversed: bool = False, better: Better = "high") -> Linear:
    items = tuple(item_id(number) for number in numbers)
    return Linear(title="scale", items=items, method="linear", reversed=is_reversed, missing="half", better=better)


def instrument(responses: Sequence[Choice | Rating], scales: Mapping[str, Linear]) -> Instrument:
    """An instrument whose items q1, q2 ... are answered on the given response scales."""
    numbered = dict(enumerate(responses, start=1))
    return Instrument(
        code="numbers",
        version="1.0",
        title="Numbers",
        family="tests",
        owner="tests",
        licence=Licence(terms="none", contact="nobody"),
        respondent="self",
        minutes=5,
        response_scales={f"r{number}": response for number, response in numbered.items()},
        items={item_id(number): Item(topic=f"topic {number}", response=f"r{number}") for number in numbered},
        pages=(Page(key="all", items=tuple(item_id(number) for number in numbered)),),
        scales={ScaleId(name): made for name, made in scales.items()},
    )


def qlq_c30() -> Instrument:
    """The structure of the EORTC QLQ-C30 version 3: 30 items, 15 scales.

    Source: Fayers et al., EORTC QLQ-C30 Scoring Manual, 3rd edition, 2001, table 1.
    """
    functional = {"PF": (1, 2, 3, 4, 5), "RF": (6, 7), "EF": (21, 22, 23, 24), "CF": (20, 25), "SF": (26, 27)}
    symptoms = {
        "FA": (10, 12, 18),
        "NV": (14, 15),
        "PA": (9, 19),
        "DY": (8,),
        "SL": (11,),
        "AP": (13,),
        "CO": (16,),
        "DI": (17,),
        "FI": (28,),
    }
    scales = {"QL": scale((29, 30))}
    scales |= {name: scale(items, is_reversed=True) for name, items in functional.items()}
    scales |= {name: scale(items, better="low") for name, items in symptoms.items()}
    return instrument([FOUR] * 28 + [SEVEN] * 2, scales)
