"""An instrument as a LimeSurvey survey (tab-separated), in all its languages.

Fields, branches and calculations are those of the REDCap export in LimeSurvey's words: the two programs ask alike.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from app.exchange import declared
from app.exchange.csv_text import restored
from app.exchange.limesurvey import columns, expressions
from app.exchange.limesurvey.columns import Row
from app.exchange.notes import Exported, Note
from app.exchange.redcap import columns as redcap
from app.exchange.redcap.grammar import Field, NotUnderstood, tree
from app.exchange.redcap.read_kinds import choices
from app.exchange.redcap.write import rows_of
from app.exchange.texts import Texts
from app.questionnaires.definition import Instrument
from app.questionnaires.wording import Wording

ABOUT: Final = "about"
ALWAYS: Final = "1"
MINUS: Final = "ZZ"
HIDDEN_TAG: Final = "@HIDDEN-SURVEY"


def survey(instrument: Instrument, wordings: Mapping[str, Wording]) -> Exported:
    """The file of the survey; without wording a preview of topics, marked as such."""
    rows, notes = table(instrument, wordings)
    return Exported(columns.written(rows), notes)


def table(instrument: Instrument, wordings: Mapping[str, Wording]) -> tuple[list[Row], tuple[Note, ...]]:
    """The same as rows, and what they do not say."""
    writer = _Writer(instrument, wordings)
    return list(writer.rows()), tuple(dict.fromkeys(writer.notes))


def _unevaluated(line: str) -> str:
    """A line of JSON in which LimeSurvey finds no expression: it takes everything between braces for one.

    Braces of texts are escaped; those of the JSON itself get a blank behind them, which tells LimeSurvey to leave them.
    """
    escaped = re.sub(r'"(?:[^"\\]|\\.)*"', lambda text: text[0].replace("{", "\\u007b").replace("}", "\\u007d"), line)
    return escaped.replace("{", "{ ")


def code(number: str) -> str:
    """A code as LimeSurvey takes it, which has no sign: ZZ1 is -1."""
    return f"{MINUS}{number[1:]}" if number.startswith("-") else number


class _Writer:
    def __init__(self, instrument: Instrument, wordings: Mapping[str, Wording]) -> None:
        self.texts = Texts(instrument, wordings)
        self.fields: dict[str, list[redcap.Row]] = {}
        self.notes: list[Note] = []
        for language in self.texts.languages:
            fields, notes = rows_of(instrument, wordings.get(language))
            self.fields[language] = fields[2:]
            self.notes += [Note(one.where, one.message.replace("REDCap", "LimeSurvey")) for one in notes]
        self.base = self.fields[self.texts.languages[0]]
        self.codes: dict[str, str] = {}
        for field in self.base:
            plain, number = field.name.replace("_", ""), 2
            while (found := plain) in (*self.codes.values(), ABOUT):
                plain, number = f"{field.name.replace('_', '')}x{number}", number + 1
            self.codes[field.name] = found

    def rows(self) -> Iterator[Row]:
        """Settings, texts of the survey, groups with their questions; every text once a language."""
        first, *others = self.texts.languages
        yield {"class": "S", "name": "language", "text": first}
        if others:
            yield {"class": "S", "name": "additional_languages", "text": " ".join(others)}
        for language in self.texts.languages:
            texts = {
                "surveyls_title": self.texts.title(),
                "surveyls_welcometext": self.texts.introduction(),
                "surveyls_endtext": self.texts.thanks(),
            }
            for name, label in texts.items():
                if language in label:
                    yield {"class": "SL", "name": name, "text": label[language], "language": language}
        body = list(self._body())
        yield from self._group(0, dict.fromkeys(self.texts.languages, ABOUT))
        yield from self._about()
        yield from body

    def _about(self) -> Iterator[Row]:
        """What only WeShare reads, in a text that is never shown."""
        kept: declared.Plain = {"instrument": declared.plain(self.texts.instrument), "wordings": {}}
        for language, wording in self.texts.wordings.items():
            data = wording.model_dump(mode="python", exclude_defaults=True)
            kept["wordings"][language] = {
                **data, "provenance": {**data["provenance"], "date": wording.provenance.date.isoformat()},
            }  # fmt: skip
        for language in self.texts.languages:
            yield self._question("X", ABOUT, ALWAYS, _unevaluated(declared.line(kept)), language) | {"hidden": "1"}

    def _body(self) -> Iterator[Row]:
        number = 0
        for place, field in enumerate(self.base):
            is_new = bool(field.section) or place == 0 or (field.type == "calc" and self.base[place - 1].type != "calc")
            if is_new:
                number += 1
                headings = {language: fields[place].section for language, fields in self.fields.items()}
                yield from self._group(number, {k: one or f"g{number}" for k, one in headings.items()})
            for language, fields in self.fields.items():
                yield from self._field(fields[place], language)

    def _group(self, number: int, headings: Mapping[str, str]) -> Iterator[Row]:
        for language, heading in headings.items():
            yield {"class": "G", "type/scale": str(number), "name": heading, "language": language, "relevance": ALWAYS}

    def _question(self, kind: str, name: str, relevance: str, text: str, language: str) -> Row:
        main = {"class": "Q", "type/scale": kind, "name": name, "relevance": relevance, "text": text}
        return {**main, "language": language, "mandatory": "N", "other": "N"}

    def _field(self, field: redcap.Row, language: str) -> Iterator[Row]:
        relevance = self._expression(field, field.logic) if field.logic else ALWAYS
        kind, attributes = KINDS[field.type](field)
        row = self._question(kind, self.codes[field.name], relevance, field.label, language) | attributes
        if field.type == "calc":
            row |= {"equation": f"{{{self._expression(field, field.choices)}}}"}
        if field.note and "suffix" not in attributes:
            row["help"] = field.note
        if field.required:
            row["mandatory"] = "Y"
        if HIDDEN_TAG in field.annotation:
            row["hidden"] = "1"
        yield row
        if field.type in ("radio", "dropdown", "checkbox"):
            for number, label in choices(field.choices):
                below = {"class": "SQ" if kind == "M" else "A", "type/scale": "0", "name": code(number)}
                yield {**below, "text": label, "language": language}

    def _expression(self, field: redcap.Row, text: str) -> str:
        try:
            return expressions.printed(tree(text, longest=1_000_000, deepest=200), self._code)
        except NotUnderstood as why:
            self.notes.append(Note(field.name, f"LimeSurvey has no words for this expression: {why}."))
            return ALWAYS

    def _code(self, field: Field) -> str:
        own = self.codes[field.name]
        return own if field.code is None else f"{own}_{code(field.code)}"


def _bounds(field: redcap.Row) -> Row:
    found = {"min_num_value_n": field.minimum, "max_num_value_n": field.maximum}
    return {**found, **({"num_value_int_only": "1"} if field.validation == "integer" else {})}


def _text(field: redcap.Row) -> tuple[str, Row]:
    if field.validation.startswith(("integer", "number")):
        return "N", {**_bounds(field), "suffix": field.note}
    if field.validation.startswith("date"):
        bounds = {"date_min": field.minimum, "date_max": field.maximum}
        return "D", {"date_format": "yyyy-mm-dd", **{key: one for key, one in bounds.items() if one}}
    return "S", _limit(field)


def _limit(field: redcap.Row) -> Row:
    found = re.search(r"@CHARLIMIT='([0-9]+)'", field.annotation)
    return {"maximum_chars": found[1]} if found else {}


def _boxes(field: redcap.Row) -> tuple[str, Row]:
    alone = re.search(r"@NONEOFTHEABOVE='([^']*)'", field.annotation)
    most = re.search(r"@MAXCHECKED=([0-9]+)", field.annotation)
    found = {"exclude_all_others": ";".join(map(code, alone[1].split(",")))} if alone else {}
    return "M", {**found, **({"max_answers": most[1]} if most else {})}


def _slider(field: redcap.Row) -> tuple[str, Row]:
    """A number between two ends, whose labels stand below it."""
    low, _middle, high = (restored(one.strip()) for one in field.choices.split("|"))
    help_ = f"{field.minimum}: {low}; {field.maximum}: {high}"
    return "N", {**_bounds(field), "num_value_int_only": "1", "help": help_}


KINDS: Final[Mapping[str, Callable[[redcap.Row], tuple[str, Row]]]] = {
    "radio": lambda _field: ("L", {}),
    "dropdown": lambda _field: ("!", {}),
    "checkbox": _boxes,
    "slider": _slider,
    "text": _text,
    "notes": lambda field: ("T", _limit(field)),
    "calc": lambda _field: ("*", {"hidden": "1"}),
}
