"""Other `notify_when` for a watch, as somebody types it, to see what it would have told; nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from textwrap import dedent, indent
from typing import Final

from watcher.config.document import Plain, is_filled_in
from watcher.config.edits import WrittenWatch
from watcher.config.writing import Writer
from watcher.config.written import as_json, read_written, text_of
from watcher.config.yaml_reader import read
from watcher.config.yaml_text import flow, scalar
from watcher.core.values import Json
from watcher.core.watch import Watch
from watcher.errors import ConfigError

KEY: Final = "notify_when"
MAX_CHARACTERS: Final = 10_000


def with_other_rules(writer: Writer, watch: str, text: str) -> Watch:
    """
    Return a watch with what stands in a text in place of its `notify_when`.

    The environment is not filled in: whoever types here need not be who may read it.

    Args:
        text: YAML; `notify_when: …`, or what stands behind that: a list of entries, one entry, or one word.

    Raises:
        ConfigError: it is no YAML, or no such entries.
        UsageError: no file declares the watch.
    """
    rules = _rules_in(text)
    if not _are_entries(rules):
        raise ConfigError(f"{KEY}: must be entries, as `- price: {{below: 90}}`, and nothing besides")
    if is_filled_in(rules):
        raise ConfigError(f"{KEY}: `${{…}}` is not filled in here; write the value itself")
    return writer.with_keys(watch, {KEY: rules}, file=KEY)


def _are_entries(rules: Plain) -> bool:
    match rules:
        case list() | str():
            return True
        case dict():
            return KEY not in rules and any(isinstance(tests, dict) for tests in rules.values())
        case _:
            return False


def _rules_in(text: str) -> Plain:
    """Return the entries as they are written. Raises ConfigError."""
    if len(text) > MAX_CHARACTERS:
        raise ConfigError(f"{KEY}: is longer than {MAX_CHARACTERS:,} characters")
    document = read(text, file=KEY)
    if document.mistakes:
        raise ConfigError([problem for _, problem in document.mistakes])
    value = document.value
    return value[KEY] if isinstance(value, dict) and value.keys() == {KEY} else value


def entry_text(entry: Json) -> str:
    """Return one entry as a list of it, as people write it: `- price: {below: 90}`, `- added`."""
    if isinstance(entry, dict) and len(entry) == 1:
        ((name, tests),) = entry.items()
        return f"- {scalar(name)}: {flow(tests)}\n"
    return f"- {flow(entry)}\n"


def lines_with_rules(watch: str, written: WrittenWatch, text: str) -> str:
    """
    Return the lines of a watch with these entries in place of its own; its comments elsewhere stay.

    Where the entries have no lines of their own, the watch is written anew, without comments.

    Args:
        text: as `with_other_rules` takes it.

    Raises ConfigError: it is no YAML.
    """
    rules, body = _rules_in(text), written.body if isinstance(written.body, dict) else {}
    whole = {**body, KEY: rules}
    lines = _replaced(written.text, text)
    try:
        if read_written(lines).body == whole:
            return lines
    except ConfigError:  # what looked like its entries was something else
        pass
    anew = as_json(whole)
    assert isinstance(anew, dict)  # noqa: S101 - as it was before
    return text_of(watch, anew)


def _replaced(written: str, text: str) -> str:
    lines = written.splitlines(keepends=True)
    begin, end = own_lines(lines)
    margin = " " * _margin(lines[begin])
    entries = dedent(text.replace("\r\n", "\n")).strip("\n")
    whole = entries if entries.startswith(f"{KEY}:") else f"{KEY}:\n{indent(entries, '  ')}"
    return "".join([*lines[:begin], indent(whole, margin), "\n", *lines[end:]])


def own_lines(lines: Sequence[str]) -> tuple[int, int]:
    """Return where the entries of a watch begin and end in its lines; the same number twice where none are theirs."""
    begin = next((at for at, line in enumerate(lines) if line.lstrip().startswith(f"{KEY}:")), None)
    if begin is None:
        return 0, 0
    margin = _margin(lines[begin])
    rest = takewhile(lambda line: _margin(line) > margin or line.lstrip()[:1] in ("", "-"), lines[begin + 1 :])
    return begin, begin + 1 + len([*rest])


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())
