"""A file of watches, from its text to the core's entities, with all its mistakes at once."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, tzinfo
from itertools import islice
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.config import yaml_reader
from watcher.config.document import Document, KeyPath, Mistake, Place, Plain, merged
from watcher.config.explain import MAX_MISTAKES, mapping_advice, mistakes_of
from watcher.config.for_each import Expansion, first_instances
from watcher.config.keys import MistakenError, NoMappingError
from watcher.config.models import FileModel, WatchModel
from watcher.config.reading import SECTIONS, Files, KnownFile, ReadFile, read_files
from watcher.config.report import Report
from watcher.config.scalars import shown
from watcher.config.sound_parts import sound_defaults, sound_topics, sound_watch
from watcher.config.value_names import report_unknown_names
from watcher.config.watches import Declaration, Surroundings, variant_of
from watcher.core.watch import Watch, WatchFile
from watcher.errors import ConfigError, Problem

_SOMEWHERE: Final[Place] = ("", 0, 0)
"""Where a watch of a known file stands; where something is wrong, all is read anew."""


def load(
    path: Path,
    environ: Mapping[str, str],
    *,
    timezone: tzinfo | None = None,
    drafts: Mapping[Path, str] = MappingProxyType({}),
    note: Callable[[Document], object] | None = None,
) -> WatchFile:
    """
    Read a file of watches, and the files that it includes.

    Args:
        environ: where `${NAME}` comes from.
        timezone: of watches that name none; UTC, when left out.
        drafts: texts that are to stand in these files (`Path.resolve`); one that is not there yet counts as if it were.
        note: is given each file before it is judged, the main one first.

    Raises:
        ConfigError: the file cannot be read, or has mistakes; each names file, line, column and key.
    """
    surroundings = Surroundings(environ=environ, timezone=timezone or UTC)
    with paused_collector():
        files = read_files(path, drafts, {})
        if note is not None:
            note(files.main.document)
            files.included = _noted(files.included, note)
        return _whole(_Reading(files, surroundings, {}).declared(), files)


def _noted(files: Iterable[ReadFile], note: Callable[[Document], object]) -> Iterator[ReadFile]:
    for read in files:
        note(read.document)
        yield read


def _whole(file: WatchFile, files: Files) -> WatchFile:
    return replace(file, files=tuple(files.paths), folders=files.folders)


class _Loaded(Struct, frozen=True, kw_only=True):
    """What was loaded last. `frame`: what the main file says besides its watches; `known`: each file."""

    file: WatchFile
    frame: str
    known: Mapping[Path, KnownFile]


class Loader:
    """
    Reads files of watches again and again: anew only what is not as it was when all of them were read last.

    A watch depends on its own file and on what the main one says besides its watches, and on nothing else, so those of
    a file that is the same are taken as they are. As soon as anything is wrong, all is read anew: what is told, and
    where, is what somebody is told who reads the files for the first time.
    """

    def __init__(self, path: Path, environ: Mapping[str, str], *, timezone: tzinfo | None = None) -> None:
        """Takes what `load` does."""
        self._path = path
        self._surroundings = Surroundings(environ=environ, timezone=timezone or UTC)
        self._loading = Lock()
        self._last: _Loaded | None = None

    def load(self, drafts: Mapping[Path, str] = MappingProxyType({})) -> WatchFile:
        """Return what the files declare, as `load` does. From any thread."""
        with self._loading, paused_collector():
            last = self._last
            if last is not None:
                with suppress(ConfigError):
                    return self._load(drafts, last)
            return self._load(drafts, None)

    def file_of(self, watch: str) -> Path | None:
        """Return the file in which a watch stood when all were read last; None where that is not known."""
        last = self._last
        return None if last is None else next((path for path, each in last.known.items() if watch in each.keys), None)

    def _load(self, drafts: Mapping[Path, str], last: _Loaded | None) -> WatchFile:
        known = dict(last.known) if last is not None else {}
        files = read_files(self._path, drafts, known)
        frame = repr(files.main.document.without("watches").value)  # in which 1, 1.0 and true differ
        if last is not None and frame != last.frame:
            known.clear()
        reading = _Reading(files, self._surroundings, last.file.watches if last is not None else {})
        file = _whole(reading.declared(), files)
        self._last = _Loaded(file=file, frame=frame, known=reading.known)
        return file


def parse(text: str, *, file: str, environ: Mapping[str, str], timezone: tzinfo | None = None) -> WatchFile:
    """
    Return what the text of a file of watches declares. It cannot include others, for it stands nowhere.

    Args:
        file: its name, for messages; the others as of `load`.

    Raises:
        ConfigError: with all mistakes, in the order of the file.
    """
    with paused_collector():
        read = yaml_reader.read(text, file=file)
        main = ReadFile(path=Path(file), digest=b"", characters=len(text), document=read)
        files = Files(main=main, paths=[], mistakes=list(read.mistakes))
        if isinstance(read.value, dict) and "include" in read.value:
            told = "other files are included by a file on the disk only"
            files.mistakes.append((("include",), read.problem(("include",), told, at_key=True)))
        return _Reading(files, Surroundings(environ=environ, timezone=timezone or UTC), {}).declared()


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause the collector: what is built here holds no cycles, and walking over it took half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Reading:
    """
    One reading of files, judged one after the other, each to its end: what is declared is a tenth of what that takes.

    Attributes:
        known: what is kept of each file; to be used where nothing is wrong.
    """

    def __init__(self, files: Files, surroundings: Surroundings, earlier: Mapping[str, Watch]) -> None:
        """`earlier`: the watches of the files that are known already."""
        self._files = files
        self._surroundings = surroundings
        self._earlier = earlier
        self._places: dict[str, Place] = {}
        self.known: dict[Path, KnownFile] = {}

    def declared(self) -> WatchFile:
        """Return what the files declare. Raises ConfigError: all that is wrong."""
        main, mistakes = self._files.main.document, self._files.mistakes
        if not isinstance(main.value, dict):
            got = f"the file must be a mapping with `watches`; got {shown(main.value)}"
            raise _config_error(
                [*mistakes, ((), main.problem((), got + mapping_advice(main.value, names_are_free=True)))]
            )
        declaration = Declaration(_frame(main, mistakes), self._surroundings, Report(document=main, mistakes=mistakes))
        topics = [self._add(read, declaration) for read in self._files.each()]
        if not {"watches", "include"} & main.value.keys() and all(path != ("watches",) for path, _ in mistakes):
            mistakes.append((("watches",), main.problem(("watches",), "is missing")))
        watch_file = _with_topics(declaration, topics, mistakes)
        if mistakes:
            raise _config_error(mistakes)
        return watch_file

    def _add(self, read: ReadFile, declaration: Declaration) -> Document:
        """Declare the watches of a file, and return what it says of topics."""
        if read.known is not None:
            self.known[read.path] = read.known
            self._take(read.known, declaration)
        else:
            count = len(declaration.found)
            _add_watches(declaration, read.document, self._files.mistakes, self._places)
            ids = tuple(islice(declaration.found, count, None))
            self.known[read.path] = _known(read, ids)
        return read.document.only("topics")

    def _take(self, known: KnownFile, declaration: Declaration) -> None:
        """Declare the watches of a file that is known. Raises ConfigError where others have their ids."""
        watches = {id_: self._earlier[id_] for id_ in known.ids}
        if not (watches.keys().isdisjoint(declaration.found) and self._places.keys().isdisjoint(known.keys)):
            raise ConfigError("two files declare the same watch")
        self._places.update(dict.fromkeys(known.keys, _SOMEWHERE))
        declaration.take(watches)


def _known(read: ReadFile, ids: tuple[str, ...]) -> KnownFile:
    value = read.document.value
    watches = value.get("watches") if isinstance(value, dict) else None
    keys = tuple(watches) if isinstance(watches, dict) else ()
    return KnownFile(
        digest=read.digest,
        characters=read.characters,
        size=read.size,
        frame=read.document.without("watches"),
        keys=ids if keys == ids else keys,
        ids=ids,
    )


def _frame(main: Document, mistakes: list[Mistake]) -> FileModel:
    """Return what the main file says besides its topics and watches; of one with mistakes, the sound parts."""
    assert isinstance(main.value, dict)  # noqa: S101 - the caller has looked
    frame = {key: part for key, part in main.value.items() if key not in SECTIONS or not isinstance(part, dict)}
    try:
        model = FileModel.read(frame)
    except MistakenError as error:
        mistakes += mistakes_of(error, main)
    else:
        if not mistakes:
            return model
    return FileModel.read({"defaults": sound_defaults(frame.get("defaults"), [path for path, _ in mistakes])})


def _add_watches(
    declaration: Declaration, document: Document, mistakes: list[Mistake], places: dict[str, Place]
) -> None:
    """Declare the watches of a document. `places`: of the watches so far, to which those of this document come."""
    declared = document.value.get("watches") if isinstance(document.value, dict) else None
    if not isinstance(declared, dict):
        return
    known = len(mistakes)
    watches, expansions = first_instances(declared, document, mistakes)
    unusable = defaultdict[str, list[KeyPath]](list)
    for path, _ in (*document.mistakes, *mistakes[known:]):
        if path[:1] == ("watches",) and len(path) > 1:
            unusable[str(path[1])].append(path)
    for key, body in watches.items():
        at = Report(document=document, mistakes=mistakes, path=("watches", key))
        place = document.place("watches", key)
        if (first := places.setdefault(key, place)) is not place:
            mistakes.append(document.twice(at.path, first))
        else:
            _declare(declaration, key, body, expansions.get(key), unusable.get(key, []), at)
        if len(mistakes) > MAX_MISTAKES:
            raise _config_error(mistakes)


def _declare(
    declaration: Declaration,
    key: str,
    body: Plain,
    expansion: Expansion | None,
    unusable: Sequence[KeyPath],
    at: Report,
) -> None:
    """Declare a watch. `unusable`: parts of it that were told to be wrong."""
    variant = None if expansion or unusable else variant_of(body)
    if variant is not None and declaration.add_variant(key, variant, at):
        return
    known = len(at.mistakes)
    if model := _validated(body, unusable, at):
        declaration.add(key, model, expansion, at, variant=variant if len(at.mistakes) == known else None)


def _validated(body: Plain, unusable: Sequence[KeyPath], at: Report) -> WatchModel | None:
    """Return the model of a watch; of one with mistakes, that of its sound parts, to look for more."""
    if not isinstance(body, dict):
        at.mistakes.extend(
            mistakes_of(MistakenError([((), NoMappingError(body, WatchModel))]), at.document, at=at.path)
        )
        return None
    try:
        model = WatchModel.read(body)
    except MistakenError as error:
        found = mistakes_of(error, at.document, at=at.path)
        at.mistakes.extend(each for each in found if not _is_within(each[0], unusable))
        unusable = [*unusable, *(path for path, _ in found)]
    else:
        if not unusable:
            return model
    report_unknown_names(body, unusable, at)
    return WatchModel.read(sound_watch(body, unusable))


def _is_within(path: KeyPath, mistaken: Sequence[KeyPath]) -> bool:
    """Return whether a part lies in one of a watch that was told to be wrong as YAML, and is not what was written."""
    return any(path[: len(part)] == part for part in mistaken if len(part) > 2)


def _with_topics(declaration: Declaration, documents: Sequence[Document], mistakes: list[Mistake]) -> WatchFile:
    whole, duplicates = merged(documents[0], documents[1:], "topics")
    mistakes += duplicates
    value = whole.value.get("topics") if isinstance(whole.value, dict) else None
    topics = value if isinstance(value, dict) else {}
    try:
        model = FileModel.read({"topics": topics})
    except MistakenError as error:
        mistakes += mistakes_of(error, whole)
    else:
        if not mistakes:
            return declaration.file(model.topics, Report(document=whole, mistakes=mistakes, path=("topics",)))
    model = FileModel.read({"topics": sound_topics(topics, [path for path, _ in mistakes])})
    return declaration.file(model.topics, Report(document=whole, mistakes=mistakes, path=("topics",)))


def _config_error(mistakes: Sequence[Mistake]) -> ConfigError:
    """Return the first problem of each key, in the order of the file, and MAX_MISTAKES at most."""
    first: dict[tuple[str, str], Problem] = {}
    for _, problem in mistakes:
        first.setdefault((problem.file, problem.key), problem)
    return ConfigError(sorted(first.values())[:MAX_MISTAKES])
