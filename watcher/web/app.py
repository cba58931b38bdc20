"""The web application: routes behind their guards, headers on every answer, and the live inbox's wake-ups."""

from __future__ import annotations

import asyncio
import ctypes
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from functools import cache, partial

from aiohttp import web

from watcher.background.loop import BackgroundLoop
from watcher.core.ntfy import Followed
from watcher.core.protocols import WatchReader
from watcher.core.settings import Settings
from watcher.core.wakeups import Wakeup
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService
from watcher.web.assets import ASSETS, load_assets
from watcher.web.console.fetched import FETCHED, FetchedPages
from watcher.web.console.kept import add_kept
from watcher.web.console.outbox import nobody
from watcher.web.console.watch_rows import LAST_CHANGES, LastChanges
from watcher.web.console.watch_stream import STREAMS, WatchStreams
from watcher.web.keys import (
    CHANNELS,
    LIVE,
    LOCAL,
    LOOK,
    OUTBOX,
    SERVICE,
    SETTINGS,
    WATCHES,
    LiveWatches,
    LocalWatcher,
    OutboxActs,
    ServerLook,
    no_look,
)
from watcher.web.middleware.bodies import BODIES, BodyBudget, await_reading
from watcher.web.middleware.cors import is_open_to_pages, open_to_pages, preflight
from watcher.web.middleware.counts import REQUESTS, Requests, count_requests
from watcher.web.middleware.guard import Role, guarded
from watcher.web.middleware.headers import secure
from watcher.web.middleware.limits import CAPS, LIMITER, Limiter
from watcher.web.middleware.problems import answer_problems
from watcher.web.ntfy.access import OWN_NAMES
from watcher.web.ntfy.held import HeldConnections, HeldTaker
from watcher.web.ntfy.live import NTFY_HUBS
from watcher.web.ntfy.live import tell_crowd as tell_apps
from watcher.web.ntfy.problem import in_words_of_ntfy
from watcher.web.pages.feed import WRITTEN_FEEDS, WrittenFeeds
from watcher.web.pages.hub import Hub
from watcher.web.pages.live import HUB, tell_crowd
from watcher.web.pages.trial import is_of_trial
from watcher.web.routes import ROUTES
from watcher.web.sessions.device import renew_old_cookie
from watcher.web.transport.client import noting_client
from watcher.web.vitals import VITALS, Vitals

_GIVE_BACK_SECONDS = 1.0


def build_app(
    service: PushService,
    settings: Settings,
    watches: WatchReader,
    channels: Channels | None = None,
    vitals: Vitals | None = None,
    live: LiveWatches = dict,
    look: ServerLook = no_look,
    outbox: OutboxActs = nobody,
    local: LocalWatcher | None = None,
) -> web.Application:
    """
    Return the whole web side over this push service and these watches. Without channels there is the inbox alone.

    `live` gives what a watcher in this process knows of each watch, `look` what the doctor finds of this server;
    `outbox` reaches the watcher that runs, in whatever process; `local` is the one of this process, if it has one.

    Starting it also starts tasks; one looks, each `poll_every`, for what another process has written.
    """
    middlewares = [count_requests, noting_client(settings.trusted_proxies), answer_problems]
    app = web.Application(middlewares=middlewares, client_max_size=settings.max_body_bytes)
    app[SERVICE], app[SETTINGS], app[WATCHES] = service, settings, watches
    app[LIVE], app[LOOK], app[OUTBOX] = live, look, outbox
    if local is not None:
        app[LOCAL] = local
    app[CHANNELS] = channels or Channels()
    app[REQUESTS], app[VITALS] = Requests(), vitals or Vitals()
    app[LIMITER], app[CAPS] = Limiter(), settings.caps
    app[BODIES] = BodyBudget(settings.max_bodies_bytes, on_relief=_give_back_soon)
    app[ASSETS], app[WRITTEN_FEEDS] = load_assets(), WrittenFeeds()
    _add_console_state(app)
    _add_hubs(app)
    _hold_apps_of_ntfy(app)
    _add_routes(app)
    app.on_response_prepare.append(partial(_add_headers, settings.is_strictly_https))
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_repeating("looks for what other processes wrote", settings.poll_every, _look_for_others))
    app.cleanup_ctx.append(_repeating("notes which devices were here", settings.poll_every, _note_devices))
    return app


def _add_console_state(app: web.Application) -> None:
    """Add what the console keeps between requests."""
    add_kept(app)
    app[LAST_CHANGES], app[STREAMS], app[FETCHED] = LastChanges(), WatchStreams(), FetchedPages()


