"""
Feeds: RSS 0.9 to 2.0, Atom and JSON Feed, whose entries are rows and whose parts have one name each.

| part | RSS | Atom | JSON Feed |
|---|---|---|---|
| id | guid, rdf:about, link, title | id, link, title | id, url, title |
| title | title | title | title |
| link | link, guid that is a permalink | link (alternate) | url, external_url |
| summary | description | summary | summary |
| content | content:encoded, description | content, summary | content_html, content_text, summary |
| author | author, dc:creator | author/name | authors[0].name, author.name |
| published | pubDate, dc:date | published, updated | date_published |
| updated | dc:modified, atom:updated, pubDate, dc:date | updated | date_modified, date_published |
| categories | category, dc:subject: a line each | category/@label, category/@term | tags |

Markup within a part is read as a page is; links are absolute. turbohtml's own reader of feeds knows no RSS 0.9x, no
JSON Feed and no categories, and answers with no entries at all for a feed with `&nbsp;`: so only its tree is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from msgspec import Struct
from turbohtml import Document as Tree
from turbohtml import Element

from watcher.core.urls import looks_like_web_url
from watcher.core.values import Json
from watcher.core.wording import worded
from watcher.errors import PageError
from watcher.extract.document import Document
from watcher.extract.json_values import JsonNode, json_text
from watcher.extract.text import clean, text_of
from watcher.extract.xml import local_children
from watcher.extract.xpath import PREFIX

# Where a part may be, the first that has text wins. `@name` is an attribute of the entry; links are looked at below.
_RSS: Mapping[str, tuple[str, ...]] = {
    "id": ("guid", "@rdf:about", "link", "title"),
    "title": ("title",),
    "link": ("link",),
    "summary": ("description",),
    "content": ("content:encoded", "description"),
    "author": ("author", "dc:creator"),
    "published": ("pubDate", "dc:date"),
    "updated": ("dc:modified", "atom:updated", "pubDate", "dc:date"),
}
_ATOM: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "link", "title"),
    "title": ("title",),
    "link": ("link",),
    "summary": ("summary",),
    "content": ("content", "summary"),
    "author": ("author",),
    "published": ("published", "updated"),
    "updated": ("updated",),
}
_JSON: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "url", "title"),
    "title": ("title",),
    "link": ("url", "external_url"),
    "summary": ("summary",),
    "content": ("content_html", "content_text", "summary"),
    "published": ("date_published",),
    "updated": ("date_modified", "date_published"),
}

_MARKUP = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,31});|</?[A-Za-z][^<>]*>")


class Entry(Struct, frozen=True, eq=False):
    """An entry of a feed. `source`: what it is in its document; other languages look there."""

    source: Element | JsonNode
    url: str

    def part(self, name: str) -> str | None:
        """Return the text of a part (one of FEED_PARTS); None when the entry has none."""
        texts = _json_texts if isinstance(self.source, JsonNode) else _xml_texts
        found = filter(None, texts(self, name))
        return ("\n".join(dict.fromkeys(found)) or None) if name == "categories" else next(found, None)

    def text(self) -> str:
        """Return the entry as a reader sees it: title, content and categories."""
        return "\n".join(filter(None, map(self.part, ("title", "content", "categories"))))

    def repeats(self, other: Entry) -> bool:
        """Return whether this is the other entry once more: of title, link and time, more are equal than differ."""
        pairs = [(self.part(name), other.part(name)) for name in ("title", "link", "published")]
        equal = sum(own == others for own, others in pairs if own and others)
        differ = sum(own != others for own, others in pairs if own and others)
        return differ == 0 or equal > differ


def xml_entries(tree: Tree, url: str) -> list[Entry]:
    """Return the entries in the order of the document. Raises PageError when it is no feed."""
    root = tree.root
    tag = root.tag if root is not None else ""
    if root is None or tag not in ("rss", "feed", "RDF"):
        raise PageError(
            worded("error_no_feed", "the page is no feed: its root is <{tag}>, not <rss>, <feed> or <rdf:RDF>", tag=tag)
        )
    channels = _children(root, "channel") if tag == "rss" else [root]
    name = "entry" if tag == "feed" else "item"
    return [Entry(entry, url) for channel in channels for entry in _children(channel, name)]


def json_entries(feed: Json, url: str) -> list[Entry]:
    """Return the entries of a JSON Feed. Raises PageError when it is none."""
    entries = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(entries, list) or "jsonfeed.org" not in str(feed.get("version")):
        raise PageError(worded("error_no_json_feed", "the page is JSON, and no JSON Feed; use `jsonpath:`"))
    return [Entry(JsonNode(entry), url) for entry in entries if isinstance(entry, dict)]


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if isinstance(child, Element) and child.tag == name]


def _xml_texts(entry: Entry, part: str) -> Iterator[str]:
    assert isinstance(entry.source, Element)  # noqa: S101
    source, is_atom = entry.source, entry.source.tag == "entry"
    if part == "categories":
        for child in (*_placed(source, "category"), *_placed(source, "dc:subject")):
            yield clean(child.attr("label") or child.attr("term") or child.text)
        return
    for place in (_ATOM if is_atom else _RSS)[part]:
        if place == "link":
            yield from _links(source, entry.url)
        elif place.startswith("@"):
            yield source.attr(place[1:]) or ""
        else:
            yield from (_content(child, is_atom=is_atom) for child in _placed(source, place))
    if part == "link" and not is_atom:
        yield from _permalinks(source)


def _placed(entry: Element, place: str) -> list[Element]:
    """Return the children that `dc:date` names; without a prefix, those of the feed's own vocabulary."""
    prefix, _, name = place.rpartition(":")
    return local_children(entry, name, prefix or entry.attr(PREFIX) or "")


