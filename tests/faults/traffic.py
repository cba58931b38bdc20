"""
Who uses servers that fail: senders that repeat what was not acknowledged, readers of every kind, and those who are
called. What each of them should have got is known outside of the service, and compared in the end.

| | is told |
|---|---|
| a phone | by the live inbox, and now and then by `since=` first, at one server after the other |
| a program | by `since=` again and again, each time at some server |
| an app of ntfy's | by a connection for some seconds, then by another one from where it was |
| Bark | what is pushed to its server |
| the owner of the application | of each message by a webhook, of each visitor who follows by a callback |
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aiohttp import ClientSession, ClientTimeout

from tests.faults.receiver import PAUSE_SECONDS, TROUBLE, Receiver, Sender, Sent, items_of
from tests.push.callback_server import Call, CallbackServer
from tests.push.emulators.bark import KEY, Bark
from tests.running import meanwhile
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.push import App, AppProfile, NewSubscriber, PushTopic
from watcher.core.settings import Settings
from watcher.core.webhooks import WebhookEvent
from watcher.push.ids import hash_token
from watcher.runtime.serving.service import push_service
from watcher.web.sessions.device import DEVICE_COOKIE

FEW: Final = "few"
MANY: Final = "many"
_CROWD: Final = 30
"""Who follows the topic of many; more than a send serves itself (`altered.FEW`)."""
_CLOSE: Final = 8
"""Of them, who follows the topic of few as well."""
_PHONES: Final = 3
_PROGRAMS: Final = 2
_APPS: Final = 2
_VISITORS: Final = 100
_POLL_SECONDS: Final = 0.1
_VISIT_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 0.15
_AWAKE_SECONDS: Final = 4.0
_CALL: Final = ClientTimeout(total=5)
_CONTENT: Final = re.compile(r"\b[a-z]+\dn\d+\b")


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    What is there before the servers run.

    Attributes:
        crowd: who follows the topic of many; the first of them, that of few as well.
        inboxes: secret names by which apps of ntfy's follow the inboxes of the last ones of those.
        visitors: who follow nothing yet.
    """

    app: App
    app_token: str
    few: PushTopic
    many: PushTopic
    crowd: Sequence[NewSubscriber]
    inboxes: Sequence[str]
    visitors: Sequence[NewSubscriber]

    @property
    def close(self) -> Sequence[NewSubscriber]:
        """Who follows both topics."""
        return self.crowd[:_CLOSE]

    @property
    def with_apps(self) -> Sequence[NewSubscriber]:
        return self.close[-_APPS:]

    @property
    def with_bark(self) -> NewSubscriber:
        return self.close[-_APPS - 1]


async def make_place(settings: Settings, *, owner: str, hook: str, bark: str) -> Place:
    """Make it in a database that no server has used. The URLs are of a callback, a webhook, and Bark's server."""
    async with push_service(settings) as service:
        app, token = await service.apps.add(AppProfile(name="sender", callback_url=owner))
        await service.webhooks.add(app.id, hook, [WebhookEvent.MESSAGE_SENT])
        few, many = [await service.topics.add(name, app_id=app.id) for name in (FEW, MANY)]
        add = service.subscribers.add
        close = await asyncio.gather(*(add(app_ids=[app.id], topic_ids=[few.id, many.id]) for _ in range(_CLOSE)))
        others = await asyncio.gather(*(add(topic_ids=[many.id]) for _ in range(_CROWD - _CLOSE)))
        visitors = await asyncio.gather(*(add() for _ in range(_VISITORS)))
        place = Place(
            app=app,
            app_token=token,
            few=few,
            many=many,
            crowd=[*close, *others],
            inboxes=[(await service.ntfy.follow(each.subscriber)).value for each in close[-_APPS:]],
            visitors=visitors,
        )
        device = f"{bark}/{KEY}"
        draft = AddressDraft(channel=ChannelName.BARK, fingerprint=hash_token(device), value=device)
        await service.addresses.add(place.with_bark.subscriber, draft)
    return place


