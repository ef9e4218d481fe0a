"""What a well-formed definition can still get wrong: in its routing, here; in its scoring, in scoring_checks.py."""

from collections.abc import Iterator

from app.questionnaires.conditions import And, Condition, tests
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.possible import can_be_true, is_never
from app.questionnaires.reach import items_below, order
from app.questionnaires.response_scales import Coded
from app.questionnaires.scales import Irt
from app.questionnaires.schema import Said, Sense
from app.questionnaires.scoring_checks import CHECKS as SCORING
from app.questionnaires.sentences import shown
from app.questionnaires.yaml_source import Key

Place = tuple[tuple[Key, ...], Condition]


def _no_circles(instrument: Instrument) -> Iterator[Said]:
    try:
        order(instrument)
    except ValueError as circle:
        name = str(circle).split(" → ", maxsplit=1)[0]
        group = "steps" if name in instrument.steps else "scales"
        yield Said((group, name), f"These scales rest on each other: {circle}.")


def _constants_can_be(instrument: Instrument) -> Iterator[Said]:
    """Nothing is compared with an answer or a fact that nobody can give."""
    for where, condition in _conditions(instrument):
        for test in tests(condition):
            operator, constant = test.operator
            constants = constant if operator == "in" else (constant,) if operator in ("eq", "ne") else ()
            for one in constants:
                if is_never(instrument, test, one):
                    kind, name = test.subject
                    yield Said(where, f"{shown(_plain(one))} is never the {kind} of {shown(name)}.")


def _only_looks_back(instrument: Instrument) -> Iterator[Said]:
    """A condition on an item or a page looks at answers that are asked before it."""
    asked: set[ItemId] = set()
    for number, page in enumerate(instrument.pages):
        yield from _forward(instrument, page.ask_if, asked, ("pages", number, "ask_if"))
        for item in page.items:
            yield from _forward(instrument, instrument.items[item].ask_if, asked, ("items", item, "ask_if"))
            asked.add(item)


def _forward(
    instrument: Instrument, condition: Condition | None, asked: set[ItemId], where: tuple[Key, ...]
) -> Iterator[Said]:
    for test in tests(condition):
        if test.answer is not None and test.answer not in asked:
            yield Said(where, f"Item {shown(test.answer)} is asked later; a condition looks only at earlier answers.")
        if test.score is not None and (late := [i for i in items_below(instrument, test.score) if i not in asked]):
            yield Said(where, f"The score {shown(test.score)} needs {shown(late[0])}, which is asked later.")


def _everything_is_reached(instrument: Instrument) -> Iterator[Said]:
    """No item is hidden behind a condition that can never be true, and no check waits for one."""
    for number, page in enumerate(instrument.pages):
        if page.ask_if is not None and not can_be_true(instrument, page.ask_if):
            yield Said(("pages", number, "ask_if"), "This can never be true, so the page is never shown.")
            continue
        for item in page.items:
            own = instrument.items[item].ask_if
            parts = tuple(part for part in (own, page.ask_if) if part is not None)
            if own is not None and not can_be_true(instrument, And.model_construct(and_=parts)):
                yield Said(("items", item, "ask_if"), f"This can never be true, so {shown(item)} is never asked.")
    for number, check in enumerate(instrument.checks):
        if not can_be_true(instrument, check.when):
            yield Said(("checks", number, "when"), "This can never be true, so the check never says anything.")


def _skipped_answers_can_be(instrument: Instrument) -> Iterator[Said]:
    hidden = {item for page in instrument.pages if page.ask_if for item in page.items}
    for name, item in instrument.items.items():
        if item.skipped is None:
            continue
        response = instrument.response_of(name)
        if not isinstance(response, Coded) or item.skipped not in response.scored:
            yield Said(("items", name, "skipped"), f"{shown(item.skipped)} is not an answer to {shown(name)}.")
        if item.ask_if is None and name not in hidden:
            yield Said(("items", name, "skipped"), f"Item {shown(name)} is always asked, so it is never skipped.")


