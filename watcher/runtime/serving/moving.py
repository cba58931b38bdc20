"""Moving an application here from another server that speaks WxPusher's API."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watcher.core.channels import Address, Gone, Notification, Refused, Retry, Sent
from watcher.core.moves import Invited, Move, MoveReport
from watcher.core.push import PushTopic
from watcher.core.settings import Settings
from watcher.core.urls import host_of
from watcher.errors import StoreError, UsageError
from watcher.net import Sessions
from watcher.push.channels.upstream.channel import UpstreamChannel
from watcher.push.channels.upstream.invitation import to_topic, to_uid
from watcher.push.channels.upstream.moved import MovedApps
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.hosted import HostedApp
from watcher.runtime.settings import utc_now

if TYPE_CHECKING:
    from watcher.push.service import PushService

_ATTEMPTS: Final = 5
_WAIT: Final = timedelta(seconds=3)
_LONGEST_WAIT: Final = timedelta(minutes=1)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def hosted_app(account: UpstreamSettings) -> AsyncIterator[HostedApp]:
    """Yield an application on another server. The operator names that one, so it may stand on a private address."""
    async with Sessions() as sessions:
        yield HostedApp(sessions.of(allow_private=True), account, now=utc_now, seconds=time.monotonic)


async def move_here(service: PushService, data: Path, move: Move, account: UpstreamSettings) -> MoveReport:
    """Write a move, with the token for sending onwards, unless something is taken. Raises a PushError, StoreError."""
    keep = partial(MovedApps(data).put, move.app_id, account)
    return await service.moving.carry_out(move, account, keep)


async def invite(
    service: PushService, settings: Settings, invitable: Sequence[Invited]
) -> AsyncIterator[tuple[Invited, str | None]]:
    """
    Send people who came with applications a link by which they claim their UIDs, over the server that they came from.

    Yield each with why it could not be sent, or None, some seconds apart where that server takes no more for now. After
    a kill those who were not reached yet are left, and whoever was being invited may get a second link.

    Raises:
        UsageError: that server does not answer, or knows the token no more.
    """
    async with _upstream(MovedApps(settings.data)) as channel:
        for each in invitable:
            link = settings.link(f"/claim/{await service.moving.make_claim(each)}")
            answer = await _patiently(channel, *to_uid(each, link, host_of(settings.public_url), at=utc_now()))
            if isinstance(answer, Sent):
                await service.moving.note_invited(each)
            yield each, None if isinstance(answer, Sent) else answer.reason


async def invitable(
    service: PushService, settings: Settings, app_ids: Collection[int] | None, limit: int
) -> Sequence[Invited]:
    """
    Return who is to be invited now, by id.

    Args:
        app_ids: who came with these applications; None: with any.
    """
    urls = {app_id: account.url for app_id, account in _moved(settings, app_ids).items()}
    return await service.moving.invited(urls, limit=limit)


async def moved_topics(
    service: PushService, settings: Settings, app_ids: Collection[int] | None
) -> Sequence[PushTopic]:
    """Return the topics of these applications, or of all that moved here."""
    moved = _moved(settings, app_ids)
    return [topic for topic in await service.topics.all() if topic.app_id in moved]


def _moved(settings: Settings, app_ids: Collection[int] | None) -> Mapping[int, UpstreamSettings]:
    known = MovedApps(settings.data).all()
    return {app_id: account for app_id, account in known.items() if app_ids is None or app_id in app_ids}


async def invite_topic(settings: Settings, topic: PushTopic) -> str | None:
    """Send all who follow a topic on the server that it came from its link here; return why it could not be sent."""
    async with _upstream(MovedApps(settings.data)) as channel:
        link = settings.topic_link(topic)
        answer = await _patiently(channel, *to_topic(topic, link, host_of(settings.public_url), at=utc_now()))
        return None if isinstance(answer, Sent) else answer.reason


@asynccontextmanager
async def _upstream(moved: MovedApps) -> AsyncIterator[UpstreamChannel]:
    async with Sessions() as sessions:
        yield UpstreamChannel(sessions, None, moved=moved.of, now=utc_now, seconds=time.monotonic)


async def _patiently(channel: UpstreamChannel, notification: Notification, address: Address) -> Sent | Refused | Gone:
    """Return what became of it, after the waits that the server asks for. Raises UsageError."""
    why = ""
    for _ in range(_ATTEMPTS):
        answer = await channel.send(notification, address)
        if not isinstance(answer, Retry):
            if isinstance(answer, Refused) and answer.is_alarm:
                raise UsageError(answer.reason)
            return answer
        why = answer.reason
        await asyncio.sleep(min(answer.after or _WAIT, _LONGEST_WAIT).total_seconds())
    raise UsageError(f"{why}; the others were not invited, try again later")


async def forget_removed(service: PushService, data: Path) -> None:
    """Forget the tokens, on other servers, of applications that were removed here; what prevents it is logged."""
    app_ids = {app.id for app in await service.apps.all()}
    try:
        await asyncio.to_thread(MovedApps(data).forget_others, app_ids)
    except StoreError as error:
        _log.warning("%s", error)
