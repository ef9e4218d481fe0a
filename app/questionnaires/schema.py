"""From a source tree to a typed frozen model: every mistake of shape and every failed check at once, as sentences."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, Tag, ValidationError

from app.questionnaires.mistakes import MAX_LISTED, BrokenFile, Mistake
from app.questionnaires.sentences import sentence, shown, suggestion
from app.questionnaires.yaml_source import Key, Node, Source, dotted

Model = TypeVar("Model", bound=BaseModel)


class Finding(NamedTuple):
    """What a check has to say about a node; ``key`` names an entry that should be there and is not."""

    node: Node
    message: str
    key: Key | None = None


Check: TypeAlias = Callable[[Node], Iterator[Finding]]


def parse(model: type[Model], source: Source, checks: Iterable[Check]) -> Model:
    """The model that the source describes. Raises BrokenFile with the mistakes of reading, of shape and of all checks.

    Checks look at the tree and not at the model, so that they also speak about a file whose shape is broken elsewhere.
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


def _of_shape(model: type[BaseModel], source: Source, bad: ValidationError) -> Iterator[Mistake]:
    for error in islice(bad.errors(include_url=False, include_input=False), MAX_LISTED + 1):
        path = _path(source.root, error["loc"])
        if any(node.is_doubtful for node in path):
            continue  # only a consequence of something that reading has already listed
        is_unknown, is_missing = error["type"] == "extra_forbidden", error["type"] == "missing"
        message = _unknown_key(model, error["loc"]) if is_unknown else sentence(path[-1], error)
        yield _mistake(source, Finding(path[-1], message, error["loc"][-1] if is_missing else None))


def _path(root: Node, loc: tuple[Key, ...]) -> list[Node]:
    """The nodes down to an error. Words of its path that are not in the file (a variant's kind) are passed over."""
    path = [root]
    for part in loc:
        if part in path[-1].children:
            path.append(path[-1].children[part])
    return path


def _unknown_key(model: type[BaseModel], loc: tuple[Key, ...]) -> str:
    known = _keys_at(model, loc[:-1])
    return f"{shown(loc[-1])} is not known here.{suggestion(loc[-1], known)} Known here: {', '.join(known)}."


def _keys_at(model: type[BaseModel], loc: tuple[Key, ...]) -> tuple[str, ...]:
    """The keys that the model knows at a place of a file."""
    place: Any = model.model_fields["root"].annotation if issubclass(model, RootModel) else model
    for part in loc:
        place = _below(place, part)
    return tuple(place.model_fields)


def _below(place: Any, part: Key) -> Any:
    while get_origin(place) is Annotated:
        place = get_args(place)[0]
    origin, inner = get_origin(place), get_args(place)
    if origin in (Union, UnionType):
        return next(member for member in inner if _tag(member) == part)
    if origin is None:
        return place.model_fields[part].annotation
    return inner[0] if origin is tuple else inner[-1]


def _tag(member: Any) -> str:
    """The word by which pydantic names a member of a union in an error's path."""
    for extra in getattr(member, "__metadata__", ()):
        if isinstance(extra, Tag):
            return extra.tag
    return str(get_args(member.model_fields["kind"].annotation)[0])
