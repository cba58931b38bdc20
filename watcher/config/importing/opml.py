"""OPML, the subscriptions of feed readers: an `outline` with `xmlUrl` is a feed, one without is a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from turbohtml import Element

from watcher.config.importing.conversion import Conversion, Rule, nearly, take_over, texts, unneeded
from watcher.config.importing.job_keys import name_as_text, tags
from watcher.core.values import Json
from watcher.errors import PageError, UsageError
from watcher.extract.xml import parse_tree
from watcher.extract.xpath import PREFIX

NAME: Final = "OPML"
DIFFERENCES: Final = ("what stands in a feed at the first check is not told; an entry that is new afterwards is",)
MAX_DEPTH: Final = 50


def _link(conversion: Conversion, key: str, value: Json) -> None:
    del value
    conversion.mapped(key, "not needed: a message links to its entry")


def _folders(conversion: Conversion, key: str, value: Json) -> None:
    tags(conversion, key, [part for text in texts(value) for part in text.replace("/", ",").split(",") if part.strip()])


_KEYS: Final[Mapping[str, Rule]] = {
    "xmlUrl": lambda conversion, key, value: (
        conversion.mapped(key, "`url`, with `items: {feed: true}`")
        if "url" in conversion.body
        else conversion.impossible(key, f"it is no http:// or https://: {value}")
    ),
    "text": name_as_text,
    "title": name_as_text,
    "htmlUrl": _link,
    "category": _folders,
    "folder": _folders,
    "type": unneeded("the feed says whether it is RSS, Atom or JSON Feed"),
    "version": unneeded("the feed says whether it is RSS, Atom or JSON Feed"),
    "description": nearly("it stands in the comment alone"),
    "language": unneeded("`language` of the topic is that of messages"),
}
KEYS: Final = frozenset(_KEYS)
_CANONICAL: Final = {name.lower(): name for name in _KEYS}
"""Some readers write them in small letters."""
_OF_READER: Final = unneeded("it is of the reader that wrote the file")


def jobs(text: str) -> list[dict[str, Json]]:
    """Return the attributes of each feed, with the names of the folders around it as `folder`. Raises UsageError."""
    try:
        root = parse_tree(text)
    except PageError as error:
        raise UsageError(f"it is no OPML: {error}") from error
    body = next((each for each in root.iter_elements() if each.tag == "body"), None)
    if body is None:
        raise UsageError("it is no OPML: it has no `body`")
    return list(_feeds(body, []))


def _feeds(outline: Element, folders: list[str]) -> Iterator[dict[str, Json]]:
    stack: list[tuple[Element, list[str]]] = [(outline, folders)]
    while stack:
        element, above = stack.pop()
        attributes: dict[str, Json] = {
            _CANONICAL.get(name.lower(), name): str(value)
            for name, value in element.attrs.items()
            if name != PREFIX and value
        }
        if attributes.get("xmlUrl"):
            yield {**attributes, "folder": [*above]} if above else attributes
        name = str(attributes.get("text") or attributes.get("title") or "")
        inner = above if attributes.get("xmlUrl") or not name else [*above, name]
        if len(inner) > MAX_DEPTH:
            raise UsageError(f"its folders are more than {MAX_DEPTH} levels deep")
        children = [each for each in element if isinstance(each, Element) and each.tag == "outline"]
        stack += [(each, inner) for each in reversed(children)]


def take(conversion: Conversion, job: Mapping[str, Json]) -> None:
    """Take a feed over; `url` of the conversion is set."""
    take_over(conversion, job, {**dict.fromkeys(job, _OF_READER), **_KEYS}, tool=NAME)
    if "text" in job and "title" in job:
        conversion.put("name", str(job["title"]), of="title")
    if "url" in conversion.body:
        conversion.put("items", {"feed": True}, of="xmlUrl")
        conversion.put("notify_when", "added", of="xmlUrl")
