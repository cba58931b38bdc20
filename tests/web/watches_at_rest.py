"""The operator's browser in front of watches that wait for their next check, as they were told to be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

from msgspec import Struct
from msgspec.structs import replace

from tests.core.builders import play, price, seats, watch
from tests.running import meanwhile
from tests.web.console_desk import Desk, session_of
from tests.web.login import serving
from tests.web.serving import a_push_service
from watcher.core.check import CheckFailure, Decision, Seen
from watcher.core.settings import Settings
from watcher.core.values import Money
from watcher.core.watch import Topic, Watch
from watcher.runtime.driving import WatcherHere
from watcher.runtime.watching import Watching
from watcher.store.watch_store import open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

_GROUP: Final = 500
_BOOKS: Final = (
    ("dune", "Dune", "12.00", "8.50"),
    ("solaris", "Solaris", "9.50", "9.50"),
    ("ubik", "Ubik", "8.90", "9.40"),
)
_NAMES: Final = {"books": "Price drops", "courses": "Courses", "home": "At home"}
_TOPICS: Final = {key: Topic(key=key, name=name) for key, name in _NAMES.items()}
_LOST: Final = "`price`: the selector `.price` finds nothing; `watcher suggest kettle` shows where it may be now"


class _Checker(Struct, frozen=True, kw_only=True):
    """What the console looks at of what checks."""

    runner: Runner
    topics: Mapping[str, Topic]
    fetcher: None = None
    pool: None = None


class _Parts(Struct, frozen=True, kw_only=True):
    """The parts of a watcher that the console looks at."""

    checker: _Checker


@asynccontextmanager
async def a_desk_before(
    directory: Path, watches: Mapping[str, Watch], decisions: Sequence[Decision], topics: Mapping[str, Topic]
) -> AsyncIterator[Desk]:
    """Keep a console open whose watches have come to these decisions, each the first of its watch."""
    settings = Settings(data=directory / "data", base_url="http://push.example")
    store, _ = await open_watch_store(settings.watches)
    for begin in range(0, len(decisions), _GROUP):
        await store.commit(decisions[begin : begin + _GROUP])
    committer = Committer(store, store.outbox, on_messages=lambda: None)
    runner = Runner(
        watches,
        {decision.watch: decision.state for decision in decisions},
        CheckTools(fetcher=cast("object", None), readers=cast("object", None), epoch=lambda: "epoch"),  # type: ignore[arg-type]
        committer,
        Clocks(now=lambda: datetime.now(UTC), chance=lambda: 0.5),
    )
    local = WatcherHere(cast("Watching", _Parts(checker=_Checker(runner=runner, topics=topics))), None)
    async with (
        meanwhile(committer.run()),
        a_push_service(directory, now=lambda: datetime.now(UTC)) as push,
        serving(push, settings, live=runner.live, local=local) as site,
    ):
        yield Desk(site=site, session=session_of(directory / "push.sqlite3", at=datetime.now(UTC)), account_id=None)
    await store.close()


def at_rest(decision: Decision, *, now: datetime, changed_at: datetime | None = None, **state: object) -> Decision:
    """
    Return what a watch has come to, as the first that is known of it: its history begins with that change.

    Args:
        changed_at: when it changed, where it has.
    """
    times = {"checked_at": now, "good_at": now, "next_check_at": now + timedelta(minutes=30), "changed_at": changed_at}
    newest = replace(decision.state, **{**times, "sequence": 1, **state})
    change = None
    if decision.change is not None and changed_at is not None:
        change = replace(decision.change, sequence=1, changed_at=changed_at)
    return replace(decision, state=newest, change=change, messages=(), events=(), is_durable=True)


def watches_of_every_kind(directory: Path) -> AbstractAsyncContextManager[Desk]:
    """Keep a console open before watches that are fine, have changed, fail, are muted and paused."""
    decisions = list(_decisions())
    watches = {decision.watch: watched for decision, watched in decisions}
    return a_desk_before(directory, watches, [decision for decision, _ in decisions], _TOPICS)


def _decisions() -> Iterator[tuple[Decision, Watch]]:
    """Yield what each watch has come to, with the watch."""
    now = datetime.now(UTC)
    for id_, name, before, price_ in _BOOKS:
        of = _watch(id_, name, f"https://books.example/{id_}", "books", "shop")
        changed_at = now - timedelta(hours=len(name)) if before != price_ else None
        yield at_rest(play(of, _price(before), _price(price_))[-1], now=now, changed_at=changed_at), of
    of = replace(watch(is_list=True), id="cs", name="Computer science, free seats", topics=("courses",))
    of = replace(of, request=replace(of.request, url="https://university.example/courses?dept=CS"))
    listed = play(of, seats({"CS101": 0, "CS102": 3}), seats({"CS101": 2, "CS102": 3, "CS240": 12}))[-1]
    yield at_rest(listed, now=now, changed_at=now - timedelta(minutes=20)), of
    for id_, name, host, state in _trouble(now):
        of = _watch(id_, name, f"https://{host}.example/{id_}", "home", "shop")
        decision = at_rest(play(of, _price("39.00"))[-1], now=now)
        yield replace(decision, state=replace(decision.state, **state)), of


def _trouble(now: datetime) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Yield watches that fail, are muted, or paused: id, name, host, and what is other of the state."""
    since = now - timedelta(hours=2)
    failure = CheckFailure(kind="missing", text=_LOST)
    failing = {"failures": 4, "failure": failure, "failing_since": since, "good_at": since}
    yield "kettle", "The kettle in white", "kitchen", failing
    yield "tent", "A tent for two", "outdoor", {"muted_until": now + timedelta(hours=7)}
    later = now + timedelta(days=2)
    yield "lamp", "The lamp over the table", "light", {"paused_until": later, "next_check_at": later}


def _watch(id_: str, name: str, url: str, topic: str, *tags: str) -> Watch:
    one = watch()
    return replace(one, id=id_, name=name, request=replace(one.request, url=url), topics=(topic,), tags=tags)


def _price(amount: str) -> Seen:
    return price(Money(amount=Decimal(amount), currency="€"))
