"""
What files of watches declare, taken apart for a database: each watch for itself, and a frame that all are read in.

| | |
|---|---|
| body | what a file says of one watch, `for_each` filled in and `${NAME}` not: JSON whose numbers keep their digits |
| frame | what the main file says besides: `defaults`, `all_well`, and the `topics` of all files |

A body, its frame and an environment come to the same watch as the file does in that environment.
Whoever takes a file apart need not know the secrets; whoever puts it together reports what is wrong watch by watch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec import Struct
from yarl import URL

from watcher.config.document import Collection, Document, Mistake, Node, Plain, Position
from watcher.config.explain import MAX_MISTAKES, mistakes_of
from watcher.config.for_each import first_instances, substituted
from watcher.config.keys import MistakenError, NoMappingError
from watcher.config.load import load, paused_collector
from watcher.config.models import FileModel
from watcher.config.report import Report
from watcher.config.request import StandIns, has_secret_host
from watcher.config.shared import Shared
from watcher.config.watches import Declaration, Surroundings
from watcher.config.yaml_reader import MAX_DEPTH
from watcher.core.dates import dated
from watcher.core.watch import Topic, Watch, WatchFile
from watcher.errors import ConfigError, Problem

NO_FRAME: Final = "{}"
_NOT_IN_FRAME: Final = frozenset({"include", "watches"})
_ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
_HOST_UNKNOWN: Final = (
    "`${…}` names the host, and watches are assigned by host before any secret is filled in; write the host itself"
)
_NOWHERE: Final = Position()
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode
_decode: Final = msgspec.json.Decoder(float_hook=Decimal).decode


class DeclaredWatch(Struct, frozen=True, kw_only=True):
    """
    One watch, taken apart.

    Attributes:
        host: that it asks, as it is looked up: in small letters, IDNA, without a port.
        was: the id that it had before, if it says so.
    """

    host: str
    body: str
    was: str | None = None


class DeclaredFile(Struct, frozen=True, kw_only=True):
    """
    Files of watches, taken apart.

    Attributes:
        watches: by id.
        file: the same as entities; in place of variables that are not set stands something else.
        missing: those variables.
    """

    frame: str
    watches: Mapping[str, DeclaredWatch]
    file: WatchFile
    missing: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What tells it from files that declare anything else, in whatever order."""
        digest = hashlib.sha256(self.frame.encode())
        for watch, declared in sorted(self.watches.items()):
            digest.update(_encode([watch, declared.host, declared.body]))
        return digest.hexdigest()


class ReadWatches(Struct, frozen=True, kw_only=True):
    """
    Watches, put together.

    Attributes:
        file: those in which nothing is wrong, and all topics.
        problems: what is wrong with each other one, by its id.
    """

    file: WatchFile
    problems: Mapping[str, str]


# Apart


def declared_of(
    path: Path,
    environ: Mapping[str, str],
    *,
    timezone: tzinfo | None = None,
    drafts: Mapping[Path, str] = MappingProxyType({}),
) -> DeclaredFile:
    """
    Return what a file and those that it includes declare. Variables that are not set may be so.

    Args:
        As `load` takes them.

    Raises:
        ConfigError: as `load` does; or a variable names the host of a watch, set or not.
    """
    noted, surroundings = _Noted(), StandIns(environ)
    try:
        file = load(path, surroundings, timezone=timezone, drafts=drafts, note=noted)
    except ConfigError as error:
        if not noted.problems:
            raise
        raise noted.with_own(error.problems) from error
    if noted.problems:
        raise noted.with_own(())
    watches = {
        id_: DeclaredWatch(host=_host(watch := file.watches[id_]), body=body, was=watch.was)
        for id_, body in noted.bodies.items()
    }
    return DeclaredFile(frame=_text(noted.frame), watches=watches, file=file, missing=surroundings.missing)


class _Noted:
    """What files say, file by file. It is to be used where nothing is wrong with them."""

    def __init__(self) -> None:
        self.frame: dict[str, Plain] = {}
        self.bodies: dict[str, str] = {}
        self.problems: dict[tuple[str, str], Problem] = {}
        self._topics: dict[str, Plain] = {}

    def __call__(self, document: Document) -> None:
        """Note a file, the main one first."""
        said = document.value
        if not isinstance(said, dict):
            return
        if not self.frame:
            self.frame = {key: part for key, part in said.items() if key not in _NOT_IN_FRAME}
            self.frame["topics"] = self._topics
        if isinstance(topics := said.get("topics"), dict):
            self._topics.update(topics)
        if isinstance(watches := said.get("watches"), dict):
            self._note_watches(watches, document)

    def with_own(self, problems: Iterable[Problem]) -> ConfigError:
        """Return these problems and those that were found here, of which each is in place of another of its key."""
        others = [each for each in problems if (each.file, each.key) not in self.problems]
        return ConfigError(sorted([*self.problems.values(), *others])[:MAX_MISTAKES])

    def _note_watches(self, watches: dict[str, Plain], document: Document) -> None:
        bodies, expansions = first_instances(watches, document, [])
        for key, body in bodies.items():
            if isinstance(body, dict) and (expansion := expansions.get(key)):
                for each in expansion.each:
                    self._note(each.id_of(key), substituted(expansion.body, each), key, document)
            elif isinstance(body, dict):
                self._note(key, body, key, document)

    def _note(self, id_: str, body: dict[str, Plain], key: str, document: Document) -> None:
        if has_secret_host(str(body.get("url", ""))):
            problem = document.problem(("watches", key, "url"), _HOST_UNKNOWN)
            self.problems[problem.file, problem.key] = problem
        self.bodies[id_] = _text(body)


