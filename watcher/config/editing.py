"""
Changes to the text of a file of watches: what people wrote stays as it is, byte for byte, comments too.

No document is ever dumped. The text is changed at the places that the parser names, and what comes out is read again:
if it does not say exactly what was meant, nothing is changed.

| change            | where it goes                                                                          |
|-------------------|----------------------------------------------------------------------------------------|
| another watch     | below the last one, and below the comments that are indented as those of a watch are    |
| another selector  | in the place of the old one                                                            |
| another `include` | below those that are there; where there is none, below the comments that begin the file |
| a whole watch     | in the place of its lines: from its id to the last comment that is indented below it   |
| no watch          | its lines go, with the empty ones below them                                           |
| another id        | in the place of the old one, which `was` names below it                                |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import yaml

from watcher.config import yaml_reader
from watcher.config.document import Plain, dotted
from watcher.config.models import is_single_selector
from watcher.config.watch_lines import LINE, WatchLines, below_comments, ended, indented, joined, line_at, line_break
from watcher.config.yaml_text import block, flow, scalar
from watcher.core.proposal import language_of
from watcher.core.values import Json
from watcher.errors import ConfigError, UsageError

KeyPath: TypeAlias = tuple[str, ...]
_BLANK: Final = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")
_DOCUMENT: Final = re.compile(r"^---.*$", re.MULTILINE)
_ODD_FILE: Final = "this file is written in a way in which it cannot be changed here; change it by hand"
_LANGUAGES: Final = ("css", "xpath", "jsonpath", "product", "part")


def with_watch(text: str, watch: str, body: dict[str, Json]) -> str:
    """
    Return the text of a file of watches with one more watch.

    Raises:
        ConfigError: the text is no YAML.
        UsageError: it has a watch of this id, or is written in a way in which nothing can be added.
    """
    wanted = _read(text)
    watches = _watches_without(wanted, watch)
    watches[watch] = _plain(body)
    root = _composed(text)
    found = _child(root, "watches")
    if found is not None and _is_flow(found) and _parts(found):
        end = found.end_mark.index - 1
        return _checked(f"{text[:end].rstrip()}, {flow({watch: body})[1:-1]}{text[end:]}", wanted)
    return _checked(_with_lines(text, root, lambda indent: _watch(watch, body, indent)), wanted)


def with_written_watch(text: str, watch: str, written: str, *, file: str = "the file") -> str:
    """
    Return the text of a file of watches with one more watch, as somebody wrote it.

    Args:
        written: its id, and what is below it; however far it is indented.
        file: what its mistakes name.

    Raises:
        ConfigError: the text is no YAML, or what comes of it is none.
        UsageError: there is a watch of this id; what is written says more than this watch; as `with_watch`.
    """
    wanted = _read(text)
    _watches_without(wanted, watch)
    root = _composed(text)
    found = _child(root, "watches")
    if found is not None and _is_flow(found) and _parts(found):
        raise UsageError(_ODD_FILE)
    return _only(watch, _with_lines(text, root, lambda indent: indented(written, indent)), wanted, file)


def with_other_watch(text: str, watch: str, written: str, *, file: str = "the file") -> str:
    """
    Return the text with what somebody wrote in the place of a watch.

    Args:
        written, file: as of `with_written_watch`.

    Raises:
        ConfigError: as of `with_written_watch`.
        UsageError: there is no such watch, or it does not stand in lines of its own; as `with_written_watch`.
    """
    wanted = _read(text)
    found = _block(text, watch)
    lines = joined(text, indented(written, found.indent))
    return _only(watch, text[: found.start] + lines + text[found.end :], wanted, file)


def without_watch(text: str, watch: str) -> str:
    """
    Return the text of a file of watches without one of them.

    Raises:
        ConfigError: the text is no YAML.
        UsageError: there is no such watch, or it does not stand in lines of its own.
    """
    wanted = _read(text)
    found = _block(text, watch)
    start, end = found.start, found.end
    watches = wanted["watches"]
    assert isinstance(watches, dict)  # noqa: S101 - it has the watch
    del watches[watch]
    while end < len(text) and (line := line_at(text, end)) and not line.strip():
        end += len(line)
    if not watches:
        key = next(key for key, _ in _parts(_composed(text)) if key.value == "watches")
        colon = text.index(":", key.end_mark.index) + 1
        return _checked(f"{text[:colon]} {{}}{text[colon:start]}{text[end:]}", wanted)
    return _checked(text[:start] + text[end:], wanted)


def with_renamed_watch(text: str, watch: str, name: str, was: str) -> str:
    """Return the text in which a watch of it has another id, and `was` says which it had. Raises as `with_watch`."""
    wanted = _read(text)
    watches = _watches_without(wanted, name)
    found = _child(_composed(text), "watches")
    key, body = next(pair for pair in (_parts(found) if found else ()) if pair[0].value == watch)
    said = watches.pop(watch)
    if not isinstance(body, yaml.MappingNode) or not isinstance(said, dict):
        raise UsageError(_ODD_FILE)
    watches[name] = {**said, "was": was}
    if (before := _child(body, "was")) is not None:
        text = _put(text, before, scalar(was))
    else:
        first = body.value[0][0].start_mark
        apart = ", " if body.flow_style else line_break(text) + " " * first.column
        text = f"{text[: first.index]}was: {scalar(was)}{apart}{text[first.index :]}"
    return _checked(_put(text, key, scalar(name)), wanted)


def lines_of_watches(text: str) -> dict[str, WatchLines]:
    """Return where each watch of a text stands that has lines of its own; the text was read before, and is sound."""
    found = _child(_composed(text), "watches")
    pairs = _parts(found) if found is not None and not _is_flow(found) else ()
    return {str(key.value): lines for index, (key, _) in enumerate(pairs) if (lines := _own(text, found, index))}


def _watches_without(wanted: dict[str, Plain], watch: str) -> dict[str, Plain]:
    """Return the watches of a file, to change them. Raises UsageError where one has this id."""
    watches = wanted.setdefault("watches", {})
    if not isinstance(watches, dict):
        raise UsageError("`watches` is no mapping")
    if watch in watches:
        raise UsageError(f"there is a watch {watch} already")
    return watches


def _with_lines(text: str, root: yaml.MappingNode, lines_of: Callable[[int], Sequence[str]]) -> str:
    """Return the text with a watch below the last one. `lines_of`: what it is, indented by so much."""
    found = _child(root, "watches")
    if found is None:
        return _appended(text, _end_of(text, root), ["watches:", *lines_of(2)])
    assert isinstance(found, yaml.MappingNode)  # noqa: S101 - it was read as a mapping
    if not found.flow_style:
        return _inserted_below(text, found, lines_of(found.value[0][0].start_mark.column))
    start, end = _span(found)
    rest = text[end:]
    below = rest.lstrip(" \t") if rest.strip(" \t")[:1] in ("", "\r", "\n") else line_break(text) + rest
    below = below.removeprefix(line_break(text))
    return text[:start].rstrip(" ") + line_break(text) + joined(text, lines_of(2)) + below


def _block(text: str, watch: str) -> WatchLines:
    """Return where the lines of a watch stand. Raises UsageError."""
    found = _child(_composed(text), "watches")
    pairs = _parts(found) if found is not None else ()
    index = next((index for index, (key, _) in enumerate(pairs) if key.value == watch), None)
    if found is None or index is None:
        raise UsageError(f"there is no watch {watch} in this file")
    lines = None if _is_flow(found) else _own(text, found, index)
    if lines is None:
        raise UsageError(_ODD_FILE)
    return lines


def _own(text: str, watches: yaml.Node | None, index: int) -> WatchLines | None:
    """Return where the lines of one of the watches stand; None where it shares them."""
    assert watches is not None  # noqa: S101 - it has this watch
    pairs = _parts(watches)
    mark = pairs[index][0].start_mark
    start, indent = mark.index - mark.column, mark.column
    if text[start : mark.index].strip(" "):
        return None
    return WatchLines.of(text, start, _limit(text, watches, index), indent=indent, line=mark.line + 1)


def _limit(text: str, watches: yaml.Node, index: int) -> int:
    """Return where the line begins that cannot be one of this watch any more."""
    pairs = _parts(watches)
    if index + 1 < len(pairs):
        after = pairs[index + 1][0].start_mark
        return int(after.index - after.column)
    # For the parser the last line of a file may end before its break.
    end = watches.end_mark
    return int(end.index - end.column) if text[end.index :].strip() else len(text)


def _only(watch: str, text: str, before: dict[str, Plain], file: str) -> str:
    """Return the text if nothing but this watch is otherwise than before. Raises ConfigError, UsageError."""
    after = _read(text, file=file)
    watches = after.get("watches")
    if not isinstance(watches, dict) or watch not in watches:
        raise UsageError(f"a watch begins with its id; write `{watch}:` as the first line, and the rest indented")
    known = before.get("watches")
    wanted = {**before, "watches": {**(known if isinstance(known, dict) else {}), watch: watches[watch]}}
    if after != wanted:
        raise UsageError(
            f"what is written says more than the watch {watch}; only what stands below `{watch}:` is taken"
        )
    return text


def with_selector(text: str, watch: str, name: str, css: str) -> str:
    """
    Return the text of a file of watches in which another selector finds one value.

    What else is said of the value (`type`, `regex`, …) stays.

    Args:
        css: or a JSONPath, which begins with `$`.
        name: of the value; `key` and `items` are the identity of a list's rows and the rows themselves.

    Raises:
        ConfigError: the text is no YAML.
        UsageError: there is no such selector, or it stands where it cannot be changed alone, as in an alias.
    """
    wanted = _read(text)
    node: yaml.Node = _composed(text)
    parent: Plain = wanted
    path = ("watches", watch, *_place_of(wanted, watch, name))
    for part in path[:-1]:
        node, parent = _below(node, parent, part, path)
    found, value = _below(node, parent, path[-1], path)
    assert isinstance(parent, dict)  # noqa: S101 - the last part was found below it
    if isinstance(value, str):
        parent[path[-1]] = css
        return _checked(_put(text, found, scalar(css)), wanted)
    key, selector = _language_of(found, path)
    assert isinstance(value, dict)  # noqa: S101 - it has a language
    language = language_of(css)
    parent[path[-1]] = {word: part for word, part in value.items() if word != key.value} | {language: css}
    changed = _put(text, selector, scalar(css))
    return _checked(changed if key.value == language else _put(changed, key, language), wanted)


def _watch(name: str, body: dict[str, Json], indent: int) -> list[str]:
    return [f"{' ' * indent}{scalar(name)}:", *block(body, indent + 2)]


def _place_of(file: dict[str, Plain], watch: str, name: str) -> KeyPath:
    """Return where in a watch a selector stands, however short it is written."""
    watches = file.get("watches")
    body = watches.get(watch) if isinstance(watches, dict) else None
    if not isinstance(body, dict):
        raise UsageError(f"there is no watch {watch} in this file")
    if "items" in body:
        return {"items": ("items",), "key": ("items", "key")}.get(name, ("items", "fields", name))
    extract = body.get("extract")
    is_alone = isinstance(extract, str) or (isinstance(extract, dict) and is_single_selector(extract))
    return ("extract",) if is_alone else ("extract", name)


def _below(node: yaml.Node, value: Plain, part: str, path: KeyPath) -> tuple[yaml.Node, Plain]:
    child = _child(node, part)
    if child is None or not isinstance(value, dict):
        raise UsageError(f"there is no {dotted(path)} to change")
    return child, value[part]


def _language_of(node: yaml.Node, path: KeyPath) -> tuple[yaml.Node, yaml.Node]:
    """Return the word that says how a value is found, and what stands behind it."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value in _LANGUAGES:
            return key, value
    raise UsageError(f"{dotted(path)} has no selector to change")


