"""Files of watches as they are to be, and what would change; `writing` makes these and writes them."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

from msgspec import Struct

from watcher.config.document import Plain
from watcher.config.reachable import OutOfReach, out_of_reach

_OF_TOOLS: Final = re.compile(r"# [^\r\n]*\bby `watcher (?:add|import)`")


_MOST_COMPARED: Final = 500
"""So many lines that go or come are compared one by one, which takes the square of them; more are shown as they are."""


class FileEdit(Struct, frozen=True, kw_only=True):
    """
    A file as it is to be.

    Attributes:
        path: as the operator calls it.
        before: None of a file that is not there yet.
        most_mode: bits of its mode that may be set; its owner can always read and write it.
    """

    path: Path
    before: str | None
    after: str
    most_mode: int = 0o777

    @property
    def is_of_tools(self) -> bool:
        """Whether the tools wrote the file, `watcher add` or `watcher import`, and so may change it."""
        return _OF_TOOLS.match(self.before or self.after) is not None

    @property
    def changed_lines(self) -> Sequence[str]:
        """The lines that go, with `-` before them, and those that come, with `+`; none of what stands around them."""
        before, after = _without_what_is_common(_lines(self.before or ""), _lines(self.after))
        if max(len(before), len(after)) > _MOST_COMPARED:
            return [*(f"-{line}" for line in before), *(f"+{line}" for line in after)]
        found = difflib.unified_diff(before, after, n=0)
        return [line for line in [*found][2:] if not line.startswith("@@")]

    @property
    def difference(self) -> str:
        """What would change, as `diff -u` shows it."""
        lines = difflib.unified_diff(_lines(self.before or ""), _lines(self.after), str(self.path), str(self.path))
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


class WrittenWatch(Struct, frozen=True, kw_only=True):
    """
    A watch as its file has it.

    Attributes:
        text: its lines, comments too.
        line: the first of them, from 1.
        body: what they say, aliases spelled out.
        digest: of the whole file.
        is_of_tools: the tools wrote the file, and may change it.
    """

    path: Path
    text: str
    line: int
    body: Plain
    digest: str
    is_of_tools: bool


class WatchEdit(Struct, frozen=True, kw_only=True):
    """
    One watch as it is to be: made, changed or removed.

    Attributes:
        files: as they are to be, that of the watch last.
        line: in which the watch begins then; 1 where it is removed.
        before, after: what the watch says; None where there is none.
        defaults: of the main file.
        is_by_hand: somebody else wrote the file, and changes it.
        lines: of the watch then, up to the next one, where they alone are what changes; else empty.
    """

    watch: str
    files: tuple[FileEdit, ...]
    line: int = 1
    before: Plain = None
    after: Plain = None
    defaults: Plain = None
    is_by_hand: bool = False
    lines: str = ""

    @property
    def path(self) -> Path:
        """The file in which the watch stands."""
        return self.files[-1].path

    @property
    def digest(self) -> str:
        """A digest of the files as they are, to notice that somebody changed one meanwhile."""
        texts = [(str(edit.path), "" if edit.before is None else f"1{edit.before}") for edit in self.files]
        return _digest("\0".join(part for pair in texts for part in pair))

    @property
    def difference(self) -> str:
        """What would change, as `diff -u` shows it."""
        return "".join(edit.difference for edit in self.files)

    @property
    def out_of_reach(self) -> Sequence[OutOfReach]:
        """Keys that the console can neither write nor change; what is wrong with `defaults` hinders no removal."""
        after = () if self.after is None else out_of_reach(self.after, self.defaults)
        return [*dict.fromkeys([*out_of_reach(self.before), *after])]


def _lines(text: str) -> Sequence[str]:
    return text.splitlines(keepends=True)


def _without_what_is_common(before: Sequence[str], after: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines without those that both begin and end with: an edit is one place in a file of any length."""
    start = _common(before, after)
    before, after = before[start:], after[start:]
    end = _common(before[::-1], after[::-1])
    return before[: len(before) - end], after[: len(after) - end]


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return with how many lines both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
