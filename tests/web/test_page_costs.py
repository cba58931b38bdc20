"""
What each page asks of the database, and how many bytes it sends: counted, so that it is the same on every machine.

`tests/figures/test_pages.py` measures how long the same pages take where there is a lot of everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, event

from tests.figures.crowd import OPERATOR, OWNER, SMALL_OWNER, SUBSCRIBER, Crowd, found
from tests.sizes import FAULTS
from tests.web.serving import a_site
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.opening import open_push_service

_CROWD: Final = Crowd(subscribers=400, messages=1_000, topics=100, apps=40)
"""More of each than a page of a list shows."""
_MOST_STATEMENTS: Final = 20
_MOST_STEPS: Final = 150_000
"""Of SQLite's machine: about 10 ms."""
_MOST_BYTES: Final = 150_000
_WHO: Final = FAULTS.sized({SUBSCRIBER, OWNER}, {SUBSCRIBER, OPERATOR, OWNER, SMALL_OWNER})
_COUNTED: Final = 100
"""Steps between two calls of the counter."""


class _Asked:
    """What the database was asked since the last reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Count from zero."""
        self.statements = 0
        self.steps = 0

    def count_statement(self, *_: object) -> None:
        """Count one; SQLAlchemy calls it before each."""
        self.statements += 1

    def count_steps(self) -> int:
        """Count some; SQLite calls it, and goes on after a 0."""
        self.steps += _COUNTED
        return 0


@contextmanager
def _counting() -> Iterator[_Asked]:
    """Count what all connections are asked that are opened meanwhile."""
    asked = _Asked()

    def watch(connection: object, _: object) -> None:
        connection.set_progress_handler(asked.count_steps, _COUNTED)  # type: ignore[attr-defined]

    event.listen(Engine, "connect", watch)
    event.listen(Engine, "before_cursor_execute", asked.count_statement)
    try:
        yield asked
    finally:
        event.remove(Engine, "connect", watch)
        event.remove(Engine, "before_cursor_execute", asked.count_statement)


@pytest.mark.faults
@pytest.mark.sized
async def test_no_page_asks_the_database_for_much_or_sends_many_bytes(tmp_path: Path) -> None:
    visitors = [one for one in await found(tmp_path, _CROWD) if one.name in _WHO]
    settings = Settings(data=tmp_path, base_url="http://push.example")
    large = {}
    with _counting() as asked:
        service = await open_push_service(tmp_path / "push.db", now=lambda: datetime.now(UTC))
        async with a_site(service, settings, Channels()) as site:
            for visitor in visitors:
                for path in visitor.paths:
                    asked.reset()
                    answer = await site.get(path, headers=visitor.headers)
                    size = len(await answer.read())
                    assert answer.status in (200, 303, 422), (visitor.name, path)
                    if asked.statements > _MOST_STATEMENTS or asked.steps > _MOST_STEPS or size > _MOST_BYTES:
                        large[visitor.name, path] = (asked.statements, asked.steps, size)
        await service.close()
    assert large == {}
