"""The lines of a watch in the text of its file, comments too; nothing here reads YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent
from typing import Final

from msgspec import Struct

LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
ODD_BREAK: Final = re.compile("[\x85\u2028\u2029]")
"""A line break that YAML counts and these lines do not."""
_BREAK: Final = re.compile(r"\r\n|\r|\n")


class WatchLines(Struct, frozen=True):
    """
    Where the lines of a watch stand in a text.

    Attributes:
        start, end: of the first and the last one.
        limit: where the line begins that cannot be one of this watch any more; above it may be what is nobody's.
        indent: by how much they are indented.
        line: the number of the first one, from 1.
    """

    start: int
    end: int
    limit: int
    indent: int
    line: int

    @classmethod
    def of(cls, text: str, start: int, limit: int, *, indent: int, line: int) -> WatchLines:
        """Return the lines from `start` on, up to a limit, that are the watch's own."""
        return cls(start, _last_own(text, start, limit, indent), limit, indent, line)

    def shown(self, text: str) -> str:
        """Return the lines, comments too, without what all of them are indented by."""
        indent = self.indent
        lines = _BREAK.split(text[self.start : self.end])  # what else breaks a line in YAML is part of a text
        own = lines if lines[-1] else lines[:-1]
        return "".join(f"{line[indent:] if not line[:indent].strip() else line}\n" for line in own)


def _last_own(text: str, start: int, limit: int, indent: int) -> int:
    """Return where the last line ends, before a limit, that is a watch's own: no empty one, no comment of the next."""
    at = end = start
    while at < limit:
        line = line_at(text, at)
        at += len(line)
        stripped = line.strip()
        if stripped and not (stripped.startswith("#") and len(line) - len(line.lstrip(" ")) <= indent):
            end = at
    return end


def indented(written: str, indent: int) -> list[str]:
    """Return the lines of what somebody wrote, all moved so that it begins at this place."""
    lines = dedent("\n".join(_BREAK.split(written))).strip("\n").split("\n")
    return [f"{' ' * indent}{line}" if line.strip() else "" for line in lines]


def line_at(text: str, index: int) -> str:
    """Return the line that begins at this place, with its end."""
    found = LINE.match(text, index)
    assert found  # noqa: S101 - it matches anything
    return found[0]


def below_comments(text: str, end: int) -> int:
    """Return where what stands below a block goes: below the comments, too, that are indented and so belong to it."""
    at = end
    while end < len(text):
        line = line_at(text, end)
        stripped = line.strip()
        if stripped and not (stripped.startswith("#") and line[0] in " \t"):
            break
        end += len(line)
        if stripped:
            at = end
    return at


def ended(text: str, at: int) -> str:
    """Return what ends the line before this place: nothing, if it has ended."""
    return "" if at == 0 or text[at - 1] in "\r\n" else line_break(text)


def line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def joined(text: str, lines: Sequence[str]) -> str:
    end = line_break(text)
    return "".join(line + end for line in lines)
