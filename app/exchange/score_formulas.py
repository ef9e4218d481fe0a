"""Every scale of an instrument as a formula, by one row a method; the arithmetic is that of app.scoring.methods."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from app.exchange.formulas import (
    AnyCondition,
    AtLeast,
    Binary,
    Choose,
    Constant,
    Extreme,
    FirstOf,
    Formula,
    Fulfilled,
    Looked,
    Nothing,
    Present,
    Quantity,
    Rounded,
    Surely,
    Total,
    Truth,
    Value,
)
from app.questionnaires import scales as methods
from app.questionnaires.conditions import And
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId, ScaleId
from app.questionnaires.missing_rules import needed
from app.questionnaires.reach import ends, ends_of_item, items_below, order, scored_items
from app.questionnaires.response_scales import Coded
from app.questionnaires.scale import Listed, Scale
from app.scoring.lookup import rows_for

SKIPPED: Final = "skipped."
RAW: Final = "raw."


class Unsayable(Exception):
    """A score that no formula says; the text is why."""


@dataclass(slots=True)
class Formulas:
    """The quantities in the order in which they can be computed, and why the others have no formula."""

    quantities: dict[str, Quantity] = field(default_factory=dict)
    unsaid: dict[ScaleId, str] = field(default_factory=dict)


def condition_of(instrument: Instrument, item: ItemId) -> AnyCondition | None:
    """When an item is asked: its page's condition and its own together; None where it always is."""
    page = next(page for page in instrument.pages if item in page.items)
    parts = tuple(one for one in (page.ask_if, instrument.items[item].ask_if) if one is not None)
    return parts[0] if len(parts) == 1 else And.model_construct(and_=parts) if parts else None


def formulas(instrument: Instrument) -> Formulas:
    """All answers that scoring takes and all scales that have a formula, each after those it rests on."""
    found = Formulas()
    for item in scored_items(instrument):
        skipped, condition = instrument.items[item].skipped, condition_of(instrument, item)
        found.quantities[item] = Quantity(item)
        if skipped is not None and condition is not None:
            name = f"{SKIPPED}{item}"
            surely_not = (Surely(condition, is_true=False),)
            found.quantities[name] = Quantity(name, Choose(surely_not, Constant(skipped), Value(item)))
    for name in order(instrument):
        try:
            for quantity in _quantities(_Setting(instrument, found, name), instrument.computed[name]):
                found.quantities[quantity.name] = quantity
        except Unsayable as why:
            found.unsaid[name] = str(why)
    return found


@dataclass(frozen=True, slots=True)
class _Setting:
    instrument: Instrument
    found: Formulas
    name: ScaleId

    def value(self, name: str) -> Value:
        """A source as scoring takes it."""
        if name in self.found.unsaid:
            raise Unsayable(f"it rests on {name}, which has no formula here")
        return Value(f"{SKIPPED}{name}" if f"{SKIPPED}{name}" in self.found.quantities else name)

    def sources(self, scale: Scale) -> tuple[Formula, ...]:
        """The values a scale is made of, turned round or recoded where the definition says so."""
        if not isinstance(scale, Listed):
            return tuple(self.value(name) for name in scale.sources)
        recodes = {item: recode for recode, items in scale.recode.items() for item in items}
        return tuple(self._source(scale, name, recodes.get(ItemId(name))) for name in scale.sources)

    def _source(self, scale: Listed, name: str, recode: str | None) -> Formula:
        value = self.value(name)
        if name in scale.reverse:
            return Binary("-", Constant(sum(ends_of_item(self.instrument, name) or (0.0, 0.0))), value)
        if recode is None:
            return value
        numbers = {float(code): Constant(to) for code, to in self.instrument.recodes[recode].items()}
        return Looked(value, numbers, Constant(0.0))

    def ruler(self, scale: Listed) -> tuple[float, float]:
        """The ends that all sources of a scale share; the loader has checked that they do."""
        recodes = [self.instrument.recodes[name].values() for name in scale.recode]
        recoded = {item for items in scale.recode.values() for item in items}
        plain = [name for name in scale.sources if name not in recoded]
        if not plain:
            return min(recodes[0]), max(recodes[0])
        own = ends_of_item(self.instrument, plain[0]) if plain[0] in self.instrument.items else None
        return own or ends(self.instrument)[ScaleId(plain[0])]