def _links(entry: Element, url: str) -> Iterator[str]:
    """Yield where an entry points: in Atom the alternate link first, in RSS the text of its link."""
    links = _placed(entry, "link")
    for link in sorted(links, key=lambda link: link.attr("rel") not in (None, "alternate")):
        if target := (link.attr("href") or clean(link.text)):
            yield _joined(_base(link, url), target)


def _permalinks(entry: Element) -> Iterator[str]:
    for guid in _placed(entry, "guid"):
        if guid.attr("isPermaLink") != "false" and looks_like_web_url(clean(guid.text)):
            yield clean(guid.text)


def _base(element: Element, url: str) -> str:
    """Return what the links of an element are relative to (XML Base)."""
    bases = [
        base for each in (element, *element.ancestors) if isinstance(each, Element) and (base := each.attr("xml:base"))
    ]
    for base in reversed(bases):
        url = _joined(url, base)
    return url


def _joined(base: str, target: str) -> str:
    """Return where a link leads; what is no URL as it stands, for whoever asks for one to refuse."""
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _content(element: Element, *, is_atom: bool) -> str:
    """Return the text of a part: markup in it, escaped or not, is read as that of a page."""
    if names := _children(element, "name"):
        return clean(names[0].text)
    if any(isinstance(child, Element) for child in element):
        return text_of(element)
    is_plain = is_atom and element.attr("type") in (None, "text")
    return clean(element.text) if is_plain else _marked(element.text)


def _marked(text: str) -> str:
    """Return text that may be markup as a reader sees it."""
    return Document(text).text() if _MARKUP.search(text) else clean(text)


def _json_texts(entry: Entry, part: str) -> Iterator[str]:
    source = entry.source.value if isinstance(entry.source, JsonNode) else None
    item = source if isinstance(source, dict) else {}
    if part == "categories":
        tags = item.get("tags")
        yield from (json_text(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    elif part == "author":
        yield from _json_authors(item)
    else:
        for name in _JSON[part]:
            yield _json_part(name, item.get(name), entry.url)


def _json_part(name: str, value: Json, url: str) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    text = json_text(value)
    if name.endswith("url"):
        return _joined(url, text) if text else ""
    return _marked(text) if name == "content_html" else text


def _json_authors(item: Mapping[str, Json]) -> Iterator[str]:
    authors = item.get("authors")
    for author in (*(authors if isinstance(authors, list) else ()), item.get("author")):
        name = author.get("name") if isinstance(author, dict) else None
        yield clean(name) if isinstance(name, str) else ""