class _Reader(Protocol):
    """Who reads, and the ids of what it was given."""

    @property
    def ids(self) -> Sequence[object]: ...

    async def run(self) -> None: ...


class Program:
    """
    Reads an inbox by `since=`.

    Attributes:
        items: all that it was given, in the order given.
    """

    def __init__(self, session: ClientSession, urls: Sequence[str], reader: NewSubscriber) -> None:
        self._session = session
        self._urls = urls
        self._headers = _cookie(reader)
        self.items: list[Mapping[str, Any]] = []

    @property
    def ids(self) -> Sequence[int]:
        """Theirs."""
        return [item["id"] for item in self.items]

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            with suppress(*TROUBLE):
                self.items += await self._next(self.items[-1]["id"] if self.items else 0)
            await asyncio.sleep(_POLL_SECONDS)

    async def all_items(self) -> Sequence[Mapping[str, Any]]:
        """Return the whole inbox, oldest first, as the servers have it now."""
        items: list[Mapping[str, Any]] = []
        while page := await self._next(items[-1]["id"] if items else 0):
            items += page
        return items

    async def _next(self, newest: int) -> Sequence[Mapping[str, Any]]:
        url = f"{random.choice(self._urls)}/api/v1/inbox?since={newest}"
        while True:
            async with self._session.get(url, headers=self._headers, timeout=_CALL) as response:
                if response.status != 429:
                    return items_of(await response.json())
            await asyncio.sleep(PAUSE_SECONDS)


class AppOfNtfy:
    """
    Follows an inbox over ntfy's protocol.

    Attributes:
        ids: of all messages that it shows, in the order given.
        contents: theirs.
    """

    def __init__(self, session: ClientSession, urls: Sequence[str], inbox: str) -> None:
        self._session = session
        self._urls = urls
        self._inbox = inbox
        self.ids: list[str] = []
        self.contents: list[str] = []

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            with suppress(*TROUBLE):
                await self._follow(random.uniform(1, _AWAKE_SECONDS))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _follow(self, seconds: float) -> None:
        newest = self.ids[-1] if self.ids else "all"
        url = f"{random.choice(self._urls)}/{self._inbox}/json?since={newest}"
        async with self._session.get(url, timeout=ClientTimeout(total=seconds)) as response:
            response.raise_for_status()
            async for line in response.content:
                if line.endswith(b"\n") and (said := json.loads(line))["event"] == "message":
                    self._show(said["id"], said["message"])

    def _show(self, message_id: str, content: str) -> None:
        """Show a message unless it is shown: after an id that was lost with its database, everything is told again."""
        if (message_id, content) not in zip(self.ids, self.contents, strict=True):
            self.ids.append(message_id)
            self.contents.append(content)


class Visitors:
    """
    Devices that begin to follow the application, one after the other, whatever becomes of the servers.

    Attributes:
        welcomed: the uids of those that were told that they follow it.
    """

    def __init__(self, session: ClientSession, urls: Sequence[str], place: Place) -> None:
        self._session = session
        self._urls = urls
        self._place = place
        self.welcomed: list[str] = []

    async def run(self, is_over: Callable[[], bool]) -> None:
        """Come until it is over; then end with the one who is there."""
        for visitor in self._place.visitors:
            if is_over():
                break
            while not await self._is_welcomed(visitor):  # noqa: ASYNC110 - the server may be dead
                await asyncio.sleep(PAUSE_SECONDS)
            self.welcomed.append(visitor.subscriber.uid)
            await asyncio.sleep(_VISIT_SECONDS)

    async def _is_welcomed(self, visitor: NewSubscriber) -> bool:
        url = f"{random.choice(self._urls)}/a/{self._place.app.slug}"
        with suppress(*TROUBLE):
            async with self._session.post(url, headers=_cookie(visitor), timeout=_CALL) as response:
                return response.status == 200
        return False


