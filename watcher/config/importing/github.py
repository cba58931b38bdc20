"""
Pages of GitHub that have a feed.

| page                       | feed                            |
|----------------------------|---------------------------------|
| `/owner/repo/releases`     | `/owner/repo/releases.atom`     |
| `/owner/repo/releases/latest` | the same                     |
| `/owner/repo/tags`         | `/owner/repo/tags.atom`         |
| `/owner/repo/commits/main` | `/owner/repo/commits/main.atom` |
| `api.github.com/repos/owner/repo/releases` and `/releases/latest` | `/owner/repo/releases.atom` |
"""

from __future__ import annotations

import re
from typing import Final

_PAGE: Final = re.compile(
    r"https?://(?:www\.)?github\.com/(?P<repository>[\w.-]+/[\w.-]+)/"
    r"(?:(?P<list>releases|tags)(?:/latest)?(?:\.atom)?|(?P<commits>commits/[\w./-]+?)(?:\.atom)?)/?(?:[?#].*)?"
)
_API: Final = re.compile(
    r"https?://api\.github\.com/repos/(?P<repository>[\w.-]+/[\w.-]+)/(?P<list>releases|tags)(?:/latest)?/?(?:[?#].*)?"
)


def is_of_latest(url: str) -> bool:
    """Return whether a page shows the latest release alone, and none that is marked as not ready."""
    return "/latest" in url


def feed_of(url: str) -> str | None:
    """Return the feed of a page of GitHub that has one."""
    found = _PAGE.fullmatch(url) or _API.fullmatch(url)
    if found is None:
        return None
    return f"https://github.com/{found['repository']}/{found['list'] or found['commits']}.atom"
