"""Where a watch's lost values are now: printed, and written where the tools wrote the file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, assert_never

import click
from msgspec import Struct

from watcher import runtime
from watcher.cli.choosing import chosen
from watcher.cli.output import counted, failure_json, print_json, printable, short
from watcher.cli.page import refuse_bare_host
from watcher.cli.progress import progress
from watcher.cli.watch_file import KnownWatches, load_known_watches, writer_of
from watcher.config.edits import WatchEdit
from watcher.config.writing import Writer
from watcher.core.check import WatchState
from watcher.core.proposal import Proposal
from watcher.core.relocated import Relocated, Unclear, first_places, unclear
from watcher.core.settings import Settings
from watcher.core.trouble import has_lost_a_value
from watcher.core.values import SINGLE, Json, Rows
from watcher.core.watch import Items, Watch, WatchFile
from watcher.core.witness import LIST
from watcher.errors import CheckError, UsageError, WatcherError

_ELSEWHERE: Final = "write the first into the file that declares the watch, and `watcher apply` it"


class Mended(Struct, frozen=True, kw_only=True):
    """
    A watch with another selector for each value that it lost.

    Attributes:
        edit: its file, as it would be; None where that file is elsewhere.
        seen: what it finds on the page then.
        problem: why that cannot be written: it fails all the same, or nobody knows which place is meant.
    """

    edit: WatchEdit | None = None
    seen: Rows | None = None
    problem: str | None = None


def suggest_of_watches(
    ids: Sequence[str], config: Path, settings: Settings, *, is_failing: bool, write: bool, as_json: bool
) -> None:
    """
    Print where the lost values of these watches are now, or of all watches whose last check lost one.

    Ends with 1 where one fails and nothing can be proposed.

    Args:
        write: also write it, into files that the tools wrote.
    """
    for watch in ids:
        refuse_bare_host(watch, config, settings)
    known = load_known_watches(config, settings)
    states = _states(settings, known.file)
    named = _failing(known, states) if is_failing else chosen(known.file, ids)
    for watch in named:
        known.refuse_lacking(watch)
    if not named:
        click.echo("no watch has lost a value", err=as_json)
        return
    watches = [known.file.watches[watch] for watch in named]
    with progress(len(watches), "looking", is_quiet=as_json) as shown:
        found = asyncio.run(runtime.relocated(watches, states, advance=shown.advance))
    report = _Report(_writer(config, settings, write=write), states, write=write, as_json=as_json)
    for asked, each in zip(watches, found, strict=True):
        report.add(asked, each)
    report.end()


def _writer(config: Path, settings: Settings, *, write: bool) -> Writer | None:
    """Return what writes the file here; None: the watches are declared in a database, and their file is elsewhere."""
    if not config.exists() and runtime.watches_database(settings) is not None:
        if write:
            raise UsageError(f"--write is for where the file of the watches is, and there is no {config}")
        return None
    return writer_of(config)


def _states(settings: Settings, file: WatchFile) -> Mapping[str, WatchState]:
    reader = runtime.reader(settings)
    return {watch: state for watch, state in reader.each_state() if watch in file.watches}


def _failing(known: KnownWatches, states: Mapping[str, WatchState]) -> Sequence[str]:
    """Return the watches that lost a value; those are left out, with a word, whose page cannot be asked for here."""
    failing = [
        watch.id
        for watch in known.file.watches.values()
        if watch.is_enabled and (state := states.get(watch.id)) and has_lost_a_value(state.failure)
    ]
    for each in known.lacking.keys() & set(failing):
        click.echo(f"{each} is left out: {known.lacking[each]}", err=True)
    return [each for each in failing if each not in known.lacking]


class _Report:
    """Prints one watch after the other, and counts what became of them."""

    def __init__(self, writer: Writer | None, states: Mapping[str, WatchState], *, write: bool, as_json: bool) -> None:
        self._writer = writer
        self._states = states
        self._write = write
        self._as_json = as_json
        self._works = self._mended = self._of_tools = self._written = self._open = 0

    def add(self, watch: Watch, found: Relocated) -> None:
        """Print what becomes of one watch, and write it where that is wanted."""
        if found.failure is None:
            self._works += 1
            self._print(watch, found, None, is_written=False)
            return
        mended = self._mend(watch, found)
        is_of_tools = mended.problem is None and mended.edit is not None and not mended.edit.is_by_hand
        is_written = is_of_tools and self._write
        if is_written and mended.edit is not None and self._writer is not None:
            self._writer.write(mended.edit)
        self._of_tools += is_of_tools
        self._written += is_written
        self._mended += mended.problem is None
        self._open += mended.problem is not None
        self._print(watch, found, mended, is_written=is_written)

    def end(self) -> None:
        """Print one line for all, where there are several. Ends with 1 where one has no proposal."""
        count = self._works + self._mended + self._open
        if count > 1 and not self._as_json:
            written = f" ({self._written} written)" if self._write else ""
            said = [f"{self._mended} found again{written}", f"{self._open} not"]
            said += [f"{self._works} that work"] if self._works else []
            advice = "" if self._write or not self._of_tools else f"; --write writes {self._of_tools} of them"
            click.echo(f"{counted(count, 'watch')}: {', '.join(said)}{advice}")
        if self._open:
            raise click.exceptions.Exit(1)

    def _mend(self, watch: Watch, found: Relocated) -> Mended:
        if (problem := _unclear(watch, found, self._states.get(watch.id))) is not None:
            return Mended(problem=problem)
        if self._writer is None:
            return Mended()
        try:
            edit = self._writer.with_selectors(watch.id, first_places(found))
            assert found.response is not None  # noqa: S101 - the proposals are of that page
            other = self._writer.judge(edit)
            assert other is not None  # noqa: S101 - its id stays
            seen = asyncio.run(runtime.read_page(other, found.response))
        except CheckError as error:
            return Mended(problem=f"with that it still fails ({error.kind}: {error})")
        except WatcherError as error:
            return Mended(problem=str(error))
        return Mended(edit=edit, seen=seen.rows)

    def _print(self, watch: Watch, found: Relocated, mended: Mended | None, *, is_written: bool) -> None:
        if self._as_json:
            print_json(_record(watch, found, mended, is_written=is_written))
            return
        if found.failure is None or mended is None:
            click.echo(f"{watch.id}: works; nothing to suggest")
            return
        click.echo(f"{watch.id}: {found.failure.kind}: {found.failure.text}")
        for proposal in found.proposals:
            click.echo("\n".join(lines_of_proposal(proposal)))
        if mended.problem is not None:
            click.echo(f"  {mended.problem}")
        elif mended.edit is None:
            click.echo(f"  {_ELSEWHERE}")
        elif mended.edit is not None:
            before = self._states[watch.id].rows
            click.echo(
                "\n".join(_lines_of_change(watch, mended.edit, before, mended.seen or {}, is_written=is_written))
            )


def _unclear(watch: Watch, found: Relocated, state: WatchState | None) -> str | None:
    """Return why nothing can be written; None where each lost value has one place that is ahead of the others."""
    if (reason := unclear(found, state)) is None:
        return None
    what, names = reason
    match what:
        case Unclear.NO_PAGE:
            return "no page came, so there is nothing to look at"
        case Unclear.NO_WITNESS:
            return (
                "no good check has remembered what is around its values; "
                f"`watcher suggest {watch.request.shown_url}` shows what can be watched there"
            )
        case Unclear.NOTHING_LIKE:
            return f"nothing on the page is like the place of {', '.join(names) or 'what it lost'}; look at the page"
        case Unclear.SEVERAL:
            return f"several places are as likely for {', '.join(names)}; write the one that is meant"
        case _:
            assert_never(what)


def lines_of_proposal(proposal: Proposal) -> Iterator[str]:
    """Yield where a value was, as far as that is known, and where it may be."""
    name = "the list" if proposal.name == LIST else proposal.name
    after = [f"after {proposal.label!r}"] if proposal.label else []
    last = [f"last {proposal.last!r}"] if proposal.last else []
    yield f"  {name}" + (f" was {', '.join([*after, *last])}" if after or last else "")
    for number, each in enumerate(proposal.places, 1):
        yield f"  {number}. {printable(each.selector)}  says {each.text!r} ({each.score:.0%} alike)"
    if len(proposal.places) > 1:
        yield f"  the first is ahead by {proposal.margin:.0%}"


def _lines_of_change(watch: Watch, edit: WatchEdit, before: Rows, seen: Rows, *, is_written: bool) -> Iterator[str]:
    yield ""
    yield edit.difference.rstrip("\n")
    yield ""
    if step := step_of(watch, before, seen):
        yield f"{step}; the new selector takes a new baseline, so nobody is told of this change"
    begins = f"the next check of {watch.id} takes a new baseline, its history stays"
    if is_written:
        yield f"wrote {edit.path}; {begins}"
    elif not edit.is_by_hand:
        yield f"`watcher suggest {watch.id} --write` writes it"
    else:
        yield f"{edit.path} is yours: write it there; {begins}"
    yield ""


def step_of(watch: Watch, before: Rows, seen: Rows) -> str:
    """Return what nobody would be told of; empty when nothing moved, and of a list whose other pages were not read."""
    if not before or before == seen or (isinstance(watch.extraction, Items) and watch.extraction.pages is not None):
        return ""
    if SINGLE in before:
        then, now = before[SINGLE], seen.get(SINGLE, {})
        return ", ".join(
            f"{name} was {short(value)} and is {short(now.get(name))} now"
            for name, value in then.items()
            if now.get(name) != value
        )
    new, gone = seen.keys() - before.keys(), before.keys() - seen.keys()
    if new or gone:
        return f"{counted(len(new), 'row')} came and {counted(len(gone), 'row')} went since the last good check"
    return "rows have changed since the last good check"


def _record(watch: Watch, found: Relocated, mended: Mended | None, *, is_written: bool) -> dict[str, Json]:
    edit = mended.edit if mended and mended.problem is None else None
    return {
        "watch": watch.id,
        "error": failure_json(found.failure),
        "proposals": [_proposal_record(each) for each in found.proposals],
        "problem": mended.problem if mended else None,
        "file": str(edit.path) if edit else None,
        "difference": edit.difference if edit else None,
        "written": is_written,
    }


def _proposal_record(proposal: Proposal) -> dict[str, Json]:
    return {
        "value": proposal.name,
        "label": proposal.label,
        "last": proposal.last,
        "margin": round(proposal.margin, 3),
        "is_clear": proposal.is_clear,
        "places": [
            {"selector": each.selector, "text": each.text, "score": round(each.score, 3)} for each in proposal.places
        ],
    }