def _text(value: Plain) -> str:
    return _encode(value).decode()


def _host(watch: Watch) -> str:
    """Return the host of a watch; of one with dates in it, that of some day."""
    return (URL(dated(watch.request.url, _ANY_DAY, UTC)).raw_host or "").lower()


# Together


class Reader:
    """
    Puts watches of one frame together. Those that it reads share what they have in common, as those of one file do.

    From any thread, but from one at a time.

    Attributes:
        problem: what is wrong with the frame, and so with each of its watches; empty where nothing is.
    """

    def __init__(self, frame: str, environ: Mapping[str, str], *, timezone: tzinfo | None = None) -> None:
        """
        Args:
            environ: where `${NAME}` comes from.
            timezone: of watches that name none; UTC, when left out.
        """
        self._surroundings = Surroundings(environ=environ, timezone=timezone or UTC)
        self._shared = Shared()
        value = plain_of(frame)
        report = Report(document=_document(value), mistakes=[])
        try:
            self._frame = FileModel.read(value)
        except (MistakenError, NoMappingError) as error:
            self._frame = FileModel()
            report.mistakes.extend(_mistakes(error, report))
        self._file(self._declaration(report), report)
        self.problem = _said(report)

    def read(self, bodies: Mapping[str, str]) -> ReadWatches:
        """Return these watches, by their ids. What is wrong with one concerns no other one."""
        report = Report(document=_document({}), mistakes=[])
        with paused_collector():
            declaration = self._declaration(report)
            said = ((id_, self.problem or _add(declaration, id_, body)) for id_, body in bodies.items())
            problems = {id_: problem for id_, problem in said if problem}
            return ReadWatches(file=self._file(declaration, report), problems=problems)

    def _declaration(self, report: Report) -> Declaration:
        return Declaration(self._frame, self._surroundings, report, shared=self._shared)

    def _file(self, declaration: Declaration, report: Report) -> WatchFile:
        return declaration.file(self._frame.topics, report.at("topics"))


def _add(declaration: Declaration, id_: str, body: str) -> str:
    """
    Declare a watch, or return what is wrong with it.

    A document that names its parts takes a fifth of the time, so it is made where something is wrong.
    """
    value = plain_of(body)
    if not _wrong(declaration, id_, value, Document(Node(value, _NOWHERE), (), file="")):
        return ""
    return _wrong(declaration, id_, value, _document(value))


def _wrong(declaration: Declaration, id_: str, value: Plain, document: Document) -> str:
    report = Report(document=document, mistakes=[])
    try:
        declaration.add_one(id_, value, report)
    except (MistakenError, NoMappingError) as error:
        report.mistakes.extend(_mistakes(error, report))
    return _said(report)


def _mistakes(error: MistakenError | NoMappingError, report: Report) -> Iterable[Mistake]:
    whole = error if isinstance(error, MistakenError) else MistakenError([((), error)])
    return mistakes_of(whole, report.document)


def _said(report: Report) -> str:
    problems = dict.fromkeys(problem for _, problem in report.mistakes)
    return "; ".join(f"{each.key}: {each.text}" if each.key else each.text for each in problems)


def plain_of(text: str) -> Plain:
    """
    Return what a body or a frame says.

    Nothing, where it is no JSON or nests deeper than a file may: that is reported as any other mistake.
    """
    try:
        value: Plain = _decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    is_flat = text.count("[") + text.count("{") <= MAX_DEPTH  # to look at each part of each body takes long
    return value if is_flat or _nests_at_most(MAX_DEPTH, value) else None


def _nests_at_most(levels: int, value: Plain) -> bool:
    match value:
        case dict():
            return levels > 0 and all(_nests_at_most(levels - 1, part) for part in value.values())
        case list():
            return levels > 0 and all(_nests_at_most(levels - 1, part) for part in value)
        case _:
            return True


def _document(value: Plain) -> Document:
    """Return a value as a document, which stands nowhere but has names for its parts."""
    return Document(_node(value), (), file="")


def _node(value: Plain) -> Node:
    match value:
        case dict():
            parts: dict[str | int, Node] = {key: _node(part) for key, part in value.items()}
            return Collection(value, _NOWHERE, keys=dict.fromkeys(value, _NOWHERE), children=parts)
        case list():
            return Collection(value, _NOWHERE, children={index: _node(part) for index, part in enumerate(value)})
        case _:
            return Node(value, _NOWHERE)


def merged(files: Sequence[WatchFile]) -> WatchFile:
    """Return the watches and topics of several frames as one; where two declare a topic, the first counts."""
    topics: dict[str, Topic] = {}
    for file in files:
        for key, topic in file.topics.items():
            if key not in topics or (topic.is_declared and not topics[key].is_declared):
                topics[key] = topic
    watches = {id_: watch for file in files for id_, watch in file.watches.items()}
    return WatchFile(topics=topics, watches=watches, all_well=next((f.all_well for f in files if f.all_well), None))
