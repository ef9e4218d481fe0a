"""From a source tree to a typed frozen model: every mistake of shape and every failed check at once, as sentences."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from app.questionnaires.mistakes import MAX_LISTED, BrokenFile, Mistake
from app.questionnaires.model_walk import enter, known_keys
from app.questionnaires.sayings import Saying, saying
from app.questionnaires.sentences import sentence, shown, suggestion
from app.questionnaires.yaml_source import Key, Node, Source, dotted

Model = TypeVar("Model", bound=BaseModel)


class Finding(NamedTuple):
    """What a check has to say about a node; ``key`` names an entry that should be there and is not."""

    node: Node
    message: str
    key: Key | None = None


class Said(NamedTuple):
    """What a look at the finished model has to say; ``where`` leads through the file, positions count from 0."""

    where: tuple[Key, ...]
    message: str


Check: TypeAlias = Callable[[Node], Iterator[Finding]]
Sense: TypeAlias = Callable[[Model], Iterator[Said]]


def parse(
    model: type[Model],
    source: Source,
    checks: Iterable[Check],
    completed: Callable[[Model], Model] | None = None,
    sense: Iterable[Sense[Model]] = (),
) -> Model:
    """The model that the source describes. Raises BrokenFile with the mistakes of reading, of shape and of all checks.

    Checks look at the tree and not at the model, so that they also speak about a file whose shape is broken elsewhere.
    ``sense`` looks at the model, ``completed`` with what stands in other files, and only where all else is well.
    """
    mistakes = list(source.mistakes)
    value: Model | None = None
    try:
        value = model.model_validate(source.root.plain())
    except ValidationError as bad:
        mistakes += _of_shape(model, source, bad)
    for check in checks:
        findings = islice(check(source.root), MAX_LISTED + 1)
        mistakes += (_mistake(source, finding) for finding in findings if not finding.node.is_doubtful)
    if mistakes or value is None:
        raise BrokenFile(mistakes)
    value = completed(value) if completed else value
    for look in sense:
        mistakes += (_of_sense(source, said) for said in islice(look(value), MAX_LISTED + 1))
    if mistakes:
        raise BrokenFile(mistakes)
    return value


def once(names: Iterable[Node], what: str) -> Iterator[Finding]:
    """Each name that was written before among these."""
    seen: dict[object, Node] = {}
    for name in names:
        if isinstance(name.value, str) and (first := seen.setdefault(name.value, name)) is not name:
            yield Finding(name, f"The {what} {shown(name.value)} is already here, on line {first.line}.")


def _mistake(source: Source, finding: Finding) -> Mistake:
    where = finding.node.where if finding.key is None else (*finding.node.where, finding.key)
    return Mistake(source.path, finding.node.line, dotted(where), finding.message)


def _of_sense(source: Source, said: Said) -> Mistake:
    node = source.root
    for part in said.where:
        node = node.children.get(part, node)
    return Mistake(source.path, node.line, dotted(node.where), said.message)


def _of_shape(model: type[BaseModel], source: Source, bad: ValidationError) -> Iterator[Mistake]:
    for error in islice(bad.errors(include_url=False, include_input=False), MAX_LISTED + 1):
        path = _path(source.root, model, error["loc"])
        if any(node.is_doubtful for node in path):
            continue  # only a consequence of something that reading has already listed
        is_unknown, is_missing = error["type"] == "extra_forbidden", error["type"] == "missing"
        message = _unknown_key(model, error["loc"]) if is_unknown else sentence(path[-1], error)
        yield _mistake(source, Finding(path[-1], message, error["loc"][-1] if is_missing else None))


def _path(root: Node, model: type[BaseModel], loc: tuple[Key, ...]) -> list[Node]:
    """The nodes down to an error. Words of its path that are not in the file (a variant's kind) are passed over."""
    path, place = [root], model
    for part in loc:
        place, is_variant = enter(place, part)
        if not is_variant and part in path[-1].children:
            path.append(path[-1].children[part])
    return path


def _unknown_key(model: type[BaseModel], loc: tuple[Key, ...]) -> Saying:
    place: Any = model
    for part in loc[:-1]:
        place, _ = enter(place, part)
    known = known_keys(place)
    unknown = saying("%(name)s is not known here.", name=shown(loc[-1])).then(suggestion(loc[-1], known))
    return unknown.then(saying("Known here: %(names)s.", names=", ".join(known)))