def _add_hubs(app: web.Application) -> None:
    """Add the hubs of live inboxes and of ntfy's streams, woken by what they tell of."""
    most, wakeups = app[SETTINGS].max_live_inboxes, app[SERVICE].wakeups
    app[HUB] = Hub(partial(tell_crowd, app), most=most)
    app[NTFY_HUBS] = {
        Followed.INBOXES: Hub(partial(tell_apps, app), most=most),
        Followed.TOPICS: Hub(most=most),
    }
    wakeups.on(Wakeup.DELIVERY, app[HUB].wake)
    wakeups.on(Wakeup.HANDED_OVER, app[NTFY_HUBS][Followed.INBOXES].wake)
    wakeups.on(Wakeup.SENT, app[NTFY_HUBS][Followed.TOPICS].wake)


def _hold_apps_of_ntfy(app: web.Application) -> None:
    """Let the channel of ntfy, if it is offered, hand over to the apps that hold a stream here."""
    if (ntfy := app[CHANNELS].ntfy) is None:
        return
    service = app[SERVICE]
    held = HeldConnections(app[NTFY_HUBS][Followed.INBOXES])
    ntfy.attach(held)
    taker = HeldTaker(held, service.ntfy, failover_after=app[SETTINGS].failover_after)
    service.wakeups.on(Wakeup.UNFETCHED, taker.wake)
    app.cleanup_ctx.append(partial(_running, taker.run))


def _add_routes(app: web.Application) -> None:
    app[OWN_NAMES] = frozenset({"t", "a", *(route.path.split("/")[1] for route in ROUTES)})
    for resource in _resources(has_trial=app[SETTINGS].has_trial):
        app.router.register_resource(resource)


@cache
def _resources(*, has_trial: bool) -> Sequence[web.AbstractResource]:
    """Return all that has an address; built once, for it takes longer than the rest of an application."""
    router = web.UrlDispatcher()
    for route in ROUTES:
        if is_of_trial(route.path) and not has_trial:
            continue
        handler = in_words_of_ntfy(guarded(route)) if route.role is Role.NTFY else guarded(route)
        has_head = route.method == "GET" and route.role in (Role.PUBLIC, Role.OPEN)
        methods = (route.method, "HEAD") if has_head else (route.method,)
        for path in _spellings(route.path):
            for method in methods:
                router.add_route(method, path, handler, expect_handler=await_reading)
    _add_preflights(router)
    return tuple(router.resources())


def _add_preflights(router: web.UrlDispatcher) -> None:
    methods = defaultdict(set)
    for route in ROUTES:
        # What is at the root for ntfy's apps would answer for our own pages there; below `/ntfy` it has preflights.
        if route.role.is_open_to_pages and not route.path.startswith(("/{topic:", "/{topics:")) and route.path != "/":
            methods[route.path].add(route.method)
    for place, allowed in methods.items():
        handler = preflight(allowed)
        for path in _spellings(place):
            router.add_route("OPTIONS", path, handler)


def _spellings(path: str) -> Iterator[str]:
    """
    Yield the addresses that a route has, as WxPusher's clients ask: with a slash at the end, and with two at the
    beginning, by those that were given a base URL with a slash at its end.
    """
    yield path
    if path != "/":
        yield path + "/"
    if path.startswith("/api/"):
        yield "/" + path
        yield "/" + path + "/"


async def _add_headers(is_strictly_https: bool, request: web.Request, response: web.StreamResponse) -> None:
    secure(response, is_strictly_https=is_strictly_https)
    renew_old_cookie(request, response)
    if is_open_to_pages(request):
        open_to_pages(response)


async def _end_streams(app: web.Application) -> None:
    app[SERVICE].sign_in_codes.let_go()
    app[STREAMS].close()
    await asyncio.gather(app[HUB].close(), *(hub.close() for hub in app[NTFY_HUBS].values()))


def _repeating(
    what: str, every: timedelta, work: Callable[[web.Application], Awaitable[None]]
) -> Callable[[web.Application], AsyncIterator[None]]:
    """Return a context in which the work is done again and again."""
    seconds = every.total_seconds()

    async def context(app: web.Application) -> AsyncIterator[None]:
        async def turn() -> float:
            await work(app)
            return seconds

        async for _ in _running(partial(BackgroundLoop(what, longest_wait=seconds).run, turn), app):
            yield

    return context


async def _running(work: Callable[[], Coroutine[None, None, None]], _: web.Application) -> AsyncIterator[None]:
    """Do this while the application lasts."""
    task = asyncio.create_task(work())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _note_devices(app: web.Application) -> None:
    # All of them together: a crowd that comes back at once takes one transaction, and no request waits for it.
    await app[SERVICE].devices.write_sightings()


async def _look_for_others(app: web.Application) -> None:
    await app[SERVICE].foreign_commit()


def _give_back_soon() -> None:
    """Give freed memory back to the system, in a second and in a thread: for 100 MB it takes about 0.1 s."""
    loop = asyncio.get_running_loop()
    loop.call_later(_GIVE_BACK_SECONDS, lambda: loop.run_in_executor(None, _give_back))


def _give_back() -> None:
    # glibc alone has it: it keeps what lies between pieces in use, and gives back only what lies at its heap's end.
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
