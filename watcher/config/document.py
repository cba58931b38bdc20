"""A file that was read: plain values, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeAlias

from msgspec import Struct, field

from watcher.errors import Problem

Plain: TypeAlias = "str | int | bool | Decimal | list[Plain] | dict[str, Plain] | None"
"""A value as the file gives it. Decimals keep the digits that were written."""
KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list indices, from the root."""
Place: TypeAlias = tuple[str, int, int]
"""File, line and column, both from 1."""
Mistake: TypeAlias = tuple[KeyPath, Problem]
"""A problem, and the part of the file that it makes unusable."""


_KEY_CHARACTERS = 300
_TEXT_CHARACTERS = 500


class Mark(Protocol):
    """A place in the text, as libyaml gives it: both count from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Position(Struct, frozen=True, kw_only=True, gc=False):
    """A mark of our own: half the size of libyaml's, of which the largest file would need a million at a time."""

    line: int = 0
    column: int = 0


class Node(Struct, gc=False):
    """A text, a number, true, false or nothing, and where it stands."""

    value: Plain
    mark: Position


class Collection(Node, gc=False):
    """
    A mapping or a list, and where it and its parts stand.

    Attributes:
        keys: of a mapping, where each key stands.
        size, height: nodes in all and levels, with aliases spelled out.
    """

    keys: dict[str, Position] = field(default_factory=dict)
    children: dict[str | int, Node] = field(default_factory=dict)
    size: int = 1
    height: int = 0


class Document:
    """A file that was read. `mistakes`: what is wrong with it as YAML; the values concerned are left out of `value`."""

    def __init__(
        self,
        root: Node,
        mistakes: Sequence[Mistake],
        *,
        file: str,
        included: Mapping[tuple[str, str], str] | None = None,
        has_anchors: bool = False,
    ) -> None:
        """
        Args:
            included: (section, key) → the file in which this part of the document stands, when it is another one.
            has_anchors: a part of it has a name, by which it may be repeated elsewhere.
        """
        self._root = root
        self._file = file
        self._included = included or {}
        self.mistakes = tuple(mistakes)
        self.has_anchors = has_anchors

    @property
    def value(self) -> Plain:
        """The whole file as plain values."""
        return self._root.value

    @property
    def size(self) -> int:
        """How many nodes it has, with aliases spelled out."""
        return self._root.size if isinstance(self._root, Collection) else 1

    def only(self, section: str) -> Document:
        """Return a document of this section alone, so that the rest may be forgotten."""
        whole = Collection({}, self._root.mark)
        found = _children(self._root).get(section)
        if isinstance(self._root, Collection) and found is not None:
            whole.value = {section: found.value}
            whole.keys, whole.children = {section: self._root.keys[section]}, {section: found}
        return Document(whole, (), file=self._file)

    def without(self, section: str) -> Document:
        """Return the document with nothing in this section, so that what stands there may be forgotten."""
        whole, found = _copy(self._root), _children(self._root).get(section)
        if isinstance(whole.value, dict) and found is not None:
            whole.value[section], whole.children[section] = {}, Collection({}, found.mark)
        return Document(whole, (), file=self._file)

    def twice(self, path: KeyPath, first: Place) -> Mistake:
        """Return the mistake that what stands at `path` stood at that place before."""
        file, line, column = first
        return (), self.problem(path, f"stands in {file}:{line}:{column} already", at_key=True)

    def place(self, section: str, key: str) -> Place:
        """Return where a key of a section stands, which must be there."""
        mark = _key_mark(_children(self._root)[section], key)
        file = self._included.get((section, key), self._file)
        return file, mark.line + 1, mark.column + 1

    def marks(self, section: str) -> Mapping[str, Mark]:
        """Return where each key of a section stands, in their order."""
        found = _children(self._root).get(section)
        return found.keys if isinstance(found, Collection) else {}

    def span(self, section: str) -> tuple[Mark, Mark | None]:
        """Return where what a section says begins, and the next section, if there is one."""
        begins = _children(self._root)[section].mark
        keys = self._root.keys.values() if isinstance(self._root, Collection) else ()
        return begins, next((mark for mark in keys if mark.line > begins.line), None)

    def problem(self, path: KeyPath, text: str, *, at_key: bool = False) -> Problem:
        """
        Return a problem at the place that `path` names.

        Parts that the file does not have are passed over, for a short form (`extract: "#x"`) is spelled out before
        it is judged. A last part that a mapping does not have is the name of what is missing.

        Args:
            at_key: point at the key, not at its value. What is missing or begins in a later line is told at its key.
        """
        node, mark, seen = self._root, self._root.mark, list[str | int]()
        is_missing = False
        for part in path:
            children = _children(node)
            is_missing = part not in children and isinstance(node.value, dict)
            if part in children:
                seen.append(part)
                mark = _key_mark(node, part)
                node = children[part]
        if not (at_key or is_missing) and node.mark.line == mark.line:
            mark = node.mark
        file = self._included.get((str(path[0]), str(path[1])), self._file) if len(path) > 1 else self._file
        return problem_at(file, mark, (*seen, path[-1]) if is_missing else seen, text)