def with_include(text: str, pattern: str) -> str:
    """
    Return the text of the main file with one more pattern in `include`.

    Raises:
        ConfigError: the text is no YAML.
        UsageError: it is written in a way in which nothing can be added.
    """
    wanted = _read(text)
    before = wanted.get("include")
    wanted["include"] = pattern if before is None else [*(before if isinstance(before, list) else [before]), pattern]
    root = _composed(text)
    found = _child(root, "include")
    match found:
        case None:
            changed = _with_first(text, root, pattern)
        case yaml.SequenceNode() if not found.flow_style and found.value:
            column = found.start_mark.column
            changed = _inserted_below(text, found, [f"{' ' * column}- {scalar(pattern)}"])
        case yaml.SequenceNode():
            end = found.end_mark.index - 1
            comma = ", " if found.value else ""
            changed = f"{text[:end].rstrip()}{comma}{scalar(pattern)}{text[end:]}"
        case _:
            changed = _put(text, found, flow([str(before), pattern]))
    return _checked(changed, wanted)


def _with_first(text: str, root: yaml.MappingNode, pattern: str) -> str:
    """Return the text with `include` as its first key: below the comments that tell of the file, above the others."""
    if root.flow_style:
        start = root.start_mark.index + 1
        comma = ", " if root.value else ""
        return f"{text[:start]}{flow({'include': pattern})[1:-1]}{comma}{text[start:]}"
    first = root.start_mark.index
    begins = max((match.end() for match in _DOCUMENT.finditer(text, 0, first)), default=0)
    at = max((match.end() for match in _BLANK.finditer(text, begins, first)), default=first)
    return text[:at] + joined(text, [f"include: {scalar(pattern)}", ""]) + text[at:]


