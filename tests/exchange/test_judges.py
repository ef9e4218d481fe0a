"""Others judge our exports: fhirpath.js computes our scores, fhir.resources and linkml-redcap read us."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.exchange.fhir import responses, write
from app.exchange.fhir.responses import Response
from app.exchange.redcap.write import Layout, dictionary
from app.questionnaires import library, rules
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import FactId, ItemId
from app.scoring.plan import compile_plan
from app.scoring.score import score_one
from tests.exchange.judged import asked, evaluated, needs_fhirpath, needs_python
from tests.support import random_answers
from tests.support.made_instruments import instruments, wordings

LIBRARY = library.load(ROOT / "instruments")
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
PEOPLE = 4


def case(
    instrument: Instrument, random: Random, gaps: float
) -> tuple[dict[str, Any], dict[str, float | None], set[str], set[str]]:
    """A questionnaire with one person's response; our scores, the questions we ask, the checks that speak."""
    questionnaire, _notes = write.resource_of(instrument, {})
    known = random_answers.facts(instrument, random)
    given_ = random_answers.answers(instrument, random, gaps)
    path, scored = random_answers.walked(instrument, given_, known)
    on_path = {item: one for item, one in given_.items() if item in path}
    response = responses.resource_of(instrument, Response(on_path, NOW, facts=known))
    plan = compile_plan(instrument)
    numbers = {item: one for item, one in scored.items() if item in plan.items}
    scores: dict[str, float | None] = {one.scale: one.value for one in score_one(plan, numbers, known)}

    def value_of(kind: str, name: str) -> Any:
        return (
            known.get(FactId(name))
            if kind == "fact"
            else random_answers.as_seen(instrument, given_, path, ItemId(name))
        )

    said = {check.key for check in instrument.checks if rules.holds(check.when, value_of)}
    return {"questionnaire": questionnaire, "response": response}, scores, set(path), said


def disagreements(instrument: Instrument, ours: Any, theirs: dict[str, Any]) -> list[str]:
    """Where fhirpath.js sees another score or another path than we do."""
    _pair, scores, path, said = ours
    found = []
    for link, value in theirs["scores"].items():
        name = link.removeprefix("score.")
        expected = scores.get(name) if name in scores else value
        if (expected is None) != (value is None) or (expected is not None and abs(expected - float(value)) > 1e-6):
            found.append(f"{instrument.key} {name}: {expected} here, {value} there")
    enabled = {link for link in theirs["enabled"] if ItemId(link) in instrument.items}
    if enabled != path:
        found.append(f"{instrument.key} asks {sorted(path)} here, {sorted(enabled)} there")
    if {one.replace("_", "-") for one in said} != set(theirs["failed"]):
        found.append(f"{instrument.key} objects to {said} here, {theirs['failed']} there")
    return found


@needs_fhirpath
def test_fhirpath_js_computes_every_score_and_every_path_of_the_library_as_we_do() -> None:
    """Seen failing when halves were rounded by round() of FHIRPath, which takes them up."""
    random = Random(20261126)  # noqa: S311 -- the same people every time
    cases = [
        (LIBRARY.instrument(key), case(LIBRARY.instrument(key), random, number % 4 * 0.2))
        for key in LIBRARY.keys
        for number in range(PEOPLE)
    ]
    said = evaluated(ours[0] for _instrument, ours in cases)
    assert len(cases) == len(said)
    wrong = [
        one
        for (instrument, ours), theirs in zip(cases, said, strict=True)
        for one in disagreements(instrument, ours, theirs)
    ]
    assert [] == wrong


@needs_fhirpath
def test_no_score_that_has_a_formula_is_left_out_of_the_comparison() -> None:
    for key in LIBRARY.keys:
        instrument = LIBRARY.instrument(key)
        questionnaire, notes = write.resource_of(instrument, {})
        group = [one for item in questionnaire["item"] if item["linkId"] == "scores" for one in item["item"]]
        computed = sum("calculatedExpression" in str(one) for one in group)
        assert len(instrument.scales) <= computed + len(notes)


@needs_fhirpath
@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def test_fhirpath_js_agrees_on_made_instruments_with_every_operator(data: st.DataObject) -> None:
    """Several at a time: starting a program costs more than asking it."""
    random = data.draw(st.randoms(use_true_random=False))
    made = [data.draw(instruments()) for _number in range(8)]
    cases = [(one, case(one, random, 0.3)) for one in made for _person in range(8)]
    said = evaluated(ours[0] for _instrument, ours in cases)
    wrong = [
        one
        for (instrument, ours), theirs in zip(cases, said, strict=True)
        for one in disagreements(instrument, ours, theirs)
    ]
    assert [] == wrong


@needs_python
def test_fhir_resources_reads_every_questionnaire_and_response_without_an_objection() -> None:
    """Seen failing when variables had underscores, which names of expressions must not have."""
    random = Random(7)  # noqa: S311 -- the same people every time
    resources = []
    for key in LIBRARY.keys:
        instrument = LIBRARY.instrument(key)
        texts = {one: LIBRARY.wording(key, one) for one in LIBRARY.languages(key)}
        resources += [write.resource_of(instrument, texts)[0], case(instrument, random, 0.2)[0]["response"]]
    assert [] == [said for said in asked("check_fhir.py", resources) if said]


@needs_python
@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def test_fhir_resources_and_linkml_redcap_read_made_instruments(data: st.DataObject) -> None:
    resources, dictionaries = [], []
    for _number in range(10):
        made = data.draw(instruments())
        texts = {one: data.draw(wordings(made, one)) for one in ("fr", "en")}
        resources.append(write.resource_of(made, texts)[0])
        dictionaries.append(dictionary(made, texts["fr"], Layout("x_", "baseline_arm_1")).content.decode("utf-8-sig"))
    assert [] == [said for said in asked("check_fhir.py", resources) if said]
    assert [] == [said for said in asked("check_redcap.py", dictionaries) if said]


@needs_python
def test_linkml_redcap_finds_every_dictionary_of_the_library_well_formed() -> None:
    texts = []
    for key in LIBRARY.keys:
        wording = LIBRARY.wording(key, "fr") if LIBRARY.languages(key) else None
        texts.append(dictionary(LIBRARY.instrument(key), wording).content.decode("utf-8-sig"))
    assert [] == [said for said in asked("check_redcap.py", texts) if said]
