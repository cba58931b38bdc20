"""
How often one may call: counted in memory, by this process alone, so a restart forgets.

| who | by | on |
|---|---|---|
| an application | its id | every route that takes its token |
| an access token `WT_…` | its id, as often as an address may | our own API |
| the holder of a simple push token | the token | simple pushes |
| an address (IPv6: its /64) | itself | status queries, wrong tokens, the inbox and the API's document, scans and \
who asks for them, follows, claims, confirmations, looks at a trial, what is not WeChat's |
| a subscriber | its id | commands, notes, a browser to notify, claims, codes and questions to confirm an address |
| the same, by 10 minutes | itself | trials; of it and of all together, the operator's login (`console/login.py`) |
| the same, by the hour | itself | QR codes that WeChat has to make, questions to confirm a mail address or a UID |
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core import pace
from watcher.web.client import CLIENT
from watcher.web.proxies import household_of

_MAX_CALLERS: Final = 10_000
"""Remembered at most; then the one that called longest ago is forgotten."""


class RateLimit(Struct, frozen=True, kw_only=True):
    """So many calls within any stretch of so long."""

    calls: int
    per: timedelta


APP_CALLS: Final = RateLimit(calls=pace.APP_CALLS, per=pace.APP_CALLS_PER)
"""WxPusher's own."""
ADDRESS_CALLS: Final = RateLimit(calls=100, per=timedelta(seconds=10))
WECHAT_CODES: Final = RateLimit(calls=60, per=timedelta(hours=1))
"""Of one address, when WeChat is asked for each: the account may make 100,000 a day."""


class Limiter:
    """Counts the calls of each caller. Used from one event loop."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            seconds: a monotonic clock.
        """
        self._seconds = seconds
        self._calls: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def take(self, caller: Hashable, limit: RateLimit) -> float:
        """Count one call and return 0; over the limit count nothing and return the seconds to wait."""
        now, window = self._seconds(), limit.per.total_seconds()
        calls = self._calls.setdefault(caller, deque())
        self._calls.move_to_end(caller)
        if len(self._calls) > _MAX_CALLERS:
            self._calls.popitem(last=False)
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) >= limit.calls:
            return calls[0] + window - now if calls else window
        calls.append(now)
        return 0.0


LIMITER = web.AppKey("limiter", Limiter)


def count_call(request: web.Request, caller: Hashable, limit: RateLimit) -> None:
    """Count a call. Raises HTTPTooManyRequests over the limit, with Retry-After in whole seconds."""
    wait = request.app[LIMITER].take(caller, limit)
    if not wait:
        return
    seconds, per = math.ceil(wait), f"{limit.per.total_seconds():g}"
    raise web.HTTPTooManyRequests(
        headers={"Retry-After": str(seconds)},
        text=(
            f"请求过于频繁：每{per}秒最多{limit.calls}次，请{seconds}秒后再试 · "
            f"rate limit: at most {limit.calls} calls in {per} s; try again in {seconds} s"
        ),
    )


def address_of(request: web.Request) -> str:
    """Return the caller's address; of IPv6 the network /64."""
    return household_of(request.get(CLIENT, request.remote) or "")
