"""
Watches → the text of their files: above each the job that it was, as a comment, and what differs.

One file has at most 1 MB, as the loader reads; more watches go into further ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import yaml

from watcher.config.importing.changedetection import STATE, USUAL
from watcher.config.importing.conversion import Fate, mapping
from watcher.config.importing.masks import masked_job, masked_text
from watcher.config.importing.source import Format, Source
from watcher.config.importing.watches import ImportedWatch, text_of
from watcher.config.yaml_text import block
from watcher.core.values import Json
from watcher.core.words import one_line

MAX_FILE_BYTES: Final = 900_000
MAX_COMMENT_LINES: Final = 60
_WIDTH: Final = 200
_UNPRINTABLE_AS: Final = "\N{REPLACEMENT CHARACTER}"
_UNCHANGED: Final[tuple[Json, ...]] = (None, "", [], {}, False, 0)


def texts(source: Source, watches: Sequence[ImportedWatch], *, name: str, topic: str, declares: bool) -> list[str]:
    """
    Return the text of each file.

    Args:
        name: of the file that was imported.
        declares: whether the first file declares the topic.
    """
    head = f"{beginning(name)} ({source.tool}) by `watcher import`. Edit it as you like."
    topics = ["topics:", *block({topic: {"name": topic.replace("-", " ").capitalize()}}, 2), ""] if declares else []
    files = [[head, "", *topics, "watches:"]]
    size = 0
    for watch in watches:
        lines = ["", *_comment(source, watch), *(text_of(watch) if watch.id else [])]
        length = sum(len(line.encode()) + 1 for line in lines)
        if size and size + length > MAX_FILE_BYTES:
            files.append([head, "", "watches:"])
            size = 0
        files[-1] += lines
        size += length
    return ["\n".join([*_with_watches(lines), ""]) for lines in files]


def beginning(name: str) -> str:
    """Return how each file of an import begins, by the name of the file that was imported."""
    return f"# Imported from {one_line(name)}"


def left_over(name: str, tool: str) -> str:
    """Return the text of a file that an import does not need any more; it is known as one of that import."""
    told = "It was larger, and has no watches here any more."
    return f"{beginning(name)} ({tool}) by `watcher import`. {told}\nwatches: {{}}\n"


def is_part(text: str, name: str) -> bool:
    """Return whether a text is of a file that an import of this name wrote."""
    first = text.removeprefix("\ufeff").partition("\n")[0]
    return first.startswith(f"{beginning(name)} (") and "by `watcher import`" in first


def _with_watches(lines: list[str]) -> list[str]:
    """Return the lines of a file, whose `watches` is an empty mapping where it has none."""
    at = lines.index("watches:")
    if any(line.startswith("  ") and not line.lstrip().startswith("#") for line in lines[at + 1 :]):
        return lines
    return [*lines[:at], "watches: {}", *lines[at + 1 :]]


def _comment(source: Source, watch: ImportedWatch) -> list[str]:
    of_job = _dumped(source, watch)
    lines = [f"  # {line}" if line else "  #" for line in of_job[:MAX_COMMENT_LINES]]
    if len(of_job) > MAX_COMMENT_LINES:
        lines.append(f"  # … and {len(of_job) - MAX_COMMENT_LINES} lines more")
    told = [each for each in watch.findings if each.fate is not Fate.MAPPED or (each.key == "url" and each.how)]
    if watch.id is None:
        is_hopeless = watch.fate is Fate.IMPOSSIBLE
        lines.append(f"  # → no watch: {'it is not possible here' if is_hopeless else 'it cannot be written so'}")
    lines += [f"  # → {each.fate}: {_shown(each.key)}: {_shown(each.how)}" for each in told]
    return lines


def _shown(text: str) -> str:
    return _printable(masked_text(one_line(text)))


def _dumped(source: Source, watch: ImportedWatch) -> list[str]:
    job = masked_job(dict(watch.original))
    if source.format is Format.CHANGEDETECTION:
        job = {key: value for key, value in mapping(job).items() if _is_telling(key, value)}
    dumped = yaml.safe_dump(job, allow_unicode=True, sort_keys=False, default_flow_style=False, width=_WIDTH)
    return [_printable(line) for line in dumped.splitlines()]


def _is_telling(key: str, value: Json) -> bool:
    """Return whether a key of changedetection.io, which writes all of them always, says something of the job."""
    if key == "time_schedule_limit":
        return bool(mapping(value).get("enabled"))
    if key == "time_between_check":
        return any(mapping(value).values())
    return key not in STATE and value not in _UNCHANGED and value != USUAL.get(key)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else _UNPRINTABLE_AS for letter in text)
