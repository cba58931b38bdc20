"""A file that was read: plain values, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, TypeAlias

from watcher.errors import Problem

Plain: TypeAlias = "str | int | bool | Decimal | list[Plain] | dict[str, Plain] | None"
"""A value as the file gives it. Decimals keep the digits that were written."""
Path: TypeAlias = tuple[str | int, ...]
"""Keys and list indices, from the root."""
Mistake: TypeAlias = tuple[Path, Problem]
"""A problem, and the part of the file that it makes unusable."""


_KEY_CHARACTERS = 300
_TEXT_CHARACTERS = 500


class Mark(Protocol):
    """A place in the text, as libyaml gives it: both count from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A mark of our own."""

    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Node:
    """A text, a number, true, false or nothing, and where it stands."""

    value: Plain
    mark: Mark


@dataclass(slots=True)
class Collection(Node):
    """
    A mapping or a list, and where it and its parts stand.

    Attributes:
        keys: of a mapping, where each key stands.
        size, height: nodes in all and levels, with aliases spelled out.
    """

    keys: dict[str, Mark] = field(default_factory=dict)
    children: dict[str | int, Node] = field(default_factory=dict)
    size: int = 1
    height: int = 0


class Document:
    """
    A file that was read.

    Attributes:
        mistakes: what is wrong with it as YAML; the values concerned are left out of `value`.
    """

    def __init__(self, root: Node, mistakes: Sequence[Mistake], *, file: str) -> None:
        self._root = root
        self._file = file
        self.mistakes = tuple(mistakes)

    @property
    def value(self) -> Plain:
        """The whole file as plain values."""
        return self._root.value

    def problem(self, path: Path, text: str, *, at_key: bool = False) -> Problem:
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
        return problem_at(self._file, mark, (*seen, path[-1]) if is_missing else seen, text)


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


def _key_mark(node: Node, part: str | int) -> Mark:
    assert isinstance(node, Collection)  # noqa: S101 - it has the part
    return node.keys[part] if isinstance(part, str) else node.children[part].mark
