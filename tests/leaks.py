"""Secrets that came into a log: each that this process makes is known, and each record of every logger is looked at."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

from watcher.push import ids

_RUN: Final = re.compile(r"[A-Za-z0-9]{32,}")
_MARKED: Final = re.compile(
    r"\b(?:AT|SPT|WT)_\w{32}|\b(?:claim|confirm)/\w{20,}|watcher_device=\w{32}|PRIVATE KEY-----\s+[A-Za-z0-9+/]{16}"
)
"""What another process made, whose secrets we do not know."""
_SECRET_LENGTHS: Final = (32, 64)
"""Of tokens, cookies, claims and keys, and of QR codes' codes; slugs and uids are shorter, and are addresses."""


class Leaks:
    """
    What was found in logs.

    Attributes:
        found: a line for each leak, without the secret.
        looked_at: records, and lines of other processes.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        self.looked_at = 0
        self._secrets: set[str] = set()

    def know(self, secret: str) -> None:
        """Remember what may not be logged."""
        self._secrets.add(secret)

    def look_at(self, where: str, text: str) -> None:
        """Note the secrets in a text."""
        self.looked_at += 1
        if _MARKED.search(text) or any(run in self._secrets for run in _RUN.findall(text)):
            self.found.append(f"{where}: {self._masked(text)[:300]}")

    def _masked(self, text: str) -> str:
        return _RUN.sub(lambda run: f"{run[0][:3]}…", text)

    def take(self) -> list[str]:
        """Return what was found since, and forget it."""
        found, self.found = self.found, []
        return found


LEAKS: Final = Leaks()


def watch() -> None:
    """Begin to look, for the rest of this process."""
    make_random = ids._random
    make_record = logging.getLogRecordFactory()

    def random_and_known(length: int) -> str:
        text = make_random(length)
        if length in _SECRET_LENGTHS:
            LEAKS.know(text)
        return text

    def looked_at(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        if record.name.startswith(("watcher", "aiohttp", "asyncio")):
            LEAKS.look_at(record.name, _whole(record))
        return record

    ids._random = random_and_known
    logging.setLogRecordFactory(looked_at)


def _whole(record: logging.LogRecord) -> str:
    """Return a record with its traceback, as it is written, but for what a filter takes away."""
    if record.exc_info and record.name != "watcher.web.http":  # see access_log.without_raw_request
        return f"{record.getMessage()}\n{logging.Formatter().formatException(record.exc_info)}"
    return record.getMessage()
