"""
What is said of a command that is called wrongly: one line with what is wrong, and where its help is.

| of Click | said |
|---|---|
| No such option '--jsno'. Did you mean '--json'? | there is no option --jsno; did you mean --json? |
| No such command 'chek'. (Did you mean one of: …?) | there is no command chek; did you mean check or schema? |
| Missing argument 'URL'. | URL is missing |
| Invalid value for '--limit': 'x' is not a valid number. | --limit: 'x' is not a valid number |
| Invalid value for '--port' (env var: …): … | WATCHER_PORT: …, where it comes from there |
| Option '--data' requires an argument. | option '--data' requires an argument |
"""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.core import ParameterSource

from watcher.core.words import one_line


def line_of(error: click.ClickException) -> str:
    """Return what is wrong, in one line, with the command that shows how it is called."""
    said = f"watcher: {one_line(_said(error))}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    return said if context is None else f"{said} (see `{context.command_path} --help`)"


def _said(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"there is no option {error.option_name}{_meant(error.possibilities)}"
        case click.NoSuchCommand():
            return f"there is no command {error.command_name}{_meant(error.possibilities)}"
        case click.MissingParameter(param=click.Parameter() as parameter):
            return f"{_name(parameter)} is missing"
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"{_source(parameter, error.ctx)}: {_plain(error.message)}"
        case _:
            return _plain(error.format_message())


def _meant(names: Sequence[str] | None) -> str:
    return f"; did you mean {' or '.join(names)}?" if names else ""


def _name(parameter: click.Parameter) -> str:
    """Return `--limit` or `URL`."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name.strip("[]…")


def _source(parameter: click.Parameter, context: click.Context | None) -> str:
    """Return where a wrong value stands: the option or argument, or a variable of the environment."""
    if context is not None and parameter.name:
        is_elsewhere = context.get_parameter_source(parameter.name) is ParameterSource.ENVIRONMENT
        if is_elsewhere and isinstance(parameter.envvar, str):
            return parameter.envvar
    return _name(parameter)


def _plain(sentence: str) -> str:
    """Return a sentence of Click as ours are written: without a capital letter and a full stop."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")
