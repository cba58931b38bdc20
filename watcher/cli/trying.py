"""`watcher try`: fetch a page once and explain what a check would make of it. Keeps nothing and tells nobody."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from watcher.cli import options
from watcher.cli.help import Command
from watcher.cli.options import ConfigOption, DataOption
from watcher.cli.output import short, values_text
from watcher.core.check import Decision, Seen, WatchState
from watcher.core.watch import Watch
from watcher.errors import CheckError, ConfigError, UsageError

if TYPE_CHECKING:
    from watcher.core.page import Response
    from watcher.extract.explain import Explanation

_SHOWN = 200
"""Characters of a value that are printed."""


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(name="try", cls=Command)(try_)


def try_(
    what: Annotated[str, typer.Argument(metavar="ID|URL", help="A watch, or the address of a page.")],
    selector: Annotated[str | None, typer.Argument(metavar="SELECTOR", help="CSS; with a URL.")] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
) -> None:
    """Fetch a page once and explain what is found.

    No state is kept and nothing is pushed. For a watch it also says what a check would tell.
    """
    is_url = what.startswith(("http://", "https://"))
    watch = _watch_of_url(what, selector) if is_url else _watch_of_file(config, what, selector)
    state = WatchState() if is_url else _state(data, what)
    from watcher import runtime
    from watcher.extract.explain import explain
    from watcher.watching.check import page_of

    try:
        response = asyncio.run(runtime.fetch_once(watch))
        typer.echo(f"{response.url}: {len(response.wire):,} bytes of {response.media_type or 'an unnamed type'}")
        explanation = explain(page_of(watch, response), watch)
        _print_explanation(explanation)
        if explanation.error:
            raise typer.Exit(1)
        if is_url:
            _print_private_advice(response.url)
        else:
            _print_decision(watch, state, response)
    except CheckError as error:
        typer.echo(f"{error.kind}: {error}", err=True)
        raise typer.Exit(1) from error


def _watch_of_url(url: str, selector: str | None) -> Watch:
    """Return a watch of one value, as a file would declare it; a page that is named by hand may be anywhere."""
    from watcher.config import parse

    body = {"url": url, "topic": "try", "allow_private": True} | ({"extract": selector} if selector else {})
    text = json.dumps({"watches": {"try": body}})  # JSON is YAML
    try:
        return parse(text, file="the command line", environ=os.environ).watches["try"]
    except ConfigError as error:
        # The places are those of a file that nobody wrote.
        name = f"selector {json.dumps(selector, ensure_ascii=False)}"
        texts = (f"{name if problem.key.endswith('extract') else url}: {problem.text}" for problem in error.problems)
        raise UsageError("; ".join(texts) or str(error)) from error


def _watch_of_file(config: Path, watch: str, selector: str | None) -> Watch:
    from watcher.cli.pages import chosen

    if _looks_like_a_host(watch) and watch not in _known(config):
        raise UsageError(f"to try a page, write http://{watch} or https://{watch}")
    if selector is not None:
        raise UsageError("a selector goes with a URL; the watch has its own")
    file = options.load_file(config)
    return file.watches[chosen(file, [watch])[0]]


def _looks_like_a_host(text: str) -> bool:
    return "." in text or ":" in text or text == "localhost"


def _known(config: Path) -> Collection[str]:
    file = options.load_file_if_any(config)
    return file.watches if file else ()


def _state(data: Path, watch: str) -> WatchState:
    from watcher import runtime

    return runtime.reader(runtime.Settings(data=data)).state(watch) or WatchState()


def _print_explanation(explanation: Explanation) -> None:
    typer.echo(f"read as {explanation.encoding} ({explanation.why})")
    for finding in explanation.findings:
        selector = finding.query or "the whole text"
        by = f", by {finding.engine}" if finding.engine else ""
        several = "; the first is read" if finding.matched > 1 and finding.name != "items" else ""
        typer.echo(f"{finding.name}: {selector}: {finding.matched} found{by}{several}")
        if finding.error:
            typer.echo(f"  {finding.error}")
        elif finding.name != "items":
            typer.echo(f"  = {short(finding.value, _SHOWN)}")
    if explanation.row_count is not None:
        typer.echo(f"{explanation.row_count} rows on the page; the first of those that count:")
        for key, row in explanation.rows.items():
            typer.echo(f"  {key}: {', '.join(f'{name} {short(value, _SHOWN)}' for name, value in row.items())}")
    if explanation.error:
        typer.echo(f"a check would fail: {explanation.error}", err=True)


def _print_private_advice(url: str) -> None:
    """Say what a watch needs that `try` does without; of names only `localhost` is known not to be public."""
    from watcher.net.guard import is_public

    host = urlsplit(url).hostname or ""
    is_address = ":" in host or host.replace(".", "").isdigit()
    if host == "localhost" or host.endswith(".localhost") or (is_address and not is_public(host)):
        typer.echo(f"{host} is no public address: a watch of this needs `allow_private: true`")


def _print_decision(watch: Watch, state: WatchState, response: Response) -> None:
    """Print what a check would decide, given what is known of the watch."""
    from watcher import runtime
    from watcher.core.judge import judge
    from watcher.extract.plan import plan
    from watcher.watching.check import read

    seen = Seen(
        observation=read(watch, response),
        digest=response.digest,
        validators=response.validators,
        plan=plan(watch.extraction, watch.link),
    )
    decision: Decision = judge(watch, state, seen, epoch="", now=runtime.utc_now())
    typer.echo(f"a check now: {decision.verdict.replace('_', ' ')}: {values_text(seen.observation.rows)}")
    for rule in watch.rules:
        typer.echo(f"rule: {rule}")
    for message in decision.messages:
        typer.echo(f"would tell {message.topic}: {message.summary}")
    if not decision.messages:
        typer.echo("would tell nobody anything")
