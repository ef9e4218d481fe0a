"""The fields of one form as pages, questions, facts and scores."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.exchange import foreign
from app.exchange.notes import Note
from app.exchange.redcap.columns import Row
from app.exchange.redcap.grammar import Field, NotUnderstood
from app.exchange.redcap.read_kinds import Answering, NotRead, answering, choices
from app.exchange.redcap.read_logic import Asked, condition
from app.exchange.redcap.read_scores import Source, scale

TEXTS: Final = ("text", "date")


class Fields:
    """Reads the rows of one form; ``every`` is the whole dictionary, ``own`` what WeShare kept for each variable."""

    def __init__(self, every: Mapping[str, Row], own: Mapping[str, dict[str, Any]]) -> None:
        self.every, self.own = every, own
        self.items: dict[str, dict[str, Any]] = {}
        self.labels: dict[str, str] = {}
        self.pages: list[dict[str, Any]] = []
        self.headings: dict[str, str] = {}
        self.response_scales: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.facts: dict[str, dict[str, Any]] = {}
        self.scales: dict[str, dict[str, Any]] = {}
        self.variables: dict[str, Asked] = {}
        self.notes: list[Note] = []

    def read(self, rows: Sequence[Row]) -> None:
        """Read all rows; logic and calculations last, when every name is known."""
        questions: list[tuple[Row, str]] = []
        heading = ""
        for row in rows:
            heading = row.section or heading
            if row.type == "calc":
                questions.append((row, ""))
            elif not self._is_aside(row) and (name := self._question(row)) is not None:
                if heading or not self.pages:
                    self._page(row, heading)
                self.pages[-1]["items"].append(name)
                questions.append((row, name))
                heading = ""
        for row, name in questions:
            if name:
                self._condition(row, name)
            else:
                self._score(row)

    def _is_aside(self, row: Row) -> bool:
        """Is a field no question: the record's name, what WeShare keeps, a fact, an identity?"""
        own = self.own.get(row.name, {})
        if "instrument" in own:
            return True
        if "fact" in own:
            self._fact(row, str(own["fact"]))
            return True
        if row is next(iter(self.every.values())) and row.type == "text" and not own:
            if row.name != "record_id":
                self._say(row, "The first field names the record; it is no question.")
            return True
        if row.identifier.lower() == "y":
            self._say(row, "It identifies a person, and identities have no place in a questionnaire; it is left out.")
            return True
        return False

    def definition(self) -> dict[str, Any]:
        """The parts of a definition that the fields say."""
        groups = {"facts": self.facts} if self.facts else {}
        scales = {name: one for name, (one, _texts) in self.response_scales.items()}
        return {**groups, "response_scales": scales, "items": self.items, "pages": self.pages}

    def texts(self) -> dict[str, Any]:
        """The texts as a wording file says them."""
        return {
            "response_scales": {name: texts for name, (_one, texts) in self.response_scales.items() if texts},
            "pages": self.headings,
            "items": self.labels,
        }

    def _page(self, row: Row, heading: str) -> None:
        text = foreign.text(heading)[0]
        key = foreign.key(text[:30] if text else f"page_{len(self.pages) + 1}", self.headings)
        self.headings[key] = text or str(len(self.pages) + 1)
        self.pages.append({"key": key, "items": []})
        if heading and not text:
            self._say(row, "Its section header has no text.")

    def _question(self, row: Row) -> str | None:
        try:
            found = answering(row)
        except NotRead as why:
            self._say(row, f"Not read: {why}.")
            return None
        for remark in found.remarks:
            self._say(row, remark)
        own = self.own.get(row.name, {})
        beneath = f"\n{row.note}" if row.note and found.scale["kind"] != "number" else ""
        label, is_changed = foreign.text(f"{row.label}{beneath}")
        if is_changed:
            self._say(row, "Markup, invisible signs or what is beyond 4000 characters was taken out of its label.")
        wanted = own.get("item") if isinstance(own.get("item"), str) else row.name
        name = foreign.key(str(wanted), self.items)
        if name != wanted:
            self._say(row, f"The name of the item is {name} here.")
        data: dict[str, Any] = {"topic": label or name, "response": self._response(name, found)}
        if row.number.strip():
            data["number"] = foreign.text(row.number)[0][:60] or None
        if row.required.lower() == "y":
            data["required"] = True
        self.items[name] = {key: one for key, one in data.items() if one is not None}
        self.labels[name] = label or name
        kind = found.scale["kind"]
        self.variables[row.name] = Asked("answer", name, found.codes, kind in TEXTS, kind == "multiple")
        return name

    def _response(self, name: str, found: Answering) -> str:
        """The name of the response scale; equal scales with equal texts are one."""
        for known, one in self.response_scales.items():
            if one == (found.scale, found.texts):
                return known
        wanted = foreign.key(f"{found.scale['kind']}_{name}", self.response_scales)
        self.response_scales[wanted] = (found.scale, found.texts)
        return wanted

    def _condition(self, row: Row, name: str) -> None:
        if not row.logic:
            return
        try:
            self.items[name]["ask_if"] = condition(row.logic, self._resolve)
        except NotUnderstood as why:
            self._say(row, f"Its branching logic is not read ({why}), so it is always asked: {row.logic[:200]}")

    def _score(self, row: Row) -> None:
        own = self.own.get(row.name, {})
        if "score" in own:
            return
        sources = {
            variable: Source(asked.name, ends)
            for variable, asked in self.variables.items()
            if asked.kind == "answer" and (ends := self._ends(asked.name)) is not None
        }
        name = foreign.key(row.name, {*self.items, *self.scales, *self.facts})
        try:
            self.scales[name] = scale(row.choices, foreign.text(row.label)[0] or name, sources)
        except NotUnderstood as why:
            self._say(row, f"Its calculation is not read ({why}): {row.choices[:200]}")
        else:
            self.variables[row.name] = Asked("score", name, {})
            self._say(row, "A score without a good end; say in the definition which end is the good one.")

    def _ends(self, item: str) -> tuple[float, float] | None:
        one = self.response_scales[self.items[item]["response"]][0]
        if one["kind"] == "choice":
            return min(one["options"]), max(one["options"])
        return (one["minimum"], one["maximum"]) if "minimum" in one else None

    def _resolve(self, field: Field) -> Asked:
        """A field of this form; one of another form or of another event is a fact that the study knows."""
        if field.event is None or field.event in ("event-name", "current-event"):
            if field.name in self.variables:
                return self.variables[field.name]
        elif field.name in self.variables and self.variables[field.name].kind == "fact":
            return self.variables[field.name]
        row = self.every.get(field.name)
        if row is None or field.code is not None:
            raise NotUnderstood(f"there is no field [{field.name[:40]}] that is asked before")
        if field.event is None and row.form == next(iter(self._forms()), row.form):
            raise NotUnderstood(f"[{field.name[:40]}] is not read, or not before this field")
        variable = field.name if field.event is None else f"{field.event}__{field.name}"
        if variable not in self.variables:
            name = foreign.key(variable.replace("-", "_"), {*self.items, *self.facts})
            self._fact(row, name, variable)
            where = f"at the event {field.event}" if field.event else f"in the form {row.form}"
            self._say(row, f"Asked {where}: it is the fact {name} here, which the study has to know.")
        return self.variables[variable]

    def _forms(self) -> list[str]:
        return [row.form for row in self.every.values() if row.name in self.variables]

    def _fact(self, row: Row, name: str, variable: str | None = None) -> None:
        """A fact in words where the field is a choice, else a number within its bounds."""
        label = foreign.text(row.label)[0] or name
        try:
            pairs = choices(row.choices) if row.type in ("radio", "dropdown") else []
            found = None if pairs else answering(row)
        except NotRead as why:
            raise NotUnderstood(f"[{row.name[:40]}] cannot be a fact: {why}") from None
        words = [text for _code, text in pairs]
        if len(words) >= 2 and len(set(words)) == len(words):
            self.facts[name] = {"title": label, "values": words}
            codes: Mapping[str, Any] = dict(pairs)
        elif found is not None and "minimum" in found.scale:
            self.facts[name] = {"title": label, "minimum": found.scale["minimum"], "maximum": found.scale["maximum"]}
            codes = {}
        elif found is not None and found.scale["kind"] == "choice":
            labels = found.texts["options"]
            self.facts[name] = {"title": label, "values": list(labels.values())}
            codes = {code: labels[number] for code, number in found.codes.items()}
        else:
            raise NotUnderstood(f"[{row.name[:40]}] is no choice and no number")
        self.variables[variable or row.name] = Asked("fact", name, codes)

    def _say(self, row: Row, message: str) -> None:
        self.notes.append(Note(row.name[:60], message))
