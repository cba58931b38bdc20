"""
How often one may call: counted in memory, by this process alone, so a restart forgets.

| who | by | on |
|---|---|---|
| an application | its id | sends, whichever API they come by |
| the same | its id, as often as an address may | every other route that takes its token |
| the operator's token `WT_…` | its id, as often as an address may | our own API |
| an owner | the account's id, as often as an address may | forms of the console; our own API, by all tokens `WT_…` |
| the holder of a simple push token | the token, once it was found valid | simple pushes |
| an address | itself | status queries, wrong tokens and topics of ntfy's, the inbox and the API's document, scans and \
who asks for them, follows, links by number, claims, confirmations, commands, looks at a trial, what is not WeChat's |
| a subscriber | its id | connections and polls of ntfy's apps, commands, notes, a browser to notify, claims, codes, \
questions to confirm an address |
| an address, by 10 minutes | itself | of it and of all together, the operator's login (`console/login.py`) |
| an address, by the hour and by the day | itself | what strangers make: subscribers, trials, claims, QR codes that \
WeChat has to make, commands, questions to confirm a mail address or a UID |

An address is, of IPv6, three callers: its network /64 with the limit itself, its /56 with twice as much, its /48 with
four times: a site has 65,536 networks /64, and all of them together are not much more than one.

Who shows no valid token is known by the address alone: anybody can think up tokens and cookies.
What all strangers together may make in a day is counted in the database (`push/caps.py`).
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from array import array
from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from aiohttp import web

from watcher.core.caps import DailyCaps, Made
from watcher.core.pace import RateLimit
from watcher.web.transport.client import CLIENT
from watcher.web.transport.proxies import networks_of

MOST_CALLERS: Final = 10_000
"""Known one by one, of each purpose; who comes beyond them shares counts with others."""
_ROWS: Final = 4
_CELLS: Final = 8_192
_GENERATIONS: Final = 4


class Charge(NamedTuple):
    """One call of one caller, and how many it may make for this purpose, which has one window."""

    purpose: str
    caller: Hashable
    limit: RateLimit


class Refusal(NamedTuple):
    """Over a limit; after so many seconds there is room."""

    seconds: float
    limit: RateLimit


class Limiter:
    """
    Counts the calls of each caller, in bounded memory. Used from one event loop.

    It never forgets a call that counts, so nobody gets rid of a limit by sending others ahead. Of each purpose it
    knows MOST_CALLERS callers one by one, and lets go of one whose calls are all out of the window. Who comes while
    that many are known is counted in a count-min sketch: 4 rows of 8,192 cells, each call in one cell of every row,
    a caller's count the least of its cells. So strangers may be counted together, never too little.

    The price: in such a crowd a caller may be refused for others' calls. To refuse everybody who is not known one by
    one, nearly all cells must be full, which takes some 8,192 times the limit in one window, 80,000 calls a second of
    100 in 10 s: a server is busy then with other things. Who is known one by one is not touched at all, nor is
    another purpose.
    """

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic, most: int = MOST_CALLERS) -> None:
        """
        Args:
            seconds: a monotonic clock.
            most: callers of one purpose that are known one by one.
        """
        self._seconds = seconds
        self._most = most
        self._tables: dict[str, _Table] = {}

    def take(self, *charges: Charge) -> Refusal | None:
        """Count one call of all these; where one of them is over its limit count nothing, and return the longest."""
        now, tables = self._seconds(), [self._table(charge) for charge in charges]
        refusal = None
        for charge, table in zip(charges, tables, strict=True):
            wait = table.wait(charge.caller, charge.limit.calls, now)
            if wait and (refusal is None or wait > refusal.seconds):
                refusal = Refusal(wait, charge.limit)
        if refusal is None:
            for charge, table in zip(charges, tables, strict=True):
                table.note(charge.caller, now)
        return refusal

    def give_back(self, *charges: Charge) -> None:
        """Forget the last call of these, which came to nothing; of a caller in the crowd it stays counted."""
        for charge in charges:
            self._table(charge).give_back(charge.caller)

    def _table(self, charge: Charge) -> _Table:
        table = self._tables.get(charge.purpose)
        if table is None:
            table = self._tables[charge.purpose] = _Table(charge.limit.per.total_seconds(), self._most)
        return table


class _Table:
    """The callers of one purpose: the time of each call of those that are known one by one, and a crowd."""

    __slots__ = ("_calls", "_crowd", "_most", "_window")

    def __init__(self, window: float, most: int) -> None:
        self._window = window
        self._most = most
        # In the order of their last calls.
        self._calls: OrderedDict[Hashable, array[float]] = OrderedDict()
        self._crowd: _Crowd | None = None

    def wait(self, caller: Hashable, most: int, now: float) -> float:
        """Return in how many seconds a caller may call again, 0 when it may now."""
        calls = self._calls.get(caller)
        if calls is not None:
            gone = bisect_right(calls, now - self._window) if calls and calls[0] <= now - self._window else 0
            if len(calls) - gone >= most:
                return calls[gone] + self._window - now if most else self._window
            if gone * 2 > len(calls):  # not at each call, for what stays is moved
                del calls[:gone]
            return 0.0
        if most < 1:
            return self._window
        return 0.0 if self._crowd is None else self._crowd.wait(caller, most, now)

    def note(self, caller: Hashable, now: float) -> None:
        calls = self._calls.get(caller)
        if calls is not None:
            calls.append(now)
            self._calls.move_to_end(caller)
            return
        self._let_go(now)
        if len(self._calls) < self._most and not self._is_of_crowd(caller, now):
            self._calls[caller] = array("d", (now,))
            return
        if self._crowd is None:
            self._crowd = _Crowd(self._window)
        self._crowd.note(caller, now)

    def give_back(self, caller: Hashable) -> None:
        if calls := self._calls.get(caller):
            calls.pop()

    def _let_go(self, now: float) -> None:
        """Forget two callers whose calls are all out of the window; more than one comes never at once."""
        for _ in range(2):
            first = next(iter(self._calls.values()), None)
            if first is None or (first and first[-1] > now - self._window):
                break
            self._calls.popitem(last=False)

    def _is_of_crowd(self, caller: Hashable, now: float) -> bool:
        # Known one by one it would begin anew.
        if self._crowd is not None and self._crowd.is_over(now):
            self._crowd = None
        return self._crowd is not None and self._crowd.count(caller, now) > 0


class _Crowd:
    """A count-min sketch with conservative update over the last window, in 0.7 MB at most. It over-counts only."""

    def __init__(self, window: float) -> None:
        self._step = window / _GENERATIONS
        # Of each quarter of the window, and one more: the oldest is not quite out of it.
        self._generations: deque[tuple[int, array[int]]] = deque()
        # With a key of its own: nobody can choose callers that share cells with another.
        self._key = secrets.token_bytes(16)

    def wait(self, caller: Hashable, most: int, now: float) -> float:
        """Return in how many seconds to ask again, 0 when the caller may call now."""
        if self.count(caller, now) < most:
            return 0.0
        return self._step - now % self._step

    def count(self, caller: Hashable, now: float) -> int:
        """Return how many calls the caller made at most."""
        self._let_go(now)
        cells = self._cells(caller)
        return min(sum(counts[cell] for _, counts in self._generations) for cell in cells)

    def note(self, caller: Hashable, now: float) -> None:
        """Count a call, in those of its cells alone that have the fewest: the others are others' calls."""
        counts, cells = self._newest(now), self._cells(caller)
        least = min(counts[cell] for cell in cells)
        for cell in cells:
            if counts[cell] == least:
                counts[cell] += 1

    def is_over(self, now: float) -> bool:
        self._let_go(now)
        return not self._generations

    def _newest(self, now: float) -> array[int]:
        number = math.floor(now / self._step)
        if not self._generations or self._generations[-1][0] < number:
            self._generations.append((number, array("I", bytes(4 * _ROWS * _CELLS))))
        return self._generations[-1][1]

    def _let_go(self, now: float) -> None:
        oldest = math.floor(now / self._step) - _GENERATIONS
        while self._generations and self._generations[0][0] < oldest:
            self._generations.popleft()

    def _cells(self, caller: Hashable) -> Sequence[int]:
        digest = hashlib.blake2b(repr(caller).encode(), digest_size=2 * _ROWS, key=self._key).digest()
        return [row * _CELLS + int.from_bytes(digest[2 * row : 2 * row + 2], "big") % _CELLS for row in range(_ROWS)]


