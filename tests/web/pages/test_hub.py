from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

from watcher.web.pages.hub import MAX_STREAMS, Hub, Wake

_AT_MOST = timedelta(seconds=5)
_AT_ONCE = timedelta(0)


async def test_only_who_has_news_wakes() -> None:
    hub = Hub()
    with hub.listen(1) as mine, hub.listen(2) as other:
        hub.wake([1, 3])
        assert await mine.wait(_AT_MOST) is Wake.NEWS
        assert await other.wait(_AT_ONCE) is Wake.QUIET


async def test_news_that_came_before_the_wait_counts_once() -> None:
    hub = Hub()
    with hub.listen(1) as mine:
        hub.wake([1])
        hub.wake_all()
        assert await mine.wait(_AT_MOST) is Wake.NEWS
        assert await mine.wait(_AT_ONCE) is Wake.QUIET


async def test_one_too_many_ends_the_oldest() -> None:
    hub = Hub()
    with hub.listen(1) as oldest, ExitStack() as others:
        for _ in range(MAX_STREAMS):
            others.enter_context(hub.listen(1))
        assert await oldest.wait(_AT_MOST) is Wake.CROWDED


async def test_closing_ends_the_present_and_the_coming() -> None:
    hub = Hub()
    with hub.listen(1) as present:
        hub.close()
        assert await present.wait(_AT_MOST) is Wake.CLOSED
    with hub.listen(1) as coming:
        assert await coming.wait(_AT_MOST) is Wake.CLOSED
