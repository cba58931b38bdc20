"""
Compares what readers were told of changing pages with what the site has shown, and was asked.

| complaint | |
|---|---|
| broken | a message says from which version a page came, and that is not the one that the message before it led to |
| lost | a version that a check must have seen, of which nobody was told |
| invented | a version that was never answered, or a message that tells of none |
| doubled | a version that an inbox was told of twice |
| overlapping | a host was asked while it was answering another request |
| stray | a page was asked for where no file declares it any more, or not yet |

A check must have seen a version that was answered three times while nothing was struck: a watch is due again only
once what was found is safe, so the second time already says that the first was. The third is for a shard that
changes hands in between: then checks are broken off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from tests.faults.recording_site import Record, Visit, values_in

SURELY: Final = 3


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a message says: a page went from one version to another."""

    page: str
    old: int
    new: int

    def __str__(self) -> str:
        return f"{self.page} {self.old} → {self.new}"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """
    For how long a file declares a page, on the monotonic clock.

    Attributes:
        since: when the file was given.
        until: when the next one had been taken that does not; never, if none was.
    """

    page: str
    host: str
    since: float
    until: float = inf


@dataclass(frozen=True, kw_only=True)
class Unrest:
    """While something was struck, or taken over."""

    since: float
    until: float


@dataclass(frozen=True, kw_only=True)
class Books:
    """
    All that is known outside of the processes.

    Attributes:
        declared: each stay of each page.
        unrest: when anything was struck, in order.
        patience_seconds: so long after a file was taken that all keep to it.
    """

    record: Record
    declared: Sequence[Declared]
    unrest: Sequence[Unrest]
    patience_seconds: float

    def complaints(self, inboxes: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
        """Yield what is wrong, in words. `inboxes`: of those who follow everything, oldest first, by name."""
        for whose, items in inboxes.items():
            yield from (f"{whose}: {complaint}" for complaint in self.about_inbox(items))
        yield from self.about_requests()

    def about_inbox(self, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Yield what is wrong with an inbox: broken, lost, invented, doubled."""
        texts = [_text(item) for item in items]
        yield from (f"invented: {text!r}" for text in texts if told_in(text) is None)
        by_page = told_by_page(texts)
        served, seen = self._served(), self._surely_seen()
        for page in sorted(by_page.keys() | seen.keys()):
            told = by_page.get(page, [])
            yield from _invented(told, served.get(page, set()))
            yield from _broken_or_doubled(told)
            yield from (f"lost: {page} version {version}" for version in sorted(_lost(told, seen.get(page, set()))))

    def about_requests(self) -> Iterator[str]:
        """Yield what is wrong with what the site was asked: overlapping, stray."""
        newest: dict[str, Visit] = {}
        for visit in self.record.visits:
            before = newest.get(visit.host)
            if before is not None and visit.began_at < before.ended_at:
                yield f"overlapping: {visit.host} was asked for {visit.page} while it answered for {before.page}"
            if before is None or visit.ended_at > before.ended_at:
                newest[visit.host] = visit
        yield from (f"stray: {visit.page} was asked for at {visit.host}" for visit in self._strays())

    def untold(self, items: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Return the pages of now of which an inbox was not told, or may still be: what they show is looked at soon."""
        by_page = told_by_page(_text(item) for item in items)
        seen = self._surely_seen()
        return [
            each.page
            for each in self.declared
            if each.until == inf and not self._is_told(each.page, by_page.get(each.page, []), seen[each.page])
        ]

    def _is_told(self, page: str, told: Sequence[Told], seen: set[int]) -> bool:
        return self.record.newest(page) in seen and not _lost(told, seen)

    def _served(self) -> Mapping[str, set[int]]:
        served = defaultdict[str, set[int]](set)
        for visit in self.record.visits:
            if visit.version is not None:
                served[visit.page].add(visit.version)
        return served

    def _surely_seen(self) -> defaultdict[str, set[int]]:
        """Return the versions of each page that were answered often enough while nothing was struck."""
        counts: Counter[tuple[str, int, int]] = Counter()
        for visit in self.record.visits:
            if visit.version is not None and (calm := self._calm(visit.began_at)) is not None:
                counts[visit.page, visit.version, calm] += 1
        seen = defaultdict[str, set[int]](set)
        for (page, version, _), count in counts.items():
            if count >= SURELY:
                seen[page].add(version)
        return seen

    def _calm(self, at: float) -> int | None:
        """Return between which strikes this is; None amid one."""
        past = bisect_left(self.unrest, at, key=lambda each: each.until)
        return None if past < len(self.unrest) and self.unrest[past].since <= at else past

    def _strays(self) -> Iterator[Visit]:
        stays = defaultdict[tuple[str, str], list[Declared]](list)
        for each in self.declared:
            stays[each.page, each.host].append(each)
        for visit in self.record.visits:
            if not any(
                each.since <= visit.began_at <= each.until + self.patience_seconds
                for each in stays.get((visit.page, visit.host), [])
            ):
                yield visit


def told_in(text: str) -> Told | None:
    """Return what a message says; None where it tells of no page that went from one version to another."""
    match list(values_in(text.partition("\n")[0])):
        case [(page, old), (same, new)] if page == same:
            return Told(page=page, old=old, new=new)
    return None


def told_by_page(texts: Iterable[str]) -> Mapping[str, Sequence[Told]]:
    """Return what messages say, in their order, by page."""
    found = defaultdict[str, list[Told]](list)
    for text in texts:
        if (told := told_in(text)) is not None:
            found[told.page].append(told)
    return found


def _text(item: Mapping[str, Any]) -> str:
    return f"{item['summary']}\n{item['content']}"


def _known(told: Sequence[Told], seen: set[int]) -> set[int]:
    """Return the versions that a reader knows of: what he was told, and the one that came before, the baseline."""
    first = [told[0].old] if told else sorted(seen)[:1]
    return {*first, *(each.new for each in told)}


def _lost(told: Sequence[Told], seen: set[int]) -> set[int]:
    return seen - _known(told, seen)


def _invented(told: Sequence[Told], served: set[int]) -> Iterator[str]:
    return (f"invented: {each}" for each in told if not {each.old, each.new} <= served)


def _broken_or_doubled(told: Sequence[Told]) -> Iterator[str]:
    before: Told | None = None
    known: set[int] = set()
    for each in told:
        if each.new in known:
            yield f"doubled: {each}"
            continue  # a chain that a doubled message interrupts is one complaint
        if before is not None and each.old != before.new:
            yield f"broken: {each} after {before}"
        known.add(each.new)
        before = each
