"""
YAML text → a document.

libyaml's events are read into values here, for `safe_load` is no match for a file that comes from outside: it shares
aliases without a bound, recurses until it breaks, lets the last of two equal keys win and reads `no`, `10:30` and
`2026-01-01` as something else than what is written. Here `true`, `false` and decimal numbers are what YAML 1.2's core
schema says, and all else is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from yaml import CSafeLoader, events
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from watcher.config import yaml_advice
from watcher.config.document import Collection, Document, Mark, Mistake, Node, Plain, Position, problem_at
from watcher.errors import ConfigError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 300_000
"""Keys and values with aliases spelled out: twice what a file of 1 MB full of small watches has."""
MAX_CHARACTERS = 10_000_000
"""That aliases stand for: a few kilobytes can stand for gigabytes, although their nodes are few."""

_CONSTANTS: Mapping[str, Plain] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# A leading zero (007) makes it text, and so do thirty digits: both would not come back as they were written.
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,29})(?P<fraction>\.[0-9]{1,30})?")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # the breaks that libyaml counts
# All but what YAML calls printable (1.2.2 §5.1); line breaks are gone when it is asked.
_UNPRINTABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def read(text: str, *, file: str) -> Document:
    """
    Read a YAML document.

    Raises:
        ConfigError: it is no YAML, is empty, or is beyond a limit. Other mistakes are in the document.
    """
    if is_too_large(text):
        text = "the file is larger than 1 MB; split it into files that `include` names"
        raise ConfigError([problem_at(file, Position(), (), text)])
    return _Reader(text, file=file).document()


def is_too_large(text: str) -> bool:
    """Return whether a text is too large to be read."""
    return len(text.encode(errors="replace")) > MAX_BYTES


class _Reader:
    """One pass over the events of one text. The recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str, *, file: str) -> None:
        self._text = text
        self._file = file
        self._mistakes: list[Mistake] = []
        self._path: list[str | int] = []
        self._anchors: dict[str, Node | None] = {}  # None: still being read
        self._lengths: dict[str, int] = {}  # of what the anchors name, in characters, with aliases spelled out
        self._nodes = 0
        self._spelled_out = 0

    @cached_property
    def _lines(self) -> list[str]:
        """The lines of the text, for who tells of a mistake."""
        return _LINE_BREAK.split(self._text)

    def document(self) -> Document:
        try:
            self._parser = CSafeLoader(self._text)
            root = self._root()
            return Document(root, self._mistakes, file=self._file, has_anchors=bool(self._anchors))
        except MarkedYAMLError as error:
            raise self._syntax_error(error) from error
        except (ReaderError, UnicodeError) as error:
            raise self._character_error() from error

    def _root(self) -> Node:
        self._expect(events.StreamStartEvent, "this is no text")
        self._expect(events.DocumentStartEvent, "the file is empty; `watcher init` writes one to start from")
        root = self._node(self._event())
        self._expect(events.DocumentEndEvent, "the text goes on after its end")
        self._expect(events.StreamEndEvent, "a second document begins here (`---`), and only one is read")
        return root

    def _event(self) -> events.Event:
        event = self._parser.get_event()
        if event is None:  # after the end of the stream, where nothing here asks
            raise self._fatal(Position(line=len(self._lines) - 1), "the file ends too soon")
        return event

    def _expect(self, kind: type[events.Event], otherwise: str) -> None:
        event = self._event()
        if not isinstance(event, kind):
            raise self._fatal(_mark(event), otherwise)

    def _node(self, event: events.Event) -> Node:
        self._count(event, 1)
        before = self._spelled_out
        match event:
            case events.ScalarEvent(anchor=anchor):
                node = self._scalar(event)
            case events.MappingStartEvent(anchor=anchor) | events.SequenceStartEvent(anchor=anchor):
                node = self._collection(event)
            case events.AliasEvent():
                return self._alias(event)
            case _:  # libyaml's grammar leaves nothing else
                raise self._fatal(_mark(event), "a value is missing")
        if anchor:
            self._anchors[anchor] = node
            self._lengths[anchor] = self._length(event) + self._spelled_out - before
        return node

    def _length(self, event: events.Event) -> int:
        """Return about how many characters a node has that was read just now, and began with this event."""
        behind = None if isinstance(event, events.ScalarEvent) else self._parser.peek_event()
        end = event.end_mark if behind is None else behind.start_mark
        return end.index - event.start_mark.index if end and event.start_mark else 0

    def _count(self, event: events.Event, nodes: int, *, height: int = 0) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._fatal(_mark(event), f"there are more than {MAX_NODES:,} values, with aliases spelled out")
        if len(self._path) + height > MAX_DEPTH:
            raise self._fatal(_mark(event), f"the nesting is more than {MAX_DEPTH} levels deep")

    def _alias(self, event: events.AliasEvent) -> Node:
        name = event.anchor or ""
        if name not in self._anchors:
            text = f"`*` begins an alias, and no `&{name}` stands above; quote it if it is a text"
            raise self._fatal(_mark(event), text)
        node = self._anchors[name]
        if node is None:
            raise self._fatal(_mark(event), f"the alias `*{name}` contains itself")
        if isinstance(node, Collection):
            self._count(event, node.size, height=node.height)
        self._spelled_out += self._lengths[name]
        if self._spelled_out > MAX_CHARACTERS:
            raise self._fatal(_mark(event), f"aliases stand for more than {MAX_CHARACTERS:,} characters")
        return node

    def _scalar(self, event: events.ScalarEvent) -> Node:
        self._refuse_tag(event)
        is_plain = event.implicit[0]
        return Node(_resolved(event.value) if is_plain else event.value, _mark(event))

    def _collection(self, event: events.MappingStartEvent | events.SequenceStartEvent) -> Collection:
        self._refuse_tag(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        return self._mapping(event) if isinstance(event, events.MappingStartEvent) else self._sequence(event)

    def _sequence(self, event: events.SequenceStartEvent) -> Collection:
        values: list[Plain] = []
        node = Collection(values, _mark(event))
        while not isinstance(item := self._event(), events.SequenceEndEvent):
            self._path.append(len(values))
            child = self._node(item)
            if child.value is None:
                self._report(child.mark, "is empty; write a value or remove the `-`")
            else:
                _attach(node, len(values), child)
                values.append(child.value)
            self._path.pop()
        return node

    def _mapping(self, event: events.MappingStartEvent) -> Collection:
        values: dict[str, Plain] = {}
        node = Collection(values, _mark(event))
        while not isinstance(key := self._event(), events.MappingEndEvent):
            if isinstance(key, events.ScalarEvent):
                self._path.append(key.value)
                self._entry(node, values, key, is_flow=bool(event.flow_style))
                self._path.pop()
            else:
                self._odd_key(key)
        return node

    def _entry(self, node: Collection, values: dict[str, Plain], key: events.ScalarEvent, *, is_flow: bool) -> None:
        self._count(key, 1)
        name = key.value
        child = self._node(self._event())
        if key.implicit[0] and (odd := yaml_advice.odd_name(name)):
            self._report(_mark(key), odd, path=self._path[:-1])
            return
        if name in node.keys:
            self._report(_mark(key), f"is already defined in line {node.keys[name].line + 1}")
            return
        node.keys[name] = _mark(key)
        if child.value is None:
            self._report_empty(values if is_flow else None, name, _mark(key))
        else:
            _attach(node, name, child)
            values[name] = child.value

    def _report_empty(self, before: Mapping[str, Plain] | None, name: str, key: Mark) -> None:
        """Report a key without a value. `before`: what stands before it in the same `{}`, if it stands in one."""
        if before is not None and (meant := yaml_advice.placeholder(name)):
            self._report(key, meant, path=self._path[:-1])
        elif unread := yaml_advice.unread_key(name):
            column, text = unread
            self._report(Position(line=key.line, column=key.column + column), text, path=self._path[:-1])
        elif split := yaml_advice.split_by_comma(before or {}, name):
            self._report(key, split, path=self._path[:-1])
        elif odd := yaml_advice.odd_space(self._line(key.line + 1)):  # what was meant as the value stands below
            self._report(Position(line=key.line + 1), odd)
        elif comment := yaml_advice.swallowed_by_comment(self._line(key.line), name, key.column):
            column, text = comment
            self._report(Position(line=key.line, column=column), text)
        else:
            self._report(key, "is empty; write a value or remove the key")

    def _odd_key(self, event: events.Event) -> None:
        """Read over a key that is no text, and its value, and leave one mistake behind."""
        known = len(self._mistakes)
        self._path.append("?")
        self._node(event)
        self._node(self._event())
        self._path.pop()
        del self._mistakes[known:]
        self._report(_mark(event), yaml_advice.odd_key(self._line(_mark(event).line)))

    def _refuse_tag(self, event: events.ScalarEvent | events.SequenceStartEvent | events.MappingStartEvent) -> None:
        if event.tag is not None:
            self._report(_mark(event), "`!` begins a tag in YAML, and none is read here; quote the text")

    def _line(self, number: int) -> str:
        """Return as much of a line as advice is made of."""
        return self._lines[number][: yaml_advice.MOST_CHARACTERS] if number < len(self._lines) else ""

    def _report(self, mark: Mark, text: str, *, path: Sequence[str | int] | None = None) -> None:
        concerned = tuple(self._path if path is None else path)
        problem = problem_at(self._file, mark, concerned, text)
        if all((told.line, told.text) != (problem.line, text) for _, told in self._mistakes[-1:]):
            self._mistakes.append((concerned, problem))

    def _fatal(self, mark: Mark, text: str) -> ConfigError:
        """Return the end of the reading: all mistakes so far, and this one unless its line has one already."""
        if mark.line >= len(self._lines):  # libyaml ends a line after the last one
            mark = Position(line=len(self._lines) - 1, column=len(self._lines[-1]))
        if all(problem.line != mark.line + 1 for _, problem in self._mistakes):
            self._report(mark, text)
        return ConfigError(sorted(problem for _, problem in self._mistakes))

    def _syntax_error(self, error: MarkedYAMLError) -> ConfigError:
        mark = error.problem_mark or Position()
        opening = error.context_mark or mark
        self._path.clear()  # where the parser gave up says little about the key
        before = max((number for number in range(mark.line) if self._line(number).strip()), default=0)
        if comment := yaml_advice.swallowed_in_braces(self._line(before)):
            column, text = comment
            return self._fatal(Position(line=before, column=column), text)
        if unread := self._unread_keys(mark.line):
            for place, text in unread[:-1]:
                self._report(place, text)
            return self._fatal(*unread[-1])
        text = yaml_advice.of_syntax(
            error.problem or "this is no YAML",
            self._line(mark.line),
            mark.column,
            opened_in=opening.line + 1 if opening.line != mark.line else None,
        )
        return self._fatal(mark, text)

    def _unread_keys(self, last: int) -> list[tuple[Position, str]]:
        """
        Return the keys without a colon of YAML from which a text ran on to the line where the parser gave up.

        Above that line all of the text is plain, up to the last key that was read as one.
        """
        found: list[tuple[Position, str]] = []
        for number in range(last, -1, -1):
            line = self._line(number)
            if unread := yaml_advice.unread_key(line):
                column, text = unread
                found.append((Position(line=number, column=column), text))
            elif number != last and yaml_advice.is_key(line):
                return [] if yaml_advice.begins_block(line) else found[::-1]
        return found[::-1]

    def _character_error(self) -> ConfigError:
        """libyaml names such a character by an offset at best; look for it."""
        self._path.clear()
        for number, line in enumerate(self._lines):
            if odd := _UNPRINTABLE.search(line):
                text = f"the character U+{ord(odd[0]):04X} is not allowed in YAML; remove it"
                return self._fatal(Position(line=number, column=odd.start()), text)
        return self._fatal(Position(), "the text holds characters that YAML does not allow")


def _resolved(text: str) -> Plain:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    return int(text) if number["fraction"] is None else Decimal(text)


def _attach(node: Collection, part: str | int, child: Node) -> None:
    node.children[part] = child
    if isinstance(child, Collection):
        node.size += child.size + 1
        node.height = max(node.height, child.height + 1)
    else:
        node.size += 2
        node.height = max(node.height, 1)


def _mark(event: events.Event) -> Position:
    mark = event.start_mark
    return Position(line=mark.line, column=mark.column) if mark else Position()
