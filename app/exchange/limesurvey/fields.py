"""The questions of a LimeSurvey survey as fields of a form: one question, or one for each row of an array."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from app.exchange import foreign
from app.exchange.limesurvey import expressions
from app.exchange.limesurvey.columns import Row
from app.exchange.limesurvey.write import MINUS
from app.exchange.notes import Note
from app.exchange.redcap import columns as redcap
from app.exchange.redcap.grammar import NotUnderstood

Answers = Sequence[tuple[str, str]]
YES_NO: Final = (("Y", "Yes"), ("N", "No"))
FIXED: Final[Mapping[str, Answers]] = {
    "5": tuple((str(n), str(n)) for n in range(1, 6)),
    "A": tuple((str(n), str(n)) for n in range(1, 6)),
    "B": tuple((str(n), str(n)) for n in range(1, 11)),
    "Y": YES_NO,
    "G": (("F", "Female"), ("M", "Male")),
    "C": (*YES_NO, ("U", "Uncertain")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}
"""Types whose answers LimeSurvey brings along."""
ARRAYS: Final = frozenset({"A", "B", "C", "E", "F", "H", "K", "Q"})
TYPES: Final[Mapping[str, str]] = {
    "L": "radio", "!": "radio", "O": "radio", "F": "radio", "H": "radio", "M": "checkbox", "P": "checkbox", "N": "text",
    "K": "text", "D": "text", "S": "text", "Q": "text", "T": "notes", "U": "notes", "*": "calc",
    **dict.fromkeys(FIXED, "radio"),
}  # fmt: skip
READ: Final = frozenset({
    "hidden", "equation", "min_num_value_n", "max_num_value_n", "num_value_int_only", "maximum_chars", "date_format",
    "date_min", "date_max", "max_answers", "exclude_all_others", "suffix", "id", "related_id", "class", "type/scale",
    "name", "relevance", "text", "help", "language", "mandatory", "encrypted", "other", "same_default", "same_script",
})  # fmt: skip


class Questions:
    """Reads the rows of one language."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.first = redcap.Row("record_id", form)
        self.rows: list[redcap.Row] = []
        self.notes: list[Note] = []
        self.relevances: list[tuple[redcap.Row, str]] = []
        self.equations: list[tuple[redcap.Row, str]] = []
        self.names: dict[str, str] = {}

    def read(self, rows: Sequence[Row]) -> None:
        """Read all questions; expressions last, when every code is known."""
        heading, opening = "", "1"
        place = 0
        while place < len(rows):
            row = rows[place]
            below = self._below(rows, place + 1)
            if row.get("class") == "G":
                heading, opening = row.get("name", "") or "-", row.get("relevance", "1")
            elif row.get("class") == "Q":
                made = self._question(row, rows[place + 1 : below], opening)
                if made and heading:
                    made[0].section, heading = heading, ""
                self.rows += made
                place = below - 1
            elif row.get("class") not in ("S", "SL"):
                self._say(row, f"Rows of the class “{row.get('class', '')[:20]}” are not read.")
            place += 1
        for field, text in self.relevances:
            field.logic = self._translated(field, text, "Its relevance is not read, so it is always asked")
        for field, text in self.equations:
            field.choices = self._translated(field, text, "Its equation is not read")

    @staticmethod
    def _below(rows: Sequence[Row], place: int) -> int:
        while place < len(rows) and rows[place].get("class") in ("SQ", "A"):
            place += 1
        return place

    def _question(self, row: Row, below: Sequence[Row], opening: str) -> list[redcap.Row]:
        kind, own = row.get("type/scale", ""), row.get("name", "")
        if kind not in TYPES:
            self._say(row, f"Questions of the type “{kind[:10]}” are not known here; it is left out.")
            return []
        for name in row.keys() - READ:
            self._say(row, f"“{name[:40]}” is not read.")
        if row.get("other") == "Y":
            self._say(row, "An answer in one’s own words has no place beside the options.")
        subs = [(one.get("name", ""), one.get("text", "")) for one in below if one.get("class") == "SQ"]
        answers = FIXED.get(kind) or [
            (one.get("name", ""), one.get("text", "")) for one in below if one.get("class") == "A"
        ]
        parts = subs if kind in ARRAYS else [("", "")]
        found = []
        for sub, text in parts:
            field = redcap.Row(self._name(own, sub), self.form, type=TYPES[kind], label=row.get("text", ""))
            field.label += f"\n{text}" if text else ""
            field.note, field.required = row.get("help", ""), "y" if row.get("mandatory") in ("Y", "S") else ""
            field.choices = self._choices(own, subs if kind in ("M", "P") else answers)
            SETTINGS.get(kind, _nothing)(field, row)
            relevance = " and ".join(f"({one})" for one in (opening, row.get("relevance", "1")) if one != "1")
            if relevance:
                self.relevances.append((field, relevance))
            if kind == "*":
                self.equations.append((field, row.get("equation", row.get("text", "")).strip().strip("{}")))
            found.append(field)
        if kind in ("M", "P"):
            self.names |= {f"{own}_{sub}": f"{found[0].name}({_code(sub)})" for sub, _text in subs}
        return found

    def _name(self, own: str, sub: str) -> str:
        """The variable of a field: the code of the question, with that of the row in an array."""
        wanted = f"{own}_{sub}" if sub else own
        name = foreign.key(wanted, {row.name for row in self.rows})
        self.names[wanted] = name
        return name

    @staticmethod
    def _choices(_own: str, answers: Answers) -> str:
        plain = [(_code(code), " ".join(foreign.text(text)[0].split()).replace("|", "¦")) for code, text in answers]
        return " | ".join(f"{code}, {text or code}" for code, text in plain)

    def _translated(self, field: redcap.Row, text: str, otherwise: str) -> str:
        """An expression as REDCap would write it; nothing, and a note, where it is not understood."""
        try:
            return expressions.translated(text, lambda code: self.names.get(code, code))
        except NotUnderstood as why:
            self.notes.append(Note(field.name[:60], f"{otherwise}: {why}."))
            return ""

    def _say(self, row: Row, message: str) -> None:
        self.notes.append(Note((row.get("name") or row.get("class") or "")[:60], message))