Parts: TypeAlias = tuple[Formula, ...]
Kernel: TypeAlias = Callable[[Any, Parts, _Setting], Formula]


def _quantities(setting: _Setting, scale: Scale) -> Iterator[Quantity]:
    for test in scale.conditions:
        if test.score in setting.found.unsaid:
            raise Unsayable(f"it looks at {test.score}, which has no formula here")
        if test.answer is not None and f"{SKIPPED}{test.answer}" in setting.found.quantities:
            raise Unsayable(f"it looks at {test.answer}, which stands for another answer where it was not asked")
    parts = setting.sources(scale)
    if isinstance(scale, methods.Converted):
        raw = f"{RAW}{setting.name}"
        yield Quantity(raw, _guarded(setting, scale, parts, Total(parts)))
        yield Quantity(setting.name, _rounded(scale, _table(setting, scale, Value(raw))))
        return
    body = KERNELS[type(scale)](scale, parts, setting)
    yield Quantity(setting.name, _guarded(setting, scale, parts, _rounded(scale, body)))


def _rounded(scale: Scale, body: Formula) -> Formula:
    return body if scale.decimals is None else Rounded(body, scale.decimals)


def _guarded(setting: _Setting, scale: Scale, parts: Parts, body: Formula) -> Formula:
    """The score where enough is there and where its gates are open."""
    least = needed(scale.rule, len(parts))
    tests: list[Truth] = [AtLeast(Present(parts), least)] if least else []
    if scale.overall is not None:
        instrument = setting.instrument
        wide = scale.overall.across == "instrument"
        below = scored_items(instrument) if wide else items_below(instrument, setting.name)
        across = tuple(setting.value(item) for item in below)
        tests.append(AtLeast(Present(across), needed(scale.overall.missing, len(across))))
    if scale.only_if is not None:
        tests.append(Surely(scale.only_if))
    result: Formula = Choose(tuple(tests), body, Nothing()) if tests else body
    return result if scale.unless is None else Choose((Surely(scale.unless),), Nothing(), result)


def _mean(parts: Parts) -> Formula:
    return Binary("/", Total(parts), Present(parts)) if len(parts) > 1 else parts[0]


def _linear(scale: methods.Linear, parts: Parts, setting: _Setting) -> Formula:
    low, high = setting.ruler(scale)
    share = Binary("/", Binary("-", _mean(parts), Constant(low)), Constant(high - low))
    return Binary("*", Binary("-", Constant(1.0), share) if scale.reversed else share, Constant(100.0))


def _scaled(body: Formula, factor: float, constant: float) -> Formula:
    scaled = body if factor == 1 else Binary("*", Constant(factor), body)
    return scaled if constant == 0 else Binary("+", scaled, Constant(constant))


def _product(scale: methods.Product, parts: Parts, _setting: _Setting) -> Formula:
    result = parts[0]
    for part in parts[1:]:
        result = Binary("*", result, part)
    return _scaled(result, scale.factor, 0.0)


def _weighted(scale: methods.Weighted, parts: Parts, _setting: _Setting) -> Formula:
    terms = tuple(
        Binary("*", part, Constant(weight)) for part, weight in zip(parts, scale.weights.values(), strict=True)
    )
    return _scaled(Total(terms), 1.0, scale.constant)


def _standardised(scale: methods.Standardised, parts: Parts, _setting: _Setting) -> Formula:
    terms = tuple(
        Binary("*", Binary("/", Binary("-", part, Constant(one.mean)), Constant(one.sd)), Constant(one.weight))
        for part, one in zip(parts, scale.components.values(), strict=True)
    )
    return _scaled(Total(terms), scale.spread, scale.centre)


