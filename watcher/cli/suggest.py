"""`watcher suggest`: what a page offers to watch, and where values stand now that a watch has lost."""

from __future__ import annotations

from typing import Annotated

from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ConfigOption, JsonOption
from watcher.cli.page import refuse_bare_host
from watcher.cli.page_offers import suggest_of_page
from watcher.core.urls import looks_like_web_url
from watcher.errors import UsageError


@command
def suggest(
    what: Annotated[str, Argument(metavar="URL", help="The URL of a page.")],
    value: Annotated[
        str | None, Option("--value", metavar="TEXT", help="Offer only what shows this text, such as 1299.")
    ] = None,
    config: ConfigOption = options.CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Look at a page once, and show what can be watched on it, each with the lines to write.

    Nothing is written and nobody is told; `watcher add` writes one of them.
    """
    if not looks_like_web_url(what):
        refuse_bare_host(what, config)
        raise UsageError(f"{what} is no URL; write https://…")
    suggest_of_page(what, value, config, as_json=as_json)