def _code(code: str) -> str:
    digits = code.removeprefix(MINUS)
    return f"-{digits}" if digits != code and digits.isdigit() else code


def _nothing(_field: redcap.Row, _row: Row) -> None:
    """Most types have no settings that are read."""


def _number(field: redcap.Row, row: Row) -> None:
    field.validation = "integer" if row.get("num_value_int_only") == "1" else "number"
    field.minimum, field.maximum = row.get("min_num_value_n", ""), row.get("max_num_value_n", "")
    field.note = row.get("suffix", "") or field.note


def _date(field: redcap.Row, row: Row) -> None:
    field.validation = "date_ymd"
    field.minimum, field.maximum = row.get("date_min", ""), row.get("date_max", "")


def _limit(field: redcap.Row, row: Row) -> None:
    if row.get("maximum_chars", "").isdigit():
        field.annotation = f"@CHARLIMIT='{row['maximum_chars'][:5]}'"


def _boxes(field: redcap.Row, row: Row) -> None:
    alone = ",".join(map(_code, filter(None, row.get("exclude_all_others", "").split(";"))))
    tags = [f"@NONEOFTHEABOVE='{alone}'"] if alone else []
    field.annotation = " ".join([*tags, *([f"@MAXCHECKED={row['max_answers']}"] if "max_answers" in row else [])])


SETTINGS: Final[Mapping[str, Callable[[redcap.Row, Row], None]]] = {
    **dict.fromkeys("NK", _number),
    **dict.fromkeys("D", _date),
    **dict.fromkeys("SQTU", _limit),
    **dict.fromkeys("MP", _boxes),
}
