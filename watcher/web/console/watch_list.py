"""
Which watches a page of the console lists: all that there are, narrowed by what the address asks for, trouble first.

Where a watcher runs in this process they are what it knows; the disk is read where none does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import web
from msgspec import Struct

from watcher.core.check import WatchState
from watcher.core.live import Live, with_live_times
from watcher.core.protocols import WatchReader
from watcher.core.standing import Standing, standing_of
from watcher.core.watch import Watch
from watcher.web.addresses import id_in
from watcher.web.keys import LIVE, LOCAL, WATCHES, LocalWatcher
from watcher.web.sessions.account import CONSOLE

PATH: Final = f"{CONSOLE}/watches"
NEW: Final = f"{PATH}/new"
NO_WATCHES: Final = frozenset({"new", "pick", "saved"})
"""Addresses below it that are pages of ours: a watch that is made here is called otherwise."""
PER_PAGE: Final = 50
_LONGEST: Final = 200
_MOST_OFFERED: Final = 200
"""Topics, and tags, to choose from."""
_QUICK: Final = 5_000
"""Watches that are looked at on the event loop, which takes 8 ms; in a thread it goes on meanwhile."""
_URGENCY: Final = {standing: place for place, standing in enumerate(Standing)}


class Known(Struct, frozen=True, kw_only=True):
    """
    A watch of the list.

    Attributes:
        watch: as it is declared; None where no watcher runs in this process.
        state: with the times that the process knows.
    """

    id: str
    watch: Watch | None
    state: WatchState
    standing: Standing


class Asked(Struct, frozen=True, kw_only=True):
    """
    What the form over the list says.

    Attributes:
        text: stands in the id, the name or the address of a watch.
        page: from 1.
    """

    text: str = ""
    topic: str = ""
    tag: str = ""
    state: Standing | None = None
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """True when anything is asked for in particular."""
        return bool(self.query())

    def query(self) -> Mapping[str, str]:
        """Return the fields that narrow the list, as an address has them."""
        fields = {"text": self.text, "topic": self.topic, "tag": self.tag, "state": self.state or ""}
        return {name: value for name, value in fields.items() if value}

    def path(self, page: int = 1, *, of: str = PATH) -> str:
        """Return the address of a page of the list that is narrowed so; page 1 is the first."""
        query = urlencode({**self.query(), **({"page": page} if page > 1 else {})})
        return f"{of}?{query}" if query else of


class Listing(Struct, frozen=True, kw_only=True):
    """
    The watches that are asked for.

    Attributes:
        known: all of them, trouble first.
        shown: those of the page.
        counts: how many there would be in each state, with the rest of what is asked for.
        total: how many watches there are in all.
        topics, tags: to choose from.
    """

    known: Sequence[Known]
    shown: Sequence[Known]
    page: int
    pages: int
    counts: Mapping[Standing, int]
    total: int
    topics: Sequence[tuple[str, str]]
    tags: Sequence[str]


def path_of(watch: str) -> str:
    """Return the address of a watch's page; its id may hold dots and letters of any script."""
    return f"{PATH}/{quote(watch, safe='')}"


def asked_of(fields: Mapping[str, str]) -> Asked:
    """Return what an address, or a form, asks for; for anything odd all, and the first page."""
    given = {name: value.strip()[:_LONGEST] for name, value in fields.items()}
    state = given.get("state", "")
    return Asked(
        text=given.get("text", ""),
        topic=given.get("topic", ""),
        tag=given.get("tag", ""),
        state=Standing(state) if state in set(Standing) else None,
        page=max(1, id_in(given.get("page", ""))),
    )


async def known_watches(app: web.Application, *, now: datetime) -> Sequence[Known]:
    """Return all watches. Raises StoreError."""
    live, local = app[LIVE](), app.get(LOCAL)
    if local is None:
        return await asyncio.to_thread(lambda: list(_on_disk(app[WATCHES], live, now)))
    await local.refresh()
    watches = [*local.watches.values()]
    if len(watches) <= _QUICK:
        return _here(watches, local, live, now)
    return await asyncio.to_thread(_here, watches, local, live, now)


def _here(watches: Sequence[Watch], local: LocalWatcher, live: Live, now: datetime) -> Sequence[Known]:
    return [known_of(watch, local, live, now=now) for watch in watches]


def topic_names(app: web.Application) -> Mapping[str, str]:
    """Return the names of topics by their keys, as far as the watcher of this process has some."""
    local = app.get(LOCAL)
    return {} if local is None else {key: topic.name for key, topic in local.topics.items()}


def known_of(watch: Watch, local: LocalWatcher, live: Live, *, now: datetime) -> Known:
    """Return a watch as the watcher of this process knows it."""
    state = local.state(watch.id)
    if state.next_check_at is None or state.next_check_at < now:  # planned since, or under way: few are
        state = with_live_times(state, live.get(watch.id))
    return Known(
        id=watch.id, watch=watch, state=state, standing=standing_of(state, now=now, is_enabled=watch.is_enabled)
    )


def _on_disk(reader: WatchReader, live: Live, now: datetime) -> Iterator[Known]:
    for one, stored in reader.each_state():
        state = with_live_times(stored, live.get(one))
        yield Known(id=one, watch=None, state=state, standing=standing_of(state, now=now))


def by_urgency(known: Known) -> tuple[int, str]:
    """Return by what watches are sorted: trouble first, then by id."""
    return _URGENCY[known.standing], known.id


def listing(every: Sequence[Known], asked: Asked, names: Mapping[str, str]) -> Listing:
    """
    Return those of all watches that are asked for.

    Args:
        names: of topics, by key.
    """
    matching = [known for known in every if _matches(known, asked)]
    known = sorted((each for each in matching if asked.state in (None, each.standing)), key=by_urgency)
    pages = max(1, -(-len(known) // PER_PAGE))
    page = min(asked.page, pages)
    return Listing(
        known=known,
        shown=known[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=pages,
        counts=Counter(each.standing for each in matching),
        total=len(every),
        topics=_topics(every, asked, names),
        tags=_tags(every, asked),
    )


def _matches(known: Known, asked: Asked) -> bool:
    watch = known.watch
    if asked.topic and (watch is None or asked.topic not in topics_of(watch)):
        return False
    if asked.tag and (watch is None or asked.tag not in watch.tags):
        return False
    return not asked.text or asked.text.casefold() in _searched(known)


def _searched(known: Known) -> str:
    watch = known.watch
    return (known.id if watch is None else f"{known.id}\n{watch.name}\n{watch.request.shown_url}").casefold()


def topics_of(watch: Watch) -> Sequence[str]:
    """Return the topics that a watch may tell."""
    return [*watch.topics, *(topic for rule in watch.rules for topic in rule.topics)]


def _topics(every: Sequence[Known], asked: Asked, names: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    used = {topic for known in every if known.watch for topic in known.watch.topics}
    offered = sorted(used)[:_MOST_OFFERED]
    chosen = [asked.topic] if asked.topic and asked.topic not in offered else []
    return [(topic, names.get(topic, topic)) for topic in [*offered, *chosen]]


def _tags(every: Sequence[Known], asked: Asked) -> Sequence[str]:
    offered = sorted({tag for known in every if known.watch for tag in known.watch.tags})[:_MOST_OFFERED]
    return [*offered, *([asked.tag] if asked.tag and asked.tag not in offered else [])]
