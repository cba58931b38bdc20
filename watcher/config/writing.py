"""
The one writer of files of watches, for the terminal and the console.

| what                 | how                                                                                       |
|----------------------|-------------------------------------------------------------------------------------------|
| a new watch          | into `watches.d/added.yaml`, whose first line says that the tools write it                |
| a watch as written   | in the place of the old one, or below the others; so is one taken out                     |
| a changed selector   | into a file that the tools wrote; of another one the difference is shown, and its owner   |
|                      | changes it                                                                                |
| an `include`         | into the main file, where somebody agreed to that                                         |
| before it is written | the loader judges all files as they would be, and reads those that would be otherwise:    |
|                      | what is wrong then is never written                                                       |
| while it is written  | a file is replaced at once (`replacing`); what is imported is seen by no more people than  |
|                      | the file that it is from                                                                  |
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from watcher.config import yaml_reader
from watcher.config.document import Plain
from watcher.config.editing import (
    with_include,
    with_other_watch,
    with_renamed_watch,
    with_selector,
    with_watch,
    with_written_watch,
    without_watch,
)
from watcher.config.edits import FileEdit, WatchEdit, WrittenWatch
from watcher.config.known_text import KnownText, KnownTexts, LinesEdit, with_another, with_other, without
from watcher.config.load import Loader, parse
from watcher.config.reading import FOLDER, included, is_matched
from watcher.config.replacing import locked, put_in_place, staged, text_if_any, text_of
from watcher.config.request import StandIns
from watcher.config.watch_lines import ODD_BREAK, WatchLines, ended
from watcher.config.watches import MAX_WATCHES
from watcher.config.written import as_json
from watcher.config.yaml_text import flow
from watcher.core.values import Json
from watcher.core.watch import Watch, WatchFile
from watcher.errors import ConfigError, Problem, UsageError

MARK: Final = "# Written by `watcher add`"
HEADER: Final = f"{MARK}. Edit it as you like: what you write here stays as it is.\n"
_NEW: Final = f"{HEADER}\nwatches: {{}}\n"
PATTERN: Final = f"{FOLDER}/*.yaml"
LOCK_SECONDS: Final = 10.0
_MOST_FILES: Final = 100
FULL: Final = yaml_reader.MAX_BYTES - 50_000
"""A file of this size takes no more watches; the next one has its name and a number."""


class Added(Struct, frozen=True, kw_only=True):
    """
    A watch that was written.

    Attributes:
        watch: its id.
        path: of the file in which it stands.
        included_by: the main file, where `include` had to be added to it; else None.
    """

    watch: str
    path: Path
    included_by: Path | None


class Writer:
    """Writes the files of watches of one main file."""

    def __init__(
        self,
        config: Path,
        environ: Mapping[str, str],
        *,
        timezone: tzinfo | None = None,
        lock_seconds: float = LOCK_SECONDS,
        beginning: Callable[[], Mapping[Path, str]] | None = None,
        loader: Loader | None = None,
    ) -> None:
        """
        Args:
            beginning: the texts of a main file that is not there yet, and of what stands beside it; None: it must be.
            loader: of these files, whoever else reads them by it, too: what was read to write it is read for all.
        """
        self._config = config
        self._lock_seconds = lock_seconds
        self._beginning = beginning
        self._begun_main: str | None = None
        self._known = KnownTexts()
        self._environ = environ = StandIns(environ)
        self._timezone = timezone
        self._loader = loader or Loader(config, environ, timezone=timezone)

    def needs_include(self) -> bool:
        """Return whether the main file has to include the file of new watches first. Raises ConfigError, UsageError."""
        return not self._is_included(self._target(), self._main())

    def default(self, key: str) -> str | None:
        """Return what `defaults` of the main file say under this key; None where that is no text, or nothing."""
        defaults = self.defaults()
        found = defaults.get(key) if isinstance(defaults, dict) else None
        return found if isinstance(found, str) else None

    def defaults(self) -> Plain:
        """Return what stands under `defaults` of the main file. Raises ConfigError, UsageError."""
        return self._known.of(self._main(), self._config).defaults

    def add(self, watch: str, body: Mapping[str, Json], *, is_exact: bool = False) -> Added:
        """
        Write another watch, and what includes its file where nothing does; ask before, if `needs_include`.

        Args:
            watch: its id; one that is taken gets a number (`dune-2`).
            body: in the words of watches.yaml.
            is_exact: an id that is taken is an error.

        Raises:
            ConfigError: the files have mistakes, or would have.
            UsageError: a file cannot be written, or was changed meanwhile.
        """
        with locked(self._config.resolve().parent, self._lock_seconds):
            file = self._loaded({})
            name = watch if is_exact else unique(watch, taken_ids(file.watches))
            target = self._target()
            before = text_if_any(target)
            edits = self._with_what_includes(
                FileEdit(path=target, before=before, after=with_watch(before or _NEW, name, dict(body)))
            )
            self._write(edits)
        included_by = [edit.path for edit in edits if edit.path == self._config and edit.before is not None]
        return Added(watch=name, path=target, included_by=included_by[0] if included_by else None)

    def written(self, watch: str) -> WrittenWatch:
        """
        Return a watch as it stands in its file.

        Raises:
            ConfigError: a file has mistakes as YAML.
            UsageError: no file declares the watch itself, in lines of its own.
        """
        path, text, known = self._place_of(watch)
        lines = _own_lines(known, watch, path)
        edit = FileEdit(path=path, before=text, after=text)
        shown = lines.shown(text)
        return WrittenWatch(
            path=path,
            text=shown,
            line=lines.line,
            body=_body_alone(shown, watch) or _body(text, watch),
            digest=WatchEdit(watch=watch, files=(edit,)).digest,
            is_of_tools=edit.is_of_tools,
        )

    def adding(self, watch: str, written: str) -> WatchEdit:
        """
        Return the edit that makes a watch of what somebody wrote.

        Args:
            written: its id, and what is below it.

        Raises:
            ConfigError: what is written is no YAML.
            UsageError: it says more than this watch, or nothing can be added.
        """
        target = self._target()
        before = text_if_any(target)
        known = self._known.of(before, target) if before is not None else None
        edited = with_another(before, known, watch, written) if before is not None and known is not None else None
        after = with_written_watch(before or _NEW, watch, written, file=str(target)) if edited is None else edited.text
        *others, edit = sorted(
            self._with_what_includes(FileEdit(path=target, before=before, after=after)),
            key=lambda each: each.path == target,
        )
        return self._edit_of(watch, (*others, edit), edited)

    def changing(self, watch: str, written: str, *, lines: str | None = None) -> WatchEdit:
        """Return the edit that puts what somebody wrote in the place of these lines. Raises as `adding`, `written`."""
        path, before, known = self._place_of(watch)
        if lines is not None and _own_lines(known, watch, path).shown(before) != lines:
            raise UsageError(f"{watch} was changed meanwhile")
        edited = with_other(before, known, watch, written)
        after = with_other_watch(before, watch, written, file=str(path)) if edited is None else edited.text
        return self._edit_of(watch, (FileEdit(path=path, before=before, after=after),), edited)

    def removing(self, watch: str) -> WatchEdit:
        """Return the edit that takes a watch out of its file. Raises as `written`."""
        path, before, known = self._place_of(watch)
        edited = without(before, known, watch)
        after = without_watch(before, watch) if edited is None else edited.text
        return self._edit_of(watch, (FileEdit(path=path, before=before, after=after),), edited)

    def renaming(self, watch: str, name: str, was: str) -> WatchEdit:
        """Return the edit that gives a watch another id, and says in `was` which it had. Raises as `written`."""
        path, before, _ = self._place_of(watch)
        after = with_renamed_watch(before, watch, name, was)
        return self._edit_of(name, (FileEdit(path=path, before=before, after=after),), None)

    def with_selectors(self, watch: str, selectors: Mapping[str, str]) -> WatchEdit:
        """
        Return the edit that gives a watch these selectors (value name → CSS).

        Raises:
            ConfigError: the files have mistakes.
            UsageError: no file declares the watch itself, or the selector cannot be changed alone.
        """
        path, before, known = self._place_of(watch)
        if (edited := _with_selectors(before, known, watch, selectors)) is not None:
            return self._edit_of(watch, (FileEdit(path=path, before=before, after=edited.text),), edited)
        after = before
        for name, css in selectors.items():
            after = with_selector(after, watch, name, css)
        return self._edit_of(watch, (FileEdit(path=path, before=before, after=after),), None)

    def _edit_of(self, watch: str, files: tuple[FileEdit, ...], edited: LinesEdit | None) -> WatchEdit:
        """Return the edit of a watch. `edited`: its file, the last one, where its lines alone were changed."""
        file = files[-1]
        if edited is not None:
            self._known.keep(edited.known, file.after, file.path)
        body = edited.after if edited is not None else _body(file.after, watch)
        own = self._known.of(file.after, file.path).lines.get(watch)
        return WatchEdit(
            watch=watch,
            files=files,
            line=1 if own is None else own.line,
            before=edited.before if edited is not None else _body(file.before or _NEW, watch),
            after=body,
            defaults=None if body is None else self.defaults(),
            is_by_hand=file.before is not None and not file.is_of_tools,
            lines="" if edited is None or body is None else edited.lines_alone(watch),
        )

    def undoing(self, edit: WatchEdit) -> WatchEdit:
        """Return the edit that takes back one that was written; a file that it made stays, without the watch."""
        files = []
        for each in edit.files:
            if each.before is not None:
                files.append(FileEdit(path=each.path, before=each.after, after=each.before))
            elif each.path == edit.path:
                files.append(FileEdit(path=each.path, before=each.after, after=without_watch(each.after, edit.watch)))
        return WatchEdit(watch=edit.watch, files=tuple(files), before=edit.after, after=edit.before)

    def with_keys(self, watch: str, keys: Mapping[str, Plain], *, file: str) -> Watch:
        """
        Return the watch as its file declares it, with these keys in place of its own. Nothing is written.

        Args:
            file: what mistakes in the keys name.

        Raises:
            ConfigError: the files have mistakes, or the keys.
            UsageError: no file declares the watch.
        """
        declared = self._declaring(watch)
        body, defaults = self._body_of(declared), self._known.of(self._main(), self._config).defaults
        own = body if isinstance(body, dict) else {}
        whole: Plain = {"defaults": defaults or {}, "watches": {declared: {**own, **keys}}}
        try:
            return parse(flow(as_json(whole)), file=file, environ=self._environ, timezone=self._timezone).watches[watch]
        except ConfigError as error:
            # The places are those of a file that nobody wrote.
            prefix = f"watches.{declared}."
            texts = [f"{file}: {problem.key.removeprefix(prefix)}: {problem.text}" for problem in error.problems]
            raise ConfigError("; ".join(texts) or str(error)) from error

    def _body_of(self, watch: str) -> Plain:
        """Return what its file says of a watch: from its lines alone where they are enough, for a file takes long."""
        _, text, known = self._place_of(watch)
        lines = known.lines.get(watch)
        alone = _body_alone(lines.shown(text), watch) if lines is not None else None
        return alone or _body(text, watch)

    def _declaring(self, watch: str) -> str:
        """Return the id under which a watch stands in a file; of one that `for_each` made, what is before the dot."""
        try:
            self._place_of(watch)
        except UsageError:
            return watch.partition(".")[0]
        return watch

    def shown(self, edit: WatchEdit) -> str:
        """Return the lines of a watch as they are to be, comments too. Raises UsageError: it has none of its own."""
        file = edit.files[-1]
        return _own_lines(self._known.of(file.after, file.path), edit.watch, file.path).shown(file.after)

    def judge(self, edit: WatchEdit) -> Watch | None:
        """
        Return the watch that the files would declare with this edit, if one, in no topic's language.

        Where its lines alone change in files that are sound, they are all that is read, unless that may not be enough;
        only whether all files together become too large is then left to `write`. Raises ConfigError, UsageError.
        """
        if edit.lines and self._is_by_itself(edit):
            try:
                return self._judged_alone(edit)
            except ConfigError as error:
                if error.problems and all(_is_of(edit, problem) for problem in error.problems):
                    raise
        file = self._loaded({each.path.resolve(): each.after for each in edit.files})
        return file.watches.get(edit.watch)

    def _is_by_itself(self, edit: WatchEdit) -> bool:
        """Return whether the files are sound, and no other watch can have the id of an edit's or be made of it."""
        try:
            watches = self._loaded({}).watches
        except ConfigError:
            return False
        taken = {*taken_ids(watches), *(each.was for each in watches.values())}
        if edit.before is None and (edit.watch in taken or len(watches) >= MAX_WATCHES):
            return False
        return not any(
            isinstance(body, dict) and {"for_each", "was"} & body.keys() for body in (edit.before, edit.after)
        )

    def _judged_alone(self, edit: WatchEdit) -> Watch:
        """Return the watch of an edit, read at its line, as if nothing else were in its file. Raises ConfigError."""
        lines = edit.lines + ended(edit.lines, len(edit.lines))
        defaults = f"defaults: {flow(as_json(edit.defaults))}\n" if edit.defaults else ""
        text = "\n" * (edit.line - 2) + f"watches:\n{lines}{defaults}"
        return parse(text, file=str(edit.path), environ=self._environ, timezone=self._timezone).watches[edit.watch]

    def write(self, edit: WatchEdit) -> None:
        """
        Write the files as they are to be.

        Raises:
            ConfigError: the files would have mistakes.
            UsageError: a file cannot be written, or was changed meanwhile.
        """
        with locked(self._config.resolve().parent, self._lock_seconds):
            self._write(edit.files)

    def _with_what_includes(self, edit: FileEdit) -> tuple[FileEdit, ...]:
        """
        Return this edit of a file of new watches, with those that have it included: of the main file, or what begins.

        A main file that is new comes first: a kill then leaves one without watches, and no watches that nothing reads.
        """
        if text_if_any(self._config) is None:
            first = (FileEdit(path=path, before=None, after=text) for path, text in self._begun().items())
            return (*first, edit)
        if self._is_included(edit.path, main := self._main()):
            return (edit,)
        return edit, FileEdit(path=self._config, before=main, after=with_include(main, PATTERN))

    def includes(self, path: Path) -> bool:
        """Return whether the main file includes a file of this path. Raises ConfigError, UsageError."""
        return self._is_included(path, self._main())

    def include(self, pattern: str) -> None:
        """Have the main file include what a pattern names. Raises ConfigError, UsageError."""
        with locked(self._config.resolve().parent, self._lock_seconds):
            main = text_of(self._config)
            self._write([FileEdit(path=self._config, before=main, after=with_include(main, pattern))])

    def put(
        self, files: Mapping[Path, str], *, beside: Mapping[Path, str] = MappingProxyType({}), most_mode: int
    ) -> None:
        """
        Write whole files, in the place of those that are there.

        Args:
            beside: further files, of the usual mode; the main file may be one that is not there yet.
            most_mode: bits of the mode of `files` that may be set.

        Raises:
            ConfigError: the files have mistakes, or would have.
            UsageError: a file cannot be written, or was changed meanwhile.
        """
        with locked(self._config.resolve().parent, self._lock_seconds):
            edits = [
                FileEdit(path=path, before=text_if_any(path), after=text, most_mode=most | 0o600)
                for texts, most in ((files, most_mode), (beside, 0o777))
                for path, text in texts.items()
            ]
            self._write(edits)

    def _write(self, edits: Sequence[FileEdit]) -> None:
        self._loaded({edit.path.resolve(): edit.after for edit in edits})
        with ExitStack() as stack:  # all are on the disk before the first takes its place: a failure leaves none
            ready = [(edit, stack.enter_context(staged(edit, like=self._config))) for edit in edits]
            for edit, written in ready:
                put_in_place(edit, written)

    def _loaded(self, texts: Mapping[Path, str]) -> WatchFile:
        if self._beginning is not None and text_if_any(self._config) is None:
            texts = {self._config.resolve(): self._main(), **texts}
        return self._loader.load(texts)

    def _main(self) -> str:
        """Return the text of the main file, or the one that it begins with. Raises ConfigError, UsageError."""
        text = text_if_any(self._config)
        if text is not None:
            return text
        if self._begun_main is None:  # what stands beside it takes long to make
            self._begun_main = self._begun()[self._config]
        return self._begun_main

    def _begun(self) -> Mapping[Path, str]:
        """Return the texts of a new main file and of what stands beside it. Raises UsageError: it must be there."""
        if self._beginning is None:
            raise UsageError(f"there is no {self._config}")
        return self._beginning()

    def _target(self) -> Path:
        """Return the file of new watches: not one of this name that somebody else wrote, and none that is full."""
        for number in range(1, _MOST_FILES):
            path = self._config.parent / FOLDER / name_of_added(number)
            text = text_if_any(path)
            if text is None or (text.startswith(MARK) and len(text.encode()) < FULL):
                return path
        raise UsageError(f"there are {_MOST_FILES} files of added watches in {path.parent}; join some of them")

    def _is_included(self, target: Path, main: str) -> bool:
        known, path = self._known.of(main, self._config), target.resolve()
        return any(is_matched(self._config.parent, pattern, path) for pattern in known.patterns)

    def _place_of(self, watch: str) -> tuple[Path, str, KnownText]:
        """Return the file whose section `watches` has this id, and its text. Raises ConfigError, UsageError."""
        main = self._main()
        files = [self._config, *included(self._config, self._known.of(main, self._config).patterns)]
        wrong: ConfigError | None = None
        last = self._loader.file_of(watch)
        for path in sorted(files, key=lambda path: path != last):  # to read all of them takes long
            try:
                text = main if path == self._config else text_of(path)
                found = self._known.of(text, path)
            except ConfigError as error:  # which is told unless another file has the watch
                wrong = wrong or error
                continue
            if watch in found.ids:
                return path, text, found
        if wrong is not None:
            raise wrong
        made_by, dot, _ = watch.partition(".")
        if not dot:
            raise UsageError(f"there is no watch {watch} in the files")
        raise UsageError(f"{watch} is made by `for_each` of {made_by}; change {made_by} in its file, for all of them")