LIMITER = web.AppKey("limiter", Limiter)
CAPS = web.AppKey("caps", DailyCaps)


def count_caller(request: web.Request, purpose: str, caller: int | str, limit: RateLimit) -> None:
    """
    Count a call of who showed a valid token or cookie: the id of an application, a token, a subscriber.

    Raises HTTPTooManyRequests over the limit, with Retry-After in whole seconds.
    """
    count(request, [Charge(purpose, caller, limit)])


def count_address(request: web.Request, purpose: str, limit: RateLimit) -> None:
    """Count a call of the address that it comes from, and of its networks. Raises as `count_caller`."""
    count(request, charges_of_address(request, purpose, limit))


def count(request: web.Request, charges: Sequence[Charge]) -> None:
    """Count one call of all these, or of none. Raises as `count_caller`."""
    refusal = request.app[LIMITER].take(*charges)
    if refusal is None:
        return
    seconds, per = math.ceil(refusal.seconds), f"{refusal.limit.per.total_seconds():g}"
    raise web.HTTPTooManyRequests(
        headers={"Retry-After": str(seconds)},
        text=(
            f"请求过于频繁：每{per}秒最多{refusal.limit.calls}次，请{seconds}秒后再试 · "
            f"rate limit: at most {refusal.limit.calls} calls in {per} s; try again in {seconds} s"
        ),
    )


