"""What routing is told beside the answers: facts, scores of the answers so far, and the course of an adaptive test."""

from app.questionnaires.answers import Answers, given
from app.questionnaires.elements import FactId, ItemId
from app.questionnaires.routing import Known
from app.scoring.adaptive_test import Adaptive, course
from app.scoring.plan import Plan
from app.scoring.score import Facts, values_of


def known_of(plan: Plan, test: Adaptive | None, facts: Facts) -> Known:
    """The same answers are computed with once, however often they are asked about."""
    scores_of: dict[frozenset[object], dict[str, float]] = {}
    courses: dict[frozenset[object], tuple[ItemId, ...]] = {}

    def scores(answers: Answers) -> dict[str, float]:
        scored = {item: value for item, value in given(answers).items() if item in plan.items}
        key = frozenset(scored.items())
        if key not in scores_of:
            scores_of[key] = values_of(plan, scored, facts)
        return scores_of[key]

    def items(answers: Answers) -> tuple[ItemId, ...]:
        if test is None:
            return ()
        key = frozenset((item, answers[item]) for item in test.bank.items if item in answers)
        if key not in courses:
            courses[key] = tuple(step.item for step in course(test, answers) if step.item is not None)
        return courses[key]

    return Known({FactId(name): value for name, value in facts.items()}, scores, items)
