"""
The names of values in the conditions of a watch with mistakes.

A mistake in `extract` takes the conditions from being judged (`sound_parts`). That a condition names a value which is
not there can be told all the same, from what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from watcher.config.document import KeyPath, Plain
from watcher.config.explain import did_you_mean
from watcher.config.models import OPERATORS, EntryModel, is_single_selector
from watcher.config.report import Report
from watcher.core.values import SINGLE_VALUE

_FEED_VALUES = ("title", "link")


def unknown_name(name: str, known: Iterable[str]) -> str:
    """Return that no value has the name, and which is meant or which there are."""
    names = list(known)
    suggestion = did_you_mean(name, names) or f"; there is {', '.join(names[:10]) or 'none'}"
    return f"`{name}` is not the name of a value{suggestion}"


def report_unknown_names(body: dict[str, Plain], unusable: Iterable[KeyPath], report: Report) -> None:
    """
    Report the names in `notify_when` that no value has.

    Args:
        body: a watch as it is written.
        unusable: paths of the file with mistakes, all in this watch; a value that has one counts as there.
    """
    mistaken = [[str(part) for part in path[2:]] for path in unusable]
    if ["extract"] in mistaken or ["items"] in mistaken or ["items", "fields"] in mistaken:
        return
    known = _names(body)
    if known is None:
        return
    known |= dict.fromkeys(
        path[depth] for path in mistaken for section, depth in _SECTIONS if path[:depth] == section and path[depth:]
    )
    for path, name in _tested(body.get("notify_when")):
        if name not in known:
            report.add(unknown_name(name, known), "notify_when", *path, name, at_key=True)


_SECTIONS = ((["extract"], 1), (["items", "fields"], 2))


def _names(body: dict[str, Plain]) -> dict[str, None] | None:
    """Return the names of the values, in their order; None when there is no telling."""
    match body:
        case {"items": {"feed": True, "fields": dict() as fields}}:
            return dict.fromkeys((*_FEED_VALUES, *fields))
        case {"items": {"feed": True}}:
            return dict.fromkeys(_FEED_VALUES)
        case {"items": {"fields": dict() as fields}}:
            return dict.fromkeys(fields)
        case {"items": _}:
            return None
        case {"extract": dict() as values} if not is_single_selector(values):
            return dict.fromkeys(values)
        case _:
            return {SINGLE_VALUE: None}


def _tested(entries: Plain | None) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield where each name stands in `notify_when`, and the name."""
    for index, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        for name in entry if isinstance(entry, dict) else ():
            if name not in EntryModel.keys and name not in OPERATORS:
                yield (index,) if isinstance(entries, list) else (), name
