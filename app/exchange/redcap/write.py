"""An instrument as a form of a REDCap data dictionary, in one language.

What REDCap has no column for stands as JSON in the field annotations: of the first field for the whole form, and of
each item for its own. REDCap shows them to nobody and keeps them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.exchange import declared
from app.exchange.csv_text import neutralised
from app.exchange.formulas import Formula, Quantity
from app.exchange.notes import Exported, Note
from app.exchange.numbers import decimal
from app.exchange.redcap import calculations, columns, logic
from app.exchange.redcap.columns import Row
from app.exchange.redcap.names import Names
from app.exchange.redcap.write_kinds import Cells, cells
from app.exchange.score_formulas import Formulas, condition_of, formulas
from app.exchange.texts import Texts
from app.questionnaires.definition import Fact, Instrument, Page
from app.questionnaires.elements import FactId, ItemId, ScaleId
from app.questionnaires.wording import Wording

MARK: Final = "WeShare"
HIDDEN: Final = "@HIDDEN-SURVEY"
NATIVE: Final = ("items",)


@dataclass(frozen=True, slots=True)
class Layout:
    """``prefix`` stands in front of every variable; ``event`` is the one at which facts are asked; see docs."""

    prefix: str = ""
    event: str | None = None


PLAIN: Final = Layout()


def dictionary(instrument: Instrument, wording: Wording | None, layout: Layout = PLAIN) -> Exported:
    """The CSV of the dictionary; without wording a preview of topics, marked as such."""
    rows, notes = rows_of(instrument, wording, layout)
    return Exported(columns.written(rows), notes)


def rows_of(
    instrument: Instrument, wording: Wording | None, layout: Layout = PLAIN
) -> tuple[list[Row], tuple[Note, ...]]:
    """The same as rows, and what they do not say."""
    writer = _Writer(Texts(instrument, {} if wording is None else {wording.language: wording}), layout)
    return list(writer.rows()), tuple(writer.notes)


class _Writer:
    def __init__(self, texts: Texts, layout: Layout) -> None:
        self.texts, self.instrument, self.layout = texts, texts.instrument, layout
        self.language = texts.languages[0]
        self.found: Formulas = formulas(self.instrument)
        self.names = Names(self.instrument, tuple(self.found.quantities), layout.prefix, layout.event)
        self.plain = declared.plain(self.instrument)
        self.notes: list[Note] = []
        self.gone: list[str] = []  # calculations that REDCap's language cannot say, by the name of their field

    def rows(self) -> Iterator[Row]:
        """Every field of the form, in order; the second one also lists what the others do not say."""
        fields = list(self._fields())
        yield Row("record_id", self.names.form, label="Record")
        yield self._about()
        yield from fields

    def _fields(self) -> Iterator[Row]:
        for name, fact in self.instrument.facts.items():
            yield self._fact(name, fact)
        for page in self.instrument.pages:
            yield from self._page(page)
        yield from self._scores()

    def _about(self) -> Row:
        """What a person reads first, and what of the form has no column."""
        title = self.texts.title()[self.language]
        label = f"{title}\n{self.texts.introduction()[self.language]}"
        row = Row(f"{self.names.form}_about", self.names.form, type="descriptive", label=label)
        row.annotation = annotated(self._declared())
        return row

    def _page(self, page: Page) -> Iterator[Row]:
        heading = self.texts.page(page)[self.language]
        matrices = self._matrices(page)
        for item in page.items:
            row = self._item(item)
            row.section, heading = heading, ""
            row.matrix = matrices.get(item, "")
            yield row

    def _matrices(self, page: Page) -> dict[str, str]:
        """Neighbours that are answered alike are drawn as one matrix by REDCap; their choices are then the same."""
        found: dict[str, str] = {}
        runs: list[list[ItemId]] = []
        for item in page.items:
            one = self.instrument.items[item]
            before = self.instrument.items[runs[-1][-1]] if runs else None
            is_same = before is not None and (before.response, before.recall) == (one.response, one.recall)
            if is_same:
                runs[-1].append(item)
            else:
                runs.append([item])
        for run in runs:
            if len(run) > 1 and self.instrument.response_of(run[0]).kind in ("choice", "rating"):
                found |= dict.fromkeys(run, f"{self.names.variables[run[0]]}_grid")
        return found

    def _item(self, name: ItemId) -> Row:
        item, response = self.instrument.items[name], self.instrument.response_of(name)
        row = Row(self.names.variables[name], self.names.form, label=self.texts.item(name)[self.language])
        kind: Cells = cells(self.texts, item.response, self.language, response)
        for column, value in kind.columns.items():
            setattr(row, column, value)
        recall = [self.texts.recall(item.recall)[self.language]] if item.recall else []
        row.note = ". ".join([*recall, *([row.note] if row.note else [])])
        row.required, row.number = "y" if item.required else "", item.number or ""
        if (condition := condition_of(self.instrument, name)) is not None:
            row.logic = self._logic(name, condition)
        own = self.plain["items"][name]
        tags = f"{kind.tag} " if kind.tag else ""
        row.annotation = annotated({"item": name, **own}, tags)
        self.notes += [Note(row.name, loss) for loss in kind.losses]
        return row

    def _logic(self, name: ItemId, condition: Any) -> str:
        try:
            return logic.surely(self.names, condition)
        except logic.Unsayable as why:
            self.notes.append(Note(self.names.variables[name], f"REDCap asks this always: {why}."))
            return ""

    def _fact(self, name: FactId, fact: Fact) -> Row:
        row = Row(self.names.variables[name], self.names.form, label=fact.title)
        if fact.values is not None:
            places = enumerate(fact.values, start=1)
            row.type, row.choices = "dropdown", " | ".join(f"{place}, {neutralised(word)}" for place, word in places)
        else:
            row.validation = "number"
            row.minimum, row.maximum = (decimal(one) for one in (fact.minimum or 0.0, fact.maximum or 0.0))
        row.annotation = annotated({"fact": name}, f"{HIDDEN} ")
        return row

    def _scores(self) -> Iterator[Row]:
        shown = set(self.instrument.scales)
        for name, why in self.found.unsaid.items():
            if name in shown:
                self.notes.append(Note(name, f"The score is not computed by REDCap: {why}."))
        for quantity in self.found.quantities.values():
            if quantity.formula is not None:
                yield from self._score(quantity, quantity.formula)

    def _score(self, quantity: Quantity, formula: Formula) -> Iterator[Row]:
        name = ScaleId(quantity.name)
        scale = self.instrument.computed.get(name)
        row = Row(self.names.variables[name], self.names.form, type="calc", label=quantity.name)
        try:
            row.choices = calculations.printed(self.names, formula)
            if gone := next((one for one in self.gone if f"[{one}]" in row.choices), None):
                raise logic.Unsayable(f"it rests on {gone}, which REDCap does not compute")
        except logic.Unsayable as why:
            self.gone.append(row.name)
            self.notes.append(Note(row.name, f"The score is not computed by REDCap: {why}."))
            return
        if scale is not None:
            row.label = self.texts.scale(name)[self.language] if name in self.instrument.scales else scale.title
            if scale.decimals is not None:
                self.notes.append(Note(row.name, "REDCap rounds an exact half up, WeShare to the even neighbour."))
        row.annotation = annotated({"score": quantity.name}, f"{HIDDEN} ")
        yield row

    def _declared(self) -> declared.Plain:
        """Everything but the items, which stand in their own rows, and the texts that have no column."""
        found: declared.Plain = {
            "instrument": declared.without(self.plain, NATIVE),
            "order": list(self.instrument.items),
        }
        if self.notes:
            found["unsaid"] = [str(note) for note in self.notes]
        if self.layout.prefix:
            found["prefix"] = self.layout.prefix
        if self.layout.event:
            found["event"] = self.layout.event
        for wording in self.texts.wordings.values():
            found["wording"] = self._rest(wording)
        return found

    def _rest(self, wording: Wording) -> Mapping[str, Any]:
        data = wording.model_dump(mode="python", exclude_defaults=True)
        data["provenance"] = {**data["provenance"], "date": wording.provenance.date.isoformat()}
        return declared.without(data, ("instrument", "version", "items", "pages"))


def annotated(data: Mapping[str, Any], tags: str = "") -> str:
    """An annotation: action tags for REDCap, and our own line behind them. It never begins with the sign @."""
    return f"{MARK} {tags}{declared.line(data)}"
