"""
Reading who follows an application on another server, by WxPusher's own route, a page of 100 at a time.

| what it answers | what is done |
|---|---|
| a page | the next is asked for, within 20 calls in 10 s |
| the words of a limit, 429 | the same again, after what was asked for or 10 s, at most 12 times |
| 5xx, no answer | the same again, after 1, 2 and 4 s |
| the list changed while it was read | all again, at most 3 times |
| the token is not known, anything else | an error; its own words are not repeated, for they quote tokens |
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from aiohttp import ClientSession
from yarl import URL

from watcher.core.moves import Move, MovedFollower
from watcher.core.retry_after import retry_after
from watcher.core.words import cut, one_line
from watcher.errors import UsageError
from watcher.net import NO_ANSWER, why_failed
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.foreign_ids import is_uid
from watcher.push.wxpusher import REMOVE_PATH, USERS_PATH, AnswerVerdict, Pace, read_body, read_listing

PAGE_SIZE: Final = 100
MAX_PAGES: Final = 1_000
_MAX_BYTES: Final = 1_000_000
_CALL_SECONDS: Final = 30.0
_WAITS: Final = (1.0, 2.0, 4.0)
_LIMIT_WAITS: Final = 12
_LIMIT_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(minutes=1)
_READINGS: Final = 3
_MAX_NAME_CHARS: Final = 100
_TOPIC: Final = 1


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One subscription, as the other server lists it; of much that it says nothing is needed."""

    id: int
    uid: str
    app_or_topic_id: int
    type: int
    reject: bool | None = None
    target: str | None = None
    name: str | None = None
    create_time: int | None = None

    @property
    def called(self) -> str:
        """What is followed, in one line; empty: it does not say."""
        return cut(one_line(self.target or self.name or ""), _MAX_NAME_CHARS)


class _Listing(msgspec.Struct, frozen=True):
    total: int
    records: list[Record]


class _Envelope(msgspec.Struct, frozen=True):
    data: _Listing