def merged(main: Document, others: Sequence[Document], section: str) -> tuple[Document, list[Mistake]]:
    """
    Return the main document with this section of the others in it, and where a key of the section stands twice.

    The first file that has the key counts. A section that is no mapping is left as it is.
    """
    whole = _copy(main._root)
    included: dict[tuple[str, str], str] = {}
    duplicates: list[Mistake] = []
    target = _section(whole, section)
    for other in others if target is not None else ():
        source = _children(other._root).get(section)
        if target is not None and isinstance(source, Collection) and isinstance(source.value, dict):
            taken = _take(target, source)
            included |= {(section, key): other._file for key in source.keys if key not in taken}
            so_far = Document(whole, (), file=main._file, included=included)
            duplicates += [other.twice((section, key), so_far.place(section, key)) for key in taken]
    return Document(whole, (), file=main._file, included=included), duplicates


def _copy(node: Node) -> Collection:
    value = dict(node.value) if isinstance(node.value, dict) else {}
    copy = Collection(value, node.mark)
    if isinstance(node, Collection):
        copy.keys, copy.children = dict(node.keys), dict(node.children)
    return copy


def _section(whole: Collection, name: str) -> Collection | None:
    """Return the section as a copy to add to; None when there is one that is no mapping."""
    found = whole.children.get(name)
    if found is not None and not isinstance(found.value, dict):
        return None
    section = _copy(found or Node({}, whole.mark))
    whole.children[name] = section
    whole.keys.setdefault(name, section.mark)
    assert isinstance(whole.value, dict)  # noqa: S101 - a copy of a mapping
    whole.value[name] = section.value
    return section


def _take(target: Collection, source: Collection) -> list[str]:
    """Add the parts of one mapping to another; return the keys that it has already."""
    assert isinstance(target.value, dict)  # noqa: S101 - both are mappings
    assert isinstance(source.value, dict)  # noqa: S101
    taken = [key for key in source.keys if key in target.keys]
    for key, mark in source.keys.items():
        if key not in target.keys:
            target.keys[key] = mark
            if key in source.children:
                target.children[key] = source.children[key]
                target.value[key] = source.value[key]
    return taken


def problem_at(file: str, mark: Mark, path: Sequence[str | int], text: str) -> Problem:
    """Return a problem at this place of the text: one line, and short, whatever the file holds."""
    return Problem(
        file=file,
        line=mark.line + 1,
        column=mark.column + 1,
        key=_printable(dotted(path), _KEY_CHARACTERS),
        text=_printable(text, _TEXT_CHARACTERS),
    )


def dotted(path: Sequence[str | int]) -> str:
    """Return the path as messages name it: `watches.gpu.notify_when[0].price`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _printable(text: str, characters: int) -> str:
    cut = text if len(text) <= characters else f"{text[:characters]}…"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut)


def _children(node: Node) -> Mapping[str | int, Node]:
    return node.children if isinstance(node, Collection) else {}


def _key_mark(node: Node, part: str | int) -> Position:
    assert isinstance(node, Collection)  # noqa: S101 - it has the part
    return node.keys[part] if isinstance(part, str) else node.children[part].mark


def is_filled_in(value: Plain) -> bool:
    """Return whether a text of a value, names of keys included, asks for something of the environment: `${NAME}`."""
    return any("${" in text for text in _texts(value))


def _texts(value: Plain) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for part in value:
                yield from _texts(part)
        case dict():
            for key, part in value.items():
                yield key
                yield from _texts(part)
        case _:
            return
