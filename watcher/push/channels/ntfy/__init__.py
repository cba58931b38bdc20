"""
Notifications that apps of ntfy's fetch from us: for Android without Google, iPhone, computers and scripts.

It needs no setting: we are the server that the app talks to. `watcher.push.ntfy` says when a message is handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from watcher.core.channels import Address, ChannelName, Notification, Retry, SendResult, Sent
from watcher.core.findings import Finding
from watcher.push.channels.offered import Channels, Deployment

CHECK: Final = ChannelName.NTFY
CONFIRMATION: Final = None
_NOBODY: Final = "no app of ntfy's is connected"


class Connections(Protocol):
    """The connections that apps hold."""

    def keeps_up(self, subscriber_id: int) -> bool:
        """Return whether one is held for this subscriber whose reader has taken all that was written to it."""


class NtfyChannel:
    """A Channel whose addresses are secret names, which apps follow over connections that they hold."""

    name: Final = ChannelName.NTFY
    at_once: Final = 1_000
    """They are under way for no time, and settled together: each round costs a transaction, whatever their number."""

    def __init__(self) -> None:
        self._connections: Connections | None = None

    def attach(self, connections: Connections) -> None:
        """Hand over to who holds one of these connections from now on."""
        self._connections = connections

    def lane(self, address: Address) -> str:  # noqa: ARG002 - one server, which is ours
        """Return `here`: nobody else's patience is asked for."""
        return "here"

    async def send(self, notification: Notification, address: Address) -> SendResult:  # noqa: ARG002
        """Say whether somebody takes it now, as `answer_at_once`."""
        return self.answer_at_once(address)

    def answer_at_once(self, address: Address) -> SendResult:
        """
        Say whether somebody takes it now; after the commit that notes it, their connections are woken and read it.

        While nobody does it waits. Whoever opens a connection, or polls, takes all that waits.
        """
        if self._connections is not None and self._connections.keeps_up(address.subscriber_id):
            return Sent()
        return Retry(reason=_NOBODY)


def set_up(deployment: Deployment, offered: Channels) -> None:  # noqa: ARG001 - it needs nothing
    """Offer the channel."""
    offered.ntfy = offered.by_name[ChannelName.NTFY] = NtfyChannel()


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:  # noqa: ARG001
    """Find nothing: it works where the server does."""
    return []
