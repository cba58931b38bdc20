"""`watcher import`: the jobs of another watcher, as watches of ours."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Annotated, Any, Final

import click

from watcher.cli import options
from watcher.cli.declaring import Argument, Group, Option, command
from watcher.cli.import_wxpusher import import_wxpusher
from watcher.cli.init import bare_starter_files
from watcher.cli.options import ConfigOption, JsonOption
from watcher.cli.watch_file import load_file
from watcher.config.importing.masks import has_secret
from watcher.config.importing.report import Report
from watcher.config.importing.source import MAX_BYTES, Format, Source, read
from watcher.config.importing.watches import watches_of
from watcher.config.importing.written import is_part, left_over, texts
from watcher.config.load import load
from watcher.config.names import NAME, WRONG_NAME
from watcher.config.reading import FOLDER
from watcher.config.writing import PATTERN, Writer, taken_ids
from watcher.core.watch import WatchFile
from watcher.errors import UsageError

_SERVICE: Final = "wxpusher"
_TOPIC: Final = "imported"
_BEGINNING_BYTES: Final = 2_000
_LIKE_A_PART: Final = re.compile(r"\.(part\d+)$", re.IGNORECASE)
_NOT_IN_NAME: Final = re.compile(r"[^\w.-]+")


class Import(Group):
    """`watcher import FILE`, and `watcher import wxpusher`: the word means the service, and `./wxpusher` a file."""

    def __init__(self, of_file: click.Command) -> None:
        super().__init__(of_file.name, params=of_file.params, help=of_file.help)
        self._of_file = of_file
        self.add_command(command(import_wxpusher, _SERVICE))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments as those of the one or of the other."""
        if args[:1] == [_SERVICE]:
            return self.commands[_SERVICE].make_context(f"{info_name} {_SERVICE}", args[1:], parent=parent, **extra)
        context = self._of_file.make_context(info_name, list(args), parent=parent, **extra)
        # As a path, `./wxpusher` is the same.
        if context.params.get("file") == Path(_SERVICE) and f"./{_SERVICE}" not in args:
            context.fail(
                f"options go after the word: watcher import {_SERVICE} --app-token AT_…; a file is ./{_SERVICE}"
            )
        return context

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return how an import of a file is called, for the manual page."""
        return self._of_file.collect_usage_pieces(ctx)


def _import_file(
    file: Annotated[Path, Argument(metavar="FILE", help="The file of another watcher.")],
    kind: Annotated[
        Format | None, Option("--format", metavar="TOOL", help="What the file is. Default: its content tells.")
    ] = None,
    settings: Annotated[
        Path | None, Option("--settings", metavar="FILE", help="urlwatch.yaml, or config.yaml of webchanges.")
    ] = None,
    topic: Annotated[str, Option("--topic", metavar="TOPIC", help="Who is told: a topic.")] = _TOPIC,
    output: Annotated[
        Path | None,
        Option("--output", metavar="FILE", help="Where the watches go; `-` prints them. Default: watches.d/."),
    ] = None,
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Report alone, and write nothing.")] = False,
    include: Annotated[bool, Option("--include", help="Have the main file include the watches; ask nothing.")] = False,
    config: ConfigOption = options.CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Write the jobs of urlwatch, webchanges or changedetection.io, feeds or URLs as watches.

    The file is urls.yaml, jobs.yaml, the archive or url-watches.json of changedetection.io, OPML, or one URL a line.
    The watches go into watches.d/imported-NAME.yaml, each below the job that it was. What became of each key of each
    job is reported: mapped, near, to be finished or impossible. Nothing that the file names is run or asked.
    `watcher import wxpusher --help` says how an application of the hosted WxPusher comes here.
    """
    if not NAME.fullmatch(topic):
        raise UsageError(f"--topic {WRONG_NAME}")
    source = _source(file, kind, settings)
    target = _destination(file, output, config, may_exist=force or dry_run)
    known = load_file(config) if config.exists() else None
    own = _parts(target, file.name) if force else []
    report = Report(source=source, watches=watches_of(source, topic=topic, taken=_taken(known, config, own)))
    declares = topic != "admin" and topic not in _declared_elsewhere(known, config, own)
    files = texts(source, report.watches, name=file.name, topic=topic, declares=declares)
    _print(report, as_json=as_json, is_aside=str(target) == "-")
    _hint_at_settings(file, source, settings)
    if str(target) == "-":
        _print_file(files)
    elif dry_run:
        click.echo(f"nothing was written; {target} is where the watches would go", err=as_json)
    else:
        texts_of = _placed(target, files, own, left_over(file.name, source.tool))
        most_mode = _most_mode(source, file, settings)
        _deliver(config, texts_of, most_mode, include=include, is_quiet=as_json)


import_ = Import(command(_import_file, "import"))


def _destination(file: Path, output: Path | None, config: Path, *, may_exist: bool) -> Path:
    """Return where the watches go; `-` is to be printed. Raises UsageError where a file is there already."""
    target = output or config.parent / FOLDER / f"imported-{_name(file)}.yaml"
    if str(target) != "-" and not may_exist and target.exists():
        raise UsageError(f"{target} is there already, and nothing was written; --force writes over it")
    return target


def _source(file: Path, kind: Format | None, settings: Path | None) -> Source:
    """Return what the file holds. Raises UsageError, which names the file."""
    content = _bytes(file)
    more = None if settings is None else _bytes(settings)
    try:
        return read(content, kind, more)
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a directory; name a file, or an archive of it (zip)") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path}: it is larger than {MAX_BYTES // 1_000_000} MB")
    return content


