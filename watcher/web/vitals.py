"""How the web side asks after its process: what is wrong with it, and its figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from msgspec import Struct


async def _no_problems() -> Sequence[str]:
    return ()


async def _no_figures() -> bytes:
    return b""


class Vitals(Struct, frozen=True, kw_only=True):
    """
    How the process is doing.

    Attributes:
        problems: returns, within seconds, what is wrong, a sentence each; none when all is well. They name no secret,
            no path and no page, for anyone may read them.
        metrics: returns the figures, in Prometheus' text format.
    """

    problems: Callable[[], Awaitable[Sequence[str]]] = _no_problems
    metrics: Callable[[], Awaitable[bytes]] = _no_figures


VITALS = web.AppKey("vitals", Vitals)
