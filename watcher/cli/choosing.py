"""Which watches a command is for."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence

from watcher.core.watch import Watch, WatchFile
from watcher.errors import UsageError

_NAMES = 5
"""Watches that an error names."""


def chosen(file: WatchFile, ids: Sequence[str] | None, tag: str | None = None) -> Sequence[str]:
    """Return the watches that are named, or all that are enabled. Raises UsageError for one that is not there."""
    for watch in ids or ():
        if watch not in file.watches:
            refuse_unknown(watch, file.watches)
    named = [file.watches[watch] for watch in dict.fromkeys(ids or file.watches)]
    return [watch.id for watch in tagged(named, tag) if ids or watch.is_enabled]


def tagged(watches: Iterable[Watch], tag: str | None) -> list[Watch]:
    """Return those with this tag; None: all. Raises UsageError when there are none."""
    among = list(watches)
    found = [watch for watch in among if tag is None or tag in watch.tags]
    if not found and tag is not None:
        known = ", ".join(sorted({name for watch in among for name in watch.tags})) or "none"
        raise UsageError(f"no watch has the tag {tag}; tags: {known}")
    return found


def refuse_unknown(watch: str, known: Collection[str]) -> None:
    """Raise UsageError: there is no such watch; it names one that may be meant, or some that are there."""
    raise UsageError(f"there is no watch {watch}; {_meant(watch, known, 'watches')}")


def refuse_unchecked(watch: str, known: Collection[str]) -> None:
    """Raise UsageError: the watch was never checked, or there is none; it names those that were."""
    raise UsageError(f"no check of a watch {watch} is known yet; {_meant(watch, known, 'checked watches')}")


def _meant(watch: str, known: Collection[str], what: str) -> str:
    if close := difflib.get_close_matches(watch, known, n=1):
        return f"did you mean {close[0]}?"
    names = [*known]
    return f"{what}: " + (", ".join([*names[:_NAMES], *(["…"] if len(names) > _NAMES else [])]) or "none")
