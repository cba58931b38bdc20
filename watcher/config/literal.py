"""
Texts of others, as they are written into a file of watches so that the loader takes them for what they are.

| written in                         | the loader fills in                        | stands for itself    |
|------------------------------------|--------------------------------------------|----------------------|
| what is sent: `url`, `headers`, …  | `${NAME}`, a secret from the environment   | `$${NAME}`           |
| `url`                              | `{today}`, a date                          | `%7Btoday}`          |
| `url`, `name`                      | `{each}`, a value of `for_each`            | `%7Beach}`, `{ each}` |

A page chooses its links and its title: without this it could have a secret of the environment sent to itself.
What is read from the page (selectors, JSON keys) is never filled in.
"""

from __future__ import annotations

from collections.abc import Mapping

from watcher.core.values import Json


def literal_text(text: str) -> str:
    """Return a header, a body or the like in which `${` stands for itself."""
    return text.replace("${", "$${")


def literal_json(value: Json) -> Json:
    """Return a body of JSON in whose texts `${` stands for itself."""
    match value:
        case dict():
            return {key: literal_json(part) for key, part in value.items()}
        case list():
            return [*map(literal_json, value)]
        case str():
            return literal_text(value)
        case _:
            return value


def literal_url(url: str) -> str:
    """Return a URL in which nothing is filled in; what is asked is the same, for a brace is sent as `%7B` anyway."""
    return literal_text(url.replace("{today", "%7Btoday").replace("{each", "%7Beach"))


def literal_body(body: Mapping[str, Json]) -> dict[str, Json]:
    """Return the body of a watch that a page has made, in which nothing is filled in."""
    return {key: _literal(key, part) for key, part in body.items()}


def _literal(key: str, part: Json) -> Json:
    match key, part:
        case "url", str():
            return literal_url(part)
        case "name", str():
            return part.replace("{each", "{ each")
        case _:
            return part
