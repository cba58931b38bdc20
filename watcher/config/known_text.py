"""
A text of a file of watches that was read before, and edits of one watch by its lines alone.

To read a file of 1,000 watches takes a tenth of a second, and an edit is one place in it. So the lines that change are
read with those of the watch above and the one below, before and after: where the neighbours say what they said, and
nothing but this watch is there besides, the rest of the file says what it said.

| what might change something further away        | why it does not                                          |
|-------------------------------------------------|----------------------------------------------------------|
| an anchor, which others repeat                  | a text with one is not edited here                       |
| a text, a list or quotes that do not end        | the lines could not be read alone                        |
| lines that the watch above takes for its own    | the one above is read, too, and would say something else |
| another indentation                             | so are both: they would stand in no mapping together     |
| a line break that YAML counts and this does not | a text with one is not edited here, nor one with a BOM   |
| empty lines that a text above may have          | nothing is added below such a text                       |
| a size beyond the bounds                        | is counted                                               |

Whatever cannot be done so is None: `editing` reads all of the text, and says what is wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.config import yaml_reader
from watcher.config.document import Document, Plain
from watcher.config.editing import lines_of_watches
from watcher.config.reading import patterns
from watcher.config.watch_lines import LINE, WatchLines, below_comments, ended, indented, joined, line_at
from watcher.errors import ConfigError

_SECTION: Final = "watches:\n"
_MOST_TEXTS: Final = 2
_END: Final = re.compile(r"^\.\.\.", re.MULTILINE)
"""Of a document, before the end of its text."""
_ODD: Final = re.compile("[\x85\u2028\u2029\ufeff]|\r(?!\n)")
_BLOCK_TEXT: Final = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?\r?$", re.MULTILINE)
"""How a line ends below which a text begins."""


class KnownText(Struct, frozen=True, kw_only=True):
    """
    What a sound text declares.

    Attributes:
        ids: of its watches.
        lines: where each stands that has lines of its own, in their order.
        patterns: of what it includes.
        defaults: what stands under `defaults`.
        size: how many values it has.
        is_plain: each watch has lines of its own, which say all of it.
    """

    ids: frozenset[str]
    lines: Mapping[str, WatchLines]
    patterns: Sequence[str]
    defaults: Plain
    size: int
    is_plain: bool


class LinesEdit(Struct, frozen=True, kw_only=True):
    """
    A text in which one watch is made, changed or removed.

    Attributes:
        text, known: as it is to be.
        before, after: what the watch says; None where there is none.
    """

    text: str
    known: KnownText
    before: Plain
    after: Plain

    def lines_alone(self, watch: str) -> str:
        """Return the lines of a watch, up to where the next one begins."""
        own = self.known.lines[watch]
        return self.text[own.start : own.limit]


class KnownTexts:
    """What is known of texts: of the newest two of each file, as it is and as it may become. From any thread."""

    def __init__(self) -> None:
        self._texts: dict[Path, dict[bytes, KnownText]] = {}
        self._reading = Lock()

    def of(self, text: str, path: Path) -> KnownText:
        """Return what is known of a text; to read one anew, of 1,000 watches, takes a tenth of a second."""
        with self._reading:
            known = self._texts.get(path, {}).get(_digest_of(text)) or read_known(text, file=str(path))
        self.keep(known, text, path)
        return known

    def keep(self, known: KnownText, text: str, path: Path) -> None:
        """Keep what is known of a text of a file."""
        digest = _digest_of(text)
        with self._reading:
            texts = self._texts.setdefault(path, {})
            texts.pop(digest, None)
            texts[digest] = known
            while len(texts) > _MOST_TEXTS:
                del texts[next(iter(texts))]


def _digest_of(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def read_known(text: str, *, file: str) -> KnownText:
    """Return what a text declares. Raises ConfigError."""
    document = yaml_reader.read(text, file=file)
    if document.mistakes:
        raise ConfigError(sorted(problem for _, problem in document.mistakes))
    whole = _mapping(document.value)
    ids = frozenset(_mapping(whole.get("watches")))
    lines = _lines(text, document) if ids else {}
    return KnownText(
        ids=ids,
        lines=lines,
        patterns=[pattern for _, pattern in patterns(document)],
        defaults=whole.get("defaults"),
        size=document.size,
        is_plain=len(lines) == len(ids) and not document.has_anchors and _ODD.search(text) is None,
    )


def with_other(text: str, known: KnownText, watch: str, written: str) -> LinesEdit | None:
    """Return the text with what somebody wrote, however far it is indented, in the place of a watch."""
    if (own := known.lines.get(watch)) is None:
        return None
    lines = joined(text, indented(written, own.indent))
    return _Place(text, known, watch).edited(own.start, own.end, lines, is_there=True)


def with_another(text: str, known: KnownText, watch: str, written: str) -> LinesEdit | None:
    """Return the text with what somebody wrote as a watch below the last one."""
    if watch in known.ids or not known.lines:
        return None
    *_, last = known.lines.values()
    at = below_comments(text, last.end)
    below = line_at(text, at)
    if below and not below.strip() and _BLOCK_TEXT.search(text, last.start, last.end):
        return None
    lines = ended(text, at) + joined(text, indented(written, last.indent))
    return _Place(text, known, watch).edited(at, at, lines, is_there=True)


def without(text: str, known: KnownText, watch: str) -> LinesEdit | None:
    """Return the text without a watch, and without the empty lines below it."""
    own = known.lines.get(watch)
    if own is None or len(known.lines) == 1:
        return None
    end = own.end
    while end < own.limit and not (line := line_at(text, end)).strip():
        end += len(line)
    return _Place(text, known, watch).edited(own.start, end, "", is_there=False)


def _lines(text: str, document: Document) -> Mapping[str, WatchLines]:
    """Return where each watch stands, as `lines_of_watches`, which takes as long as the reading, has it."""
    if document.has_anchors or _ODD.search(text) or _END.search(text):
        return lines_of_watches(text)
    starts = [line.start() for line in LINE.finditer(text)]
    begins, after = document.span("watches")
    if text[starts[begins.line] + begins.column] == "{":
        return {}
    marks = document.marks("watches")
    lines = [mark.line for mark in marks.values()]
    limits = [*(starts[line] for line in lines[1:]), len(text) if after is None else starts[after.line]]
    return {
        name: WatchLines.of(text, starts[mark.line], limit, indent=mark.column, line=mark.line + 1)
        for (name, mark), limit in zip(marks.items(), limits, strict=True)
        if not text[starts[mark.line] : starts[mark.line] + mark.column].strip(" ")
    }


class _Place:
    """Where one watch of a text stands or comes, with the watch above and the one below."""

    def __init__(self, text: str, known: KnownText, watch: str) -> None:
        self._text = text
        self._known = known
        self._watch = watch
        names = [*known.lines]
        at = names.index(watch) if watch in known.lines else len(names)
        self._above, self._near, self._below = names[: max(at - 1, 0)], names[max(at - 1, 0) : at + 2], names[at + 2 :]
        self._start, self._end = known.lines[self._near[0]].start, known.lines[self._near[-1]].limit

    def edited(self, start: int, end: int, lines: str, *, is_there: bool) -> LinesEdit | None:
        """Return the text with these lines in the place of others; `is_there`: the watch is among them then."""
        text, known = self._text, self._known
        written = text[self._start : start] + lines + text[end : self._end]
        before, after = _read(text[self._start : self._end]), _read(written)
        if not known.is_plain or before is None or after is None:
            return None
        said, says = _watches(before), _watches(after)
        if is_there is not (self._watch in says) or _others(said, self._watch) != _others(says, self._watch):
            return None
        changed = text[: self._start] + written + text[self._end :]
        size = known.size - before.size + after.size
        moved = self._moved(changed, written, after)
        if (
            moved is None
            or size > yaml_reader.MAX_NODES
            or len(changed.encode(errors="replace")) > yaml_reader.MAX_BYTES
        ):
            return None
        ids = known.ids | {self._watch} if is_there else known.ids - {self._watch}
        return LinesEdit(
            text=changed,
            known=replace(known, ids=ids, lines=moved, size=size),
            before=said.get(self._watch),
            after=says.get(self._watch),
        )

    def _moved(self, changed: str, written: str, document: Document) -> Mapping[str, WatchLines] | None:
        """Return where each watch stands then; None where one has no lines of its own."""
        known = self._known
        characters, lines = len(changed) - len(self._text), _breaks(changed) - _breaks(self._text)
        near = [*self._near_lines(changed, written, document)]
        if any(changed[each.start : each.start + each.indent].strip(" ") for _, each in near):
            return None
        above = {name: known.lines[name] for name in self._above}
        below = {name: _shifted(known.lines[name], characters, lines) for name in self._below}
        return {**above, **dict(near), **below}

    def _near_lines(self, changed: str, written: str, document: Document) -> Iterator[tuple[str, WatchLines]]:
        first = self._known.lines[self._near[0]].line
        starts = [self._start + line.start() for line in LINE.finditer(written)]
        marks = [(name, mark.line - 1, mark.column) for name, mark in document.marks("watches").items()]
        limits = [*(starts[line] for _, line, _ in marks[1:]), self._start + len(written)]
        for (name, line, column), limit in zip(marks, limits, strict=True):
            yield name, WatchLines.of(changed, starts[line], limit, indent=column, line=first + line)


def _read(lines: str) -> Document | None:
    """Return what lines of watches say by themselves; None where they say more or less than watches."""
    if _ODD.search(lines):
        return None
    try:
        document = yaml_reader.read(_SECTION + lines, file="")
    except ConfigError:
        return None
    is_sound = not document.mistakes and not document.has_anchors
    return document if is_sound and _mapping(document.value).keys() == {"watches"} else None


def _watches(document: Document) -> Mapping[str, Plain]:
    return _mapping(_mapping(document.value).get("watches"))


def _others(watches: Mapping[str, Plain], watch: str) -> Mapping[str, Plain]:
    return {name: body for name, body in watches.items() if name != watch}


def _shifted(lines: WatchLines, characters: int, count: int) -> WatchLines:
    start, end, limit = lines.start + characters, lines.end + characters, lines.limit + characters
    return WatchLines(start, end, limit, lines.indent, lines.line + count)


def _breaks(text: str) -> int:
    """Return how many lines of a text end."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _mapping(value: Plain) -> Mapping[str, Plain]:
    return value if isinstance(value, dict) else {}
