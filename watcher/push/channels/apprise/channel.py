"""
Sends notifications through Apprise (https://github.com/caronc/apprise/wiki), a thread each.

Apprise says whether a service took a notification, and not why it did not:

| | means |
|---|---|
| taken | sent |
| not taken, no answer within 45 s, an error of Apprise's | later |
| a scheme that is not allowed, or no address of it | refused; the address is dropped at the third in a row |
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import apprise

from watcher.core.channels import (
    Address,
    ChannelName,
    Notification,
    Refused,
    Retry,
    SendResult,
    Sent,
    Strikes,
)
from watcher.push.channels.apprise.address import scheme_of
from watcher.push.channels.asking import Question
from watcher.push.channels.coded import coded_message
from watcher.push.channels.words import Words, fitted, words_of

SEND_SECONDS: Final = 45.0
"""A plugin that sends twice waits between: 5.5 s, and 4 s each to connect and to read."""
_THREADS: Final = 4
_BODY_BYTES: Final = 16_000
"""Apprise cuts it to what each service takes."""
_STRIKES: Final = Strikes(most=3)
for _name in ("apprise", "urllib3"):
    # What these log quotes addresses, which are secrets; nothing else of ours uses them.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class AppriseChannel:
    """A Channel whose addresses are Apprise's URLs."""

    name: Final = ChannelName.APPRISE
    at_once: Final = _THREADS

    def __init__(self, schemes: Collection[str], *, send_seconds: float = SEND_SECONDS) -> None:
        """`schemes`: those that the operator allows."""
        self.schemes = schemes
        self._send_seconds = send_seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="apprise")

    def lane(self, address: Address) -> str:
        """Return the scheme: behind one is one service, mostly."""
        return scheme_of(address.value)

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to Apprise."""
        scheme = scheme_of(address.value)
        if scheme not in self.schemes:
            return Refused(reason=f"the operator does not allow {scheme or 'this'}:// of Apprise", strikes=_STRIKES)
        words = words_of(notification)
        try:
            async with asyncio.timeout(self._send_seconds):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, _notify, address.value, scheme, words)
        except TimeoutError:
            return Retry(reason=f"{scheme}: no answer within {self._send_seconds:g} s")

    async def ask(self, question: Question) -> SendResult:
        """Send the notification that has the code."""
        return await self.send(*coded_message(question, self.name))


def _notify(url: str, scheme: str, words: Words) -> SendResult:
    notifier = apprise.Apprise(asset=apprise.AppriseAsset(app_id="watcher", app_desc="watcher", secure_logging=True))
    try:
        if not notifier.add(url):
            return Refused(reason=f"Apprise does not know this address of {scheme}", strikes=_STRIKES)
        body = "\n".join(filter(None, (fitted(words.body, _BODY_BYTES), words.link)))
        form = apprise.NotifyFormat.MARKDOWN if words.is_markdown else apprise.NotifyFormat.TEXT
        is_taken = notifier.notify(body=body, title=words.head, body_format=form)
    except Exception as error:
        return Retry(reason=f"{scheme}: Apprise failed ({type(error).__name__})")
    return Sent() if is_taken else Retry(reason=f"{scheme}: the service did not take it")
