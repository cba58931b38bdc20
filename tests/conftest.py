"""What holds for every test: no secret comes into a log, Ctrl-C reaches what it starts, and some run on both loops."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
import uvloop

from tests.leaks import LEAKS, watch

watch()
# A script that starts the tests in the background, or nohup, has signals ignored, and every process inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


_SLOW: Final = ("benchmarks", "faults", "figures")


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return the event loops that a test runs on."""
    if item.get_closest_marker("both_loops"):
        return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what takes long and says little about a Python."""
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in _SLOW:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _no_secret_is_logged() -> Iterator[None]:
    """Fail the test in whose time one was."""
    yield
    leaks = LEAKS.take()
    assert not leaks, leaks
