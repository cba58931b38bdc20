"""
Posts into groups by their robots' webhooks.

No service knows a repeat: a kill between its answer and our commit posts once more, as does an answer that is lost.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from watcher.core.channels import Address, Notification, Pause, Refused, Retry, SendResult
from watcher.core.files import is_out_of_files
from watcher.core.retry_after import retry_after
from watcher.errors import AddressDeniedError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.channels.robots.pace import Pace
from watcher.push.channels.robots.service import Call, Service, read_answer
from watcher.push.channels.robots.webhook import stored_robot
from watcher.push.wxpusher import read_body

SEND_SECONDS: Final = 10.0


class RobotChannel:
    """A Channel whose addresses are robots of one service."""

    at_once: Final = 20

    def __init__(
        self,
        service: Service,
        sessions: Sessions,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
        send_seconds: float = SEND_SECONDS,
        route: Callable[[URL], URL] | None = None,
    ) -> None:
        """
        Args:
            now: the wall clock.
            seconds: a monotonic clock.
            send_seconds: how long one message may take.
            route: turns a webhook into where it is really reached, for tests and for gateways, which may be private.
        """
        self.name = service.name
        self._service = service
        self._session = sessions.of(allow_private=route is not None)
        self._now = now
        self._pace = Pace(service.limits, seconds)
        self._send_seconds = send_seconds
        self._route = route

    def lane(self, address: Address) -> str:
        """Return the service's host; empty for an address that cannot be read, which is posted nowhere."""
        robot = stored_robot(self.name, address.value)
        return robot.host if robot else ""

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Post it, unless the robot has posted as much as its service takes."""
        robot = stored_robot(self.name, address.value)
        if robot is None:
            return Refused(reason="the stored robot cannot be read")
        # By its hash: a key is no name for what stays in memory.
        known_as = hashlib.blake2b(robot.key.encode(), digest_size=16).hexdigest()
        if wait := self._pace.wait_seconds(known_as):
            return Retry(reason=f"{self._service.title} takes no more of this robot yet", after=timedelta(seconds=wait))
        call = self._service.call(robot, notification, self._now())
        self._pace.count(known_as)
        try:
            async with asyncio.timeout(self._send_seconds):
                return await self._post(call)
        except AddressDeniedError:
            reason = f"{robot.host} is not a public address here; look at this machine's DNS"
            return Refused(reason=reason, is_alarm=True)
        except TimeoutError:
            return Retry(reason=f"{robot.host}: no answer within {self._send_seconds:g} s", pause=Pause.LANE)
        except NO_ANSWER as error:
            # The error's own text may quote the webhook.
            pause = Pause.ADDRESS if is_out_of_files(error) else Pause.LANE
            return Retry(reason=f"{robot.host}: {why_failed(error)}", pause=pause)

    async def _post(self, call: Call) -> SendResult:
        url = self._route(call.url) if self._route else call.url
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}
        async with self._session.post(url, data=call.body, headers=headers, allow_redirects=False) as response:
            asked = retry_after(response.headers.get("Retry-After"), now=self._now())
            return read_answer(self._service, response.status, await read_body(response), asked)
