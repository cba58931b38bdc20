"""
What commands ask of the watcher that runs, who alone may write the state.

One file per request, `requests/accept-<fingerprint>`, with the watch's id in it: an id may be longer than the name of
a file. A file is written aside and renamed, so it is there whole or not at all, and removed when the request was
carried out. What is left by a watcher that ended is carried out by the next one.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from watcher.errors import StoreError

POLL_SECONDS = 1.0
RETRY_SECONDS = 10.0
_PREFIX = "accept-"
_MAX_BYTES = 4_000
_log = logging.getLogger(__name__)


class ControlRequests:
    """The requests in a data directory."""

    def __init__(self, data: Path) -> None:
        self._directory = data / "requests"

    def post(self, watch: str) -> Path:
        """
        Ask that what is suspicious of the watch be accepted; return the file that is gone when that was carried out.

        Raises StoreError.
        """
        file = self._file(watch)
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.write_text(watch, encoding="utf-8")
            aside.replace(file)
        except OSError as error:
            raise StoreError(f"cannot write in {self._directory}: {error.strerror}") from error
        return file

    def requests(self) -> list[str]:
        """Return the watches of the requests that are there, oldest first; what cannot be read is none."""
        try:
            files = [Path(entry.path) for entry in os.scandir(self._directory) if entry.name.startswith(_PREFIX)]
            files.sort(key=lambda file: (file.stat().st_mtime_ns, file.name))
        except OSError:
            return []
        # What was not posted here under its name could never be removed by it, and would be carried out for ever.
        return [watch for file in files if (watch := _read(file)) and self._file(watch) == file]

    def done(self, watch: str) -> None:
        """Remove the request."""
        self._file(watch).unlink(missing_ok=True)

    def _file(self, watch: str) -> Path:
        fingerprint = hashlib.blake2b(watch.encode(errors="surrogatepass"), digest_size=16).hexdigest()
        return self._directory / f"{_PREFIX}{fingerprint}"


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_MAX_BYTES).decode(errors="replace")
    except OSError:
        return ""


async def answer_requests(control: ControlRequests, accept: Callable[[str], Awaitable[bool]]) -> None:
    """
    Carry out what commands ask for, until cancelled.

    Args:
        accept: takes what is suspicious of a watch as true; returns whether anything was. Raises StoreError.
    """
    under_way: dict[str, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as answers:
        while True:
            under_way = {watch: task for watch, task in under_way.items() if not task.done()}
            for watch in control.requests():
                if watch not in under_way:
                    under_way[watch] = answers.create_task(_answer(control, accept, watch))
            await asyncio.sleep(POLL_SECONDS)


async def _answer(control: ControlRequests, accept: Callable[[str], Awaitable[bool]], watch: str) -> None:
    try:
        is_accepted = await accept(watch)
        control.done(watch)
    except (StoreError, OSError) as error:
        _log.error("%s: what was to be accepted cannot be saved: %s", watch, error)
        await asyncio.sleep(RETRY_SECONDS)
    except Exception:
        _log.exception("%s: a defect in watcher: what was to be accepted was not", watch)
        await asyncio.sleep(RETRY_SECONDS)
    else:
        _log.info("%s: %s", watch, "accepted by hand" if is_accepted else "there was nothing to accept")
