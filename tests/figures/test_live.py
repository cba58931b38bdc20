"""
How fast a message reaches open live inboxes; `pytest -rP tests/figures` prints the figures.

The limits are generous, for the machine may have other work. FIGURES=full opens 5,000 inboxes.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from statistics import median, quantiles

from tests.figures.machine import found_town, many_files, serving
from tests.figures.readers import reading, sending

_INBOXES = 5_000 if os.environ.get("FIGURES") == "full" else 1_000
_FIRST = 50
_ROUNDS = 5


async def test_a_topic_message_reaches_all_live_inboxes(tmp_path: Path) -> None:
    """Meant, of 5,000: p99 under 300 ms from the beginning of the send, 11 KB a connection at most."""
    town = await found_town(tmp_path, _INBOXES)
    worst = []
    with many_files() as files:
        assert files > _INBOXES + 100, f"only {files} files may be open"
        async with serving(tmp_path) as server:
            async with reading(server, town, _FIRST):
                empty = server.memory()
            async with reading(server, town, _INBOXES) as hall:
                for number in range(_ROUNDS):
                    hall.expect(_INBOXES)
                    async with sending(server, town) as sender:
                        began = time.perf_counter()
                        await sender.to_topic(f"message {number}")
                        worst.append(quantiles([at - began for at in await hall.all_came()], n=100)[98])
                held = (server.memory() - empty) / _INBOXES
    middle, last = median(worst) * 1000, max(worst) * 1000
    print(f"{_INBOXES:,} live inboxes: p99 {middle:.0f} ms (median of {_ROUNDS}; worst {last:.0f} ms)")
    print(f"memory: {held / 1000:.1f} KB a connection")
    assert all(len(reader.ids) == _ROUNDS and reader.ids == sorted(reader.ids) for reader in hall.readers)
    assert median(worst) < 2.0
    assert held < 11_000