def _name(file: Path) -> str:
    """Return what the file is called; not as a further part of another import would be."""
    name = _NOT_IN_NAME.sub("-", file.stem).strip("-.")[:60] or "watches"
    return _LIKE_A_PART.sub(r"-\1", name)


def _targets(target: Path, count: int) -> list[Path]:
    """Return the path of each file: `imported-urls.yaml`, `imported-urls.part2.yaml`."""
    more = (target.with_name(f"{target.stem}.part{number}{target.suffix}") for number in range(2, count + 1))
    return [target, *more]


def _parts(target: Path, name: str) -> list[Path]:
    """Return the files that an import to this path may write over: it, and what an earlier one of this name wrote."""
    found = [target]
    while _is_own(after := _targets(target, len(found) + 1)[-1], name):
        found.append(after)
    return found


def _is_own(path: Path, name: str) -> bool:
    """Return whether an import of this name wrote a file; a link may lead to one of somebody else."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return is_part(file.read(_BEGINNING_BYTES).decode(errors="replace"), name)


def _placed(target: Path, texts_of_parts: Sequence[str], own: Sequence[Path], left: str) -> dict[Path, str]:
    """Return each file with its text. Raises UsageError where one is there that is not the import's own."""
    files = dict(zip(_targets(target, len(texts_of_parts)), texts_of_parts, strict=True))
    for path in files:
        if path not in own and os.path.lexists(path):
            hint = "it is no part of an earlier import; move it away" if own else "--force writes over it"
            raise UsageError(f"{path} is there already, and nothing was written; {hint}")
    return files | dict.fromkeys(own[len(files) :], left)


def _taken(known: WatchFile | None, config: Path, own: Collection[Path]) -> Collection[str]:
    """Return the ids that others have; those of the files that are written anew are free."""
    if known is None:
        return ()
    return taken_ids(_without(known, config, own).watches)


def _declared_elsewhere(known: WatchFile | None, config: Path, own: Collection[Path]) -> Collection[str]:
    if known is None:
        return ()
    return {key for key, topic in _without(known, config, own).topics.items() if topic.is_declared}


def _without(known: WatchFile, config: Path, own: Collection[Path]) -> WatchFile:
    """Return what the files say without those of an import that is done again."""
    resolved = {path.resolve() for path in own}
    replaced = [path for path in known.files if path.resolve() in resolved]
    if not replaced:
        return known
    return load(config, os.environ, drafts=dict.fromkeys((path.resolve() for path in replaced), "watches: {}\n"))


def _print(report: Report, *, as_json: bool, is_aside: bool) -> None:
    """Print the report; on the error stream where the watches are printed."""
    if as_json:
        from watcher.cli.output import print_json

        for record in () if is_aside else report.records():
            print_json(record)
        return
    for line in report.lines():
        click.echo(line, err=is_aside)


def _hint_at_settings(file: Path, source: Source, settings: Path | None) -> None:
    """Name the settings that stand beside the jobs, for they say something of all jobs, and where reports went."""
    beside = {Format.URLWATCH: "urlwatch.yaml", Format.WEBCHANGES: "config.yaml"}.get(source.format)
    if beside and settings is None and (found := file.with_name(beside)).is_file():
        click.echo(f"{found} was not read; `--settings {found}` adds its job_defaults and reporters", err=True)


def _print_file(files: Sequence[str]) -> None:
    if len(files) > 1:
        raise UsageError(f"the watches make {len(files)} files of 1 MB; name a file with --output")
    click.echo(files[0], nl=False)


def _most_mode(source: Source, file: Path, settings: Path | None) -> int:
    """Return who may see the watches at most: who sees what they are from, and their owner alone where secrets are."""
    if any(has_secret(job.values) for job in source.jobs):
        return 0o600
    modes = [path.stat().st_mode for path in (file, settings) if path is not None and path.is_file()]
    return reduce(and_, modes, 0o777)


def _deliver(config: Path, files: Mapping[Path, str], most_mode: int, *, include: bool, is_quiet: bool) -> None:
    """Write the files, and what includes them where nothing does and somebody agrees."""
    is_new = not config.exists()
    writer = Writer(config, os.environ)
    writer.put(files, beside=bare_starter_files(config) if is_new else {}, most_mode=most_mode)
    wrote = f"wrote {', '.join(map(str, files))}"
    if is_new:
        wrote += f", and {config}, which includes what stands in {FOLDER}"
    click.echo(wrote, err=is_quiet)
    first = next(iter(files))
    if not writer.includes(first):
        _offer_include(config, first, writer, include=include, is_quiet=is_quiet)
    click.echo("`watcher validate` reads them all, `watcher try ID` looks at one", err=is_quiet)


def _offer_include(config: Path, target: Path, writer: Writer, *, include: bool, is_quiet: bool) -> None:
    pattern = _pattern(config, target)
    question = f"{config} does not include {pattern} yet; add that line?"
    is_asked = not include and not is_quiet and sys.stdin.isatty()
    if include or (is_asked and click.confirm(question, default=True)):
        writer.include(pattern)
        click.echo(f"{config} includes {pattern} now", err=is_quiet)
    else:
        click.echo(f"{config} does not include them yet; add `include: {pattern}` to it", err=is_quiet)


def _pattern(config: Path, target: Path) -> str:
    """Return how the main file names the files: by the pattern of the folder, if they are in it."""
    folder = config.parent.resolve()
    path = target.resolve()
    if path.parent == folder / FOLDER and path.suffix == ".yaml":
        return PATTERN
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)
