"""Addresses read and compiled once for all applications of a test process: Werkzeug does it for each, slowly.

What comes of it depends on the address and the kinds of its variables, and on nothing of the application; the rule is
the first argument of the functions that Werkzeug compiles.
"""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.routing.rules import Rule, RulePart

Compile = Callable[[Rule, bool], Callable[..., Any]]
Parse = Callable[[Rule, str], Iterable[RulePart]]
_kept: dict[tuple[object, ...], Callable[..., Any]] = {}
_read: dict[tuple[object, ...], tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]] = {}


def kept(compile_builder: Compile) -> Compile:
    """The same, which remembers. What has defaults is compiled anew, since they are written into the function."""

    def remembering(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (*rule._trace, append_unknown)
        if key not in _kept:
            _kept[key] = compile_builder(rule, append_unknown)
        return _kept[key]

    return remembering


def read(parse_rule: Parse) -> Parse:
    """The same, which remembers what it yields and what it notes at the rule."""

    def remembering(rule: Rule, address: str) -> list[RulePart]:
        assert rule.map is not None
        key = (address, *rule.map.converters.items())
        if key not in _read:
            before = len(rule._trace)
            parts = list(parse_rule(rule, address))
            trace = rule._trace[before:]
            _read[key] = parts, trace, {name: rule._converters[name] for variable, name in trace if variable}
            return parts
        parts, trace, converters = _read[key]
        rule._trace += trace
        rule._converters |= converters
        rule.arguments |= converters.keys()
        return parts

    return remembering


def install() -> None:
    """From now on, for this process."""
    if not _kept:
        Rule._compile_builder = kept(Rule._compile_builder)  # type: ignore[method-assign]
        Rule._parse_rule = read(Rule._parse_rule)  # type: ignore[method-assign]
