"""The push service: a message to a topic that very many follow, and live inboxes that are open."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.report import Bench, Section, Table, UnverifiedError, verdict
from tests.figures.machine import found_town, many_files, serving
from tests.figures.readers import fan_out, reading, tell_readers

_ROUNDS: Final = 3
_FIRST: Final = 50
_SPARE_FILES: Final = 100
_INBOX_SECONDS: Final = 0.3
_ACCEPTED_SECONDS: Final = 0.2
_CONNECTION_BYTES: Final = 11_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    subscribers: int
    inboxes: int


_SIZE: Final = _Size(subscribers=100_000, inboxes=5_000)
_QUICK: Final = _Size(subscribers=500, inboxes=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FanOut:
    """How long a message took, in seconds: until it was accepted, and until every delivery was written."""

    accepted: float
    delivered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inboxes:
    """How long it took until 99 % of the open inboxes showed a message, in seconds, and what one of them holds."""

    shown: float
    bytes_each: float


async def measure(bench: Bench) -> Section:
    """Return how fast messages go out. Raises UnverifiedError."""
    size = _QUICK if bench.is_quick else _SIZE
    with many_files() as files:
        if files < size.inboxes + _SPARE_FILES:
            raise UnverifiedError(f"only {files:,} files may be open, too few for {size.inboxes:,} inboxes (ulimit -n)")
        sent = await _fan_out(bench, size)
        bench.tell(f"  {size.subscribers:,} subscribers: {sent.accepted:.3f} s, delivered after {sent.delivered:.2f} s")
        inboxes = await _inboxes(bench, size)
        bench.tell(f"  {size.inboxes:,} live inboxes: {inboxes.shown:.3f} s, {inboxes.bytes_each / 1000:.1f} KB each")
    return _section(size, sent, inboxes)


async def _fan_out(bench: Bench, size: _Size) -> _FanOut:
    town = await found_town(bench.room("fan-out"), size.subscribers)
    async with serving(town.data) as server:
        accepted, delivered = await fan_out(server, town, _ROUNDS)
    return _FanOut(accepted=median(accepted), delivered=median(delivered))


async def _inboxes(bench: Bench, size: _Size) -> _Inboxes:
    town = await found_town(bench.room("inboxes"), size.inboxes)
    async with serving(town.data) as server:
        async with reading(server, town, _FIRST):
            empty = server.memory()
        async with reading(server, town, size.inboxes) as hall:
            _, shown = await tell_readers(hall, server, town, _ROUNDS)
            held = server.memory() - empty
    return _Inboxes(shown=median(shown), bytes_each=held / size.inboxes)


def _section(size: _Size, sent: _FanOut, inboxes: _Inboxes) -> Section:
    to_all = f"a message to {size.subscribers:,} subscribers"
    live = f"{size.inboxes:,} live inboxes"
    rows = [
        _row(f"{to_all}: accepted, ms", sent.accepted * 1000, _ACCEPTED_SECONDS * 1000),
        [f"{to_all}: each of them has it, s", f"{sent.delivered:.2f}", "", ""],
        _row(f"{live}: 99 % show a message, ms", inboxes.shown * 1000, _INBOX_SECONDS * 1000),
        _row(f"{live}: memory of each, KB", inboxes.bytes_each / 1000, _CONNECTION_BYTES / 1000),
    ]
    title = f"`watcher serve` on one core, medians of {_ROUNDS} messages"
    return Section(
        title="Push",
        tables=[Table(title=title, header=["", "measured", "wanted", "reached"], rows=rows)],
        figures={
            "push accepted seconds": sent.accepted,
            "push delivered seconds": sent.delivered,
            "push shown_p99 seconds": inboxes.shown,
            "push inbox bytes": inboxes.bytes_each,
        },
    )


def _row(what: str, measured: float, wanted: float) -> list[str]:
    return [what, f"{measured:.0f}", f"≤ {wanted:.0f}", verdict(is_reached=measured <= wanted)]