def charges_of_address(request: web.Request, purpose: str, limit: RateLimit) -> Sequence[Charge]:
    """Return what a call costs the address that it comes from: itself, and of IPv6 the networks around it."""
    networks = networks_of(request.get(CLIENT, request.remote) or "")
    return [
        Charge(purpose, network, limit if wider == 0 else RateLimit(calls=limit.calls << wider, per=limit.per))
        for wider, network in enumerate(networks)
    ]


def site_of(request: web.Request) -> str:
    """Return the widest network that counts as one caller: an address of IPv4, a /48 of IPv6."""
    return networks_of(request.get(CLIENT, request.remote) or "")[-1]


# Of one address for each, within an hour; in a day also its share of what all strangers may make (`core/caps.py`).
_MADE_BY_ADDRESS: Final = {
    Made.SUBSCRIBERS: 300,
    Made.TRIALS: 100,
    Made.CLAIMS: 200,
    Made.CODES: 60,
    Made.COMMANDS: 1_000,
    Made.QUESTIONS: 30,
    Made.ACCOUNTS: 5,
}


def count_making(request: web.Request, what: Made, *, account_id: int | None = None) -> Sequence[Charge]:
    """
    Count something that a stranger makes here, for the address that it comes from; return what was counted.

    Args:
        account_id: the owner who makes it, who has as much as an address, whoever else is at theirs.

    Raises HTTPTooManyRequests as `count_caller`. What all of them make is counted where it is made.
    """
    an_hour = RateLimit(calls=_MADE_BY_ADDRESS[what], per=timedelta(hours=1))
    share = RateLimit(calls=request.app[CAPS].share(what), per=timedelta(days=1))
    charges: list[Charge] = []
    for within, limit in (("an hour", an_hour), ("a day", share)):
        if account_id is None:
            charges += charges_of_address(request, f"{what} in {within}", limit)
        else:
            charges.append(Charge(f"{what} of an account in {within}", account_id, limit))
    count(request, charges)
    return charges
