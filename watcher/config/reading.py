"""A file of watches and those that it includes: from the disk to one document."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from msgspec import Struct, field

from watcher.config import yaml_reader
from watcher.config.document import Document, Mistake, Position, problem_at
from watcher.config.explain import did_you_mean
from watcher.errors import ConfigError

FOLDER = "watches.d"
"""Beside the main file: what `watcher add` writes is included from there (`writing`)."""
MAX_FILES = 10_000
MAX_BYTES_IN_ALL = 16_000_000
MAX_NODES_IN_ALL = 2_000_000
SECTIONS = ("topics", "watches")
"""What an included file may have."""


class KnownFile(Struct, frozen=True, kw_only=True):
    """
    A sound file that was read before, and what is kept of it: not the place of each word of its watches.

    Attributes:
        digest: of its text.
        characters, size: of the text, and how many values that had.
        frame: the document without its watches.
        keys: of its section `watches`.
        ids: of the watches that these declare; others than `keys` where one has `for_each`.
    """

    digest: bytes
    characters: int
    size: int
    frame: Document
    keys: tuple[str, ...]
    ids: tuple[str, ...]


class ReadFile(Struct, frozen=True, kw_only=True):
    """
    A file that is read.

    Attributes:
        document: of the file; of a known one its frame.
        known: it was read before, and its watches are not in the document.
    """

    path: Path
    digest: bytes
    characters: int
    document: Document
    known: KnownFile | None = None

    @property
    def size(self) -> int:
        """How many values it has."""
        return self.document.size if self.known is None else self.known.size


class Files(Struct):
    """
    What was read.

    Attributes:
        main: the main file.
        paths: of the files so far, the main one first.
        mistakes: those in them as YAML, and in what they are as files of watches.
        folders: in which files may come that will be included, whether they are there or not.
        included: the others. Each is read when it is asked for: all at once, with the place of each word, 100,000
            watches would fill 400 MB.
    """

    main: ReadFile
    paths: list[Path]
    mistakes: list[Mistake] = field(default_factory=list)
    folders: tuple[Path, ...] = ()
    included: Iterable[ReadFile] = ()

    def each(self) -> Iterator[ReadFile]:
        """Yield the files, the main one first, for the first time that it is asked."""
        yield self.main
        yield from self.included


def read_files(path: Path, drafts: Mapping[Path, str], known: Mapping[Path, KnownFile]) -> Files:
    """
    Return the file and what it includes. A mistake in an included file does not hide those of the others.

    What is wrong in an included file is among the mistakes once that was asked for.

    Args:
        drafts: texts that are to stand in these files (`Path.resolve`); one that is not there yet counts as if it were.
        known: files that are not read again while their text is the same.

    Raises:
        ConfigError: the file itself cannot be read, or is no YAML.
    """
    main = _read(path, drafts, known)
    folders = dict.fromkeys(_folder(path.parent, pattern) for _, pattern in patterns(main.document))
    files = Files(main, [path], list(main.document.mistakes), folders=tuple(folders))
    files.included = _included(files, drafts, known)
    return files


def _read(path: Path, drafts: Mapping[Path, str], known: Mapping[Path, KnownFile]) -> ReadFile:
    text = _text(path, drafts)
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    found = known.get(path)
    if found is None or found.digest != digest:
        found, document = None, yaml_reader.read(text, file=str(path))
    else:
        document = found.frame
    return ReadFile(path=path, digest=digest, characters=len(text), document=document, known=found)


def read_file(path: Path) -> str:
    """Return the text of a file. Raises ConfigError when it cannot be read or is no UTF-8."""
    try:
        with path.open("rb") as file:
            read = file.read(yaml_reader.MAX_BYTES + 1)  # one more than is allowed tells, and a device never ends
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(read, error.start, str(path)) from error


def _included(files: Files, drafts: Mapping[Path, str], known: Mapping[Path, KnownFile]) -> Iterator[ReadFile]:
    """Yield the files that the main one includes; mistakes go into `files`."""
    characters, nodes = files.main.characters, files.main.size
    for place, path in _matches(files, drafts):
        if len(files.paths) > MAX_FILES:
            _report(files, place, f"more than {MAX_FILES:,} files are included")
            return
        files.paths.append(path)
        try:
            read = _read(path, drafts, known)
        except ConfigError as error:
            files.mistakes += [((), problem) for problem in error.problems]
            if not error.problems:
                _report(files, place, str(error))
            continue
        characters, nodes = characters + read.characters, nodes + read.size
        if characters > MAX_BYTES_IN_ALL or nodes > MAX_NODES_IN_ALL:
            _report(files, place, f"all files together have more than {MAX_BYTES_IN_ALL // 1_000_000} MB")
            return
        files.mistakes += [*read.document.mistakes, *_wrong_sections(read.document)]
        yield read


def _matches(files: Files, drafts: Mapping[Path, str]) -> Iterator[tuple[tuple[str | int, ...], Path]]:
    main = files.paths[0]
    seen = {main.resolve()}
    for place, pattern in patterns(files.main.document):
        found = _expanded(main.parent, pattern)
        found += [path for path in drafts if not path.exists() and is_matched(main.parent, pattern, path)]
        if not found and not glob.has_magic(pattern):
            _report(files, place, f"there is no file {main.parent / pattern}")
        for path in found:
            if (resolved := path.resolve()) not in seen:
                seen.add(resolved)
                yield place, path


def included(main: Path, written: Iterable[str]) -> Iterator[Path]:
    """Yield the files that a main file includes by these patterns, each once, as they are there now."""
    seen = {main.resolve()}
    for path in (path for pattern in written for path in _expanded(main.parent, pattern)):
        if (resolved := path.resolve()) not in seen:
            seen.add(resolved)
            yield path


def patterns(main: Document) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where each pattern stands, and the pattern. The type of another one is judged with the rest of the file."""
    value = main.value
    written = value.get("include", []) if isinstance(value, dict) else []
    for index, pattern in enumerate(written if isinstance(written, list) else [written]):
        if isinstance(pattern, str) and pattern.strip():
            yield ("include", index) if isinstance(written, list) else ("include",), pattern