def name_of_added(number: int) -> str:
    """Return the name of a file of new watches: the first is 1."""
    return "added.yaml" if number == 1 else f"added-{number}.yaml"


def taken_ids(watches: Iterable[str]) -> set[str]:
    """Return the ids of watches, and those that make others of themselves (`exchange.EUR`)."""
    return {one for name in watches for one in (name, name.partition(".")[0])}


def _with_selectors(text: str, known: KnownText, watch: str, selectors: Mapping[str, str]) -> LinesEdit | None:
    """Return a text in which a watch has these selectors, where its lines say all of it; else None."""
    own = known.lines.get(watch)
    if own is None or not known.is_plain:
        return None
    above = "watches:\n"
    lines = above + text[own.start : own.end]
    for name, css in selectors.items():
        lines = with_selector(lines, watch, name, css)
    return with_other(text, known, watch, lines.removeprefix(above))


def _own_lines(known: KnownText, watch: str, path: Path) -> WatchLines:
    if (lines := known.lines.get(watch)) is None:
        raise UsageError(f"{watch} does not stand in lines of its own in {path}; change it by hand")
    return lines


def _is_of(edit: WatchEdit, problem: Problem) -> bool:
    path = f"watches.{edit.watch}"
    return problem.file == str(edit.path) and (problem.key == path or problem.key.startswith(f"{path}."))


def _body_alone(text: str, watch: str) -> Plain:
    """Return what the lines of a watch say by themselves; None where they need others, as an alias does."""
    if ODD_BREAK.search(text):  # what follows stands at another column in the file
        return None
    try:
        document = yaml_reader.read(text, file="")
    except ConfigError:
        return None
    value = document.value
    return value.get(watch) if isinstance(value, dict) and not document.mistakes else None


def _body(text: str, watch: str) -> Plain:
    """Return what a text of which it is known that it can be read says of a watch."""
    value = yaml_reader.read(text, file="").value
    watches = value.get("watches") if isinstance(value, dict) else None
    return watches.get(watch) if isinstance(watches, dict) else None


def unique(watch: str, taken: Collection[str]) -> str:
    """Return an id that is not taken: this one, or with a number (`dune-2`)."""
    numbers = (f"{watch}-{number}" for number in range(2, len(taken) + 3))
    return watch if watch not in taken else next(name for name in numbers if name not in taken)
