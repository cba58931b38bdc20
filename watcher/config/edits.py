"""Files of watches as they are to be, and what would change; `writing` makes these and writes them."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from pathlib import Path
from typing import Final, TypeAlias

from msgspec import Struct

from watcher.config.document import Plain
from watcher.config.reachable import OutOfReach, out_of_reach

_OF_TOOLS: Final = re.compile(r"# [^\r\n]*\bby `watcher (?:add|import)`")
_CONTEXT: Final = 3
_MOST_COMPARED: Final = 500
"""So many lines that go or come are compared one by one, which takes the square of them; more are shown as they are."""


_Step: TypeAlias = tuple[str, int, int, int, int]
"""What difflib calls an opcode: what becomes of lines, and where they begin and end in each text."""


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
        place = _Place.of(self)
        return [line for step in chain(*place.hunks()) for line in place.lines(step) if line[0] != " "]

    @property
    def difference(self) -> str:
        """What would change, as `diff -u` shows it."""
        place = _Place.of(self)
        hunks = [line for hunk in place.hunks() for line in place.shown(hunk)]
        head = [f"--- {self.path}", f"+++ {self.path}"] if hunks else []
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in (*head, *hunks))


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
        text = "\0".join(part for pair in texts for part in pair)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

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


class _Place(Struct, frozen=True, kw_only=True):
    """
    The one place in which two texts differ: an edit is that, in a file of any length.

    Attributes:
        before, after: all lines.
        start: of the place, in both; `end`, `end_after`: where it ends in each.
    """

    before: Sequence[str]
    after: Sequence[str]
    start: int
    end: int
    end_after: int

    @classmethod
    def of(cls, edit: FileEdit) -> _Place:
        """Return the lines between those that both begin and end with."""
        before, after = _lines(edit.before or ""), _lines(edit.after)
        start = _common(before, after)
        same = _common(before[start:][::-1], after[start:][::-1])
        return cls(before=before, after=after, start=start, end=len(before) - same, end_after=len(after) - same)

    def hunks(self) -> Iterator[Sequence[_Step]]:
        """Yield the steps from the one to the other, a hunk at a time, with some lines around each."""
        start, middle, middle_after = (
            self.start,
            self.before[self.start : self.end],
            self.after[self.start : self.end_after],
        )
        if max(len(middle), len(middle_after)) > _MOST_COMPARED:
            found = [[("replace", 0, len(middle), 0, len(middle_after))]]
        else:
            found = [*difflib.SequenceMatcher(None, middle, middle_after).get_grouped_opcodes(_CONTEXT)]
        hunks = [[(tag, start + a, start + b, start + c, start + d) for tag, a, b, c, d in hunk] for hunk in found]
        if hunks:
            first, stop = max(0, start - _CONTEXT), min(self.end + _CONTEXT, len(self.before))
            hunks[0].insert(0, ("equal", first, start, first, start))
            hunks[-1].append(("equal", self.end, stop, self.end_after, self.end_after + stop - self.end))
        yield from hunks

    def shown(self, hunk: Sequence[_Step]) -> Iterator[str]:
        """Yield the lines of a hunk, with its head."""
        (_, a, _, c, _), (_, _, b, _, d) = hunk[0], hunk[-1]
        yield f"@@ -{_range(a, b)} +{_range(c, d)} @@"
        for step in hunk:
            yield from self.lines(step)

    def lines(self, step: _Step) -> Iterator[str]:
        """Yield the lines of a step, each with what becomes of it."""
        tag, a, b, c, d = step
        if tag == "equal":
            yield from (f" {line}" for line in self.before[a:b])
            return
        yield from (f"-{line}" for line in self.before[a:b])
        yield from (f"+{line}" for line in self.after[c:d])


def _range(start: int, end: int) -> str:
    """Return lines as the head of a hunk counts them: from 1, or what stands above where there are none."""
    return f"{start + 1 if end > start else start},{end - start}"


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return with how many lines both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
