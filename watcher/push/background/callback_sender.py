"""
Sends callbacks to the owners of applications.

What happened is saved with its callback in one transaction (`events`), so a kill between the two loses nothing: the
callback is sent after the next start. It leaves the queue when the owner's server answered 2xx, so it comes at least
once, and byte for byte the same each time.

- One application's callbacks go out one at a time, in order: one that is to be tried again holds back those behind it.
  Those for an endpoint (`webhooks`) go out one at a time, too, and one that fails holds back none; they are signed as
  Standard Webhooks has it, and tried for days (`core/webhooks` has the table).
- Owners take turns, and of one owner few calls are under way at once: slow endpoints, however many, hold up their own.
- A redirect is a failure and is not followed; addresses that are not public are refused, for owners write the URLs:
  theirs always, those of the operator's own applications unless the operator allows them (`--private-callbacks`).
- So many wait for one application at most (`--max-callbacks`), and as many for its endpoints: what would be more is not
  told, and who wrote it is.
- After a day without an answer a callback of an application is dead, and those behind it that are as old with it; of
  webhooks the table of `core/webhooks` says when.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias

from yarl import URL

from watcher.background.loop import LONGEST_WAIT_SECONDS, PAUSE_SECONDS, BackgroundLoop
from watcher.core.callbacks import (
    GIVE_UP_AFTER,
    Callback,
    CallbackAnswer,
    CallbackState,
    after_attempt,
    is_due,
)
from watcher.core.instants import epoch_milliseconds
from watcher.core.urls import is_web_url
from watcher.core.webhooks import after_answer, after_delivery
from watcher.errors import AddressDeniedError, StoreError
from watcher.net import NO_ANSWER, Sessions, why_failed

if TYPE_CHECKING:
    from watcher.store.push.callbacks import Outbound
    from watcher.store.push.store import PushStore, Transaction

CALL_SECONDS: Final = 5.0
WEBHOOK_SECONDS: Final = 20.0
"""As the specification advises: 15 to 30 s."""
CALLS_AT_ONCE: Final = 16
CALLS_OF_ONE_OWNER: Final = 4
"""Of these. An account is an owner, and so is each application of the operator."""
_Queue: TypeAlias = tuple[int, int | None]
_Owner: TypeAlias = tuple[str, int]
_TIDY_EVERY: Final = timedelta(hours=1)
_NO_URL: Final = "the application has no callback URL any more"
_log = logging.getLogger(__name__)


class CallbackSender:
    """Sends what is pending, for ever (`run`). One at a time may work on a database."""

    def __init__(
        self,
        store: PushStore,
        sessions: Sessions,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        allow_private: bool = False,
        call_seconds: float = CALL_SECONDS,
        webhook_seconds: float = WEBHOOK_SECONDS,
    ) -> None:
        """
        Args:
            now: the wall clock.
            chance: a fresh random number, 0 ≤ chance < 1.
            allow_private: those of the operator's own applications may go into the network that this machine sees.
            call_seconds: how long one call may take.
            webhook_seconds: the same, of a call to an endpoint.
        """
        self._store = store
        self._public = sessions.of(False)
        self._trusted = sessions.of(allow_private)
        self._now = now
        self._chance = chance
        self._call_seconds = call_seconds
        self._webhook_seconds = webhook_seconds
        self.loop = BackgroundLoop("sends callbacks")
        self.settled: Counter[CallbackState] = Counter()
        self._busy: dict[_Queue, _Owner] = {}
        self._turns = count(1)
        self._served: dict[_Queue | _Owner, int] = {}
        self._tidied_at: datetime | None = None
        self._broken_off: list[Callable[[Transaction], None]] = []
        """saves of answers that a stop broke off"""

    async def run(self) -> None:
        """
        Send whatever is due, until cancelled; calls under way are broken off, and made again at the next start.

        It may be run again: nothing is remembered then, for another process may have sent meanwhile.
        """
        self._broken_off.clear()
        self._tidied_at = None
        try:
            async with asyncio.TaskGroup() as calls:
                await self.loop.run(partial(self._start_due, calls))
        finally:
            # What an owner has answered is saved now, or it would be sent again at the next start.
            if self._broken_off:
                with suppress(StoreError):
                    await self._store.write(self._save_broken_off)

    async def _start_due(self, calls: asyncio.TaskGroup) -> float:
        """Start a call for each queue with one due and a place; return for how many seconds there is no more to do."""
        await self._tidy()
        busy = frozenset(self._busy)  # whose call ends while we look is not as we see it any more
        heads = await self._store.read(lambda tx: [*tx.callbacks.heads(), *tx.webhooks.heads()])
        idle = [head for head in heads if _queue_of(head) not in busy | self._busy.keys()]
        now = self._now()
        due = [head for head in idle if is_due(head.callback, now=now)]
        while (head := self._next(due)) is not None:
            self._busy[_queue_of(head)] = _owner_of(head)
            self._served[_queue_of(head)] = self._served[_owner_of(head)] = next(self._turns)
            calls.create_task(self._call(head))
        return _seconds_until_due(idle, now)

    def _next(self, due: Sequence[Outbound]) -> Outbound | None:
        """Return whose turn it is; None: all places are taken, or all of those who want one."""
        if len(self._busy) >= CALLS_AT_ONCE:
            return None
        under_way = Counter(self._busy.values())
        may = [
            head
            for head in due
            if _queue_of(head) not in self._busy and under_way[_owner_of(head)] < CALLS_OF_ONE_OWNER
        ]
        return min(may, key=self._turn, default=None)

    def _turn(self, head: Outbound) -> tuple[int, int]:
        # Who was served longest ago comes first, so that a few with long queues do not take all places.
        return self._served.get(_owner_of(head), 0), self._served.get(_queue_of(head), 0)

    async def _tidy(self) -> None:
        now = self._now()
        if self._tidied_at is None or not timedelta(0) <= now - self._tidied_at < _TIDY_EVERY:
            await self._store.write(lambda tx: tx.callbacks.forget(at=now, most=tx.max_callbacks))
            self._tidied_at = now

    async def _call(self, head: Outbound) -> None:
        callback = head.callback
        try:
            if not head.url:
                await self._store.write(lambda tx: tx.callbacks.give_up(callback.app_id, _NO_URL))
                return
            answer = await self._post(head)
            now = self._now()
            follow = after_attempt if callback.webhook_id is None else after_delivery
            settled = follow(callback, answer, now=now, chance=self._chance())
            await self._save(partial(_settle, callback=settled, now=now))
            self.settled[settled.state] += 1
            _report(settled)
        except StoreError as error:
            _log.warning("cannot note what became of a callback, it is sent again: %s", error)
            await asyncio.sleep(PAUSE_SECONDS)
        except Exception:
            _log.exception("a callback of application %d failed", callback.app_id)
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._busy.pop(_queue_of(head), None)
            self.loop.wake()

    async def _save(self, settle: Callable[[Transaction], None]) -> None:
        try:
            await self._store.write(settle)
        except asyncio.CancelledError:
            # It may be saved already: the same once more does no harm.
            self._broken_off.append(settle)
            raise

    def _save_broken_off(self, tx: Transaction) -> None:
        for settle in self._broken_off:
            settle(tx)

    async def _post(self, head: Outbound) -> CallbackAnswer:
        if not is_web_url(head.url):
            return CallbackAnswer(reason="the callback URL is no http or https address")
        url, body = URL(head.url), head.callback.body.encode()
        session = self._trusted if head.is_operators else self._public
        seconds = self._call_seconds if head.callback.webhook_id is None else self._webhook_seconds
        headers = {"Content-Type": "application/json", **_headers(head, body, at=self._now())}
        try:
            async with (
                asyncio.timeout(seconds),
                session.post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                return understand(response.status)
        except AddressDeniedError:
            return CallbackAnswer(reason=f"{url.host} is not a public address; callbacks go to public ones only")
        except TimeoutError:
            return CallbackAnswer(reason=f"{url.host}: no answer within {seconds:g} s")
        except NO_ANSWER as error:
            # The error's own text may quote the URL, secrets included.
            return CallbackAnswer(reason=f"{url.host}: {why_failed(error)}")


def event_id(callback: Callback) -> str:
    """Return the id by which an owner recognises a repeated callback: 32 hex digits, unlike any other's."""
    made_of = f"{callback.app_id}:{callback.id}:{epoch_milliseconds(callback.created_at)}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:32]


