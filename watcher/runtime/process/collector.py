"""
Python's collector of cycles, kept from walking over what a start has made: 1,000,000 objects for 100,000 watches.

Each of its full rounds over them stops the event loop for half a second, and finds nothing: they stay until the end,
or until another file of watches is in use, and hold no cycles.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from watcher.config.load import paused_collector


@contextmanager
def starting() -> Iterator[None]:
    """Collect nothing while the context lasts, and never what is there at its end (`gc.freeze`)."""
    with paused_collector():
        yield
        gc.freeze()
