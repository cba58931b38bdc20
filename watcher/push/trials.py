"""
Trials: a visitor makes a QR code, whoever scans it gets one test message, and the visitor sees it arrive.

A trial is a parametric QR code of a built-in application. Scan and message are saved in one transaction; the message's
idempotency key names the code and who scanned it, so each who scans gets one, however often.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.callbacks import QrCode
from watcher.core.caps import Made
from watcher.core.push import SEEN_STATES, TRIAL_APP_KEY, App, AppProfile, DeviceDraft, Draft, NewSubscriber, Subscriber
from watcher.errors import RefusedError
from watcher.push.codes import new_qr_code, scan
from watcher.push.context import Resource
from watcher.push.ids import is_code, new_slug
from watcher.push.sending import SendOutcome, SendRequest, send, woken_by
from watcher.push.subscribers import UNKNOWN_DEVICE

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

TRIAL_SECONDS: Final = 1_800
_EXTRA: Final = "trial"
_PROFILE: Final = AppProfile(
    name="Try it · 体验", description="One test message, to see how it works. · 一条测试消息，看看效果。"
)


class TrialState(StrEnum):
    """How far a trial has come."""

    WAITING = "waiting"
    """for someone to scan"""
    SENT = "sent"
    """the message is in the inbox of who scanned"""
    SHOWN = "shown"
    """their device showed it"""
    REFUSED = "refused"
    """scanned, but who scanned takes no messages"""


class Trial(Struct, frozen=True, kw_only=True):
    """A trial that has not expired. The state is of who scanned last."""

    code: QrCode
    state: TrialState


class Trials(Resource):
    """The trials of one push store. Each method raises StoreError."""

    async def begin(self) -> QrCode:
        """Make the QR code of a trial: whoever scans it within half an hour gets one test message."""
        return await self._strangers.make(Made.TRIALS, partial(_begin, now=self._now()))

    async def find(self, code: str) -> Trial | None:
        """Return the state of the trial with this code, unless it has expired."""
        if not is_code(code):
            return None
        return await self._store.read(partial(_find, code=code, now=self._now()))

    async def scan(
        self, slug: str, subscriber: Subscriber | None, draft: Draft, *, device: DeviceDraft = UNKNOWN_DEVICE
    ) -> NewSubscriber | None:
        """
        Do as `Codes.scan` for a trial's code, and send the draft to who scanned, once for each.

        Raises:
            RefusedError: the code has expired.
        """
        work = partial(_scan, slug=slug, subscriber=subscriber, draft=draft, now=self._now(), device=device)
        made, _ = await self._strangers.make_for(subscriber, work, wakes=lambda done: woken_by(done[1]))
        return made


def _begin(tx: Transaction, *, now: datetime) -> QrCode:
    code = new_qr_code(_trial_app(tx, now=now), _EXTRA, TRIAL_SECONDS, now=now)
    tx.codes.add(code, created_at=now)
    return code


def _find(tx: Transaction, code: str, *, now: datetime) -> Trial | None:
    app, found = tx.apps.of_key(TRIAL_APP_KEY), tx.codes.of_code(code, at=now)
    if app is None or found is None or found.app_id != app.id:
        return None
    return Trial(code=found, state=_state(tx, found, now))


def _scan(
    tx: Transaction,
    slug: str,
    subscriber: Subscriber | None,
    draft: Draft,
    *,
    now: datetime,
    device: DeviceDraft,
) -> tuple[NewSubscriber | None, SendOutcome]:
    made = scan(tx, slug, subscriber, now=now, device=device)
    code = tx.codes.of_slug(slug, at=now)
    if code is None or code.uid is None:
        raise RefusedError("the QR code does not exist, or has expired")
    request = SendRequest(draft=draft, uids=[code.uid], idempotency_key=_message_key(code, code.uid))
    return made, send(tx, code.app_id, request, now=now)


def _state(tx: Transaction, code: QrCode, now: datetime) -> TrialState:
    if code.uid is None:
        return TrialState.WAITING
    key = _message_key(code, code.uid)
    known = tx.messages.known(code.app_id, [key])
    if key not in known:
        return TrialState.REFUSED
    [answer] = tx.messages.answers([known[key]])[known[key]]
    number = answer.send_record_id
    states = tx.deliveries.states_of_record(number, at=now) if number else None
    is_seen = not SEEN_STATES.isdisjoint(states or ())
    return TrialState.SHOWN if is_seen else TrialState.SENT


def _message_key(code: QrCode, uid: str) -> str:
    return f"{code.code}:{uid}"


def _trial_app(tx: Transaction, *, now: datetime) -> App:
    if app := tx.apps.of_key(TRIAL_APP_KEY):
        return app
    return tx.apps.add(_PROFILE, key=TRIAL_APP_KEY, slug=new_slug(), created_at=now)
