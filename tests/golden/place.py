"""A site that has the same address in each run: fingerprints of what is asked for depend on it."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.site import Site, serve_site

HOST: Final = "127.83.71.16"
PORT: Final = 8016


@asynccontextmanager
async def fixed_site() -> AsyncIterator[Site]:
    """Serve an empty site, one at a time on this machine."""
    lock = os.open(tempfile.gettempdir(), os.O_RDONLY)  # a directory: a file of another user could not be opened
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        async with serve_site(HOST, PORT) as site:
            yield site
    finally:
        os.close(lock)