def _folder(directory: Path, pattern: str) -> Path:
    """Return the folder in which what a pattern matches stands, or the deepest above that has a name."""
    folder = Path(pattern).parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    return directory / folder


def _expanded(directory: Path, pattern: str) -> list[Path]:
    """Return what a pattern matches, in order, without folders; and without a pattern, what is there."""
    if not glob.has_magic(pattern):
        path = directory / pattern
        return [path] if os.path.exists(path) else []
    try:
        matches = sorted(islice(glob.iglob(pattern, root_dir=directory), MAX_FILES + 1))
    except (OSError, ValueError):  # a NUL within
        return []
    return [path for match in matches if (path := directory / match).is_file()]


def is_matched(directory: Path, pattern: str, path: Path) -> bool:
    """
    Return whether a pattern of `include` takes a file that may not be there yet.

    Args:
        directory: in which the main file stands.
        path: without links, as `Path.resolve` gives it.
    """
    folder = directory.resolve() / Path(pattern).parent
    wanted = (folder if glob.has_magic(str(folder)) else folder.resolve()).parts
    parts = path.parent.parts
    names_match = fnmatchcase(path.name, Path(pattern).name)
    return names_match and len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted))


def _text(path: Path, drafts: Mapping[Path, str]) -> str:
    draft = drafts.get(path.resolve()) if drafts else None
    return read_file(path) if draft is None else draft


def _wrong_sections(document: Document) -> Iterator[Mistake]:
    value = document.value
    if not isinstance(value, dict):
        yield (), document.problem((), "an included file must be a mapping with `topics` or `watches`")
        return
    for key, part in value.items():
        if key not in SECTIONS:
            text = f"is for the main file; an included one has `topics` and `watches`{did_you_mean(key, SECTIONS)}"
            yield (), document.problem((key,), text, at_key=True)
        elif not isinstance(part, dict):
            yield (), document.problem((key,), "must be a mapping")


def _report(files: Files, place: tuple[str | int, ...], text: str) -> None:
    files.mistakes.append((place, files.main.document.problem(place, text)))


def _not_utf8(read: bytes, offset: int, file: str) -> ConfigError:
    before = read[:offset].decode("utf-8-sig", errors="replace")
    lines = re.split("\r\n|[\n\r]", before)
    mark = Position(line=len(lines) - 1, column=len(lines[-1]))
    return ConfigError(
        [problem_at(file, mark, (), f"the byte 0x{read[offset]:02x} is no UTF-8; save the file as UTF-8")]
    )
