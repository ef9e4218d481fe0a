"""What holds for every adaptive test: any bank, any rules, any answers, any items declined."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.elements import ItemId
from app.scoring.adaptive import TIE, Step, next_item, path
from app.scoring.adaptive_rules import Area, Rules
from app.scoring.graded import Bank, item_information
from tests.scoring.banks import answers, banks, named


@dataclass(frozen=True)
class Case:
    """A bank, rules that can be kept, and what one person answers; what she leaves out she declines."""

    bank: Bank
    rules: Rules
    row: list[float]

    def items(self) -> list[ItemId]:
        return [step.item for step in self.steps() if step.item is not None]

    def steps(self) -> tuple[Step, ...]:
        return path(self.bank, named(self.bank, self.row), self.rules)


@st.composite
def cases(draw: st.DrawFn, *, is_complete: bool = False) -> Case:
    bank = draw(banks(fewest=5, items=8))
    longest = draw(st.sampled_from(range(2, 10)))
    areas, room = [], longest
    cut = draw(st.sampled_from(range(len(bank.items))))
    for name, items in (("a", bank.items[cut:]), ("b", bank.items[:cut])):
        if items and draw(st.sampled_from([True, True, False])):
            top = min(room, len(items))
            least = draw(st.sampled_from([0, top // 2, top]))
            most = draw(st.sampled_from([None, max(1, least), len(items) + 1]))
            areas.append(Area(name, frozenset(items), least, most))
            room -= least
    first = draw(st.sampled_from([None, *bank.items])) if room else None
    precise = draw(st.sampled_from([1e-6, 0.5, 5.0]))
    rules = Rules(first, precise, draw(st.integers(0, longest)), longest, tuple(areas))
    return Case(bank, rules, draw(answers(bank, is_complete=is_complete)))


@given(cases())
def test_no_item_is_asked_twice_and_the_test_stops_in_time(case: Case) -> None:
    """Seen failing when only answered items were left out of the pool."""
    items = case.items()
    assert len(set(items)) == len(items) <= min(case.rules.longest, len(case.bank.items))


@given(cases())
def test_no_area_gets_more_than_its_most(case: Case) -> None:
    """Seen failing when an area was full one item later."""
    answered = set(named(case.bank, case.row)) & set(case.items())
    assert all(area.most is None or len(area.items & answered) <= area.most for area in case.rules.areas)


@given(cases(is_complete=True))
def test_every_area_gets_its_least_from_a_person_who_answers_everything(case: Case) -> None:
    """Seen failing when precision alone ended the test, and when the last places could go to any item."""
    answered = set(case.items())
    assert all(len(area.items & answered) >= area.least for area in case.rules.areas)


@given(cases())
def test_the_reason_of_stopping_is_true(case: Case) -> None:
    """Seen failing when a used-up bank was reported as the longest test."""
    *asked, last = case.steps()
    is_precise = last.error < case.rules.precise and last.answered >= case.rules.shortest
    assert all(step.reason is None for step in asked)
    if last.reason == "precise-enough":
        assert is_precise
    elif last.reason == "longest-reached":
        assert len(asked) == case.rules.longest
    else:
        full = [area.items for area in case.rules.areas if area.is_full(frozenset(named(case.bank, case.row)))]
        assert "no-items-left" == last.reason
        assert set(case.bank.items) == set(case.items()).union(*full)


@given(cases(), st.data())
def test_the_same_answers_give_the_same_next_item_however_they_came_about(case: Case, data: st.DataObject) -> None:
    """Seen failing when the items were weighed in the order of the answers: the last digits of theta were others."""
    steps, known = case.steps(), named(case.bank, case.row)
    count = data.draw(st.integers(0, len(steps) - 1))
    shown = data.draw(st.permutations(case.items()[:count]))
    answered = {item: known[item] for item in shown if item in known}
    declined = [item for item in shown if item not in known]
    assert steps[count] == next_item(case.bank, answered, case.rules, declined=declined)


@given(cases())
def test_without_areas_no_unasked_item_tells_more_than_the_one_that_is_asked(case: Case) -> None:
    """Seen failing when the information was taken at the mean of the prior."""
    rules = Rules(None, case.rules.precise, case.rules.shortest, case.rules.longest)
    free = Case(case.bank, rules, case.row)
    shown: set[ItemId] = set()
    for step in free.steps()[:-1]:
        information = item_information(case.bank, step.theta)[0]
        left = [column for column, item in enumerate(case.bank.items) if item not in shown]
        most = [column for column in left if information[column] >= information[left].max() * (1 - TIE)]
        assert case.bank.items[most[0]] == step.item
        shown.add(step.item)
