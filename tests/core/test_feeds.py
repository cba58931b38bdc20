"""The documents of feeds, by the rules of RFC 4287 and of JSON Feed 1.1."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from watcher.core.feeds import Feed, FeedEntry, atom_of, entry_id, feed_id, json_feed_of, within

_NS = "{http://www.w3.org/2005/Atom}"
_AT = datetime(2026, 11, 24, 17, 30, tzinfo=timezone(timedelta(hours=8)))
_ENTRY = FeedEntry(
    slug="a" * 28, title="Dune", link="https://push.example/m/a", url=None, html="<p>€8.50</p>", sent_at=_AT
)
_FEED = Feed(id=feed_id(7, _AT), title="Deals", description="", author="Shop", language="", entries=[_ENTRY])
_LINK = "https://push.example/feed/x/atom.xml"
_BAD = 'a\x00b\x08c\x0bd\x1fe\ufffef\uffffg\ud800h ]]> <b>&amp;" \t\n'


def test_an_atom_document_has_what_rfc_4287_asks_for() -> None:
    root = ET.fromstring(atom_of(_FEED, self_link=_LINK))
    assert root.tag == f"{_NS}feed"
    for element in (root, entry := root.find(f"{_NS}entry")):
        assert element is not None
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{_NS}{name}")) == 1, name
    assert root.findtext(f"{_NS}author/{_NS}name") == "Shop"
    assert [(link.get("rel"), link.get("href")) for link in root.findall(f"{_NS}link")] == [("self", _LINK)]
    assert entry is not None
    assert entry.findtext(f"{_NS}updated") == entry.findtext(f"{_NS}published") == "2026-11-24T09:30:00Z"
    assert root.findtext(f"{_NS}updated") == "2026-11-24T09:30:00Z"
    content = entry.find(f"{_NS}content")
    assert content is not None
    assert (content.get("type"), content.text) == ("html", "<p>€8.50</p>")


def test_a_json_feed_has_what_its_version_asks_for_and_nothing_empty() -> None:
    document = json.loads(json_feed_of(_FEED, self_link=_LINK))
    assert document == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Deals",
        "feed_url": _LINK,
        "authors": [{"name": "Shop"}],
        "items": [
            {
                "id": entry_id(_ENTRY.slug),
                "url": _ENTRY.link,
                "title": "Dune",
                "content_html": "<p>€8.50</p>",
                "date_published": "2026-11-24T09:30:00Z",
            }
        ],
    }


def test_what_xml_cannot_hold_is_replaced_and_all_else_comes_back_as_it_was() -> None:
    entry = replace(_ENTRY, title=_BAD, html=_BAD, url="https://x.example/?a=1&b=\"'")
    feed = replace(_FEED, title=_BAD, description=_BAD, author=_BAD, entries=[entry])
    root = ET.fromstring(atom_of(feed, self_link=_LINK))
    shown = 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg\ufffdh ]]> <b>&amp;" \t\n'
    for place in ("title", "subtitle", f"author/{_NS}name", f"entry/{_NS}title"):
        assert root.findtext(f"{_NS}{place}") == shown, place
    assert (root.findtext(f"{_NS}entry/{_NS}content") or "").startswith(shown)
    [related] = [link for link in root.iter(f"{_NS}link") if link.get("rel") == "related"]
    assert related.get("href") == entry.url
    assert json.loads(json_feed_of(feed, self_link=_LINK))["items"][0]["title"] == shown


def test_an_empty_feed_is_one_too() -> None:
    root = ET.fromstring(atom_of(replace(_FEED, entries=[], language="zh-CN"), self_link=_LINK))
    assert root.findtext(f"{_NS}updated") == "1970-01-01T00:00:00Z"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"


def test_ids_are_urns_that_no_address_changes() -> None:
    assert feed_id(7, _AT) == feed_id(7, _AT.astimezone(UTC)) != feed_id(8, _AT)
    assert entry_id("a") != entry_id("b")
    assert entry_id(_ENTRY.slug).startswith("urn:uuid:")
    assert _ENTRY.slug not in entry_id(_ENTRY.slug)


@pytest.mark.parametrize(("most_bytes", "kept"), [(30, 3), (29, 2), (5, 1), (0, 1)])
def test_the_oldest_make_room_and_the_newest_stays(most_bytes: int, kept: int) -> None:
    entries = [replace(_ENTRY, slug=name, html="x" * 10) for name in "cba"]
    assert [each.slug for each in within(entries, most_bytes)] == list("cba")[:kept]


def test_what_is_behind_the_first_that_does_not_fit_is_not_made() -> None:
    made = (replace(_ENTRY, slug=name, html="x" * 10) for name in "edcba")
    assert [each.slug for each in within(made, 15)] == ["e"]
    assert next(made).slug == "c"
