"""
What other tools do with lines of a text → expressions of `ignore_text`, which cut out what is not compared.

The parts of an expression are kept in groups of their own, so that an alternative in one (`a|b`) stays within it.
"""

from __future__ import annotations

import re
from typing import Final

_SLASHED: Final = re.compile(r"/(?P<pattern>.*)/(?P<flags>[a-z]*)", re.DOTALL)
_FLAGS: Final = frozenset("imsx")
_GROUP: Final = re.compile(r"\(\?P?<")
_LEADING_FLAGS: Final = re.compile(r"\(\?([aiLmsux]+)\)")


def slashed(text: str) -> str | None:
    """Return the expression of one that is written between slashes, as in Perl (`/sold out/i`); None for a text."""
    found = _SLASHED.fullmatch(text.strip())
    if found is None:
        return None
    flags = "".join(flag for flag in found["flags"] if flag in _FLAGS)
    return f"(?{flags}){found['pattern']}" if flags else found["pattern"]


def spans_lines(text: str) -> bool:
    """Return whether an expression between slashes is meant for several lines at once."""
    found = _SLASHED.fullmatch(text.strip())
    return found is not None and bool({"s", "m"} & set(found["flags"]) or r"\n" in found["pattern"])


def lines_with(pattern: str) -> str:
    """Return what cuts out the lines in which an expression matches."""
    return rf"(?m)^.*{_grouped(pattern)}.*$\n?"


def lines_without(pattern: str) -> str:
    """Return what cuts out the lines in which an expression does not match."""
    return rf"(?m)^(?!.*{_grouped(pattern)}).*$\n?"


def wants_markup(pattern: str) -> bool:
    """Return whether an expression matches in markup alone, so that a text has nothing for it (`<b`, `class="a"`)."""
    bare = _GROUP.sub("(", pattern).replace("\\", "")
    return "|" not in bare and any(sign in bare for sign in ("<", '="', "='"))


def up_to_line(pattern: str) -> str:
    """Return what cuts out all up to the first line in which an expression matches, with that line."""
    return rf"(?m)\A(?s:.*?)^.*{_grouped(pattern)}.*\n?"


def from_line(pattern: str) -> str:
    """Return what cuts out all from the first line in which an expression matches, with that line."""
    return rf"(?m)^.*{_grouped(pattern)}(?s:.*)\Z"


def all_but(patterns: list[str]) -> str:
    """Return what cuts out all but what these expressions match."""
    return rf"(?:{any_of(patterns)})(*SKIP)(*FAIL)|(?s:.)"


def any_of(patterns: list[str]) -> str:
    """Return the expression that matches where one of these does."""
    return _grouped(patterns[0]) if len(patterns) == 1 else "|".join(map(_grouped, patterns))


def of_text(text: str, *, ignores_case: bool) -> str:
    """Return the expression of a text."""
    escaped = re.escape(text).replace("\\ ", " ")
    return f"(?i:{escaped})" if ignores_case else escaped


def guard(needed: list[str], banned: list[str]) -> str:
    """Return what matches a text in which all of the first expressions are found, and none of the second."""
    ahead = "".join(f"(?=(?s:.*){_grouped(pattern)})" for pattern in needed)
    return rf"\A{ahead}" + "".join(f"(?!(?s:.*){_grouped(pattern)})" for pattern in banned)


def _grouped(pattern: str) -> str:
    """Return an expression as a group, in which flags that it begins with are the group's own."""
    if found := _LEADING_FLAGS.match(pattern):
        flags = "".join(flag for flag in found[1] if flag in _FLAGS)
        return f"(?{flags}:{pattern[found.end() :]})" if flags else f"(?:{pattern[found.end() :]})"
    return pattern if _is_one_group(pattern) else f"(?:{pattern})"


def _is_one_group(pattern: str) -> bool:
    return bool(re.fullmatch(r"\(\?[imsx]*:[^()]*\)|[\w ]+", pattern))
