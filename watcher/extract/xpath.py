"""
XPath 1.0 over a page or a row, by turbohtml.

In XML, a name without a prefix stands for every element of that local name, and one with a prefix for those that the
page writes with it: `title` is `<title>` and `<dc:title>`, `dc:title` is the second alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isnan
from typing import TypeAlias

import turbohtml
from turbohtml import Document, Element, Node, XPath

from watcher.errors import PageError
from watcher.extract.json_values import exact
from watcher.extract.xpath_cost import MAX_COST, STRINGS, Shape, cost, is_costly

PREFIX = "_prefix"
"""The attribute that keeps the prefix of an element of XML."""

Found: TypeAlias = Element | str

_PREFIXED = re.compile(
    r""""[^"]*"|'[^']*'|(?<![\w.-])(?P<at>@?)(?P<prefix>[^\W\d][\w.-]*):(?!:)(?P<name>[^\W\d][\w.-]*|\*)(?![\w.-]*\s*\()"""
)
_FUNCTION = re.compile(r"([^\W\d][\w:.-]*)\s*\(")
_FUNCTIONS = frozenset(
    re.findall(
        r"[\w-]+",
        """
        last position count id local-name namespace-uri name string concat starts-with contains substring-before
        substring-after substring string-length normalize-space translate boolean not true false lang number sum floor
        ceiling round node text comment processing-instruction and or div mod
        """,
    )
)


def check_xpath(expression: str, *, in_row: bool) -> None:
    """Check that a watch may use the XPath, within its row. Raises ValueError with the reason in one line."""
    _check_names(expression)
    _ask(turbohtml.parse("<p>", positions=False), expression)
    if in_row and expression.lstrip(" (").startswith("/"):
        relative = f".{expression.strip()}"
        raise ValueError(f"{expression!r} looks at the whole page and not at its row; write {relative!r}")


def find_xpath(expression: str, node: Node, *, shape: Callable[[], Shape]) -> list[Found]:
    """
    Return what the expression finds: elements and texts; a number and a truth are a text.

    Args:
        node: what it is relative to.
        shape: of the whole page; asked for an expression that may be costly.

    Raises:
        PageError: it is too costly for this page, or cannot be answered on it.
    """
    in_row = not isinstance(node, Document)
    if (in_row or is_costly(expression)) and cost(expression, shape(), in_row=in_row) > MAX_COST:
        raise PageError(
            f"{expression!r} may take too long on a page of {shape().elements:,} elements, {shape().siblings:,} of "
            "them side by side; do without preceding, following, ancestor and whole paths within brackets"
        )
    try:
        answer = _ask(node, expression)
    except ValueError as error:  # a predicate is only judged where it is reached
        raise PageError(str(error)) from error
    if isinstance(answer, bool):
        return ["true" if answer else "false"]
    if isinstance(answer, float):
        return [] if isnan(answer) else [str(int(answer)) if answer.is_integer() else exact(repr(answer))]
    if isinstance(answer, str):
        return [answer] if answer else []  # string() of nothing is empty
    return [found for each in answer if (found := _read(each)) is not None]


def _check_names(expression: str) -> None:
    """Refuse what the engine only refuses where it comes to it, within a predicate."""
    bare = STRINGS.sub("''", expression)
    if "$" in bare:
        raise ValueError(f"{expression!r} is no XPath 1.0 that a watch may use: there are no variables")
    for found in _FUNCTION.findall(bare):
        name = found.rpartition("::")[2]
        if name not in _FUNCTIONS:
            advice = "; use `regex:`" if name in ("matches", "replace", "re:test", "re:match", "re:replace") else ""
            raise ValueError(f"{expression!r} is no XPath 1.0: unknown function {name!r}{advice}")


def _ask(node: Node, expression: str) -> Sequence[Node | str] | float | bool | str:
    try:
        return _compiled(expression)(node)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{expression!r} is no XPath 1.0: {error}") from error


@lru_cache(maxsize=1_000)
def _compiled(expression: str) -> XPath:
    """Return the expression compiled, its names with a prefix written as tests that the engine understands."""
    return XPath(_PREFIXED.sub(_without_prefix, expression))


def _without_prefix(match: re.Match[str]) -> str:
    prefix, name = match["prefix"], match["name"]
    if prefix is None:
        return match[0]
    if match["at"]:
        return f"@*[name()='{prefix}:{name}']"
    return f"{name}[@{PREFIX}='{prefix}']"


def _read(found: Node | str) -> Found | None:
    match found:
        case str() | Element():
            return found
        case Document():
            return found.root
        case _:
            data = getattr(found, "data", None)  # of a comment
            return data if isinstance(data, str) else None
