"""A page that is named by its URL on the command line, in place of a watch."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from watcher import runtime
from watcher.cli.declaring import Option
from watcher.cli.watch_file import load_file_if_any, load_watches
from watcher.config import parse
from watcher.core.harmless_headers import NO_LOGIN
from watcher.core.settings import Settings
from watcher.core.values import Json, ValueType
from watcher.core.watch import Watch
from watcher.errors import ConfigError, UsageError

AuthOption = Annotated[
    str | None, Option("--auth", metavar="USER:${NAME}", help="Sign in by HTTP Basic; the environment has NAME.")
]
HeaderOption = Annotated[
    list[str] | None, Option("--header", metavar="HEADER:${NAME}", help="Send a header; may be given again.")
]
CookieOption = Annotated[
    list[str] | None, Option("--cookie", metavar="COOKIE=${NAME}", help="Send a cookie; may be given again.")
]
NO_LOGIN_KEYS: Final[Mapping[str, Json]] = MappingProxyType({})


def login_keys(
    auth: str | None, headers: Iterable[str] | None, cookies: Iterable[str] | None, *, is_url: bool = True
) -> Mapping[str, Json]:
    """Return what a watch says of a login that options gave, secrets not filled in. Raises UsageError."""
    if not is_url and (auth or headers or cookies):
        raise UsageError("--auth, --header and --cookie go with a URL; the watch says its own")
    user, password = _named(auth, ":", "--auth") if auth else ("", "")
    found: dict[str, Json] = {
        "auth": {"user": user, "password": password} if auth else None,
        "headers": dict(_named(each, ":", "--header") for each in headers or ()),
        "cookies": dict(_named(each, "=", "--cookie") for each in cookies or ()),
    }
    return {key: said for key, said in found.items() if said}


def _named(given: str, sign: str, option: str) -> tuple[str, str]:
    """Return a name and what is sent under it; what may be a secret is never taken as it is, and never shown."""
    name, _, value = (part.strip() for part in given.partition(sign))
    if "${" not in value and (option != "--header" or name.lower() not in NO_LOGIN):
        raise UsageError(
            f"{option} '{name}{sign}${{NAME}}': write so, in single quotes, and set NAME in the environment"
        )
    return name, value


def watch_of_url(
    url: str,
    selector: str | None = None,
    value_type: ValueType | None = None,
    login: Mapping[str, Json] = NO_LOGIN_KEYS,
) -> Watch:
    """
    Return a watch of one value, as a file would declare it; a page that is named by hand may be anywhere.

    Raises UsageError.
    """
    extract = _extract(selector, value_type)
    body = {"url": url, "topic": "try", "allow_private": True, **login} | ({"extract": extract} if extract else {})
    text = json.dumps({"watches": {"try": body}})  # JSON is YAML
    try:
        return parse(text, file="the command line", environ=os.environ).watches["try"]
    except ConfigError as error:
        # The places are those of a file that nobody wrote.
        name = f"selector {json.dumps(selector, ensure_ascii=False)}"
        texts = (f"{name if '.extract' in problem.key else url}: {problem.text}" for problem in error.problems)
        raise UsageError("; ".join(texts) or str(error)) from error


def _extract(selector: str | None, value_type: ValueType | None) -> dict[str, dict[str, str]]:
    """Return one value as a file would say it; neither `$` nor `/` can begin a selector in CSS."""
    if not selector:
        return {}
    language = "jsonpath" if selector.startswith("$") else "xpath" if selector.startswith(("/", "(/")) else "css"
    return {"value": {language: selector} | ({"type": value_type.value} if value_type else {})}


def refuse_bare_host(what: str, config: Path, settings: Settings | None = None) -> None:
    """
    Raise UsageError for what is a host rather than a watch, or a URL of another scheme than http and https.

    `settings`: of a command that is about the watches of a cluster, where its database has them.
    """
    if "://" in what:
        raise UsageError(f"{what}: a page is fetched by http:// or https://")
    looks_like_a_host = "." in what or ":" in what or what == "localhost"
    if looks_like_a_host and what not in _known_ids(config, settings):
        raise UsageError(f"to name a page, write http://{what} or https://{what}")


def _known_ids(config: Path, settings: Settings | None) -> Collection[str]:
    if settings is not None and runtime.watches_database(settings) is not None:
        return load_watches(config, settings).watches
    file = load_file_if_any(config)
    return file.watches if file else ()
