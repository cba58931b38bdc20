from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from watcher.core.host_pace import HostPace
from watcher.core.watch import Lane, Request
from watcher.errors import (
    BlockedError,
    BodyError,
    DeadlineError,
    FetchError,
    LeaseLostError,
    NetworkError,
    RedirectError,
    StatusError,
)
from watcher.fetch.lanes import LONGEST_PAUSE_SECONDS, MAX_IN_FLIGHT, HostLane, Lanes, Pace

FREE = Lane(concurrency=100, min_delay=timedelta(0))
ALONE = Lane(concurrency=1, min_delay=timedelta(0))
REFUSED = NetworkError("connection refused by x.example:443")


def ask(lane: Lane = ALONE, url: str = "https://x.example/a", seconds: float = 20) -> Request:
    return Request(url=url, lane=lane, timeout=timedelta(seconds=seconds))


class Clock:
    """A monotonic clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def lanes_of(clock: Clock | None = None, *, chance: float = 0.5, most_in_flight: int = MAX_IN_FLIGHT) -> Lanes:
    return Lanes(monotonic=clock or time.monotonic, random=lambda: chance, most_in_flight=most_in_flight)


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


# Pace: pure decisions


def test_a_fresh_lane_starts_at_once() -> None:
    assert (Pace(policy=ALONE).next_start_at() or 0) < 0


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_run_than_the_lane_has_places(concurrency: int) -> None:
    pace = Pace(policy=Lane(concurrency=concurrency, min_delay=timedelta(0)))
    for _ in range(concurrency):
        assert pace.next_start_at() is not None
        assert pace.let_in(now=10)
        pace.start(now=10)
    assert pace.next_start_at() is None
    pace.end()
    assert pace.next_start_at() == 10


def test_the_delay_counts_from_start_to_start() -> None:
    pace = Pace(policy=Lane(concurrency=2, min_delay=timedelta(seconds=1.5)))
    assert pace.let_in(now=10)
    assert pace.next_start_at() is None, "it has not started yet"
    pace.start(now=10)
    assert pace.next_start_at() == 11.5


@pytest.mark.parametrize(
    ("failures", "longest"), [(0, 1), (1, 2), (2, 4), (5, 32), (8, 256), (9, 300), (10_000, LONGEST_PAUSE_SECONDS)]
)
def test_each_failure_doubles_the_longest_pause_up_to_five_minutes(failures: int, longest: float) -> None:
    for chance in (0.0, 0.5, 0.999):
        pace = Pace(policy=FREE, failures=failures)
        pace.fail(REFUSED, now=10, chance=chance)
        assert pace.paused_until == pytest.approx(10 + longest * chance)
        assert pace.failures == failures + 1


@pytest.mark.parametrize(
    ("error", "is_hosts_fault"),
    [
        (REFUSED, True),
        (DeadlineError("late"), True),
        (StatusError("busy", status=429), True),
        (StatusError("busy", status=503), True),
        (StatusError("gone", status=404), False),
        (StatusError("broken page", status=500), False),
        (BlockedError("challenge", status=503), True),
        (BlockedError("challenge", status=403), False),
        (BlockedError("captcha"), False),
        (BodyError("binary"), False),
        (RedirectError("loop"), False),
    ],
)
def test_only_what_is_the_hosts_fault_pauses_it(error: FetchError, is_hosts_fault: bool) -> None:
    pace = Pace(policy=FREE, failures=3)
    pace.fail(error, now=10, chance=0.5)
    assert pace.failures == (4 if is_hosts_fault else 0)
    assert (pace.paused_until > 10) is is_hosts_fault


def test_a_hundred_failures_of_one_incident_count_once() -> None:
    pace = Pace(policy=FREE)
    for _ in range(100):
        pace.fail(StatusError("slow", status=429, retry_after=timedelta(seconds=60)), now=10, chance=0.5)
    assert (pace.failures, pace.paused_until) == (1, 70)


def test_retry_after_is_obeyed_whatever_the_status() -> None:
    pace = Pace(policy=FREE)
    pace.fail(StatusError("no", status=403, retry_after=timedelta(seconds=60)), now=10, chance=0.5)
    assert pace.next_start_at() == 70


def test_a_shorter_pause_does_not_shorten_a_longer_one() -> None:
    pace = Pace(policy=FREE, paused_until=70)
    pace.fail(StatusError("slow", status=429, retry_after=timedelta(seconds=5)), now=10, chance=0.5)
    assert pace.paused_until == 70


def test_a_failing_host_is_asked_by_one_at_a_time_until_it_answers() -> None:
    pace = Pace(policy=FREE)
    pace.fail(REFUSED, now=10, chance=0.5)
    assert pace.let_in(now=11)
    pace.start(now=11)
    assert pace.next_start_at() is None
    pace.succeed()
    assert pace.next_start_at() == 11


# Lanes: waiting


async def hold(lanes: Lanes, request: Request, name: str, log: list[str], release: asyncio.Event) -> None:
    async with lanes.slot(request):
        log.append(name)
        await release.wait()


@asynccontextmanager
async def holding(lanes: Lanes, requests: list[Request]) -> AsyncIterator[tuple[list[str], list[asyncio.Event]]]:
    """Hold a slot for each, in order; the log says who is in, the events let them go."""
    log: list[str] = []
    releases = [asyncio.Event() for _ in requests]
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            group.create_task(hold(lanes, request, str(number), log, releases[number]))
        await settle()
        yield log, releases
        for release in releases:
            release.set()


async def test_who_came_first_is_served_first() -> None:
    async with holding(lanes_of(), [ask()] * 4) as (log, releases):
        assert log == ["0"]
        releases[0].set()
        await settle()
        assert log == ["0", "1"]

    assert log == ["0", "1", "2", "3"]


async def test_hosts_do_not_wait_for_each_other() -> None:
    async with holding(lanes_of(), [ask(), ask(url="https://y.example/"), ask(url="http://X.example:81/")]) as (log, _):
        assert log == ["0", "1"]


async def test_the_strictest_of_a_hosts_watches_decides_whatever_the_order() -> None:
    requests = [ask(FREE), ask(Lane(concurrency=2, min_delay=timedelta(0))), ask(FREE)]
    for order in (requests, requests[::-1]):
        lanes = lanes_of()
        lanes.declare(order)
        async with holding(lanes, order) as (log, _):
            assert log == ["0", "1"]


async def test_a_new_declaration_applies_to_lanes_in_use() -> None:
    lanes = lanes_of()
    lanes.declare([ask(ALONE)])
    async with holding(lanes, [ask(ALONE)] * 2) as (log, releases):
        assert log == ["0"]
        lanes.declare([ask(FREE)], [ask(ALONE)])
        releases[0].set()
        await settle()
        assert log == ["0", "1"]


async def test_who_waits_starts_at_once_when_a_new_declaration_widens_the_lane() -> None:
    lanes = lanes_of()
    lanes.declare([ask(ALONE)])
    async with holding(lanes, [ask(ALONE)] * 2) as (log, _):
        lanes.declare([ask(FREE)], [ask(ALONE)])
        await settle()
        assert log == ["0", "1"]


async def test_a_new_declaration_narrows_a_lane_for_those_who_come_later() -> None:
    lanes = lanes_of()
    lanes.declare([ask(FREE)])
    async with holding(lanes, [ask(FREE)] * 2) as (log, releases):
        lanes.declare([ask(ALONE)])
        later = asyncio.ensure_future(hold(lanes, ask(ALONE), "later", log, releases[0]))
        releases[1].set()
        await settle()
        assert log == ["0", "1"]
        releases[0].set()
        await later


async def test_a_lane_goes_by_the_strictest_of_what_is_declared_still() -> None:
    wide, narrow = ask(FREE), ask(ALONE)
    lanes = lanes_of()
    lanes.declare([wide, narrow, narrow, ask(ALONE, url="https://y.example/")])
    async with lanes.slot(wide) as lane:
        lanes.declare([], [narrow])
        assert lane.pace.policy == ALONE, "one of two has gone"
        lanes.declare([], [narrow])
        assert lane.pace.policy == FREE
        lanes.declare([narrow], [wide])
        assert lane.pace.policy == ALONE


async def test_a_lane_stays_as_it_is_when_nothing_is_declared_and_a_later_declaration_finds_it() -> None:
    lanes = lanes_of()
    lanes.declare([ask(ALONE)])
    async with lanes.slot(ask(ALONE)) as lane:
        lanes.declare([], [ask(ALONE)])
        assert lane.pace.policy == ALONE
        lanes.declare([ask(FREE)])
        assert lane.pace.policy == FREE


async def test_a_declaration_that_is_unknown_harms_nobody() -> None:
    lanes = lanes_of()
    lanes.declare([ask(ALONE)], [ask(FREE), ask(FREE, url="https://y.example/")])
    async with lanes.slot(ask(FREE)) as lane:
        assert lane.pace.policy == ALONE


async def test_a_bad_url_in_a_declaration_harms_nobody() -> None:
    lanes = lanes_of()
    lanes.declare([ask(url="no url"), ask(url="http://[")])


async def test_starts_keep_their_distance() -> None:
    lanes = lanes_of()
    request = ask(Lane(concurrency=10, min_delay=timedelta(seconds=0.03)))
    started: list[float] = []

    async def start() -> None:
        async with lanes.slot(request) as lane:
            started.append(lane.pace.started_at)

    await asyncio.wait_for(asyncio.gather(*(start() for _ in range(4))), 30)

    assert all(later - earlier >= 0.03 for earlier, later in pairwise(started))


async def test_a_short_pause_is_waited_for() -> None:
    lanes = lanes_of(chance=0.02)
    async with lanes.slot(ask()) as lane:
        lane.report(REFUSED)

    async with asyncio.timeout(30), lanes.slot(ask()) as lane:
        lane.report(None)
    assert lane.pace.failures == 0


async def test_a_pause_longer_than_the_timeout_fails_at_once_and_says_why() -> None:
    clock = Clock()
    lanes = lanes_of(clock)
    async with lanes.slot(ask()) as lane:
        lane.report(StatusError("429 Too Many Requests", status=429, retry_after=timedelta(seconds=90)))

    with pytest.raises(FetchError) as raised:
        async with lanes.slot(ask()):
            pass
    assert str(raised.value) == "x.example is left alone for 90 s more, after: 429 Too Many Requests"
    assert raised.value.retry_after == timedelta(seconds=90)

    clock.now += 90
    async with lanes.slot(ask()):
        pass


async def test_those_who_wait_already_are_turned_away_too() -> None:
    lanes = lanes_of(Clock())
    async with lanes.slot(ask()) as lane:
        waiting = [asyncio.ensure_future(lanes.slot(ask(seconds=seconds)).__aenter__()) for seconds in (20, 200, 20)]
        await settle()
        lane.report(StatusError("busy", status=503, retry_after=timedelta(seconds=90)))
    await settle()

    assert [task.done() for task in waiting] == [True, False, True]
    assert all(isinstance(waiting[number].exception(), FetchError) for number in (0, 2))
    waiting[1].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("when", ["waiting", "let in"])
async def test_a_cancelled_wait_leaves_the_lane_clean(when: str) -> None:
    lanes = lanes_of()
    first = lanes.slot(ask())
    lane = await first.__aenter__()
    waiting = asyncio.ensure_future(lanes.slot(ask()).__aenter__())
    await settle()

    if when == "let in":
        lane.leave()  # gives the place to the waiting task, which is called off before it can run
        waiting.cancel()
    else:
        waiting.cancel()
        lane.leave()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert lane.is_idle()
    async with asyncio.timeout(30), lanes.slot(ask()):
        pass


async def test_an_error_within_a_slot_gives_the_place_back() -> None:
    lanes = lanes_of()
    with pytest.raises(ZeroDivisionError):
        async with lanes.slot(ask()):
            raise ZeroDivisionError
    async with asyncio.timeout(30), lanes.slot(ask()):
        pass


async def test_all_hosts_together_have_a_bound() -> None:
    requests = [ask(url=f"https://h{n}.example/") for n in range(5)]
    async with holding(lanes_of(most_in_flight=2), requests) as (log, _):
        assert log == ["0", "1"]


async def test_the_delay_counts_from_the_start_and_not_from_the_wait_for_others() -> None:
    clock = Clock()
    lanes = lanes_of(clock, most_in_flight=2)
    others = [ask(url="https://y.example/"), ask(url="https://z.example/")]
    slow = ask(Lane(concurrency=3, min_delay=timedelta(seconds=10)))
    async with holding(lanes, [*others, slow, slow]) as (log, releases):
        lane = lanes._lanes["x.example"]
        clock.now += 15
        lane._admit()
        for release in releases[:2]:
            release.set()
        await settle()
        assert log == ["0", "1", "2"], "it starts only now, so the next one in ten seconds"
        clock.now += 10
        lane._admit()
        await settle()
        assert log == ["0", "1", "2", "3"]


async def test_who_is_called_off_while_he_waits_for_other_hosts_leaves_the_lane_clean() -> None:
    lanes = lanes_of(most_in_flight=1)
    async with lanes.slot(ask(url="https://other.example/")):
        waiting = asyncio.ensure_future(lanes.slot(ask()).__aenter__())
        await settle()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(30), lanes.slot(ask()) as lane:
        assert (lane.pace.running, lane.pace.starting) == (1, 0)
    assert lane.is_idle()


async def test_idle_lanes_are_forgotten_and_busy_ones_are_not() -> None:
    lanes = lanes_of()
    seen: set[int] = set()
    async with lanes.slot(ask(url="https://busy.example/")) as busy:
        for number in range(3_000):
            async with lanes.slot(ask(FREE, url=f"https://h{number}.example/")) as lane:
                seen.add(id(lane))
        again = asyncio.ensure_future(lanes.slot(ask(url="https://busy.example/")).__aenter__())
        await settle()
        assert not again.done()
    assert await again is busy
    assert len(lanes._lanes) <= 1_001


async def test_without_delay_there_is_no_timer() -> None:
    lane = HostLane("x.example", FREE, time.monotonic, lambda: 0.5)

    async def visit() -> bool:
        await lane.enter(20)
        lane.start()
        await asyncio.sleep(0)
        lane.leave()
        return lane._timer is None

    assert all(await asyncio.gather(*(visit() for _ in range(1_000))))


# From process to process


async def test_what_is_known_of_a_host_goes_on_in_another_process() -> None:
    clock, there = Clock(), Clock()
    lanes, others = lanes_of(clock), lanes_of(there)
    async with lanes.slot(ask()) as lane:
        lane.report(StatusError("503", status=503, retry_after=timedelta(hours=1)))
    taken = lanes.take_out("x.example".__eq__)
    assert taken == [HostPace(host="x.example", failures=1, pause=timedelta(hours=1), why="503")]
    others.put_in(replace(each, pause=timedelta(minutes=50)) for each in taken)
    with pytest.raises(FetchError, match=r"x\.example is left alone for 3000 s more, after: 503"):
        async with others.slot(ask()):
            pass
    there.now += 3_000
    async with others.slot(ask()) as lane:
        assert lane.pace.failures == 1


async def test_a_host_that_was_just_asked_is_not_asked_at_once_by_another_process() -> None:
    lanes = lanes_of(Clock())
    async with lanes.slot(ask(Lane(concurrency=1, min_delay=timedelta(seconds=5)))) as lane:
        lane.report(None)
    [pace] = lanes.take_out(lambda _: True)
    assert (pace.failures, pace.pause) == (0, timedelta(seconds=5))


async def test_of_hosts_that_are_well_and_of_those_of_others_nothing_is_taken() -> None:
    lanes = lanes_of(Clock())
    async with lanes.slot(ask(FREE)) as lane:
        lane.report(None)
    async with lanes.slot(ask(url="https://y.example/")) as lane:
        lane.report(REFUSED)
    assert lanes.take_out("x.example".__eq__) == []
    assert [pace.host for pace in lanes.take_out(lambda _: True)] == ["y.example"]
    assert lanes.take_out(lambda _: True) == [], "they are forgotten"


async def test_a_lane_that_somebody_is_in_stays_as_strict_as_it_is() -> None:
    lanes = lanes_of(Clock())
    async with lanes.slot(ask()) as lane:
        lane.report(REFUSED)
        lanes.take_out(lambda _: True)
        assert lanes.take_out(lambda _: True), "it is there still"


async def test_a_pause_that_no_server_asks_for_is_cut() -> None:
    lanes = lanes_of(Clock())
    lanes.put_in([HostPace(host="x.example", failures=0, pause=timedelta(days=900), why="")])
    [pace] = lanes.take_out(lambda _: True)
    assert pace.pause == timedelta(days=1)


async def test_what_may_not_start_says_nothing_of_its_host_and_gives_back_its_place() -> None:
    asked: list[str] = []

    def refuse(host: str) -> None:
        asked.append(host)
        if len(asked) == 1:
            raise LeaseLostError("another process may ask it")

    lanes = Lanes(monotonic=Clock(), random=lambda: 0.5, may_start=refuse)
    with pytest.raises(LeaseLostError):
        async with lanes.slot(ask(url="https://X.example:8443/")):
            pass
    assert lanes.take_out(lambda _: False) == []
    async with asyncio.timeout(30), lanes.slot(ask()) as lane:
        assert lane.pace.running == 1
    assert asked == ["x.example", "x.example"]


async def test_the_first_start_waits_from_when_another_process_may_have_asked() -> None:
    clock = Clock()
    lanes = Lanes(monotonic=clock, random=lambda: 0.5, asked_until=lambda host: clock.now - 0.4 if host == "a" else 0)
    for host in "ab":
        lanes.slot(Request(url=f"http://{host}/", lane=Lane(min_delay=timedelta(seconds=1))))
    (waiting,) = lanes.take_out(lambda _: True)
    assert waiting.host == "a"
    assert waiting.pause == pytest.approx(timedelta(seconds=0.6), abs=timedelta(milliseconds=1))


async def test_a_closed_lane_calls_off_who_waits_and_lets_those_end_that_are_in_it() -> None:
    lanes = lanes_of()
    request = Request(url="http://a/", lane=ALONE)

    async def ask() -> None:
        async with lanes.slot(request):
            raise AssertionError

    async with lanes.slot(request) as lane:
        waiting = [asyncio.create_task(ask()) for _ in range(3)]
        await settle()
        lanes.close()
        later = asyncio.create_task(ask())
        await settle()
        assert all(task.cancelled() for task in (*waiting, later))
        lane.report(None)
    assert lane.is_unused()
