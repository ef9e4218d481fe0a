"""Scores in a FHIR questionnaire: one calculated item a scale, and the SDC variables that its formula names."""

import re
from collections.abc import Iterator
from typing import Final

from app.exchange.fhir import names, paths
from app.exchange.fhir.elements import Json, expression, extension, labelled
from app.exchange.fhir.names import part, variable
from app.exchange.notes import Note
from app.exchange.score_formulas import Formulas, condition_of, formulas
from app.exchange.texts import Texts
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.interpretation import Codes
from app.questionnaires.wording import ScaleText

_NAMED: Final = re.compile(r"%[VSR][A-Za-z0-9]+")


def codes(one: Codes) -> list[Json]:
    """What others call the same thing."""
    pairs = ((names.LOINC, one.loinc), (names.SNOMED, one.snomed))
    return [{"system": system, "code": code} for system, code in pairs if code is not None]


class Scores:
    """The scores of one instrument, made ready to be written."""

    def __init__(self, texts: Texts) -> None:
        self.texts, self.instrument = texts, texts.instrument
        self.printer = paths.Printer(self.instrument)
        self.found: Formulas = formulas(self.instrument)

    def group(self) -> Json | None:
        """The hidden group of all scores at the end of the questionnaire; None where nothing is scored."""
        shown = [*self.instrument.scales, *(one for one in self.instrument.steps if one in _routed(self.instrument))]
        if not shown:
            return None
        items = [self._item(name) for name in shown]
        hidden = extension(names.HIDDEN, "Boolean", True)
        return {"extension": [hidden], "linkId": "scores", "text": "Scores", "type": "group", "item": items}

    def variables(self, expressions: list[str]) -> list[Json]:
        """The variables that these expressions and the scores name, each after those that it names in turn."""
        every = dict(self._variables())
        found: dict[str, str] = {}

        def add(text: str) -> None:
            for name in _NAMED.findall(text):
                if name in every and name not in found:
                    add(every[name])
                    found[name] = every[name]

        for text in [*expressions, *(variable(name) for name in self._said())]:
            add(text)
        return [extension(names.VARIABLE, "Expression", expression(text, name[1:])) for name, text in found.items()]

    def notes(self) -> Iterator[Note]:
        """The scales that FHIRPath does not compute."""
        for name in self.instrument.scales:
            if name in self.found.unsaid:
                yield Note(part("score", name), f"The score has no formula in FHIRPath: {self.found.unsaid[name]}.")

    def _said(self) -> list[ScaleId]:
        return [name for name in self.instrument.computed if name in self.found.quantities]

    def _variables(self) -> Iterator[tuple[str, str]]:
        for fact, one in self.instrument.facts.items():
            yield variable(fact), paths.fact(fact, one)
        for item in self.instrument.items:
            yield variable(item), self._answer(item)
        for quantity in self.found.quantities.values():
            if quantity.formula is not None:
                yield variable(quantity.name), self.printer.formula(quantity.formula)

    def _answer(self, item: ItemId) -> str:
        """The answer where the item is asked: some programs keep what was answered before a branch was left."""
        found, condition = paths.answer(self.instrument, item), condition_of(self.instrument, item)
        return found if condition is None else f"iif({self.printer.condition(condition)}, {found}, {{}})"

    def _item(self, name: ScaleId) -> Json:
        scale, texts = self.instrument.computed[name], self.texts
        extensions = [extension(names.TOPIC, "String", scale.title)]
        if name in self.found.quantities:
            extensions.append(extension(names.CALCULATED, "Expression", expression(variable(name))))
        extensions += [_explained(language, one) for language, one in texts.scale_texts(name)]
        code = codes(scale.codes)
        return {
            "extension": extensions,
            "linkId": part("score", name),
            **({"code": code} if code else {}),
            **labelled("text", texts.scale(name)),
            "type": "decimal",
            "readOnly": True,
        }


def _explained(language: str, text: ScaleText) -> Json:
    """What a score means, in one language."""
    pairs = (("language", "Code", language), ("explanation", "String", text.explanation), ("low", "String", text.low))
    parts = [extension(url, kind, value) for url, kind, value in (*pairs, ("high", "String", text.high))]
    return {"url": names.SCALE_TEXT, "extension": parts}


def _routed(instrument: Instrument) -> set[str]:
    """The scores that decide what is asked."""
    conditions = [page.ask_if for page in instrument.pages] + [item.ask_if for item in instrument.items.values()]
    return {name for one in conditions for kind, name in paths.names(one) if kind == "score"}
