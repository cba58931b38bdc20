"""
When a watch is due.

| the watch has  | its next check                                                                               |
|----------------|----------------------------------------------------------------------------------------------|
| `every`        | that long after the last one ended, and up to `jitter` of it later                           |
| `cron`         | at the next of its times, and a little later: 10 % of the time between two, or a minute      |
| failed         | after `every` doubled for each failure in a row, up to 1 h; with `cron`, the first time then |
| a lost value   | as if it had not failed: its page was read, so nothing is gained by asking less often        |
| a confirmation | after a fifth of `every`, with `cron` too                                                    |
| `active_hours` | as above; what lies outside waits for the next opening, and is spread over a minute          |

Wall-clock times are those of the watch's timezone. Hours that clocks show twice count both times, and what clocks skip
begins with the first moment after. `cron` follows Debian's: a time that is skipped runs after the gap, one that
comes twice runs once; `*` in its hours or minutes follows the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from watcher.core.backoff import Chance
from watcher.core.check import WatchState
from watcher.core.watch import Watch

LONGEST_BACK_OFF = timedelta(hours=1)  # so a page that is back in the morning is seen in the morning
_EARLIEST = 0.1  # of the interval, see `earliness`
_SOONEST_SECOND_LOOK = timedelta(seconds=5)
LONGEST_SPREAD = timedelta(minutes=1)
_SPREAD_OF_EACH = timedelta(milliseconds=20)
_LEAST_SPREAD_OF_EACH = timedelta(milliseconds=3)
"""A first look takes a millisecond of CPU: started faster, 100,000 wait for it as tasks of 4 kB each."""
_MOST_CRON_JITTER = 0.1
_DAYS_AHEAD = 15
"""A window of one day a week that falls into skipped hours opens again the week after."""
_CRON_TRIES = 60
"""Times of `cron` outside of the active hours that are passed over, before it is believed that the two never meet."""
_NEVER = timedelta(days=366)  # what a `cron` that has no time is planned for


def next_check_at(
    watch: Watch,
    *,
    failures: int = 0,
    is_confirming: bool = False,
    retry_after: timedelta | None = None,
    now: datetime,
    chance: Chance,
) -> datetime:
    """
    Return when to check again, by `wait_until_next`; a time within the watch's active hours.

    With `cron: "*/5 9-18 * * *"` at 18:57, no failure and 10 % jitter: 9:00:00 to 9:00:30 on the next day.
    """
    wait = wait_until_next(
        watch, failures=failures, is_confirming=is_confirming, retry_after=retry_after, chance=chance
    )
    if watch.cron is None:
        return _within_hours(watch, now + wait, chance)
    longer = wait_until_next(watch, failures=failures, retry_after=retry_after, chance=0) - watch.every
    at = _cron_check_at(watch, now + max(longer, retry_after or longer, timedelta(0)), chance)
    sooner = is_confirming and not failures
    return _within_hours(watch, min(at, now + wait) if sooner else at, chance)


def first_check_at(
    watch: Watch,
    *,
    planned_at: datetime | None,
    now: datetime,
    chance: Chance,
    spread: timedelta = LONGEST_SPREAD,
) -> datetime:
    """
    Return when to check after a start, or after the clock was set; a time within the watch's active hours.

    A time of `cron` that went by meanwhile is made up for, as an interval is; a watch with `cron` that was never
    checked waits for its time.

    Args:
        planned_at: when it was to be checked; None for a new watch.
        spread: as of `first_wait`.
    """
    since_planned = now - planned_at if planned_at else None
    if watch.cron is None or (since_planned is not None and since_planned >= timedelta(0)):
        at = now + first_wait(watch, since_planned=since_planned, chance=chance, spread=spread)
    else:
        at = _cron_check_at(watch, now, chance)
        at = min(at, planned_at) if planned_at else at  # the jitter of a time that has come already
    return _within_hours(watch, at, chance)


def wait_until_next(
    watch: Watch,
    *,
    failures: int = 0,
    is_confirming: bool = False,
    retry_after: timedelta | None = None,
    chance: Chance,
) -> timedelta:
    """
    Return the wait until the next check by the interval alone, without `cron` and active hours.

    Each failure in a row doubles the interval, up to 1 h or to the interval itself where that is longer: a
    ticket watch of 30 s must not sleep for a day over a bad night. A Retry-After is never undercut
    (RFC 9110 §10.2.3). A change that awaits its confirmation is looked at after a fifth of the interval.
    With `every` of 10 min, 10 % jitter and no failure: 10 to 11 min.

    Args:
        failures: in a row, 0 after a success.
        chance: lengthens the wait by up to the watch's jitter, so watches drift apart.
    """
    wait = watch.every
    if failures:
        wait = max(wait, min(LONGEST_BACK_OFF, wait * 2 ** min(failures, 12)))
    elif is_confirming:
        wait = min(wait, max(wait / 5, _SOONEST_SECOND_LOOK))
    wait *= 1 + watch.jitter * chance
    return max(wait, retry_after) if retry_after else wait


def earliness(watch: Watch) -> timedelta:
    """
    Return how much earlier than planned the watch may be checked when its page is fetched anyway, for another watch.

    A tenth of its interval, or its jitter where that is more: with `every` of 10 min and 20 % jitter 2 min. Zero with
    `cron`, whose times are meant.
    """
    return timedelta(0) if watch.cron is not None else watch.every * max(watch.jitter, _EARLIEST)


def start_spread(watches: int) -> timedelta:
    """Return over how long the first checks of so many watches are spread: a single one is checked at once."""
    return max(min(LONGEST_SPREAD, watches * _SPREAD_OF_EACH), watches * _LEAST_SPREAD_OF_EACH)


def first_wait(
    watch: Watch, *, since_planned: timedelta | None, chance: Chance, spread: timedelta = LONGEST_SPREAD
) -> timedelta:
    """
    Return the wait after a start by the interval alone.

    A watch that was planned for later keeps its time, within its interval. One that is overdue or new waits for a part
    of `spread` or of its interval, whichever is shorter, so that a start is no storm.

    Args:
        since_planned: now less the planned time, negative when it lies ahead; None for a new watch.
        spread: see `start_spread`.
    """
    if since_planned is not None and since_planned < timedelta(0):
        return min(-since_planned, watch.every * (1 + watch.jitter))
    return min(watch.every, spread) * chance


def is_to_be_tried(old: Watch, new: Watch, state: WatchState) -> bool:
    """
    Return whether a changed watch is checked soon, for whoever saved the file waits to see whether it works.

    It is when it asks for or reads something else, or failed; with `cron` it waits for its time.
    """
    return new.cron is None and (state.failure is not None or _looked_for(old) != _looked_for(new))


def has_same_schedule(watch: Watch, other: Watch) -> bool:
    """Return whether both watches are due at the same times."""
    return _schedule(watch) == _schedule(other)


def follows_clock(watch: Watch) -> bool:
    """Return whether the clock on the wall has a say in when the watch is due."""
    return watch.cron is not None or watch.active_hours is not None


def is_active(watch: Watch, at: datetime) -> bool:
    """Return whether the watch may be checked at that moment, by its active hours; their end is not among them."""
    hours = watch.active_hours
    if hours is None:
        return True
    wall = at.astimezone(watch.timezone)
    shown, today = wall.time(), wall.weekday()
    if hours.start < hours.end:
        return today in hours.days and hours.start <= shown < hours.end
    began_yesterday = shown < hours.end and (today - 1) % 7 in hours.days
    return began_yesterday or (shown >= hours.start and today in hours.days)


def next_opening(watch: Watch, at: datetime) -> datetime:
    """Return the first moment from then on at which the watch may be checked; without active hours, that moment."""
    hours = watch.active_hours
    if hours is None or is_active(watch, at):
        return at
    today = at.astimezone(watch.timezone).date()
    for ahead in range(_DAYS_AHEAD):
        opening = datetime.combine(today + timedelta(days=ahead), hours.start, tzinfo=watch.timezone)
        for moment in _moments(opening):
            if moment > at and is_active(watch, moment):
                return moment
    return at + timedelta(days=_DAYS_AHEAD)


def _looked_for(watch: Watch) -> tuple[object, ...]:
    return watch.request, watch.extraction, watch.page_must_contain, watch.page_must_not_contain


def _schedule(watch: Watch) -> tuple[object, ...]:
    zone = watch.timezone if follows_clock(watch) else None
    return watch.is_enabled, watch.every, watch.jitter, watch.cron, watch.active_hours, zone


def _within_hours(watch: Watch, at: datetime, chance: Chance) -> datetime:
    if is_active(watch, at):
        return at
    opening = next_opening(watch, at)
    spread = opening + min(watch.every, LONGEST_SPREAD) * chance
    return spread if is_active(watch, spread) else opening


def _cron_check_at(watch: Watch, after: datetime, chance: Chance) -> datetime:
    """Return the next of the cron's times at which the watch may be checked, or a little later; never sooner."""
    at = _cron_time(watch, after)
    later = at + min(watch.every * min(watch.jitter, _MOST_CRON_JITTER), LONGEST_SPREAD) * chance
    return later if is_active(watch, later) else at


def _cron_time(watch: Watch, after: datetime) -> datetime:
    for _ in range(_CRON_TRIES):
        at = _next_of_cron(watch, after)
        if is_active(watch, at):
            return at
        after = next_opening(watch, at) - timedelta(seconds=1)
    return after + _NEVER


def _next_of_cron(watch: Watch, after: datetime) -> datetime:
    from cronsim import CronSim  # most watches have an interval

    assert watch.cron is not None  # noqa: S101 - callers have looked
    for shown in CronSim(watch.cron, after.astimezone(watch.timezone)):
        # In the hour that clocks show twice, cronsim counts from the first time and may name what is past.
        if (at := shown.astimezone(UTC)) > after:
            return at
    return after + _NEVER


def _moments(wall: datetime) -> Sequence[datetime]:
    """Return when clocks show that time: once or twice; for a time that they skip, the first moment after the gap."""
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first, second
    # PEP 495: of a skipped time, fold 0 is read with the offset before the gap, so it lies after it.
    offset = first.astimezone(wall.tzinfo).utcoffset()
    moment = second
    while moment.astimezone(wall.tzinfo).utcoffset() != offset:
        moment += timedelta(minutes=1)
    return (moment,)
