"""A look at a page of which nothing is kept."""

from __future__ import annotations

from watcher.core.check import Decision, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.watch import Request, Watch
from watcher.runtime.fetching import fetcher, lanes, readers
from watcher.runtime.settings import utc_now


async def look_once(watch: Watch) -> tuple[Response | None, Decision]:
    """
    Check a watch as for the first time, on all pages of its list, and keep nothing.

    Returns:
        The first page, unless none came, and the decision: its state holds what was seen, or the failure.
    """
    from watcher.extract.plan import plan
    from watcher.net.sessions import Sessions
    from watcher.watching.check import Bench, check

    async with Sessions() as sessions:
        first = _FirstKept(fetcher(sessions, lanes([watch])))
        with readers() as executor:
            bench = Bench(fetcher=first, executor=executor, epoch="")
            fingerprint = plan(watch.extraction, watch.link)
            checked = await check(bench, watch, fingerprint, WatchState(), now=utc_now())
    return first.first, checked.decision


class _FirstKept:
    """A Fetcher that keeps the first page that came."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.first: Response | None = None

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        answer = await self._fetcher.fetch(request, validators)
        if self.first is None and isinstance(answer, Response):
            self.first = answer
        return answer
