"""A wording file to fill in from the licensed text: every text that is needed, empty, beside what it is about.

No text is invented: what stands in the comments are the definition's own neutral topics.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.questionnaires.definition import Instrument
from app.questionnaires.response_scales import Coded
from app.questionnaires.yaml_scalars import Ambiguous, meaning

HEAD = """\
# {title} ({key}): the wording in “{language}”, to be filled in.
#
# Copy each text between its quotes, word for word, from the version that the owner has licensed to you. Write a quote
# inside a text as \\", and keep every line that begins with a name. What stands behind # says what a text is about and
# is not part of it. Afterwards: weshare instruments wording install FILE, or the page “Wordings” of a data manager.
instrument: "{code}"
version: "{version}"
language: "{language}"
wording_version: "1"  # yours: 1, 2, 3 ... a correction is a new one
provenance:
  kind: "{kind}"
  author: ""  # who wrote or translated the text
  date: ""  # when it was translated or last changed, as year-month-day
"""
LICENSED = """\
  translation_version: ""  # as the owner counts the versions of this translation
  licence_number: ""  # of the agreement under which it is used here
  # certificate: ""  # the owner's certificate of translation, if there is one: take the first # away
"""


def template(instrument: Instrument, language: str) -> str:
    """The text of the file. Filled in, it is a sound wording; as it is, every empty place is a mistake of it."""
    licensed = instrument.licence.wording != "free"
    head = HEAD.format(
        title=_plain(instrument.title),
        key=instrument.key,
        code=instrument.code,
        version=instrument.version,
        language=language,
        kind="licensed" if licensed else "own",
    )
    lines = [head, LICENSED] if licensed else [head]
    return "".join(lines) + "\n".join(_body(instrument)) + "\n"


def _body(instrument: Instrument) -> Iterator[str]:
    yield ""
    yield _empty("title", "as participants know the questionnaire")
    yield _empty("introduction", "the instructions in print")
    yield _empty("thanks", "what is said at the end; where the owner gives none, your own words")
    yield from _group("recall_periods", instrument.recall_periods)
    yield ""
    answers = [line for name, scale in instrument.response_scales.items() for line in ANSWERS[scale.kind](name, scale)]
    yield "response_scales:" if answers else "response_scales: {}"
    yield from answers
    yield from _group("pages", {page.key: f"heading above {', '.join(page.items)}" for page in instrument.pages})
    yield from _group("items", {name: item.topic for name, item in instrument.items.items()})
    yield ""
    about = "on the results page, where higher always means better: low is what 0 means there, high 100"
    yield f"scales:  # {about}" if instrument.scales else "scales: {}"
    for name, one in instrument.scales.items():
        yield f"  {_name(name)}:  # {_plain(one.title)}"
        yield from (f'    {part}: ""' for part in ("name", "explanation", "low", "high"))
    yield from _group("checks", {check.key: check.message for check in instrument.checks})


def _group(name: str, topics: Mapping[Any, str]) -> Iterator[str]:
    if topics:
        yield ""
        yield f"{name}:"
        yield from (f"  {_empty(key, topic)}" for key, topic in topics.items())


def _labelled(name: str, scale: Any) -> Iterator[str]:
    codes = scale.values if isinstance(scale, Coded) else scale.options
    beside = scale.not_answers if isinstance(scale, Coded) else {}
    yield f"  {_name(name)}:"
    yield "    options:"
    yield from (f'      {code}: ""' + (f"  # {beside[code]}" if code in beside else "") for code in codes)


def _two_ends(name: str, scale: Any) -> Iterator[str]:
    yield f"  {_name(name)}:"
    yield f'    low: ""  # what {scale.minimum} means'
    yield f'    high: ""  # what {scale.maximum} means'
    if scale.not_answers:
        yield "    not_answers:"
        yield from (f'      {code}: ""  # {meant}' for code, meant in scale.not_answers.items())


def _nothing(_name: str, _scale: Any) -> Iterator[str]:
    yield from ()


ANSWERS: Mapping[str, Callable[[str, Any], Iterator[str]]] = {
    "choice": _labelled,
    "multiple": _labelled,
    "ranking": _labelled,
    "rating": _two_ends,
    "vas": _two_ends,
    "number": _nothing,
    "date": _nothing,
    "text": _nothing,
}


def _empty(key: str, topic: str) -> str:
    return f'{_name(key)}: ""  # {_plain(topic)}'


def _name(key: str) -> str:
    """A name as YAML reads it: one that could mean true, false or nothing stands in quotes."""
    try:
        return key if isinstance(meaning(key), str) else f'"{key}"'
    except Ambiguous:
        return f'"{key}"'


def _plain(topic: str) -> str:
    """On one line, so that all of it stays a comment."""
    return " ".join(topic.split())
