"""
Queries of jq, as far as they are plain paths, → JSONPath (RFC 9535).

| jq                       | JSONPath              |
|--------------------------|-----------------------|
| `.`                      | `$`                   |
| `.offers[0].price`       | `$.offers[0].price`   |
| `.[] \\| .name`, `.[].name` | `$[*].name`        |
| `."a b"`, `.["a b"]`     | `$["a b"]`            |
| anything else            | none                  |
"""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(
    r"""\s*(?:\|\s*(?=\.))?\s*
    (?: \.?\[\]\??                                # every value
      | \.?\[(?P<index>-?\d+)\]\??
      | \.?\[?(?P<quoted>"[^"\\]*")\]?\??
      | \.(?P<name>[A-Za-z_]\w*)\??
      | (?P<itself>\.)(?=\s*(?:\||$))
    )""",
    re.VERBOSE,
)


def of_jq(query: str) -> str | None:
    """Return the JSONPath of a query of jq, or None where it is more than a path."""
    query = query.strip()
    if not query.startswith("."):
        return None
    path, at = "$", 0
    while at < len(query):
        found = _PART.match(query, at)
        if found is None or found.end() == at:
            return None
        path += _written(found)
        at = found.end()
    return path


def _written(found: re.Match[str]) -> str:
    if found["itself"]:
        return ""
    if found["name"]:
        return f".{found['name']}"
    return f"[{found['index'] or found['quoted'] or '*'}]"
