"""A list of URLs, one a line; tags may follow a URL. What begins with `#` is a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from watcher.config.importing.conversion import Conversion, Rule, take_over
from watcher.config.importing.job_keys import tags
from watcher.core.values import Json

NAME: Final = "a list of URLs"
DIFFERENCES: Final = ("any change of a page's text is told",)
LINE: Final = re.compile(r"(?P<url>[a-z][a-z0-9+.-]*://\S+)(?:\s+(?P<tags>.*))?", re.IGNORECASE)


def _url(conversion: Conversion, key: str, value: Json) -> None:
    del value
    conversion.mapped(key) if "url" in conversion.body else conversion.impossible(
        key, "http:// and https:// are watched"
    )


_KEYS: Final[Mapping[str, Rule]] = {"url": _url, "tags": tags}
KEYS: Final = frozenset(_KEYS)


def jobs(text: str) -> list[dict[str, Json]]:
    """Return the URL of each line, with its tags."""
    found: list[dict[str, Json]] = []
    for line in map(str.strip, text.splitlines()):
        if match := LINE.fullmatch(line):
            words = [word.strip(" '\"[]") for word in (match["tags"] or "").split(",")]
            found.append({"url": match["url"], **({"tags": [*filter(None, words)]} if any(words) else {})})
    return found


def is_list(text: str) -> bool:
    """Return whether each line that is neither blank nor a comment is a URL."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    return bool(lines) and all(map(LINE.fullmatch, lines))


def take(conversion: Conversion, job: Mapping[str, Json]) -> None:
    """Take a line over; `url` of the conversion is set."""
    take_over(conversion, job, _KEYS, tool=NAME)
