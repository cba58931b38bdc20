"""Who is woken after a commit: live inboxes, and the workers of the queues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence


class Wakeups:
    """The wake-ups of one process; used from one event loop. A needless call does no harm."""

    def __init__(self) -> None:
        self._readers: list[Callable[[Sequence[int]], None]] = []
        self._deliverers: list[Callable[[], None]] = []
        self._callback_senders: list[Callable[[], None]] = []
        self._fetchers: list[Callable[[Sequence[int]], None]] = []
        self._topics: list[Callable[[Sequence[int]], None]] = []

    def on_delivery(self, wake: Callable[[Sequence[int]], None]) -> None:
        """Call `wake` with the ids of subscribers who have something new, after each commit that delivers."""
        self._readers.append(wake)

    def on_handed_over(self, wake: Callable[[Sequence[int]], None]) -> None:
        """Call `wake` with the ids of subscribers to whom something was handed over that they fetch from us."""
        self._fetchers.append(wake)

    def on_sent(self, wake: Callable[[Sequence[int]], None]) -> None:
        """Call `wake` with the ids of topics to which something was sent."""
        self._topics.append(wake)

    def on_handover(self, wake: Callable[[], None]) -> None:
        """Call `wake` when something is queued for a channel."""
        self._deliverers.append(wake)

    def on_callback(self, wake: Callable[[], None]) -> None:
        """Call `wake` when a callback may be queued."""
        self._callback_senders.append(wake)

    def wake_readers(self, subscriber_ids: Collection[int]) -> None:
        """Say that these subscribers have something new."""
        if subscriber_ids:
            for wake in self._readers:
                wake(sorted(subscriber_ids))

    def wake_fetchers(self, subscriber_ids: Collection[int]) -> None:
        """Say that something was handed over to these subscribers, who fetch it from us."""
        if subscriber_ids:
            for wake in self._fetchers:
                wake(sorted(subscriber_ids))

    def wake_topics(self, topic_ids: Collection[int]) -> None:
        """Say that something was sent to these topics, however many of their readers have it yet."""
        if topic_ids:
            for wake in self._topics:
                wake(sorted(topic_ids))

    def wake_deliverers(self) -> None:
        """Say that something is queued for a channel."""
        for wake in self._deliverers:
            wake()

    def wake_callback_senders(self, _: object = None) -> None:
        """Say that a callback may be queued. What a transaction returned may be given, and is not looked at."""
        for wake in self._callback_senders:
            wake()
