"""Callbacks: the events that are reported to owners of applications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from watcher.core.acts import Act
from watcher.core.callbacks import Callback, CallbackState
from watcher.core.push import App, Slice
from watcher.core.wakeups import Wakeup, wakes_callbacks
from watcher.errors import RefusedError
from watcher.push.apps import running_app
from watcher.push.context import Resource
from watcher.push.events import tell_test

if TYPE_CHECKING:
    from watcher.net import Sessions
    from watcher.push.background.callback_sender import CallbackSender
    from watcher.store.push.store import Transaction

_FULL: Final = "callback: too many callbacks of the application wait; none is added until some are delivered"


class Callbacks(Resource):
    """The callbacks of one push store: settled ones are kept for 30 days. Each method raises StoreError."""

    async def newest(self, app_id: int, *, limit: int = 100) -> Sequence[Callback]:
        """Return the newest callbacks of an application, newest first."""
        return await self.slice(app_id, Slice(limit=limit, is_newest_first=True))

    async def slice(self, app_id: int, cut: Slice) -> Sequence[Callback]:
        """Return a stretch of an application's callbacks by id."""
        return await self._store.read(lambda tx: tx.callbacks.slice(app_id, cut))

    async def send_test(self, app_id: int) -> None:
        """
        Send an application's callback URL a callback that tells nothing else (`test`).

        Raises RefusedError: there is no URL, the application is paused, or too many callbacks wait.
        """
        now = self._now()

        def work(tx: Transaction) -> None:
            app = _reachable(tx, app_id)
            if not tell_test(tx, app, now=now):
                raise RefusedError(_FULL)
            self._note(tx, Act.CALLBACK_TESTED, app.profile.name, app_id=app_id)

        await self._store.write(work, wakes=wakes_callbacks)

    async def retry(self, app_id: int, callback_id: int) -> None:
        """
        Try a callback of an application again that was given up: at once, and then as often as a new one.

        One that is pending or delivered stays as it is. Raises RefusedError: there is no such callback, no URL, the
        application is paused, or too many wait.
        """
        now = self._now()

        def work(tx: Transaction) -> None:
            found = tx.callbacks.of_id(callback_id)
            if found is None or found.app_id != app_id or found.webhook_id is not None:
                raise RefusedError(f"there is no callback {callback_id}", field="callback")
            app = _reachable(tx, app_id)
            if found.state is not CallbackState.DEAD:
                return
            if not tx.callbacks.has_room(app_id, most=tx.max_callbacks):
                raise RefusedError(_FULL)
            tx.callbacks.revive(callback_id, at=now)
            self._note(tx, Act.CALLBACK_RETRIED, app.profile.name, app_id=app_id)

        await self._store.write(work, wakes=wakes_callbacks)

    def sender(self, sessions: Sessions, *, chance: Callable[[], float], allow_private: bool = False) -> CallbackSender:
        """Return what sends them in the background (`run`), which new ones wake. One per database may run."""
        from watcher.push.background.callback_sender import CallbackSender  # and with it aiohttp: only a server sends

        sender = CallbackSender(self._store, sessions, now=self._now, chance=chance, allow_private=allow_private)
        self._store.wakeups.on(Wakeup.CALLBACK, lambda _: sender.loop.wake())
        return sender


def _reachable(tx: Transaction, app_id: int) -> App:
    app = running_app(tx, app_id)
    if not app.profile.callback_url:
        raise RefusedError(f"the application {app.profile.name} has none", field="callback_url")
    return app
