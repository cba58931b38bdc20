"""
Live reload: notices that the files of watches were saved, and reports whether they are in use.

A file that cannot be used changes nothing: the old one goes on, and the operator is told once of each distinct mistake,
and once that the file is good again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from datetime import datetime
from functools import partial
from pathlib import Path

from watcher.core.check import OutboxMessage
from watcher.core.phrases import Phrases, fill
from watcher.core.watch import NO_LANGUAGES, TopicLanguages, WatchFile
from watcher.core.words import SUMMARY_CHARACTERS
from watcher.errors import ConfigError, PushError, StoreError
from watcher.watching.notices import notices
from watcher.watching.roster import Applied

SETTLED_SECONDS = 0.3
"""A file counts as saved when it has stayed as it is for this long: editors write in several steps."""
_MOST_STEPS = 30
POLL_SECONDS = 2.0
"""How often to look in any case: a folder on a network may change without a word."""
RETRY_SECONDS = 30.0
"""After a good file that could not be taken into use, for the disk was full or busy: nobody saves it again."""
_SUFFIXES = frozenset({".yaml", ".yml"})
_log = logging.getLogger(__name__)

Fingerprint = frozenset[tuple[str, int, int, int]]
"""Of each file: its path, which one it is, its size, and when it was written."""


def fingerprint(files: Iterable[Path], folders: Iterable[Path] = ()) -> Fingerprint:
    """
    Return what differs as soon as one of the files does, or another YAML file stands beside them or in a folder.

    Symbolic links are followed: a file that is changed by turning a link around differs, too.
    """
    seen = set(files)
    for folder in _folders(seen, folders):
        seen.update(path for path in _entries(folder) if path.suffix in _SUFFIXES)
    return frozenset(known for file in seen if (known := _fingerprint(file)) is not None)


class Files:
    """
    The files that were read, and whether they still are what was read.

    Attributes:
        read: their fingerprint, when they were.
    """

    def __init__(self, files: Iterable[Path], folders: Iterable[Path] = ()) -> None:
        """`folders`: in which YAML files may come that count, too. One that is not there yet may come as well."""
        self._files, self._folders = tuple(files), tuple(folders)
        self.read = self._fingerprint()

    def follow(self, files: Iterable[Path], folders: Iterable[Path] = ()) -> None:
        """Observe these from now on. Files that were not observed before count as read."""
        before, self._files, self._folders = (self._files, self._folders), tuple(files), tuple(folders)
        after = self._fingerprint()
        self.read = (self.read & after) | (after - fingerprint(*before))

    async def saved(self, asked: asyncio.Event) -> None:
        """
        Return when a file differs from what it was when this last returned, and no longer changes.

        At once, and in any case, when `asked` is set.
        """
        while not asked.is_set() and self._fingerprint() == self.read:
            await self._something_happened(asked)
        self.read = self._fingerprint()
        if not asked.is_set():
            await self._settle()

    def _fingerprint(self) -> Fingerprint:
        return fingerprint(self._files, self._folders)

    async def _settle(self) -> None:
        """Return when no file has changed for SETTLED_SECONDS, or after _MOST_STEPS looks at one that never settles."""
        for _ in range(_MOST_STEPS):
            await asyncio.sleep(SETTLED_SECONDS)
            before, self.read = self.read, self._fingerprint()
            if self.read == before:
                return

    async def _something_happened(self, asked: asyncio.Event) -> None:
        """Return when a file differs, or may differ, or `asked` is set."""
        from watchfiles import awatch  # only a watcher that runs for long needs it

        folders = _folders(self._files, self._folders)
        try:
            folders = [folder for folder in folders if folder.is_dir()]
            # Not recursive: the data directory may stand beside the file, and is written all the time.
            changes = awatch(
                *folders,
                watch_filter=None,
                recursive=False,
                debounce=100,
                rust_timeout=int(POLL_SECONDS * 1000),
                yield_on_timeout=True,
                stop_event=asked,
            )
            async with aclosing(changes):
                async for _ in changes:
                    if self._fingerprint() != self.read:
                        return
        except (OSError, RuntimeError) as error:  # no more inotify watches, a folder that is gone, an odd file system
            _log.debug("the system does not tell of changes in %s: %s", folders, error)
            await asyncio.sleep(POLL_SECONDS)


class Reloader:
    """Takes a saved file of watches into use, or says why not."""

    def __init__(
        self,
        read: Callable[[], Awaitable[WatchFile]],
        use: Callable[[WatchFile], Awaitable[Applied]],
        tell: Callable[[list[OutboxMessage]], None],
        *,
        epoch: str,
        now: Callable[[], datetime],
        language_of: TopicLanguages = NO_LANGUAGES,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """
        Args:
            read: reads and checks the file. Raises ConfigError.
            use: takes it into use, whole or not at all. Raises StoreError, PushError.
            tell: puts messages into the outbox.
            epoch: of the store's state.
            pause: waits for so many seconds.
        """
        self._read = read
        self._use = use
        self._tell = tell
        self._epoch = epoch
        self._now = now
        self._language_of = language_of
        self._pause = pause
        self._told: set[str] = set()

    async def reload(self) -> WatchFile | None:
        """Read the file again and use it, once the disk lets one; return it, or None when the old one goes on."""
        while True:
            try:
                file = await self._read()
                applied = await self._use(file)
                break
            except (ConfigError, PushError) as error:
                self._refuse(str(error), is_mistaken=True)
                return None
            except StoreError as error:
                self._refuse(str(error), is_mistaken=False)
                await self._pause(RETRY_SECONDS)
        if self._told:
            self._told.clear()
            self._notify("good file", lambda phrases: (phrases.file_used, phrases.file_used_means))
        if applied == Applied():
            _log.info("reloaded: no watch changed")
        else:
            _log.info("reloaded: %s", applied)
        return file

    def _refuse(self, problems: str, *, is_mistaken: bool) -> None:
        _log.error("the file of watches was saved and cannot be used; keeping the previous one:\n%s", problems)
        if problems in self._told:
            return
        self._told.add(problems)
        self._notify(f"invalid file\0{problems}", partial(_of_refused_file, problems, is_mistaken=is_mistaken))

    def _notify(self, kind: str, words: Callable[[Phrases], tuple[str, str]]) -> None:
        now = self._now()
        self._tell(
            notices(
                self._epoch,
                kind,
                number=int(now.timestamp()),
                words=words,
                language_of=self._language_of,
                now=now,
            )
        )


def _of_refused_file(problems: str, phrases: Phrases, *, is_mistaken: bool) -> tuple[str, str]:
    """Return the words for a file with these problems, one a line; the content has those that the summary has not."""
    first, _, others = problems.partition("\n")
    more = phrases.invalid_file_more(others.count("\n") + 1) if others else ""
    summary = fill(phrases.invalid_file if is_mistaken else phrases.file_not_used, problem=first) + more
    unsaid = others if len(summary) <= SUMMARY_CHARACTERS else problems
    return summary, f"{phrases.invalid_file_means}\n\n{unsaid}" if unsaid else phrases.invalid_file_means


def _folders(files: Iterable[Path], folders: Iterable[Path]) -> list[Path]:
    return sorted({*folders, *(file.parent for file in files)})


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (OSError, ValueError):  # a NUL in its name
        return []


def _fingerprint(file: Path) -> tuple[str, int, int, int] | None:
    try:
        known = file.stat()
    except OSError:
        return None
    return str(file), known.st_ino, known.st_size, known.st_mtime_ns
