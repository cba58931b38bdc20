"""
What the console of a cluster writes: rows of an origin of its own.

It edits files, as everywhere: in a private folder of the data directory stands what is declared, the frame of the files
and the console's watches. What a writer would save is declared first, from the generation that it was made from, and
then stands in the folder; where somebody was quicker, the folder is brought up to date and the edit is made anew.
So the folder is a copy: one that is gone, or older, is written anew, and only comments are lost with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from datetime import tzinfo
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from watcher.config.checkout import MAIN, checked_out
from watcher.config.declared import NO_FRAME, DeclaredFile, declared_of, plain_of
from watcher.config.document import Plain
from watcher.config.edits import WatchEdit
from watcher.config.reading import FOLDER
from watcher.config.replacing import text_if_any
from watcher.config.request import StandIns
from watcher.config.writing import Writer
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.errors import ConfigError, StaleGenerationError, StoreError, UsageError
from watcher.store.cluster.declarations import Declarations, DeclaredRows
from watcher.store.cluster.declaring import CONSOLE, FILES, WantedRows
from watcher.store.ending import to_its_end
from watcher.store.files import make_private_directory, write_durably

if TYPE_CHECKING:
    from watcher.push.service import PushService

FOLDER_OF_DECLARED: Final = "declared"
"""In the data directory."""
_DECLARE_SECONDS: Final = 120.0
_ATTEMPTS: Final = 5
_UNKNOWN: Final = -1
"""The generation of a folder that has to be looked at."""
_log = logging.getLogger(__name__)


class ClusterWriter(Writer):
    """
    Writes the console's watches for all servers. Its calls block, and may be made from any thread.

    What is wrong with the environment of this server is no mistake: workers fill it in.
    """

    def __init__(
        self,
        folder: Path,
        declarations: Declarations,
        environ: Mapping[str, str],
        *,
        declare_topics: Callable[[Iterable[Topic]], object],
        timezone: tzinfo | None = None,
    ) -> None:
        """
        Args:
            folder: of its own, made when it is missing.
            declare_topics: makes topics in the push service, before a watch tells them. Blocks.
        """
        self._stand_ins = StandIns(environ)
        super().__init__(folder / MAIN, self._stand_ins, timezone=timezone)
        self._folder = folder
        self._declarations = declarations
        self._declare_topics = declare_topics
        self._generation = _UNKNOWN
        self._changing = Lock()

    def refresh(self) -> None:
        """Bring the folder up to date, where it is not. Raises StoreError."""
        with self._changing:
            if self._declarations.generation_now() != self._generation:
                self._check_out()

    def write(self, edit: WatchEdit) -> None:
        """
        Declare what the files would say, then write them.

        Raises:
            ConfigError: the files would have mistakes.
            UsageError: a file was changed meanwhile, or the files of `watcher apply` have a watch of this id.
            StoreError: the database refused.
        """
        with self._changing:
            for _ in range(_ATTEMPTS):
                self._refuse_changed(edit)
                with suppress(StaleGenerationError):
                    self._generation = self._declare(self._declared(edit))
                    self._write(edit.files)
                    return
                self._check_out()
        raise UsageError("others declare watches all the time, and nothing was written; try again")

    def _refuse_changed(self, edit: WatchEdit) -> None:
        if any(text_if_any(each.path) != each.before for each in edit.files):
            raise UsageError(
                f"{edit.watch} or its neighbours were changed meanwhile, and nothing was written; try again"
            )

    def _declared(self, edit: WatchEdit) -> DeclaredFile:
        drafts = {each.path.resolve(): each.after for each in edit.files}
        return declared_of(self._config, self._stand_ins, timezone=self._timezone, drafts=drafts)

    def _declare(self, declared: DeclaredFile) -> int:
        """Declare the console's watches; return the generation. Raises StaleGenerationError: somebody was quicker."""
        wanted = WantedRows(
            origin=CONSOLE,
            frame="",  # that of the files, as it is now and will be
            watches=declared.watches,
            digest=declared.digest,
            applied_by="the console",
            expected=self._generation,
        )
        self._declare_topics(declared.file.topics.values())
        made = self._declarations.apply(wanted, may_delete=True).generation
        return made if made == self._generation + 1 else _UNKNOWN

    def _check_out(self) -> None:
        """Have the folder say what is declared; what says so already stays as it is, comments too."""
        found = self._declarations.of_origin(CONSOLE)
        if not self._says(found):
            self._put(checked_out(_frame(found), found.bodies.get(CONSOLE, {})))
        self._generation = found.generation

    def _says(self, found: DeclaredRows) -> bool:
        with suppress(ConfigError, UsageError):
            declared = declared_of(self._config, self._stand_ins, timezone=self._timezone)
            bodies = {id_: each.body for id_, each in declared.watches.items()}
            return (declared.frame, bodies) == (_frame(found), found.bodies.get(CONSOLE, {}))
        return False

    def _put(self, texts: Mapping[Path, str]) -> None:
        try:
            make_private_directory(self._folder)
            make_private_directory(self._folder / FOLDER)
            for path, text in texts.items():
                write_durably(self._folder / path, text)
            for path in (self._folder / FOLDER).iterdir():
                if path.relative_to(self._folder) not in texts:
                    path.unlink()
        except OSError as error:
            raise StoreError(f"cannot write in {self._folder}: {error.strerror}") from error

    # What the files of `watcher apply` have

    def _declaring(self, watch: str) -> str:
        return watch  # what `for_each` made is a row of its own

    def _body_of(self, watch: str) -> Plain:
        found = self._declarations.of_ids([watch]).bodies.values()
        body = next((bodies[watch] for bodies in found if watch in bodies), None)
        if body is None:
            raise UsageError(f"there is no watch {watch}")
        return plain_of(body)


def _frame(found: DeclaredRows) -> str:
    return found.frames.get(FILES, NO_FRAME)


@asynccontextmanager
async def cluster_writer(
    settings: Settings, service: PushService, environ: Mapping[str, str], *, timezone: tzinfo | None = None
) -> AsyncIterator[ClusterWriter]:
    """
    Open the writer of a server of a cluster, whose tables are there. To refresh it is the caller's.

    Raises:
        ConfigError: the database has no such URL.
        StoreError: it cannot be read.
    """
    assert settings.database is not None  # noqa: S101 - else the files are written
    loop = asyncio.get_running_loop()

    def declare_topics(topics: Iterable[Topic]) -> None:
        ours = [topic for topic in topics if topic.id is None]
        asyncio.run_coroutine_threadsafe(service.topics.declare(ours), loop).result(_DECLARE_SECONDS)

    with closing(Declarations(settings.database)) as declarations:
        writer = ClusterWriter(
            settings.data / FOLDER_OF_DECLARED, declarations, environ, declare_topics=declare_topics, timezone=timezone
        )
        await to_its_end(asyncio.to_thread(writer.refresh))
        yield writer
