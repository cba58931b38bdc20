"""
The console's watches when all is copied: files in `watches.d` here, rows of an origin of its own there.

To a database, what the tools wrote becomes the console's rows, and its files are called `….yaml.moved` from then on:
`watcher apply` is to declare what was written by hand. Back, the console's rows become such files, which the main file
includes.

Either may be done twice, so that a copy that a kill broke off goes on with it when it is asked for again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import tzinfo
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from watcher.config import yaml_reader
from watcher.config.checkout import files_of
from watcher.config.declared import DeclaredFile, DeclaredWatch, declared_of
from watcher.config.editing import with_include
from watcher.config.reading import FOLDER
from watcher.config.replacing import text_if_any, text_of
from watcher.config.request import StandIns
from watcher.config.writing import MARK, PATTERN, Writer, name_of_added
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError, StoreError, UsageError
from watcher.store.files import sync

if TYPE_CHECKING:
    from watcher.store.cluster.declaring import WantedRows

_MOVED: Final = ".moved"
_NOTHING: Final = "watches: {}\n"
_FRAME: Final = ""
"""Of the console's rows: that of the files."""
_NO_FILE: Final = WatchFile(topics={}, watches={})
_NAMED: Final = 3


class Written(Struct, frozen=True, kw_only=True):
    """
    The files of watches, as this machine reads them.

    Attributes:
        config: the main file, which need not be there.
        timezone: of watches that name none; UTC, when left out.
    """

    config: Path
    environ: Mapping[str, str]
    timezone: tzinfo | None = None

    def declared(self, drafts: Mapping[Path, str]) -> DeclaredFile:
        """Return what they declare, with these texts in place of some. Raises ConfigError."""
        return declared_of(self.config, StandIns(self.environ), timezone=self.timezone, drafts=drafts)


class Move(Protocol):
    """The console's watches on their way."""

    @property
    def watches(self) -> int:
        """How many there are."""

    @property
    def files(self) -> Sequence[Path]:
        """Where they stand here, before or after."""

    def make(self) -> None:
        """Bring them there. Raises WatcherError."""


class NoMove(Struct, frozen=True):
    """There are none."""

    watches: int = 0
    files: Sequence[Path] = ()

    def make(self) -> None:
        """Do nothing."""


class ToRows(Struct, frozen=True):
    """
    Files of the tools, whose watches become the console's rows.

    Attributes:
        are_rows: they are so already, by a copy that a kill broke off before the last file was renamed.
    """

    url: str
    declared: DeclaredFile
    files: Sequence[Path]
    are_rows: bool = False

    @property
    def watches(self) -> int:
        """How many there are."""
        return len(self.declared.watches)

    def require_free(self) -> None:
        """Raise UsageError where another origin has one of the watches; ConfigError, StoreError."""
        from watcher.store.cluster.declarations import Declarations

        with closing(Declarations(self.url)) as declarations:
            declarations.apply(self._wanted(), is_dry=True)

    def make(self) -> None:
        """Declare them, and have the files be passed over from then on. Raises UsageError, StoreError."""
        from watcher.cluster.duties import make_tables
        from watcher.store.cluster.declarations import Declarations

        if not self.are_rows:
            asyncio.run(make_tables(self.url))
            with closing(Declarations(self.url)) as declarations:
                declarations.apply(self._wanted(), may_delete=True)
        try:
            for file in self.files:
                file.rename(file.with_name(file.name + _MOVED))
                sync(file.parent)
        except OSError as error:
            raise StoreError(f"cannot rename what is declared by now: {error}; say the same command again") from error

    def _wanted(self) -> WantedRows:
        from watcher.store.cluster.declaring import CONSOLE, WantedRows

        return WantedRows(
            origin=CONSOLE,
            frame=_FRAME,
            watches=self.declared.watches,
            digest=self.declared.digest,
            applied_by="watcher database copy",
        )