class HostedApp:
    """An application on another server. Every method raises UsageError, which says what went wrong, and where."""

    def __init__(
        self,
        session: ClientSession,
        account: UpstreamSettings,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
        rest: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """
        Args:
            now: the wall clock.
            seconds: a monotonic clock.
            rest: waits for so many seconds.
        """
        self._session = session
        self._account = account
        self._now = now
        self._seconds = seconds
        self._rest = rest
        self._pace = Pace(seconds)

    async def followers(self, told: Callable[[int], None] = lambda _: None) -> Sequence[Record]:
        """
        Return all who follow the application and its topics, those who were blocked too.

        Args:
            told: is called with how many were read, after each page.
        """
        before: set[int] | None = None
        for _ in range(_READINGS):
            found, is_whole = await self._read_all(told)
            ids = {record.id for record in found}
            if is_whole or ids == before:
                return found
            before = ids
        raise UsageError(f"{self._account.host}: people come and go while the list is read; try again")

    async def leave_topics(self, uid: str, topic_ids: Collection[int]) -> None:
        """Let somebody follow these topics there no more; the application stays followed."""
        listing = await self._page(1, uid=uid, type=str(_TOPIC))
        for record in listing.records:
            if record.uid == uid and record.type == _TOPIC and record.app_or_topic_id in topic_ids:
                await self._call("DELETE", REMOVE_PATH, {"id": str(record.id)})

    async def _read_all(self, told: Callable[[int], None]) -> tuple[Sequence[Record], bool]:
        """Return everybody, and whether each page said that there are so many."""
        found: dict[int, Record] = {}
        totals = set[int]()
        for page in range(1, MAX_PAGES + 1):
            listing = await self._page(page)
            totals.add(listing.total)
            found |= {record.id: record for record in listing.records}
            told(len(found))
            if not listing.records or page >= math.ceil(listing.total / PAGE_SIZE):
                return [*found.values()], totals == {len(found)}
        raise UsageError(f"{self._account.host}: more than {MAX_PAGES * PAGE_SIZE:,} subscriptions")

    async def _page(self, page: int, **only: str) -> _Listing:
        body = await self._call("GET", USERS_PATH, {"page": str(page), "pageSize": str(PAGE_SIZE), **only})
        try:
            listing = msgspec.json.decode(body, type=_Envelope, strict=False).data
        except (msgspec.DecodeError, RecursionError) as error:
            raise UsageError(f"{self._account.host}: the list of followers is not WxPusher's") from error
        for record in listing.records:
            if not is_uid(record.uid):
                raise UsageError(f"{self._account.host}: it lists {cut(one_line(record.uid), 64)!r}, which is no UID")
        return listing

    async def _call(self, method: str, path: str, query: Mapping[str, str]) -> bytes:
        """Return the body of a good answer."""
        waits, limits = list(_WAITS), _LIMIT_WAITS
        while True:
            answer = await self._ask(method, path, query)
            if isinstance(answer, bytes):
                return answer
            if isinstance(answer, _Limited):
                if not limits:
                    raise UsageError(f"{self._account.host}: too many calls; try again in an hour")
                limits -= 1
                await self._rest(min(answer.wait, _LONGEST_WAIT).total_seconds())
            elif waits:
                await self._rest(waits.pop(0))
            else:
                raise UsageError(f"{self._account.host}: {answer}; nothing was written, try again")

    async def _ask(self, method: str, path: str, query: Mapping[str, str]) -> bytes | _Limited | str:
        """Return the body of a good answer, how long to wait, or what went wrong that may pass."""
        await self._rest(self._pace.wait_seconds())
        self._pace.count()
        # The API takes the token in the query, as every client of it sends it.
        url = URL(self._account.url + path).with_query({"appToken": self._account.token, **query})
        try:
            async with (
                asyncio.timeout(_CALL_SECONDS),
                self._session.request(
                    method, url, headers={"Accept-Encoding": "identity"}, allow_redirects=False
                ) as response,
            ):
                if response.status == 429:
                    asked = retry_after(response.headers.get("Retry-After"), now=self._now())
                    return _Limited(asked or _LIMIT_WAIT)
                if response.status != 200:
                    return f"it answered {response.status}"
                body = await read_body(response, most=_MAX_BYTES)
        except TimeoutError:
            return f"no answer within {_CALL_SECONDS:g} s"
        except NO_ANSWER as error:
            return why_failed(error)
        return self._understood(body)

    def _understood(self, body: bytes) -> bytes | _Limited:
        answer = read_listing(body)
        match answer.verdict:
            case AnswerVerdict.TAKEN:
                return body
            case AnswerVerdict.LIMIT:
                return _Limited(_LIMIT_WAIT)
            case AnswerVerdict.TOKEN:
                raise UsageError(f"{self._account.host} does not know this token; it is AT_… of your application there")
            case AnswerVerdict.FOREIGN:
                raise UsageError(f"{self._account.host}: {answer.text}")
            case _:
                raise UsageError(f"{self._account.host} answered {answer.code}")


class _Limited:
    def __init__(self, wait: timedelta) -> None:
        self.wait = wait


def move_of(
    records: Sequence[Record],
    *,
    app_id: int | None,
    name: str | None,
    topics: Mapping[int, str],
    now: datetime,
) -> Move:
    """
    Return the move of an application that is followed so.

    Args:
        app_id: as the operator says; the list has it too, if anybody follows the application itself.
        name: in place of the one in the list.
        topics: names by number, of topics that nobody follows, or in place of those in the list.

    Raises:
        UsageError: the list says that it is another application, or does not say what is needed.
    """
    apps = {record.app_or_topic_id: record.called for record in records if record.type != _TOPIC}
    listed = {record.app_or_topic_id: record.called for record in records if record.type == _TOPIC}
    number = _number(apps, app_id)
    called = name or apps.get(number, "")
    if not called:
        raise UsageError("the list does not say what the application is called; give --name")
    named = {**listed, **topics}
    if nameless := [topic_id for topic_id, title in sorted(named.items()) if not title]:
        raise UsageError(f"topic {nameless[0]} has no name in the list; give --topic {nameless[0]}=NAME")
    return Move(app_id=number, name=called, topics=named, followers=[_follower(each, now) for each in records])


def _number(apps: Mapping[int, str], given: int | None) -> int:
    if len(apps) > 1:
        raise UsageError("the list names several applications; this is no server that speaks WxPusher's API")
    number = next(iter(apps), given)
    if number is None:
        raise UsageError("nobody follows the application itself, so the list does not say its number; give --app-id")
    if given not in (None, number):
        raise UsageError(f"the token is that of application {number}, not of {given}")
    return number


def _follower(record: Record, now: datetime) -> MovedFollower:
    topic_id = record.app_or_topic_id if record.type == _TOPIC else None
    return MovedFollower(
        uid=record.uid, topic_id=topic_id, is_rejected=bool(record.reject), since=_instant(record.create_time, now)
    )


def _instant(milliseconds: int | None, now: datetime) -> datetime:
    """Return when somebody came; now, where that is not said or cannot be."""
    latest = int(now.timestamp() * 1000)
    if milliseconds is None or not 0 < milliseconds <= latest:
        return now
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