def _read(text: str, *, file: str = "the file") -> dict[str, Plain]:
    """Return what a text says, nothing in it shared: what an alias repeats is changed in one place alone."""
    document = yaml_reader.read(text, file=file)
    if document.mistakes:
        raise ConfigError([problem for _, problem in document.mistakes])
    value = _copied(document.value)
    if not isinstance(value, dict):
        raise UsageError("the file must be a mapping with `watches`")
    return value


def _copied(value: Plain) -> Plain:
    match value:
        case dict():
            return {key: _copied(part) for key, part in value.items()}
        case list():
            return [_copied(part) for part in value]
        case _:
            return value


def _composed(text: str) -> yaml.MappingNode:
    """Return the nodes of a text that was read before, whose size and depth are within bounds."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101 - it was read as a mapping
    return root


def _checked(text: str, wanted: dict[str, Plain]) -> str:
    """Return the text if it says what was wanted. Raises UsageError."""
    try:
        if _read(text) == wanted:
            return text
    except (ConfigError, UsageError):  # the change would have broken it
        pass
    raise UsageError(_ODD_FILE)


def _child(node: yaml.Node, key: str) -> yaml.Node | None:
    return next((value for name, value in _parts(node) if name.value == key), None)


def _parts(node: yaml.Node) -> Sequence[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else ()


def _is_flow(node: yaml.Node) -> bool:
    return bool(isinstance(node, yaml.CollectionNode) and node.flow_style)


def _span(node: yaml.Node) -> tuple[int, int]:
    """Return where a value begins and ends."""
    return node.start_mark.index, node.end_mark.index


def _end_of(text: str, node: yaml.Node) -> int:
    """Return where the last word of a value ends: a block ends for the parser where the next key begins."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    value = last[1] if isinstance(last, tuple) else last
    return _last_word(text, node) if _is_alias(node, value) else _end_of(text, value)


