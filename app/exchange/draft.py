"""An instrument while it is read from a file of others: plain data that becomes the files of its folder.

What a source does not say and an instrument needs is filled in here, and said; so is what does not fit together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import yaml

from app.exchange import declared
from app.exchange.notes import Folder, Note, Unreadable
from app.exchange.numbers import decimal
from app.questionnaires.cases import parse_cases
from app.questionnaires.definition import Instrument
from app.questionnaires.elements import ItemId
from app.questionnaires.library import CASES, DEFINITION
from app.questionnaires.mistakes import BrokenFile
from app.questionnaires.parse import parse_instrument
from app.questionnaires.reach import ends_of_item, scored_items
from app.questionnaires.wording import Wording, parse_wording
from app.questionnaires.wording_checks import LABELLED
from app.scoring.plan import compile_plan
from app.scoring.score import score_one

THANKS: Final[Mapping[str, str]] = {"en": "Thank you for your answers.", "fr": "Merci pour vos réponses."}
ORDER: Final = (
    "code", "version", "title", "family", "owner", "licence", "respondent", "minutes", "used_with", "codes",
    "recall_periods", "facts", "response_scales", "items", "sections", "pages", "checks", "recodes", "tables", "steps",
    "scales", "references", "notes",
)  # fmt: skip
MOST_REPAIRS: Final = 20
OPTIONAL: Final[tuple[tuple[int, Mapping[str, frozenset[str]]], ...]] = (
    (3, {"items": frozenset({"ask_if", "skipped", "codes", "number"}), "pages": frozenset({"ask_if"})}),
    (2, {"scales": frozenset(), "steps": frozenset(), "checks": frozenset(), "sections": frozenset()}),
    (1, {"codes": frozenset(), "used_with": frozenset()}),
)
"""What may be left out, from the smallest part to the largest: how long the way to it is, and the names on it."""
WORDS: Final = frozenset({"y", "n", "no", "on", "yes", "off", "true", "false", "null"})
CASES_HEAD: Final = (
    "# Computed by WeShare when the instrument was read, not worked out independently: they show that scoring does not"
    " change,\n# not that it is right. Replace them by cases from the manual.\n"
)


OWN_WORDS: Final = "The topics are the questions’ own words; write neutral ones before the definition is shared."


@dataclass(slots=True)
class Draft:
    """``definition`` and ``wordings`` (by language) as their files would say them, and what there is to say."""

    definition: dict[str, Any]
    wordings: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, where: str, message: str) -> None:
        """Something that did not cross over, or not as it was."""
        self.notes.append(Note(where, message))


@dataclass(frozen=True, slots=True)
class Finished:
    """A draft that fits together: its folder and the objects that were read back from its files."""

    folder: Folder
    instrument: Instrument
    wordings: Mapping[str, Wording]


def finished(draft: Draft) -> Finished:
    """The folder of a draft. Raises Unreadable where nothing can be made of it.

    A condition, a check or a score that our language does not take is left out with a note; so is a wording that is
    not complete.
    """
    instrument, text = _instrument(draft)
    files, wordings = {DEFINITION: text}, {}
    for language, wording in draft.wordings.items():
        name, written = f"wording.{language}.yaml", yaml_text(_fitting(wording, instrument))
        try:
            wordings[language] = parse_wording(written, name, instrument, language)
        except BrokenFile as broken:
            why = "; ".join(f"{one.where}: {one.message}" for one in broken.mistakes[:3])
            draft.note(language, f"The wording does not fit, so it is left out: {why}")
        else:
            files[name] = written
    if instrument.scales:
        files[CASES] = _cases(instrument)
    return Finished(Folder(instrument.code, instrument.version, files), instrument, wordings)


def _instrument(draft: Draft) -> tuple[Instrument, str]:
    for _time in range(MOST_REPAIRS):
        data = {key: draft.definition[key] for key in ORDER if key in draft.definition}
        text = yaml_text(data)
        try:
            return parse_instrument(text, DEFINITION, (str(data["code"]), str(data["version"]))), text
        except BrokenFile as broken:
            mistakes = broken.mistakes
        is_smaller = [_left_out(draft, one.where.split("."), one.message) for one in mistakes]
        if not any(is_smaller):
            break
    raise Unreadable([*draft.notes, *(Note(one.where, one.message) for one in mistakes)])


def _left_out(draft: Draft, where: list[str], message: str) -> bool:
    """Take the smallest part that an instrument can do without out of a draft; is there such a part?"""
    for length, parts in OPTIONAL:
        if len(where) < length or where[0] not in parts or (length == 3 and where[2] not in parts[where[0]]):
            continue
        holder: Any = draft.definition
        for step in where[: length - 1]:
            holder = holder[int(step) - 1] if isinstance(holder, list) and step.isdigit() else holder.get(step, {})
        last: Any = int(where[length - 1]) - 1 if isinstance(holder, list) else where[length - 1]
        is_there = 0 <= last < len(holder) and holder[last] is not None if isinstance(holder, list) else last in holder
        if is_there:
            draft.note(".".join(where[:length]), f"Left out: {message}")
            if isinstance(holder, list):
                holder[last] = None
            else:
                del holder[last]
            draft.definition[where[0]] = _without_gaps(draft.definition[where[0]])
            return True
    return False


def _without_gaps(value: Any) -> Any:
    return [one for one in value if one is not None] if isinstance(value, list) else value


def _fitting(wording: dict[str, Any], instrument: Instrument) -> dict[str, Any]:
    """The wording without the texts of scores that were left out."""
    scales = {name: one for name, one in wording.get("scales", {}).items() if name in instrument.scales}
    return {**wording, "scales": scales}


def yaml_text(data: Any) -> str:
    """Plain data as a file that our own strict reader takes: no references, and texts in quotes."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- the base class's
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')


