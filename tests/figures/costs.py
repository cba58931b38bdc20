"""What a page of the console costs, where server and browser share this process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from tests.web.console_desk import Desk

MOST_MS: Final = 60
MOST_BYTES: Final = 150_000
_TRIES: Final = 5


async def cost_of(desk: Desk, path: str, fields: Mapping[str, str] | None = None) -> tuple[float, int]:
    """
    Return the milliseconds of a processor that a page takes, of some tries the least, and its bytes.

    The first try fills caches, and does not count.

    Args:
        fields: of the form that the page answers; None: it is asked for by its address alone.
    """
    spent, size = [], 0
    for _ in range(_TRIES + 1):
        had = time.process_time()
        answer = await (desk.get(path) if fields is None else desk.send(path, fields))
        size = len(await answer.read())
        spent.append((time.process_time() - had) * 1_000)
        assert answer.status == 200, path
    return min(spent[1:]), size
