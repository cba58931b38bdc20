"""`watcher try`: look at a page once and explain what a check would make of it. Keeps nothing and tells nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.choosing import chosen
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption
from watcher.cli.output import failure_json, print_json
from watcher.cli.page import AuthOption, CookieOption, HeaderOption, login_keys, refuse_bare_host, watch_of_url
from watcher.cli.preview import change_of, preview_of, seen_in
from watcher.cli.preview_output import change_json, preview_json, print_change, print_preview
from watcher.cli.watch_file import load_known_watches
from watcher.core.check import CheckFailure, Seen, WatchState
from watcher.core.redaction import redacted
from watcher.core.settings import Settings
from watcher.core.urls import looks_like_web_url
from watcher.core.values import ValueType
from watcher.core.watch import Watch
from watcher.errors import CheckError, UsageError

_TYPES = ", ".join(ValueType)


@command
def try_(
    what: Annotated[str, Argument(metavar="ID|URL", help="The id of a watch, or the URL of a page.")],
    selector: Annotated[
        str | None, Argument(metavar="SELECTOR", help="CSS, //XPath or $.JSONPath; only with a URL.")
    ] = None,
    value_type: Annotated[
        ValueType | None, Option("--type", metavar="TYPE", help=f"What is read: {_TYPES}; only with a URL.")
    ] = None,
    before: Annotated[
        Path | None, Option("--from", metavar="FILE", help="Fetch nothing: this file is the page at first.")
    ] = None,
    after: Annotated[
        Path | None, Option("--to", metavar="FILE", help="This file is the page at the next check.")
    ] = None,
    auth: AuthOption = None,
    header: HeaderOption = None,
    cookie: CookieOption = None,
    once: Annotated[bool, Option("--once", help="Look once, and not again for what moves by itself.")] = False,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch a page and explain what is found; fetch it again a second later and show what moved.

    No state is saved and nothing is sent. What moves by itself comes with the line that leaves it out, where there is
    one. For a watch it also shows which rules would fire, and the message. With --from and --to it simulates a change
    of the page from two files. With --database it is the watch as it was declared there; `${NAME}` is filled in here.
    """
    is_url = looks_like_web_url(what)
    _check_files(before, after, is_url=is_url)
    if value_type is not None:
        _check_type(what, selector, value_type, is_url=is_url)
    login = login_keys(auth, header, cookie, is_url=is_url)
    settings = options.watch_settings(data, database)
    watch = (
        watch_of_url(what, selector, value_type, login)
        if is_url
        else _known_watch(config, settings, what, selector, is_fetched=before is None)
    )
    try:
        if before is not None and after is not None:
            _play(watch, before, after, as_json=as_json)
        else:
            _try(watch, None if is_url else _state(settings, what), twice=not once, as_json=as_json)
    except CheckError as error:
        _print_failure(watch, _failure(watch, error, str(error)), as_json=as_json)
        raise click.exceptions.Exit(1) from error


def _check_files(before: Path | None, after: Path | None, *, is_url: bool) -> None:
    """Raise UsageError where one of --from and --to lacks the other, or both a watch to go with."""
    if (before is None) != (after is None):
        raise UsageError("--from and --to go together: the page before, and the page after")
    if is_url and before is not None:
        raise UsageError("--from and --to play a change for a watch; name one")


def _check_type(what: str, selector: str | None, value_type: ValueType, *, is_url: bool) -> None:
    """Raise UsageError where --type has no selector of a page to go with."""
    if not is_url:
        raise UsageError("--type goes with a URL; the watch says the types of its own values")
    if selector is None:
        raise UsageError(
            f"--type says what a selector reads; name one: watcher try {what} SELECTOR --type {value_type}"
        )


def _failure(watch: Watch, error: CheckError, text: str) -> CheckFailure:
    return CheckFailure(kind=error.kind, text=redacted(text, watch.request.secrets))


def _print_failure(watch: Watch, failure: CheckFailure | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"watch": watch.id, "error": failure_json(failure)})
    elif failure:
        click.echo(f"{failure.kind}: {failure.text}", err=True)


def _try(watch: Watch, state: WatchState | None, *, twice: bool, as_json: bool) -> None:
    """Fetch and explain. `state`: of a watch of the file; None for a page that was named by hand."""
    look = asyncio.run(runtime.look_at(watch, twice=twice))
    if look.first is None or look.explanation is None:
        _print_failure(watch, look.decision.state.failure, as_json=as_json)
        raise click.exceptions.Exit(1)
    now = runtime.utc_now()
    preview = preview_of(watch, state, look.first, look.explanation, look.decision, look.second, now=now)
    if as_json:
        print_json(preview_json(preview))
    else:
        print_preview(preview, now=now)
    if preview.failure:
        raise click.exceptions.Exit(1)


def _play(watch: Watch, before: Path, after: Path, *, as_json: bool) -> None:
    """Judge one page as the baseline and another as what is seen next, as often as `confirm` wants it seen."""
    first, second = (_seen_in(watch, path, as_json=as_json) for path in (before, after))
    change = change_of(watch, first, second, now=runtime.utc_now())
    if as_json:
        print_json(change_json(change))
    else:
        print_change(change, before, after)


def _seen_in(watch: Watch, path: Path, *, as_json: bool) -> Seen:
    """Return what the watch sees in a file; when a check of it would fail, say so and end."""
    try:
        return seen_in(watch, path)
    except CheckError as error:
        _print_failure(watch, _failure(watch, error, f"{path}: {error}"), as_json=as_json)
        raise click.exceptions.Exit(1) from error


def _known_watch(config: Path, settings: Settings, watch: str, selector: str | None, *, is_fetched: bool) -> Watch:
    refuse_bare_host(watch, config, settings)
    if selector is not None:
        raise UsageError("a selector goes with a URL; the watch has its own")
    known = load_known_watches(config, settings)
    found = known.file.watches[chosen(known.file, [watch])[0]]
    if is_fetched:
        known.refuse_lacking(watch)
    return found


def _state(settings: Settings, watch: str) -> WatchState:
    return runtime.reader(settings).state(watch) or WatchState()
