"""What a file of answers says, read for one instrument; what it should not say is told by line, never just dropped."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.cli.table_files import MISSING, BadTable, Batch
from app.questionnaires.definition import Fact, Instrument
from app.questionnaires.elements import FactId
from app.scoring.plan import Plan
from app.scoring.score import strays
from app.scoring.transforms import Bools, Floats

RESPONDENT = "respondent"
ALL = np.array(True)
MOST_TOLD = 100  # of one kind; after that they are only counted


@dataclass(slots=True)
class Report:
    """What was found on the way, told at once to the person and counted."""

    tell: Callable[[str], None]
    counts: Counter[str] = field(default_factory=Counter)

    def say(self, kind: str, message: str) -> None:
        """One finding; from the hundred-and-first of a kind on it is only counted."""
        self.counts[kind] += 1
        if self.counts[kind] <= MOST_TOLD:
            self.tell(message)

    def close(self) -> None:
        """How many there were of what was not told one by one."""
        for kind, number in self.counts.items():
            if number > MOST_TOLD:
                self.tell(f"{number - MOST_TOLD} more: {kind}.")


@dataclass(slots=True)
class Seen:
    """Which respondents were there before: eight bytes each, in sorted runs that double in length."""

    runs: list[NDArray[np.int64]] = field(default_factory=list)

    def repeated(self, names: Sequence[str]) -> Bools:
        """Where a name was there before, in these or in earlier ones."""
        hashes = np.fromiter(map(hash, names), dtype=np.int64, count=len(names))
        order = np.argsort(hashes, kind="stable")  # sorted questions find their place in a run much faster
        ordered = hashes[order]
        is_repeated = np.zeros(len(names), dtype=np.bool_)
        is_repeated[1:] = ordered[1:] == ordered[:-1]
        for run in self.runs:
            is_repeated |= run[np.minimum(np.searchsorted(run, ordered), len(run) - 1)] == ordered
        self.runs.append(ordered[~is_repeated])
        result = np.empty(len(names), dtype=np.bool_)
        result[order] = is_repeated
        while len(self.runs) > 1 and len(self.runs[-1]) * 2 > len(self.runs[-2]):
            last = self.runs.pop()
            self.runs[-1] = np.sort(np.concatenate([self.runs[-1], last]))
        self.runs = [run for run in self.runs if len(run)]
        return result


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of the file holds what."""

    plan: Plan
    known: Mapping[FactId, Fact]
    respondent: int
    items: tuple[int | None, ...]
    facts: tuple[int | None, ...]

    @classmethod
    def of(cls, plan: Plan, instrument: Instrument, names: Sequence[str], report: Report) -> "Layout":
        """Found by name, capital letters or not. BadTable without a column ``respondent`` or any item."""
        places: dict[str, int] = {}
        known = {name.casefold(): name for name in (RESPONDENT, *instrument.items, *instrument.facts)}
        for place, name in enumerate(names):
            found = known.get(name.strip().casefold())
            if found is None:
                report.say("unknown columns", f"line 1: “{name[:60]}” is no item of {instrument.key}; it is not read.")
            elif found in places:
                report.say("columns twice", f"line 1: “{name[:60]}” is there twice; the first one is read.")
            else:
                places[found] = place
        if len(names) == 1 and (found := next((one for one in ";\t|" if one in names[0]), None)):
            between = "tabs" if found == "\t" else f"“{found}”"
            raise BadTable(f"The columns are separated by {between}; save the table with commas between them.")
        if RESPONDENT not in places:
            raise BadTable("The table needs a column “respondent”.")
        items = tuple(places.get(item) for item in plan.items)
        if all(place is None for place in items):
            raise BadTable(f"The table has no item of {instrument.key}: {', '.join(plan.items[:5])} ...")
        for item, column in zip(plan.items, items, strict=True):
            if column is None:
                report.say("missing columns", f"line 1: there is no column “{item}”; it counts as unanswered.")
        facts = tuple(places.get(fact) for fact in plan.facts)
        return cls(plan, instrument.facts, places[RESPONDENT], items, facts)

    def respondents(self, batch: Batch, seen: Seen, report: Report) -> tuple[list[str], Bools]:
        """Who is in a batch, and which rows to keep: not those without a name, and of each name the first."""
        for line, count in batch.uneven:
            told = f"line {line}: {count} cells where line 1 names {len(batch.columns)} columns; the row is left out."
            report.say("rows with too few or too many cells", told)
        names = batch.columns[self.respondent].as_texts()
        is_named = np.array([bool(name) for name in names], dtype=np.bool_) if "" in names else ALL
        is_repeated = seen.repeated(names)
        for row in np.flatnonzero(~is_named & np.ones(len(names), dtype=np.bool_)).tolist():
            report.say("rows without a respondent", f"line {batch.lines[row]}: no respondent; the row is left out.")
        for row in np.flatnonzero(is_repeated & is_named).tolist():
            told = f"line {batch.lines[row]}: the respondent “{names[row][:60]}” was there before; the row is left out."
            report.say("respondents twice", told)
        keep = is_named & ~is_repeated
        return (list(names) if keep.all() else [names[row] for row in np.flatnonzero(keep).tolist()]), keep

    def tables(self, batch: Batch, keep: Bools, report: Report) -> tuple[Floats, Floats]:
        """The answers and the facts of the kept rows; what cannot be is told, and counts as missing."""
        kept: slice | Bools = slice(None) if keep.all() else keep
        lines = batch.lines[kept]
        answers = np.full((len(lines), len(self.items)), np.nan, order="F")
        for column, (item, place) in enumerate(zip(self.plan.items, self.items, strict=True)):
            if place is not None:
                numbers, is_text = batch.columns[place].as_numbers()
                answers[:, column] = numbers[kept]
                texts = batch.columns[place].as_texts() if is_text.any() else ()
                for row in np.flatnonzero(is_text & keep).tolist():
                    self._impossible(report, int(batch.lines[row]), item, texts[row])
        for stray, column in strays(self.plan, answers):
            self._impossible(report, int(lines[stray]), self.plan.items[column], f"{answers[stray, column]:g}")
        return answers, self._facts(batch, keep, report)

    def _facts(self, batch: Batch, keep: Bools, report: Report) -> Floats:
        facts = np.full((int(keep.sum()), len(self.facts)), np.nan)
        for column, (fact, place) in enumerate(zip(self.plan.facts, self.facts, strict=True)):
            if place is None:
                continue
            words = self.plan.names.words.get(fact)
            texts = batch.columns[place].as_texts()
            if words is None:
                numbers, is_text = batch.columns[place].as_numbers()
                is_strange = is_text | self._is_out_of_bounds(fact, numbers)
                for row in np.flatnonzero(is_strange & keep).tolist():
                    self._impossible(report, int(batch.lines[row]), fact, texts[row])
                facts[:, column] = np.where(is_strange, np.nan, numbers)[keep]
                continue
            for row, source in enumerate(np.flatnonzero(keep).tolist()):
                facts[row, column] = words.get(texts[source], np.nan)
                if texts[source] not in words and texts[source] not in MISSING:
                    self._impossible(report, int(batch.lines[source]), fact, texts[source])
        return facts

    def _is_out_of_bounds(self, fact: FactId, numbers: Floats) -> Bools:
        bounds = self.known[fact]
        low = -np.inf if bounds.minimum is None else bounds.minimum
        high = np.inf if bounds.maximum is None else bounds.maximum
        return (numbers < low) | (numbers > high)

    @staticmethod
    def _impossible(report: Report, line: int, name: str, cell: str) -> None:
        report.say(
            "impossible values", f"line {line}: “{cell[:60]}” cannot be the value of {name}; it counts as missing."
        )
