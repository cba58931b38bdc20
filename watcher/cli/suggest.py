"""`watcher suggest`: what a page offers to watch, and where a watch's lost values are now."""

from __future__ import annotations

from typing import Annotated

from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.lost_values import suggest_of_watches
from watcher.cli.options import ClusterOption, ConfigOption, DataOption, JsonOption
from watcher.cli.page import AuthOption, CookieOption, HeaderOption, login_keys
from watcher.cli.suggestions import suggest_of_page
from watcher.core.urls import looks_like_web_url
from watcher.errors import UsageError


@command
def suggest(
    what: Annotated[list[str] | None, Argument(metavar="URL|ID", help="The URL of a page, or ids of watches.")] = None,
    value: Annotated[
        str | None, Option("--value", metavar="TEXT", help="Offer only what shows this text; with a URL.")
    ] = None,
    auth: AuthOption = None,
    header: HeaderOption = None,
    cookie: CookieOption = None,
    failing: Annotated[bool, Option("--failing", help="All watches whose last check lost a value.")] = False,
    write: Annotated[
        bool,
        Option(
            "--write",
            help="Write the selector into a file that `add` or `import` wrote; for others, show the difference.",
        ),
    ] = False,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    database: ClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what can be watched on a page, or where a watch's lost values are now.

    For a URL it shows what the page offers, each with the lines to write; `watcher add` writes one of them. For a watch
    whose selector finds nothing, or something else, it shows the places that are most like the old one, and the line
    to write. Nothing is written unless --write is given, and nobody is told. With --database it is the watch as it was
    declared there; `${NAME}` is filled in here.
    """
    named = what or []
    is_url = any(map(looks_like_web_url, named))
    login = login_keys(auth, header, cookie, is_url=is_url)
    if is_url:
        _refuse_besides(named, is_for_watches=failing or write)
        suggest_of_page(named[0], value, config, login, as_json=as_json)
        return
    if bool(named) == failing:
        raise UsageError("name a URL, or watches, or --failing for all that lost a value")
    if value is not None:
        raise UsageError("--value goes with a URL")
    settings = options.watch_settings(data, database)
    suggest_of_watches(named, config, settings, is_failing=failing, write=write, as_json=as_json)


def _refuse_besides(named: list[str], *, is_for_watches: bool) -> None:
    if len(named) > 1:
        raise UsageError("a URL is asked for alone; leave the others out")
    if is_for_watches:
        raise UsageError("--failing and --write are for watches; `watcher add URL` writes a new one")
