"""What a page offers, fetched and printed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher import runtime
from watcher.cli.offering import body_of, id_of, usual_topic, yaml_of
from watcher.cli.output import failure_json, print_json, printable
from watcher.cli.page import watch_of_url
from watcher.cli.progress import waiting
from watcher.cli.watch_file import load_sound_file
from watcher.core.check import CheckFailure
from watcher.core.redaction import redacted
from watcher.core.words import cut, one_line
from watcher.errors import CheckError

if TYPE_CHECKING:
    from watcher.extract.suggesting import Candidate
    from watcher.runtime.suggesting import Offers

TEXTS = 3
"""Values or rows of a candidate that people are shown."""
_CHARACTERS = 100
_NOT_SHOWN = "nothing that can be watched shows {value!r}; is it in the page's source (Ctrl-U)? a script may fill it in"
_NOTHING = "nothing on this page is likely to be what you want; name what it shows: --value TEXT"


def suggest_of_page(url: str, value: str | None, config: Path, *, as_json: bool) -> None:
    """Print what a page offers, the best first. Ends with 1 where it offers nothing."""
    topic = usual_topic(load_sound_file(config))
    offers = found_offers(url, value, as_json=as_json)
    watch = id_of(offers.title, url)
    for number, each in enumerate(offers.candidates, 1):
        body = body_of(each, offers.title, topic=topic)
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
                    "problem": offers.problem,
                }
            )
        else:
            click.echo("\n".join([*lines_of(number, each), "", yaml_of(watch, body, indent=5), ""]))
    if not as_json:
        if offers.problem:
            click.echo(offers.problem, err=True)
        if offers.is_private:
            click.echo(f"{PRIVATE}, so the lines say `allow_private: true`")
        click.echo(f"`watcher add {shown(url)}` writes one of these; by hand they go below `watches:`")


PRIVATE = "the page stands at a private address, which only a watch that says so may ask"


def shown(url: str) -> str:
    """Return a URL as it can be copied into a shell."""
    import shlex

    return shlex.quote(url)


def lines_of(number: int, candidate: Candidate) -> Iterator[str]:
    """Yield why a candidate is offered, and what it finds."""
    yield f"{number:2}. {printable(candidate.why)}"
    yield from (f"      {printable(cut(one_line(text), _CHARACTERS))}" for text in candidate.texts[:TEXTS])
    if len(candidate.texts) > TEXTS:
        yield "      …"


def found_offers(url: str, value: str | None, *, as_json: bool) -> Offers:
    """Return what a page offers, at least one thing; when there is nothing, say so and end with 1."""
    watch = watch_of_url(url)
    try:
        with waiting(f"looking at {url}", is_quiet=as_json):
            offers = asyncio.run(runtime.offers_of_page(watch, url, value=value))
    except CheckError as error:
        _end(url, CheckFailure(kind=error.kind, text=redacted(str(error), watch.request.secrets)), as_json=as_json)
    if not offers.candidates:
        text = offers.problem or (_NOTHING if value is None else _NOT_SHOWN.format(value=cut(one_line(value), 40)))
        _end(url, CheckFailure(kind="nothing", text=text), as_json=as_json)
    return offers


def _end(url: str, failure: CheckFailure, *, as_json: bool) -> None:
    if as_json:
        print_json({"url": url, "error": failure_json(failure)})
    else:
        click.echo(f"{failure.kind}: {failure.text}", err=True)
    raise click.exceptions.Exit(1)
