"""Addresses compiled once for all applications of a test process: Werkzeug compiles a function for each, slowly.

What it compiles depends on the address and on nothing of the application; the rule is the function's first argument.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

Compile = Callable[[Rule, bool], Callable[..., Any]]
_kept: dict[tuple[object, ...], Callable[..., Any]] = {}


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


def install() -> None:
    """From now on, for this process."""
    if not _kept:
        Rule._compile_builder = kept(Rule._compile_builder)  # type: ignore[method-assign]