def _sections_hang_together(instrument: Instrument) -> Iterator[Said]:
    """The pages of a section follow each other, and no section is empty."""
    last, seen = None, set()
    for number, page in enumerate(instrument.pages):
        if page.section is not None and page.section != last and page.section in seen:
            yield Said(("pages", number, "section"), f"The section {shown(page.section)} was left before this page.")
        last = page.section
        seen.add(page.section)
    for name in instrument.sections:
        if name not in seen:
            yield Said(("sections", name), f"The section {shown(name)} has no page.")


def _grids_are_even(instrument: Instrument) -> Iterator[Said]:
    """The items of a grid share one response scale, and that is one whose options fit into columns."""
    for number, page in enumerate(instrument.pages):
        if not page.grid:
            continue
        if len({instrument.items[item].response for item in page.items}) > 1:
            yield Said(("pages", number, "grid"), "The items of a grid are answered on one response scale.")
        if instrument.response_of(page.items[0]).kind not in ("choice", "rating"):
            yield Said(("pages", number, "grid"), "Only a choice or a rating is answered in a grid.")


def _adaptive_test_can_be_run(instrument: Instrument) -> Iterator[Said]:
    """An adaptive test has one page to itself, asks all its items of everybody, and scores their pattern."""
    test = instrument.adaptive
    if test is None:
        return
    if not isinstance(instrument.scales[test.scale], Irt):
        yield Said(("adaptive", "scale"), "An adaptive test rests on a scale of the method “irt”.")
    items = instrument.adaptive_items
    if not any(set(page.items) == items for page in instrument.pages):
        yield Said(("adaptive", "scale"), "The items of an adaptive test are those of one page, which has no others.")
    named = {item for area in test.areas for item in area.items} | ({test.first} if test.first else set())
    for item in sorted(named - items):
        yield Said(("adaptive",), f"{shown(item)} is not an item of the test.")
    for item in sorted(items):
        if instrument.items[item].ask_if is not None:
            yield Said(("items", item, "ask_if"), "The answers decide which item of an adaptive test is asked.")


def _conditions(instrument: Instrument) -> Iterator[Place]:
    """Every condition with its place."""
    for item_id, item in instrument.items.items():
        if item.ask_if is not None:
            yield ("items", item_id, "ask_if"), item.ask_if
    for number, page in enumerate(instrument.pages):
        if page.ask_if is not None:
            yield ("pages", number, "ask_if"), page.ask_if
    for number, check in enumerate(instrument.checks):
        yield ("checks", number, "when"), check.when
    for group, scales in (("steps", instrument.steps), ("scales", instrument.scales)):
        for name, scale in scales.items():
            yield from _conditions_of(scale, (group, name))


def _conditions_of(scale: object, where: tuple[Key, ...]) -> Iterator[Place]:
    for gate in ("unless", "only_if"):
        if (condition := getattr(scale, gate)) is not None:
            yield (*where, gate), condition
    for number, branch in enumerate(getattr(scale, "cases", ())):
        yield (*where, "cases", number, "when"), branch.when
    for group in ("thresholds", "reference_values"):
        for number, value in enumerate(getattr(scale, group)):
            if value.only_if is not None:
                yield (*where, group, number, "only_if"), value.only_if


def _plain(constant: object) -> object:
    return int(constant) if isinstance(constant, float) and constant.is_integer() else constant


def _unless_circular(look: Sense[Instrument]) -> Sense[Instrument]:
    """Scales that rest on each other are told once, and nothing else is asked about them."""

    def looked(instrument: Instrument) -> Iterator[Said]:
        if not list(_no_circles(instrument)):
            yield from look(instrument)

    return looked


CHECKS: tuple[Sense[Instrument], ...] = (
    _no_circles,
    _constants_can_be,
    _skipped_answers_can_be,
    _sections_hang_together,
    _grids_are_even,
    _adaptive_test_can_be_run,
    *map(_unless_circular, (_only_looks_back, _everything_is_reached, *SCORING)),
)