def _points(scale: methods.Points, parts: Parts, _setting: _Setting) -> Formula:
    worth = tuple(
        Looked(part, {float(code): Constant(points) for code, points in one.items()}, Constant(0.0))
        for part, one in zip(parts, scale.points.values(), strict=True)
    )
    return _scaled(Total(worth), 1.0, scale.constant)


def _table(setting: _Setting, scale: methods.Converted, raw: Value) -> Formula:
    table = setting.instrument.tables[scale.table]
    pairs = zip(table.column("raw"), table.column("score"), strict=True)
    numbers = {float(key): Constant(float(score)) for key, score in pairs if key is not None and score is not None}
    return Looked(raw, numbers, Nothing())


def _lookup(scale: methods.Lookup, parts: Parts, setting: _Setting) -> Formula:
    """One look-up a key, one inside the other; the first row that fits counts, ``*`` fits every value."""
    entries = rows_for(setting.instrument.tables[scale.table], tuple(scale.keys))
    possible = [
        _possible(setting.instrument, name, [cells[i] for cells, _ in entries]) for i, name in enumerate(scale.sources)
    ]

    def below(place: int, rows: list[tuple[tuple[Any, ...], float]]) -> Formula:
        if not rows:
            return Nothing()
        if place == len(parts):
            return Constant(rows[0][1])
        numbers = {
            value: below(place + 1, [row for row in rows if row[0][place] in ("*", value)]) for value in possible[place]
        }
        filled = {value: one for value, one in numbers.items() if one != Nothing()}
        return Looked(parts[place], filled, Nothing()) if filled else Nothing()

    return below(0, entries)


def _possible(instrument: Instrument, name: str, cells: list[Any]) -> tuple[float, ...]:
    response = instrument.response_of(ItemId(name)) if name in instrument.items else None
    if isinstance(response, Coded):
        return tuple(sorted(map(float, response.scored)))
    return tuple(sorted({cell for cell in cells if isinstance(cell, float)}))


def _decision(scale: methods.Decision, _parts: Parts, _setting: _Setting) -> Formula:
    result: Formula = Nothing() if scale.otherwise is None else Constant(scale.otherwise)
    for branch in reversed(scale.cases):
        go_on = result if result == Nothing() else Choose((Surely(branch.when, is_true=False),), result, Nothing())
        result = Choose((Surely(branch.when),), Constant(branch.value), go_on)
    return result


def _no_value_set(_scale: Scale, _parts: Parts, _setting: _Setting) -> Formula:
    raise Unsayable("which preference values are used is a choice of the study")


def _no_formula(_scale: Scale, _parts: Parts, _setting: _Setting) -> Formula:
    raise Unsayable("a latent trait is estimated by iteration, which no formula says")


KERNELS: Mapping[type[Scale], Kernel] = {
    methods.Linear: _linear,
    methods.Mean: lambda _scale, parts, _setting: _mean(parts),
    methods.Sum: lambda scale, parts, _setting: _scaled(Total(parts), scale.factor, scale.constant),
    methods.Prorated: lambda _scale, parts, _setting: Binary(
        "/", Binary("*", Total(parts), Constant(float(len(parts)))), Present(parts)
    ),
    methods.Product: _product,
    methods.Count: lambda scale, parts, _setting: Fulfilled(parts, scale.at, scale.value),
    methods.Extreme: lambda scale, parts, _setting: Extreme(parts, scale.method == "highest"),
    methods.First: lambda _scale, parts, _setting: FirstOf(parts),
    methods.Weighted: _weighted,
    methods.Standardised: _standardised,
    methods.Points: _points,
    methods.Lookup: _lookup,
    methods.Decision: _decision,
    methods.Utility: _no_value_set,
    methods.Irt: _no_formula,
}