def _cookie(reader: NewSubscriber) -> Mapping[str, str]:
    return {"Cookie": f"{DEVICE_COOKIE}={reader.device_token}"}


@dataclass(frozen=True, kw_only=True)
class Called:
    """Who is called by the service, and is never killed."""

    owner: CallbackServer
    hook: CallbackServer
    bark: Bark

    @property
    def pushed(self) -> Sequence[str]:
        """What the device with Bark was shown: each once, in the order of the first time."""
        first = {push["id"]: content for push in self.bark.pushes for content in _CONTENT.findall(json.dumps(push))[:1]}
        return list(first.values())


class Traffic:
    """All of them."""

    def __init__(self, session: ClientSession, urls: Sequence[str], place: Place, called: Called) -> None:
        self._place = place
        self._called = called
        bodies: Mapping[str, Mapping[str, Any]] = {
            FEW: {"topicIds": [place.few.id]},
            MANY: {"topicIds": [place.many.id]},
            "one": {"uids": [each.subscriber.uid for each in place.close]},
        }
        self.senders = [
            Sender(
                session, urls, {"appToken": place.app_token, **body}, f"{name}{number}", pause_seconds=_PAUSE_SECONDS
            )
            for name, body in bodies.items()
            for number in range(2)
        ]
        tokens = [each.device_token for each in place.close]
        self._phones = [
            Receiver(session, urls, token, lambda _: None, awake_seconds=_AWAKE_SECONDS) for token in tokens[:_PHONES]
        ]
        self._programs = [Program(session, urls, each) for each in place.close[_PHONES : _PHONES + _PROGRAMS]]
        self._apps = [AppOfNtfy(session, urls, inbox) for inbox in place.inboxes]
        self._visitors = Visitors(session, urls, place)
        self._inboxes = [Program(session, urls, each) for each in place.crowd]
        self._readers: Mapping[str, _Reader] = {
            **{f"phone {number}": phone for number, phone in enumerate(self._phones)},
            **{f"program {number}": program for number, program in enumerate(self._programs)},
            **{f"app {number}": app for number, app in enumerate(self._apps)},
        }

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Let all read while the context lasts."""
        async with AsyncExitStack() as stack:
            for each in self._readers.values():
                await stack.enter_async_context(meanwhile(each.run()))
            yield

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Let all send while the context lasts, and visitors come; then what is under way is acknowledged."""
        is_over = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for run in (*(sender.run for sender in self.senders), self._visitors.run):
                tasks.create_task(run(is_over.is_set))
            try:
                yield
            finally:
                is_over.set()

    @property
    def sent(self) -> Mapping[str, Sent]:
        """What was acknowledged, by content."""
        return {each.content: each for sender in self.senders for each in sender.sent}

    @property
    def tries(self) -> int:
        return sum(sender.tries for sender in self.senders)

    @property
    def visits(self) -> int:
        return len(self._visitors.welcomed)

    @property
    def has_arrived(self) -> bool:
        """Whether as much has come to those who read, and to those who are called, as was acknowledged."""
        return not self.missing

    @property
    def missing(self) -> Mapping[str, int]:
        """How much is still to come to whom."""
        come = {name: len(reader.ids) for name, reader in self._readers.items()}
        come["Bark"] = len(self._called.pushed)
        come["webhook"] = len({_told(call) for call in self._called.hook.calls})
        lacking = {name: len(self.sent) - number for name, number in come.items()}
        lacking["callback"] = len(self._welcomed) - len({_uid(call) for call in self._called.owner.calls})
        return {name: number for name, number in lacking.items() if number > 0}

    @property
    def _welcomed(self) -> Sequence[str]:
        """The uids of all who began to follow the application."""
        return [*(each.subscriber.uid for each in self._place.close), *self._visitors.welcomed]

    @property
    def repeats(self) -> int:
        """How often somebody was called again with what was known by its id."""
        called = self._called
        hooks = len(called.hook.calls) - len({call.headers["webhook-id"] for call in called.hook.calls})
        owners = len(called.owner.calls) - len({call.headers["X-Watcher-Event-Id"] for call in called.owner.calls})
        return hooks + owners + len(called.bark.pushes) - len({push["id"] for push in called.bark.pushes})

    async def complaints(self) -> Sequence[str]:
        """Return what is wrong with all that was read, one line each."""
        try:
            inboxes = [await inbox.all_items() for inbox in self._inboxes]
        except TROUBLE as error:
            return [f"an inbox cannot be read: {error!r}"]
        return [*self._of_inboxes(inboxes), *self._of_readers(inboxes), *self._of_called()]

    def _of_inboxes(self, inboxes: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[str]:
        for number, items in enumerate(inboxes):
            wanted = self.sent if number < _CLOSE else _only(MANY, self.sent)
            yield from _differences(f"inbox {number}", [item["content"] for item in items], wanted)
        for topic in (FEW, MANY):
            orders = {tuple(_of_topic(topic, items)) for items in inboxes} - {()}
            if len(orders) > 1:
                yield f"{topic}: inboxes have its messages in {len(orders)} orders"

    def _of_readers(self, inboxes: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[str]:
        by_cursor: Sequence[Receiver | Program] = [*self._phones, *self._programs]
        for number, (reader, items) in enumerate(zip(by_cursor, inboxes, strict=False)):
            if reader.ids != [item["id"] for item in items]:
                yield (
                    f"reader {number} was given {len(reader.ids)} items, {len(set(reader.ids))} different ones, "
                    f"{'' if reader.ids == sorted(reader.ids) else 'not '}in order; its inbox has {len(items)}"
                )
        for number, app in enumerate(self._apps):
            yield from _differences(f"app {number}", app.contents, self.sent)

    def _of_called(self) -> Iterator[str]:
        yield from _differences("Bark", self._called.pushed, self.sent)
        names = defaultdict[str, set[str]](set)
        for call in self._called.hook.calls:
            names[_told(call)].add(call.headers["webhook-id"])
        yield from _counted("webhook", {content: len(ids) for content, ids in names.items()}, self.sent)
        events = defaultdict[str, set[str]](set)
        for call in self._called.owner.calls:
            events[_uid(call)].add(call.headers["X-Watcher-Event-Id"])
        yield from _counted("callback", {uid: len(ids) for uid, ids in events.items()}, self._welcomed)


def _told(call: Call) -> str:
    return str(call.said["data"]["content"])


def _uid(call: Call) -> str:
    return str(call.said["data"]["uid"])


def _of_topic(topic: str, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (item["content"] for item in items if item["content"].startswith(topic))


def _only(topic: str, sent: Mapping[str, Sent]) -> Mapping[str, Sent]:
    return {content: each for content, each in sent.items() if content.startswith(topic)}


def _differences(whose: str, told: Sequence[str], wanted: Mapping[str, Sent]) -> Iterator[str]:
    """Yield what was lost, invented, shown twice, or shown after what was sent later to the same topic."""
    counts = {content: told.count(content) for content in told}
    yield from _counted(whose, counts, wanted)
    for topic in (FEW, MANY, "one"):
        newest: Sent | None = None
        for content in told:
            one = wanted.get(content)
            if one is None or not content.startswith(topic):
                continue
            if newest is not None and one.acknowledged_at < newest.began_at:
                yield f"{whose}: out of order: {content} after {newest.content}"
            if newest is None or one.began_at > newest.began_at:
                newest = one


def _counted(whose: str, counts: Mapping[str, int], wanted: Iterable[str]) -> Iterator[str]:
    yield from (f"{whose}: lost: {content}" for content in wanted if content not in counts)
    yield from (f"{whose}: invented: {content}" for content in counts if content not in set(wanted))
    yield from (f"{whose}: {count} times: {content}" for content, count in counts.items() if count > 1)
