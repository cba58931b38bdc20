"""Messages: sent once for each key, rendered once, brought to the many in the background."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.figures import Pulse
from watcher.core.push import (
    App,
    ContentType,
    Draft,
    Message,
    MessageFilter,
    MessageReport,
    Slice,
    Subscriber,
    TargetResult,
    TopicDraft,
)
from watcher.core.wakeups import Wakeup
from watcher.errors import StoreError
from watcher.push.background.fan_out import FanOutRunner
from watcher.push.context import Context, Resource
from watcher.push.ids import is_slug
from watcher.push.limits import check_message
from watcher.push.render import render_as_text
from watcher.push.rendering import Renderer
from watcher.push.sending import (
    KEYS_KEPT,
    SendOutcome,
    SendRequest,
    SimpleSendRequest,
    delete_message,
    forget_old,
    publish,
    reports,
    send,
    send_simple,
    send_test,
    woken_by,
)

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_log = logging.getLogger(__name__)
_Asked = TypeVar("_Asked", SendRequest, SimpleSendRequest, TopicDraft)
_ALL: Final = MessageFilter()


class Messages(Resource):
    """The messages of one push store. Used from one event loop; each method raises StoreError."""

    def __init__(self, context: Context, *, own_app_id: int, renderer: Renderer, daily: int | None) -> None:
        """
        Args:
            own_app_id: the watcher's own application, which publishes.
            daily: how many messages of one application a subscriber gets in 24 hours at most; None: no limit.
        """
        super().__init__(context)
        self._own_app_id = own_app_id
        self._renderer = renderer
        self._daily = daily
        self._fan_out: FanOutRunner | None = None
        self._is_fan_out_shared = False
        self._first_looks = asyncio.Lock()
        self._store.wakeups.on(Wakeup.FAN_OUT, lambda _: self._wake_fan_out())

    async def send(
        self,
        app: App,
        draft: Draft,
        *,
        uids: Sequence[str] = (),
        topic_ids: Sequence[int] = (),
        idempotency_key: str | None = None,
    ) -> Sequence[TargetResult]:
        """
        Send a message; return one result per uid, then per topic, in the order asked, and one for those named twice.

        A target that fails has its own code; a subscriber reached twice gets one delivery. When no target is good
        nothing is stored. A known idempotency key of this application returns the first answer and sends nothing.
        """
        request = SendRequest(draft=draft, uids=uids, topic_ids=topic_ids, idempotency_key=idempotency_key)
        return (await self.send_request(app, request)).results

    async def send_request(self, app: App, request: SendRequest, *, noting: Act | None = None) -> SendOutcome:
        """
        Do as `send`.

        Args:
            noting: what the log says of it, where anything is sent.

        Raises:
            KeyReusedError: the key is known, and the request's digest says another request.
        """
        request, now = await self._rendered(request, f"app {app.id}"), self._now()

        def work(tx: Transaction) -> SendOutcome:
            check = None
            if (owner := app.account_id) is not None:
                check = partial(check_message, tx, owner, self._account_limits, now=now)
            sent = send(tx, app.id, request, now=now, daily=self._daily, check=check)
            number = next((result.message_id for result in sent.results if result.message_id is not None), None)
            if noting is not None and number is not None and not sent.is_repeat:
                self._note(tx, noting, f"#{number}", app_id=app.id)
            return sent

        # What counts messages must see all of them.
        is_counted = app.account_id is not None or self._daily is not None
        sent = await self._store.write(work, wakes=woken_by, is_send=not is_counted)
        await self._bring_now(sent)
        return sent

    async def send_simple(self, request: SimpleSendRequest) -> SendOutcome:
        """
        Send a message to the owners of simple push tokens; one result per token, in the order given, each once.

        Raises RefusedError when nobody has any of them; KeyReusedError as `send_request`.
        """
        request = await self._rendered(request, f"spt {request.spts[0]}")
        work = partial(send_simple, request=request, now=self._now())
        return await self._store.write(work, wakes=woken_by, is_send=True)

    async def send_test(self, subscriber: Subscriber, draft: Draft) -> TargetResult:
        """Send the operator's test message to a subscriber, whatever they follow."""
        work = partial(send_test, subscriber=subscriber, draft=draft, now=self._now())
        return (await self._store.write(work, wakes=woken_by, is_send=True)).results[0]

    async def publish(self, drafts: Sequence[TopicDraft]) -> Sequence[TargetResult]:
        """
        Send many drafts in one transaction, each at most once per key, in order: of the watcher's application, or of
        the one that a draft names.
        """
        drafts = [await self._rendered(draft, "the watcher") for draft in drafts]
        work = partial(publish, own_app_id=self._own_app_id, drafts=drafts, now=self._now())
        sent = await self._store.write(work, wakes=woken_by, is_send=True)
        await self._bring_now(sent)
        return sent.results

    async def finished(self, draft: Draft, who: str) -> Draft:
        """Return a draft as it would be sent (see `Renderer.finish`). Raises RefusedError: too long as HTML."""
        return await self._renderer.finish(draft, who)

    async def delete(self, app: App, message_id: int) -> bool:
        """
        Wipe a message of the application, for everybody; return whether there is such a one. Again is no error.

        Its idempotency key stays, so a repeat of the send is answered as before and sends nothing.
        """
        return await self._store.write(partial(delete_message, app_id=app.id, message_id=message_id, now=self._now()))

    async def forget_old(self, older_than: timedelta, *, limit: int = 500) -> int:
        """
        Remove messages for good, at most `limit`, oldest first; return how many.

        None younger than 7 days goes, whatever is asked: idempotency keys hold that long.
        """
        before = self._now() - max(older_than, KEYS_KEPT)
        return await self._store.write(partial(forget_old, before=before, limit=limit))

    async def of_slug(self, slug: str) -> Message | None:
        """Return the message whose page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.messages.of_slug(slug))

    async def shown(self, message: Message) -> Message:
        """Return the message with its rendered content; one of an older release is rendered at first, and kept."""
        if message.draft.content_type is ContentType.TEXT or message.draft.rendered is not None:
            return message
        async with self._first_looks:
            # Another one may have looked meanwhile.
            message = await self.of_slug(message.slug) or message
            if message.draft.rendered is None:
                return await self._shown_first(message)
        return message

    async def reports(self, *, limit: int = 1000) -> Sequence[MessageReport]:
        """Return the newest messages with their delivery counts, oldest first."""
        return (await self.slice(Slice(limit=limit, is_newest_first=True)))[::-1]

    async def slice(self, cut: Slice, only: MessageFilter = _ALL) -> Sequence[MessageReport]:
        """Return a stretch of those messages with their delivery counts, by id, without deleted ones."""

        def look(tx: Transaction) -> Sequence[MessageReport]:
            return reports(tx, tx.messages.slice(cut, only))

        return await self._store.read(look)

    async def newest_of(self, app_id: int, *, limit: int) -> Sequence[Message]:
        """Return the newest messages of an application that were not deleted, newest first."""
        return await self._store.read(lambda tx: tx.messages.newest_of(app_id, limit=limit))

    async def report(self, message_id: int, *, app_id: int | None = None) -> MessageReport | None:
        """Return one message with its delivery counts; with `app_id` one of that application only."""
        # Not asked by application: SQLite would first list all that it sent.
        found = await self.slice(Slice(after=message_id - 1, limit=1))
        wanted = (report for report in found if report.message.id == message_id)
        return next((report for report in wanted if app_id in (None, report.message.app_id)), None)

    async def readers_by_key(self, keys: Collection[str]) -> Mapping[str, int | None]:
        """
        Return how many inboxes the messages with these idempotency keys, of whatever application, came into.

        None: it is being brought to its readers.
        One that is not known is missing: it was never sent here, or is forgotten.
        """
        return await self._store.read(lambda tx: tx.messages.readers_by_key(keys))

    async def ids_of_keys(self, keys: Collection[str]) -> Mapping[str, int]:
        """Return the ids of the messages with these idempotency keys, as far as they are known here."""
        return await self._store.read(lambda tx: tx.messages.ids_of_keys(keys))

    @asynccontextmanager
    async def fanning_out(self, listening: Callable[[], Collection[int]]) -> AsyncIterator[None]:
        """
        Bring messages to topics of many to their readers in the background, while the context lasts.

        Without it a send does so itself, before it returns, unless another process may (`share_fan_out`).

        Args:
            listening: gives the ids of the subscribers who have the inbox open; they are served first.
        """
        self._fan_out = self._fan_out_runner(listening)
        running = asyncio.create_task(self._fan_out.run(), name="fan out")
        try:
            yield
        finally:
            self._fan_out = None
            running.cancel()
            await asyncio.wait([running])

    def share_fan_out(self) -> None:
        """From now on another process may have the fan-out, so a send leaves what it begins to whoever has it."""
        self._is_fan_out_shared = True

    async def fan_out(self, listening: Callable[[], Collection[int]]) -> None:
        """Do as `fanning_out`, until cancelled."""
        async with self.fanning_out(listening):
            await asyncio.Event().wait()

    @property
    def fan_out_pulse(self) -> Pulse | None:
        """When the loop that brings messages to the many last came round; None when it does not run."""
        return None if self._fan_out is None else self._fan_out.loop.pulse

    async def _rendered(self, asked: _Asked, who: str) -> _Asked:
        draft = await self._renderer.finish(asked.draft, who)
        return asked if draft is asked.draft else replace(asked, draft=draft)

    async def _shown_first(self, message: Message) -> Message:
        rendered = await self._renderer.html_of(message.draft)
        if rendered is None:
            return replace(message, draft=replace(message.draft, rendered=render_as_text(message.draft.content)))
        try:
            await self._store.write(lambda tx: tx.messages.keep_rendered(message.id, rendered))
        except StoreError as error:  # a full disk keeps nobody from reading
            _log.warning("what message %d is shown as cannot be kept: %s", message.id, error)
        return replace(message, draft=replace(message.draft, rendered=rendered))

    async def _bring_now(self, sent: SendOutcome) -> None:
        if sent.is_waiting and self._fan_out is None and not self._is_fan_out_shared:
            await self._fan_out_runner(lambda: ()).drain()

    def _fan_out_runner(self, listening: Callable[[], Collection[int]]) -> FanOutRunner:
        return FanOutRunner(self._store, now=self._now, listening=listening)

    def _wake_fan_out(self) -> None:
        if self._fan_out is not None:
            self._fan_out.loop.wake()
