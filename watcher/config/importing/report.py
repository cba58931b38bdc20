"""What became of each key: for people, in lines, and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from watcher.config.importing.conversion import WORST_LAST, Fate, Finding
from watcher.config.importing.masks import masked_text
from watcher.config.importing.notifying import place_of
from watcher.config.importing.source import Source
from watcher.config.importing.watches import ImportedWatch
from watcher.core.urls import host_of
from watcher.core.values import Json
from watcher.core.words import cut, one_line

_KEY_CHARACTERS = 100
_SEVERAL = 3
"""Of so many jobs, what is the same in all is said once."""


class Report(Struct, frozen=True, kw_only=True):
    """
    What became of the jobs of a file.

    Attributes:
        source: the file.
        watches: a job each.
    """

    source: Source
    watches: Sequence[ImportedWatch]

    @property
    def summary(self) -> str:
        """One line: `40 jobs of urlwatch: 31 mapped, 6 near, 2 to be finished, 1 impossible`."""
        counts = Counter(watch.fate for watch in self.watches)
        told = ", ".join(f"{counts[fate]:,} {fate}" for fate in Fate)
        number = len(self.watches)
        return f"{number:,} job{'' if number == 1 else 's'} of {self.source.tool}: {told}"

    def lines(self) -> Iterator[str]:
        """Return the lines for people: each job with all of its keys, what differs of all, and the summary."""
        shared = self._shared()
        for watch in self.watches:
            yield from _lines(watch, shared)
        yield ""
        if shared:
            yield f"all jobs, mapped: {', '.join(shared)}"
        for difference in self.source.differences:
            yield f"all jobs, near: {difference}"
        for key, how in self.source.settings:
            yield f"settings, {key}: {how}"
        for of, destination in self.source.destinations:
            shown, place = place_of(destination)
            yield f"notifications of {_line(of)} went to {_line(shown)}; here: {place}"
        if private := [f"{watch.id} ({_line(host_of(str(watch.body['url'])))})" for watch in self._private()]:
            yield f"asked in your private network, by `allow_private: true`: {', '.join(private)}"
        yield self.summary

    def _private(self) -> Iterator[ImportedWatch]:
        return (watch for watch in self.watches if watch.body.get("allow_private"))

    def _shared(self) -> Sequence[str]:
        """Return the keys that are mapped in each of several jobs, and say the same of all: they are named once."""
        if len(self.watches) < _SEVERAL:
            return ()
        first, *others = (_mapped(watch) for watch in self.watches)
        found = set(first.items()).intersection(*(each.items() for each in others))
        return [key for key, how in first.items() if (key, how) in found]

    def records(self) -> Iterator[dict[str, Json]]:
        """Return a record of each job, and one of the whole, for programs."""
        for watch in self.watches:
            yield {
                "job": watch.number,
                "id": watch.id,
                "title": _line(watch.title),
                "enabled": bool(watch.id) and watch.body.get("enabled") is not False,
                "fate": str(watch.fate),
                "keys": [{"key": _key(each), "fate": str(each.fate), "how": _how(each)} for each in watch.findings],
            }
        counts = Counter(watch.fate for watch in self.watches)
        yield {
            "tool": self.source.tool,
            "jobs": len(self.watches),
            "watches": sum(watch.id is not None for watch in self.watches),
            "fates": {str(fate): counts[fate] for fate in Fate},
            "private": [watch.id for watch in self._private()],
            "differences": [*self.source.differences],
            "settings": [{"key": key, "how": how} for key, how in self.source.settings],
            "notifications": [
                {"of": _line(of), "was": place_of(each)[0], "now": place_of(each)[1]}
                for of, each in self.source.destinations
            ],
        }


def _mapped(watch: ImportedWatch) -> dict[str, str]:
    """Return the keys of a job of which nothing differs, and how."""
    return {_key(each): each.how for each in watch.findings if each.fate is Fate.MAPPED}


def _lines(watch: ImportedWatch, shared: Sequence[str]) -> Iterator[str]:
    name = watch.id or "no watch"
    title = "" if watch.id and watch.title == watch.id else f" ({cut(_line(watch.title), 80)})"
    rests = ", not checked yet" if watch.id and watch.body.get("enabled") is False else ""
    yield f"{watch.number}. {name}{title}: {watch.fate}{rests}"
    if mapped := [key for key in _mapped(watch) if key not in shared]:
        yield f"   mapped: {', '.join(mapped)}"
    for fate in WORST_LAST[1:]:
        for each in watch.findings:
            if each.fate is fate:
                yield f"   {fate}: {_key(each)}: {_how(each)}"


def _key(finding: Finding) -> str:
    return cut(_line(finding.key), _KEY_CHARACTERS)


def _how(finding: Finding) -> str:
    return _line(finding.how)


def _line(text: str) -> str:
    text = masked_text(one_line(text))
    return "".join(letter if letter.isprintable() else " " for letter in text)