def signature(key: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """
    Return the headers by which an owner knows that a callback is ours and new; none without a key.

    The timestamp is in milliseconds since 1970; the signature is the lowercase hex HMAC-SHA256 of `timestamp.body`.
    """
    if not key:
        return {}
    timestamp = str(epoch_milliseconds(at))
    signed = hmac.digest(key.encode(), timestamp.encode() + b"." + body, "sha256").hex()
    return {"X-Watcher-Timestamp": timestamp, "X-Watcher-Signature": signed}


def webhook_signature(message_id: str, body: bytes, *, key: str, old_key: str = "", at: datetime) -> dict[str, str]:
    """
    Return the headers of Standard Webhooks (v1).

    The signature is the base64 HMAC-SHA256 of `id.timestamp.body`, by the bytes that stand behind `whsec_` in base64;
    while a secret is being replaced there is one of each, separated by a blank. The timestamp is in seconds.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    made = [_signed(each, signed) for each in (key, old_key) if each]
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(made)}


def _signed(key: str, content: bytes) -> str:
    secret = base64.b64decode(key.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(secret, content, "sha256")).decode()


def _headers(head: Outbound, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return by what the receiver knows a callback: that it is ours, new, and the same as before."""
    name = event_id(head.callback)
    if head.callback.webhook_id is None:
        return {"X-Watcher-Event-Id": name, **signature(head.key, body, at=at)}
    is_old_good = head.old_key_until is not None and at < head.old_key_until
    return webhook_signature(f"msg_{name}", body, key=head.key, old_key=head.old_key if is_old_good else "", at=at)


def _queue_of(head: Outbound) -> _Queue:
    """Return whose queue it is in: of an application's owner, or of an endpoint."""
    return head.callback.app_id, head.callback.webhook_id


def _owner_of(head: Outbound) -> _Owner:
    """Return with whom it shares the calls under way."""
    if head.account_id is None:
        return "app", head.callback.app_id
    return "account", head.account_id


def understand(status: int) -> CallbackAnswer:
    """Return what an HTTP status means: any 2xx is a success."""
    if 200 <= status < 300:
        return CallbackAnswer(status=status)
    said = f"answered {status}"
    if 300 <= status < 400:
        said += "; redirects are not followed, so give the URL that it moved to"
    return CallbackAnswer(status=status, reason=said)


def _seconds_until_due(heads: Sequence[Outbound], now: datetime) -> float:
    """Return how long none of these is due; what is due already waits for a place, and its release wakes us."""
    waits = [(head.callback.due_at - now).total_seconds() for head in heads if not is_due(head.callback, now=now)]
    return min(waits, default=LONGEST_WAIT_SECONDS)


def _settle(tx: Transaction, callback: Callback, now: datetime) -> None:
    tx.callbacks.settle(callback)
    if callback.webhook_id is not None:
        _settle_webhook(tx, callback, callback.webhook_id, now)
    elif callback.state is CallbackState.DEAD:
        tx.callbacks.give_up(callback.app_id, callback.reason, older_than=now - GIVE_UP_AFTER)


def _settle_webhook(tx: Transaction, delivery: Callback, webhook_id: int, now: datetime) -> None:
    webhook = tx.webhooks.of_id(webhook_id)
    if webhook is None or not webhook.is_enabled:
        return
    after = after_answer(webhook, delivery, now=now)
    if after != webhook:
        tx.webhooks.save(after)
    if not after.is_enabled:
        tx.webhooks.give_up(webhook_id, f"the webhook was disabled: {after.disabled}")
        _log.warning("webhook %d is disabled: %s", webhook_id, after.disabled)


def _report(callback: Callback) -> None:
    match callback.state:
        case CallbackState.DEAD:
            _log.warning("application %d: a callback was given up: %s", callback.app_id, callback.reason)
        case CallbackState.PENDING:
            _log.info("application %d: a callback is tried again: %s", callback.app_id, callback.reason)
        case CallbackState.DELIVERED:
            pass
