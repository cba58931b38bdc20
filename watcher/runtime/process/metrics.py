"""
The figures of this process, in Prometheus' text format: collected when they are asked for, from plain numbers.

Labels have few values: no watch, no topic, no address, no token is one.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

import watcher
from watcher.core.callbacks import CallbackState
from watcher.core.caps import MadeToday
from watcher.core.check import Verdict
from watcher.core.figures import Durations
from watcher.errors import StoreError
from watcher.push.queues import Queues
from watcher.runtime.process.health import Checking, Health, Serving
from watcher.runtime.settings import utc_now
from watcher.store.backups import newest_age

_STANDS: Final = ("ok", "failing", "new", "paused", "muted", "disabled")
_FETCHED: Final = ("page", "not_modified", "error")
_PUBLISHED: Final = ("taken", "passing", "permanent")
_ANSWERS: Final = ("sent", "retry", "refused", "gone")


class _Collected(Collector):
    """Families that were made beforehand, for what is asked of a database is not asked by a collector."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


async def metrics(health: Health) -> bytes:
    """Return the figures. What a database that is silent would say is left out."""
    problems = await health.problems()
    build = GaugeMetricFamily("watcher_build_info", "1; the labels say what runs.", labels=("version", "python"))
    build.add_metric([watcher.__version__, platform.python_version()], 1)
    families: list[Metric] = [
        build,
        _gauge("watcher_ready", "1 when `/readyz` answers 200, else 0.", not problems),
        _histogram("watcher_event_loop_lag_seconds", "How late the event loop comes back.", health.lag_seconds),
    ]
    if health.watching is not None:
        families += _of_checks(health.watching, is_file_used=health.is_file_used)
        families += _of_outbox(health.watching)
    if health.serving is not None:
        families += _of_serving(health.serving, await _queues(health) if not problems else None)
        families += await _of_cluster(health.serving) if not problems else ()
        families += _of_strangers(await _made(health.serving) if not problems else ())
    if (age := _backup_age_seconds(health.data)) is not None:
        families.append(_gauge("watcher_backup_age_seconds", "How old the newest backup is.", age))
    if sockets := _sockets(health):
        families.append(_gauge("watcher_outbound_sockets", "Connections to others.", sockets, ("to",)))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(families))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def _sockets(health: Health) -> Mapping[str, float]:
    pages = {} if health.watching is None else {"pages": health.watching.checker.sockets.open}
    relays = {} if health.serving is None else {"relays": health.serving.sockets.open}
    return pages | relays


async def _queues(health: Health) -> Queues | None:
    try:
        return await health.serving.service.queues() if health.serving else None
    except StoreError:
        return None


async def _made(serving: Serving) -> Sequence[MadeToday]:
    try:
        return await serving.service.strangers.made_today()
    except StoreError:
        return ()


def _backup_age_seconds(data: Path) -> float | None:
    try:
        age = newest_age(data, now=utc_now())
    except OSError:
        return None
    return None if age is None else age.total_seconds()


def _of_checks(parts: Checking, *, is_file_used: bool) -> Iterator[Metric]:
    checker = parts.checker
    runner, figures = checker.runner, checker.runner.figures()
    checks = {str(verdict): runner.checks[verdict] for verdict in Verdict}
    yield _counter("watcher_checks", "Checks, by what they came to.", checks, "outcome")
    yield _counter("watcher_check_failures", "Checks that failed, by why.", runner.failures, "kind")
    yield _histogram("watcher_check_duration_seconds", "From due to judged.", runner.check_seconds)
    yield _histogram("watcher_schedule_lag_seconds", "From due to begun.", runner.schedule_lag_seconds)
    yield _gauge("watcher_checks_running", "Checks under way.", figures.under_way)
    stand = {how: figures.watches.get(how, 0) for how in _STANDS}
    yield _gauge("watcher_watches", "Watches, by how they stand.", stand, ("state",))
    yield _gauge("watcher_watches_silent", "Watches that were not checked for too long.", figures.silent)
    yield _gauge("watcher_check_overdue_seconds", "How long the longest due watch is due.", figures.overdue_seconds)
    yield _gauge("watcher_network_down", "1 while no host is reached.", figures.is_network_down)
    yield _gauge("watcher_file_used", "1 when the saved file of watches is in use, 0 when it is wrong.", is_file_used)
    fetches = {how: checker.fetcher.fetches[how] for how in _FETCHED}
    yield _counter("watcher_fetches", "Requests for pages, by how they went.", fetches, "result")
    yield _counter("watcher_fetch_bytes", "Bytes of pages on the wire.", checker.fetcher.wire_bytes)
    committer = checker.committer
    yield _histogram("watcher_commit_duration_seconds", "Commits of checks to the disk.", committer.commit_seconds)
    yield _counter("watcher_commits_refused", "Commits of checks that were refused.", committer.refused)
    yield _gauge("watcher_decisions_late", "Times of checks that wait to be written.", committer.late)


