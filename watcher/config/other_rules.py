"""Other `notify_when` for a watch, as somebody types it, to see what it would have told; nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from watcher.config.document import Plain
from watcher.config.writing import Writer
from watcher.config.yaml_reader import read
from watcher.core.watch import Watch
from watcher.errors import ConfigError

KEY: Final = "notify_when"
MAX_CHARACTERS: Final = 10_000


def with_other_rules(writer: Writer, watch: str, text: str) -> Watch:
    """
    Return a watch with what stands in a text in place of its `notify_when`.

    The environment is not filled in: whoever types here need not be who may read it.

    Args:
        text: YAML; `notify_when: …`, or the entries alone.

    Raises:
        ConfigError: it is no YAML, or no such entries.
        UsageError: no file declares the watch.
    """
    if len(text) > MAX_CHARACTERS:
        raise ConfigError(f"{KEY}: is longer than {MAX_CHARACTERS:,} characters")
    document = read(text, file=KEY)
    if document.mistakes:
        raise ConfigError([problem for _, problem in document.mistakes])
    value = document.value
    rules = value[KEY] if isinstance(value, dict) and value.keys() == {KEY} else value
    if not isinstance(rules, list):
        raise ConfigError(f"{KEY}: must be a list of entries, as `- price: {{below: 90}}`, and nothing besides")
    if any("${" in text for text in _texts(rules)):
        raise ConfigError(f"{KEY}: `${{…}}` is not filled in here; write the value itself")
    return writer.with_keys(watch, {KEY: rules}, file=KEY)


def _texts(value: Plain) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for part in value:
                yield from _texts(part)
        case dict():
            for name, part in value.items():
                yield name
                yield from _texts(part)
        case _:
            return
