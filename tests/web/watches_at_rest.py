"""The operator's browser in front of watches that wait for their next check, as they were told to be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from tests.running import meanwhile
from tests.web.console_desk import Desk, session_of
from tests.web.login import serving
from tests.web.serving import a_push_service
from watcher.core.check import Decision
from watcher.core.settings import Settings
from watcher.core.watch import Topic, Watch
from watcher.runtime.driving import WatcherHere
from watcher.runtime.watching import Watching
from watcher.store.watch_store import open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

_GROUP = 500


class _Parts(Struct, frozen=True, kw_only=True):
    """The parts of a watcher that the console looks at."""

    runner: Runner
    topics: Mapping[str, Topic]


@asynccontextmanager
async def a_desk_before(
    directory: Path, watches: Mapping[str, Watch], decisions: Sequence[Decision], topics: Mapping[str, Topic]
) -> AsyncIterator[Desk]:
    """Keep a console open whose watches have come to these decisions, each the first of its watch."""
    settings = Settings(data=directory / "data", base_url="http://push.example")
    store, _ = await open_watch_store(settings.watches)
    for begin in range(0, len(decisions), _GROUP):
        await store.commit(decisions[begin : begin + _GROUP])
    committer = Committer(store, on_messages=lambda: None)
    runner = Runner(
        watches,
        {decision.watch: decision.state for decision in decisions},
        CheckTools(fetcher=cast("object", None), readers=cast("object", None), epoch="epoch"),  # type: ignore[arg-type]
        committer,
        Clocks(now=lambda: datetime.now(UTC), chance=lambda: 0.5),
    )
    local = WatcherHere(cast("Watching", _Parts(runner=runner, topics=topics)), None)
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
