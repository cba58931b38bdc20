"""
Sends notifications through Apprise (https://github.com/caronc/apprise/wiki), a process each.

Apprise says whether a service took a notification, and not why it did not:

| | means |
|---|---|
| taken | sent |
| not taken, not done within 30 s, an error of Apprise's | later |
| a scheme that is not allowed, or no address of it | refused; the address is dropped at the third in a row |
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Collection
from typing import Final

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
from watcher.push.channels.apprise import sending
from watcher.push.channels.apprise.address import scheme_of
from watcher.push.channels.asking import Question
from watcher.push.channels.coded import coded_message
from watcher.push.channels.words import calling_nobody, fitted, words_of

SEND_SECONDS: Final = 30.0
"""A plugin that sends twice waits between: 5.5 s, and 4 s each to connect and to read."""
_PROCESSES: Final = 6
"""Each takes about 60 MB."""
_BODY_BYTES: Final = 16_000
"""Apprise cuts it to what each service takes."""
_STRIKES: Final = Strikes(most=3)


class AppriseChannel:
    """A Channel whose addresses are Apprise's URLs."""

    name: Final = ChannelName.APPRISE
    at_once: Final = 2
    """One service that hangs leaves processes to the others."""

    def __init__(self, schemes: Collection[str], *, send_seconds: float = SEND_SECONDS) -> None:
        """`schemes`: those that the operator allows."""
        self.schemes = schemes
        self._send_seconds = send_seconds
        self._room = asyncio.Semaphore(_PROCESSES)

    def lane(self, address: Address) -> str:
        """Return the scheme: behind one is one service, mostly."""
        return scheme_of(address.value)

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to Apprise."""
        scheme = scheme_of(address.value)
        if scheme not in self.schemes:
            return Refused(reason=f"the operator does not allow {scheme or 'this'}:// of Apprise", strikes=_STRIKES)
        words = words_of(notification)
        order = {
            "url": address.value,
            "scheme": scheme,
            "title": calling_nobody(words.head),
            "body": "\n".join(filter(None, (fitted(calling_nobody(words.body), _BODY_BYTES), words.link))),
            "is_markdown": words.is_markdown,
            "seconds": math.ceil(self._send_seconds) + 1,
        }
        try:
            async with asyncio.timeout(self._send_seconds), self._room:
                return _understood(await _run(json.dumps(order).encode()), scheme)
        except TimeoutError:
            return Retry(reason=f"{scheme}: not done within {self._send_seconds:g} s")
        except OSError as error:
            return Retry(reason=f"{scheme}: no process could be started ({error.strerror})")

    async def ask(self, question: Question) -> SendResult:
        """Send the notification that has the code."""
        return await self.send(*coded_message(question, self.name))


async def _run(order: bytes) -> int:
    """Return the exit status of the program, which has ended when this is left, by whatever way."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", sending.__file__, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        await process.communicate(order)
        return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _understood(status: int, scheme: str) -> SendResult:
    if status == sending.SENT:
        return Sent()
    if status == sending.UNKNOWN:
        return Refused(reason=f"Apprise does not know this address of {scheme}", strikes=_STRIKES)
    said = "the service did not take it" if status == sending.NOT_TAKEN else f"Apprise failed (status {status})"
    return Retry(reason=f"{scheme}: {said}")
