"""When a watch is due."""

from __future__ import annotations

from datetime import timedelta

from watcher.core.watch import Watch

LONGEST_BACK_OFF = timedelta(hours=1)
_SOONEST_SECOND_LOOK = timedelta(seconds=5)
_LONGEST_SPREAD = timedelta(minutes=1)


def wait_until_next(
    watch: Watch,
    *,
    failures: int = 0,
    is_confirming: bool = False,
    retry_after: timedelta | None = None,
    chance: float,
) -> timedelta:
    """
    Return how long to wait before the next check.

    Each failure in a row doubles the interval, up to 1 h or to the interval itself where that is longer: a
    ticket watch of 30 s must not sleep for a day over a bad night. A Retry-After is never undercut
    (RFC 9110 §10.2.3). A change that awaits its confirmation is looked at after a fifth of the interval.
    With `every` of 10 min, 10 % jitter and no failure: 10 to 11 min.

    Args:
        failures: in a row, 0 after a success.
        chance: 0 ≤ chance < 1; lengthens the wait by up to the watch's jitter, so watches drift apart.
    """
    wait = watch.every
    if failures:
        wait = max(wait, min(LONGEST_BACK_OFF, wait * 2 ** min(failures, 12)))
    elif is_confirming:
        wait = min(wait, max(wait / 5, _SOONEST_SECOND_LOOK))
    wait *= 1 + watch.jitter * chance
    return max(wait, retry_after) if retry_after else wait


def first_wait(watch: Watch, *, since_planned: timedelta | None, chance: float) -> timedelta:
    """
    Return how long to wait after a start.

    A watch that was planned for later keeps its time, within its interval. One that is overdue or new is spread
    over the shorter of its interval and a minute, so that a start is no storm.

    Args:
        since_planned: now less the planned time, negative when it lies ahead; None for a new watch.
        chance: 0 ≤ chance < 1.
    """
    if since_planned is not None and since_planned < timedelta(0):
        return min(-since_planned, watch.every * (1 + watch.jitter))
    return min(watch.every, _LONGEST_SPREAD) * chance