def _float(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", decimal(value))


def _mapping(dumper: yaml.SafeDumper, value: dict[Any, Any]) -> yaml.Node:
    """Names of entries stand without quotes where no reader of YAML could take them for anything else."""
    node = dumper.represent_mapping("tag:yaml.org,2002:map", value.items())
    for key, _value in node.value:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", key.value) and key.value.lower() not in WORDS:
            key.style = None
    return node


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _float)


def _cases(instrument: Instrument) -> str:
    """A few cases that our own scoring computes: the lowest and the highest answers, and none at all."""
    plan, items = compile_plan(instrument), scored_items(instrument)
    bounds = {item: ends_of_item(instrument, item) or (0.0, 0.0) for item in items}
    answered: dict[str, dict[ItemId, float]] = {
        "the lowest answers": {item: low for item, (low, _high) in bounds.items()},
        "the highest answers": {item: high for item, (_low, high) in bounds.items()},
        "nothing answered": {},
    }
    cases = [
        {
            "name": name,
            "answers": declared.tidied(answers),
            "scores": {
                one.scale: None if one.value is None else declared.tidied(round(one.value, 4))
                for one in score_one(plan, answers)
            },
        }
        for name, answers in answered.items()
    ]
    text = CASES_HEAD + yaml_text(cases)
    parse_cases(text, CASES, instrument)
    return text


def completed_wording(wording: dict[str, Any], instrument: Mapping[str, Any], on: date) -> list[str]:
    """Fill in what a source never says and a wording needs; the names of what was filled in."""
    language = str(wording["language"])
    title = wording.setdefault("title", instrument["title"])
    made = [
        name
        for name, text in (("introduction", title), ("thanks", THANKS.get(language, THANKS["en"])))
        if wording.setdefault(name, text) is text
    ]
    wording.setdefault("wording_version", "1")
    author = {"kind": "licensed", "author": instrument["owner"], "date": on.isoformat()}
    author |= dict.fromkeys(("translation_version", "licence_number"), "not stated in the file")
    if wording.setdefault("provenance", author) is author:
        made.append("provenance")
    scales = wording.setdefault("scales", {})
    for name, scale in instrument.get("scales", {}).items():
        if name not in scales:
            scales[name] = {"name": scale["title"], "explanation": scale["title"], "low": "0", "high": "100"}
            made.append(f"scales.{name}")
    labelled = {name for name, one in instrument["response_scales"].items() if one["kind"] in LABELLED}
    texts = wording.setdefault("response_scales", {})
    for name in list(texts):
        if name not in labelled:
            del texts[name]
    return made