class ToFiles(Struct, frozen=True):
    """The console's rows, which become files."""

    written: Written
    bodies: Mapping[str, str]
    files: Sequence[Path]

    @property
    def watches(self) -> int:
        """How many there are."""
        return len(self.bodies)

    def make(self) -> None:
        """Write them. Raises ConfigError, UsageError: nothing was written."""
        config = self.written.config
        writer = Writer(config, StandIns(self.written.environ), timezone=self.written.timezone)
        main = text_if_any(config)
        beside: Mapping[Path, str] = {}
        if main is None:
            beside = {config: f"include: {PATTERN}\n"}
        elif not writer.includes(self.files[0]):
            beside = {config: with_include(main, PATTERN)}
        writer.put(dict(zip(self.files, files_of(self.bodies), strict=True)), beside=beside, most_mode=0o777)


def to_rows(written: Written, url: str) -> ToRows | NoMove:
    """
    Return what the tools wrote here, on its way to the rows of a database.

    An old place forgets the console's rows that came back from it, whatever became of them here.

    Raises:
        ConfigError: the files have mistakes.
        UsageError: the database has the same watches of another origin, or others of a console of its own.
        StoreError: it cannot be read.
    """
    if not written.config.exists():
        return NoMove()
    files = list(_of_tools(written.config.parent / FOLDER))
    watches, there = _watches_of(files, written), _rows_at(url)
    declared = DeclaredFile(frame=_FRAME, watches=watches, file=_NO_FILE, missing=())
    found = ToRows(url, declared, files if watches else [])
    if not watches and not (there and _is_old_place(url)):
        return NoMove()
    if (others := there.keys() - watches) and not _is_old_place(url):
        if all(there.get(id_) == watch.body for id_, watch in watches.items()):
            return replace(found, are_rows=True)
        raise UsageError(
            f"the console there has watches of its own ({', '.join(sorted(others)[:_NAMED])}), which are in no file of "
            f"{written.config.parent / FOLDER}: remove them there first"
        )
    found.require_free()
    return found


def _watches_of(files: Sequence[Path], written: Written) -> Mapping[str, DeclaredWatch]:
    """
    Return the watches of some files. Raises ConfigError.

    What stands in no file of the tools is not kept while all else is copied: 100,000 watches take 200 MB.
    """
    if not files:
        return {}
    by_hand = written.declared({file.resolve(): _NOTHING for file in files}).watches.keys()
    return {id_: watch for id_, watch in written.declared({}).watches.items() if id_ not in by_hand}


def to_files(written: Written, url: str) -> ToFiles | NoMove:
    """Return the console's rows of a database that no file here has, on their way to files. Raises StoreError."""
    rows = _rows_at(url)
    known = written.declared({}).watches if rows and written.config.exists() else {}
    bodies = {id_: body for id_, body in rows.items() if id_ not in known}
    texts = list(files_of(bodies))
    return ToFiles(written, bodies, _unused(written.config.parent / FOLDER, len(texts))) if bodies else NoMove()


def _rows_at(url: str) -> Mapping[str, str]:
    """Return what the console of a database declares, by id."""
    from watcher.store.cluster.declarations import Declarations
    from watcher.store.cluster.declaring import CONSOLE
    from watcher.store.cluster.watch_schema import revision_at

    if revision_at(url) is None:
        return {}
    with closing(Declarations(url)) as declarations:
        return declarations.of_origin(CONSOLE).bodies.get(CONSOLE, {})


def _is_old_place(url: str) -> bool:
    from watcher.store.push.server_side import ServerSide

    side = ServerSide(url)
    with side.looking() as connection:
        return side.moved_to(connection) is not None


def _of_tools(folder: Path) -> Iterator[Path]:
    """Yield the files that the tools wrote, and that have nothing but watches."""
    for file in sorted(folder.glob("*.yaml")):
        with suppress(ConfigError):
            text = text_of(file)
            value = yaml_reader.read(text, file="").value
            if text.startswith(MARK) and isinstance(value, dict) and value.keys() == {"watches"}:
                yield file


def _unused(folder: Path, number: int) -> Sequence[Path]:
    paths: Iterable[Path] = (folder / name_of_added(each) for each in count(1))
    free = (path for path in paths if not path.exists())
    return [next(free) for _ in range(number)]
