"""What a page suggests, fetched and printed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from watcher import runtime
from watcher.cli.output import failure_json, print_json, printable
from watcher.cli.page import watch_of_url
from watcher.cli.progress import waiting
from watcher.cli.watch_file import load_sound_file
from watcher.config.suggested_watch import body_of, id_of, usual_topic, yaml_of
from watcher.core.check import CheckFailure
from watcher.core.redaction import redacted
from watcher.core.values import Json
from watcher.core.words import cut, one_line
from watcher.errors import CheckError, UsageError

if TYPE_CHECKING:
    from watcher.extract.suggesting import Candidate, Suggestions

TEXTS = 3
"""Values or rows of a candidate that people are shown."""
_CHARACTERS = 100
_NOT_SHOWN = (
    "no text that can be watched has {value!r} in whole words; is it in the page's source (Ctrl-U)? a script may fill "
    "it in"
)
_BLANK = "--value takes a text that the page shows; got none"
_NOTHING_LIKELY = "no value or list of this page is likely to be what you want"
_NO_CANDIDATE = f"{_NOTHING_LIKELY}; name what it shows: --value TEXT"
MOST_ASKED = 5
"""Texts of the page; it is fetched for each."""


def suggest_of_page(url: str, value: str | None, config: Path, login: Mapping[str, Json], *, as_json: bool) -> None:
    """Print what a page suggests, the best first. Ends with 1 where it suggests nothing."""
    file = load_sound_file(config)
    topic = usual_topic(file.watches.values() if file else ())
    suggestions = found_suggestions(url, value, login, as_json=as_json)
    watch = id_of(suggestions.title, url)
    for number, each in enumerate(suggestions.candidates, 1):
        body = body_of(each, suggestions.title, topic=topic)
        if as_json:
            print_json(
                {
                    "rank": number,
                    "kind": each.kind.value,
                    "why": each.why,
                    "texts": [*each.texts],
                    "id": watch,
                    "watch": body,
                    "yaml": f"watches:\n{yaml_of(watch, body)}\n",
                    "problem": suggestions.problem,
                }
            )
        else:
            click.echo("\n".join([*lines_of(number, each), "", yaml_of(watch, body, indent=5), ""]))
    if not as_json:
        if suggestions.problem:
            click.echo(suggestions.problem, err=True)
        if suggestions.is_private:
            click.echo(f"{PRIVATE}, so the lines say `allow_private: true`")
        also = "" if value is None else f" --value {shown(value)}"
        click.echo(f"`watcher add {shown(url)}{also}` writes one of these; by hand they go below `watches:`")


PRIVATE = "the page stands at a private address, which only a watch that says so may ask"


def shown(word: str) -> str:
    """Return a URL, or another word, as it can be copied into a shell."""
    import shlex

    return shlex.quote(word)


def lines_of(number: int, candidate: Candidate) -> Iterator[str]:
    """Yield why a candidate is suggested, and what it finds."""
    yield f"{number:2}. {printable(candidate.why)}"
    yield from (f"      {printable(cut(one_line(text), _CHARACTERS))}" for text in candidate.texts[:TEXTS])
    if len(candidate.texts) > TEXTS:
        yield "      …"


def found_suggestions(
    url: str,
    value: str | None,
    login: Mapping[str, Json],
    *,
    as_json: bool,
    ask_for_value: Callable[[str], str] | None = None,
) -> Suggestions:
    """
    Return what a page suggests, at least one thing; when there is nothing, say so and end with 1.

    Args:
        login: what a watch says of it.
        ask_for_value: is told what was not found, and returns a text that the page shows: where the page suggests
            nothing without, and a few times more where it does not show what was typed.

    Raises UsageError: the value is blank, as that of a variable that is not set; every text would show it.
    """
    if value is not None and not value.strip():
        raise UsageError(_BLANK)
    suggestions = _suggestions(url, value, login, as_json=as_json)
    if ask_for_value is not None and value is None:
        look = partial(_suggestions, url, login=login, as_json=as_json)
        suggestions, value = asked_for(suggestions, look, ask_for_value)
    if not suggestions.candidates:
        text = suggestions.problem or (_NO_CANDIDATE if value is None else _not_shown(value))
        _end(url, CheckFailure(kind="nothing", text=text), as_json=as_json)
    return suggestions


def asked_for(
    suggestions: Suggestions, look: Callable[[str], Suggestions], ask: Callable[[str], str]
) -> tuple[Suggestions, str | None]:
    """
    Return what a page suggests, asking for texts of it while it suggests nothing, and the last text.

    Args:
        suggestions: without a text.
        look: returns what shows a text.
        ask: as `ask_for_value` of `found_suggestions`; it is asked `MOST_ASKED` times at most.
    """
    value = None
    for _ in range(MOST_ASKED):
        if suggestions.candidates or suggestions.problem:
            break
        value = ask(_NOTHING_LIKELY if value is None else _not_shown(value))
        suggestions = look(value)
    return suggestions, value


def _not_shown(value: str) -> str:
    return _NOT_SHOWN.format(value=cut(one_line(value), 40))


def _suggestions(url: str, value: str | None, login: Mapping[str, Json], *, as_json: bool) -> Suggestions:
    """Return what a page suggests; when it cannot be fetched, say so and end with 1."""
    watch = watch_of_url(url, login=login)
    try:
        with waiting(f"looking at {url}", is_quiet=as_json):
            return asyncio.run(runtime.suggestions_of_page(watch, url, value=value, login=login))
    except CheckError as error:
        _end(url, CheckFailure(kind=error.kind, text=redacted(str(error), watch.request.secrets)), as_json=as_json)


def _end(url: str, failure: CheckFailure, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"url": url, "error": failure_json(failure)})
    else:
        click.echo(f"{failure.kind}: {failure.text}", err=True)
    raise click.exceptions.Exit(1)