def _is_alias(node: yaml.CollectionNode, last: yaml.Node) -> bool:
    """Return whether the last value of a block stands elsewhere, above: an alias has no place of its own."""
    begin = node.value[-1][0] if isinstance(node, yaml.MappingNode) else node
    return last.start_mark.index < begin.start_mark.index or any(last is each for each in node.value[:-1])


def _last_word(text: str, node: yaml.Node) -> int:
    """Return where the last line of a block ends that is more than a comment."""
    lines = LINE.finditer(text, node.start_mark.index, node.end_mark.index)
    return max(line.end() for line in lines if (said := line[0].strip()) and not said.startswith("#"))


def _put(text: str, node: yaml.Node, written: str) -> str:
    start, end = _span(node)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        written += line_break(text)
    return text[:start] + written + text[end:]


def _inserted_below(text: str, node: yaml.CollectionNode, lines: Sequence[str]) -> str:
    """Return the text with these lines below a block, and below the comments that are indented and so belong to it."""
    at = below_comments(text, _line_end(text, _end_of(text, node)))
    return text[:at] + ended(text, at) + joined(text, lines) + text[at:]


def _appended(text: str, end: int, lines: Sequence[str]) -> str:
    at = _line_end(text, end)
    return text[:at] + ended(text, at) + joined(text, ["", *lines]) + text[at:]


def _line_end(text: str, index: int) -> int:
    """Return where the line ends on which something does; of a block of text that is where the next line begins."""
    if index and text[index - 1] in "\r\n":
        return index
    found = LINE.match(text, index)
    assert found  # noqa: S101 - it matches anything
    return found.end()


def _plain(value: Json) -> Plain:
    """Return a value as the reader gives it back."""
    return yaml_reader.read(flow(value), file="").value