def _of_outbox(parts: Checking) -> Iterator[Metric]:
    waiting, now = parts.living, utc_now()
    counts = {"waiting": len(waiting)} if parts.dead is None else {"waiting": len(waiting), "dead": parts.dead}
    yield _gauge("watcher_outbox_messages", "Messages that are not delivered.", counts, ("state",))
    oldest = max(((now - entry.message.created_at).total_seconds() for entry in waiting), default=0.0)
    yield _gauge("watcher_outbox_oldest_seconds", "How old the oldest message that waits is.", max(oldest, 0.0))
    published = {how: parts.published.get(how, 0) for how in _PUBLISHED}
    yield _counter("watcher_publishes", "Messages handed to the push service, by its answer.", published, "result")


def _of_serving(serving: Serving, queues: Queues | None) -> Iterator[Metric]:
    handovers = CounterMetricFamily(
        "watcher_handovers", "Messages handed to channels, by their answer.", labels=("channel", "result")
    )
    for channel in serving.channels:
        for answer in _ANSWERS:
            handovers.add_metric([channel, answer], serving.deliverer.answers[channel, answer])
    yield handovers
    settled = {
        "delivered": serving.callbacks.settled[CallbackState.DELIVERED],
        "retry": serving.callbacks.settled[CallbackState.PENDING],
        "dead": serving.callbacks.settled[CallbackState.DEAD],
    }
    yield _counter("watcher_callbacks", "Callbacks to owners, by how they went.", settled, "result")
    if queues is not None:
        waiting = {"fan_out": queues.fan_outs, "handover": queues.handovers, "callback": queues.callbacks}
        yield _gauge("watcher_queue", "What waits in the push database.", waiting, ("queue",))
        yield _gauge("watcher_callbacks_full", "Applications whose callbacks are too many.", queues.full)
    yield _gauge("watcher_live_inboxes", "Inboxes that are open.", len(serving.hub))
    if serving.is_in_cluster:
        yield _gauge("watcher_others_heard", "1 while other servers are heard.", serving.service.wakeups.are_heard)
    requests = CounterMetricFamily(
        "watcher_http_requests", "Requests that were answered.", labels=("method", "route", "status", "code")
    )
    for answered, count in serving.requests.answered.items():
        requests.add_metric([answered.method, answered.route, str(answered.status), answered.code], count)
    yield requests
    yield _histogram("watcher_http_request_duration_seconds", "Answers, but live ones.", serving.requests.seconds)


async def _of_cluster(serving: Serving) -> Sequence[Metric]:
    """Return how all watches of a cluster stand, the same of each of its servers."""
    if serving.cluster is None:
        return ()
    try:
        figures = await serving.cluster()
    except StoreError:
        return ()
    overdue, oldest = figures.overdue_seconds, figures.oldest_seconds
    return (
        _gauge("watcher_cluster_watches", "Watches of all workers, by how they stand.", figures.watches, ("state",)),
        _gauge("watcher_cluster_check_overdue_seconds", "How long the longest due watch is due.", overdue),
        _gauge("watcher_cluster_shards_unheld", "Shards that no worker has.", figures.unheld, ("kind",)),
        _gauge("watcher_cluster_outbox_messages", "Messages not delivered.", figures.messages, ("state",)),
        _gauge("watcher_cluster_outbox_oldest_seconds", "How old the oldest message that waits is.", oldest),
    )


def _of_strangers(made: Sequence[MadeToday]) -> Iterator[Metric]:
    if made:
        counts, caps = {str(each.what): each.count for each in made}, {str(each.what): each.most for each in made}
        yield _gauge("watcher_strangers_made", "What strangers made in the last 24 hours.", counts, ("what",))
        yield _gauge("watcher_strangers_cap", "How much of it they may make.", caps, ("what",))


def _counter(name: str, says: str, value: float | Mapping[str, float], label: str | None = None) -> CounterMetricFamily:
    if not isinstance(value, Mapping):
        return CounterMetricFamily(name, says, value=value)
    family = CounterMetricFamily(name, says, labels=[label or ""])
    for each, count in value.items():
        family.add_metric([each], count)
    return family


def _gauge(
    name: str, says: str, value: float | Mapping[str, float], labels: tuple[str, ...] | None = None
) -> GaugeMetricFamily:
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(name, says, value=value)
    family = GaugeMetricFamily(name, says, labels=labels)
    for each, count in value.items():
        family.add_metric([each], count)
    return family


def _histogram(name: str, says: str, durations: Durations) -> HistogramMetricFamily:
    buckets = [("+Inf" if bound == float("inf") else str(bound), float(count)) for bound, count in durations.buckets()]
    return HistogramMetricFamily(name, says, buckets=buckets, sum_value=durations.seconds)
