"""
YAML of other tools, one job a document → plain values, within bounds.

It is read as PyYAML's safe loader reads it, for so do these tools (`yes` is true), but for tags, which name things of
Python, and for dates, which stay texts. Aliases are counted as if they were spelled out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from watcher.core.values import Json
from watcher.errors import UsageError

MAX_DEPTH: Final = 50
MAX_VALUES: Final = 100_000
"""Of one document; a text counts as one for each CHARACTERS_OF_VALUE, for a long one may be repeated, too."""
CHARACTERS_OF_VALUE: Final = 100
MAX_KEY_CHARACTERS: Final = 1_000
_TAG: Final = "tag:yaml.org,2002:"
_SCALARS: Final = frozenset(f"{_TAG}{name}" for name in ("str", "null", "bool", "int", "float", "timestamp", "value"))
_PLAIN: Final = frozenset({*_SCALARS, f"{_TAG}map", f"{_TAG}seq", f"{_TAG}merge"})


def documents(text: str, *, most: int) -> list[Json]:
    """
    Return the documents of a text, without the empty ones.

    Args:
        most: documents; of a text with more, one more than these is returned.

    Raises:
        UsageError: it is no YAML, has tags, or is beyond a bound; with its line.
    """
    found: list[Json] = []
    try:
        _check(text)
        loader = yaml.CSafeLoader(text)
        while len(found) <= most and loader.check_node():
            node = loader.get_node()
            value = None if node is None else _Reader().document(node)
            if value not in (None, {}, []):
                found.append(value)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"line {line}: it is no YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise UsageError("it holds characters that YAML does not allow") from error
    return found


def _check(text: str) -> None:
    """Look at the events alone, which nothing in the file can make many. Raises UsageError."""
    depth = 0
    for event in _events(text):
        tag = getattr(event, "tag", None)
        if tag and not str(tag).startswith(_TAG):
            raise UsageError(f"line {_line(event)}: the tag {str(tag)[:60]} is not read; write the value itself")
        if tag and tag not in _PLAIN:
            name = str(tag).removeprefix(_TAG)[:60]
            raise UsageError(f"line {_line(event)}: the tag !!{name} is not read; write the value itself")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise UsageError(f"line {_line(event)}: the nesting is more than {MAX_DEPTH} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _events(text: str) -> Iterator[yaml.Event]:
    loader = yaml.CSafeLoader(text)
    while (event := loader.get_event()) is not None:
        yield event
        if isinstance(event, yaml.StreamEndEvent):
            return


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Reader:
    """Reads one document. Nodes that aliases share are read once, and counted each time."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Json, int, int]] = {}
        self._construct = SafeConstructor()

    def document(self, node: yaml.Node) -> Json:
        value, size, _ = self._read(node)
        self._bound(node, size, 0)
        return value

    def _read(self, node: yaml.Node) -> tuple[Json, int, int]:
        """Return a value, how many it is with all in it, and how deep."""
        if id(node) in self._known:
            known = self._known[id(node)]
            if known[1] < 0:
                raise UsageError(f"line {node.start_mark.line + 1}: an alias contains itself")
            return known
        self._known[id(node)] = (None, -1, 0)
        match node:
            case yaml.MappingNode():
                read = self._mapping(node)
            case yaml.SequenceNode():
                parts = [self._read(each) for each in node.value]
                size, height = 1 + sum(each[1] for each in parts), 1 + max((each[2] for each in parts), default=0)
                read = ([each[0] for each in parts], size, height)
            case _:
                read = (self._scalar(node), 1 + len(node.value) // CHARACTERS_OF_VALUE, 0)
        self._bound(node, read[1], read[2])
        self._known[id(node)] = read
        return read

    def _bound(self, node: yaml.Node, size: int, height: int) -> None:
        if size > MAX_VALUES:
            raise UsageError(
                f"line {node.start_mark.line + 1}: there are more than {MAX_VALUES:,} values, or "
                f"{MAX_VALUES * CHARACTERS_OF_VALUE:,} characters, with aliases spelled out"
            )
        if height > MAX_DEPTH:
            raise UsageError(f"line {node.start_mark.line + 1}: the nesting is more than {MAX_DEPTH} levels deep")

    def _mapping(self, node: yaml.MappingNode) -> tuple[Json, int, int]:
        values: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        size, height = 1, 1
        for key, part in node.value:
            value, inner, above = self._read(part)
            size, height = size + inner + 1, max(height, above + 1)
            self._bound(node, size, height)  # before more is merged
            if key.tag == f"{_TAG}merge":
                for each in reversed(value if isinstance(value, list) else [value]):
                    merged |= each if isinstance(each, dict) else {}
            else:
                name = _key(key)
                if name in values:  # these tools take the last one, without a word
                    values[f"{name} (written twice)"] = values.pop(name)
                values[name] = value
        return {**merged, **values}, size, height

    def _scalar(self, node: yaml.Node) -> Json:
        name = node.tag.removeprefix(_TAG)
        if name not in ("null", "bool", "int", "float"):
            return str(node.value)
        try:
            value: Json = getattr(self._construct, f"construct_yaml_{name}")(node)
        except (ConstructorError, ValueError, OverflowError, KeyError):
            return str(node.value)
        return str(node.value) if isinstance(value, float) and value - value != 0 else value


def _key(node: yaml.Node) -> str:
    """Return the text of a key. Raises UsageError: it is a list or a mapping, which aliases repeat at length."""
    if not isinstance(node, yaml.ScalarNode):
        raise UsageError(f"line {node.start_mark.line + 1}: a key is a list or a mapping; keys are texts")
    if len(node.value) > MAX_KEY_CHARACTERS:
        raise UsageError(f"line {node.start_mark.line + 1}: a key has more than {MAX_KEY_CHARACTERS:,} characters")
    return str(node.value)
