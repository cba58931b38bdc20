import pytest

from tests.extract.builders import asked, feed_list, page, seen, single, xpath
from watcher.core.values import Row, ValueType
from watcher.core.watch import Items, Language, Query, Selector
from watcher.errors import MissingError, PageError, UnparsableError
from watcher.extract.queries import FEED_PARTS

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>News</title><link>https://x.example/</link><atom:link href="https://x.example/feed" rel="self"/>
<item><title><![CDATA[A & <b>B</b>]]></title><media:title>no title</media:title><link>/news/1</link>
<atom:link href="/nowhere"/><guid isPermaLink="false">id-1</guid><pubDate>Tue, 10 Jun 2025 04:00:00 GMT</pubDate>
<description><![CDATA[<p>Hello <b>w</b>orld</p><p>bye]]></description>
<content:encoded>&lt;p&gt;Long &amp;amp; wide&lt;/p&gt;</content:encoded>
<dc:creator>Bob</dc:creator><category>a</category><category domain="x">b</category>
<enclosure url="https://x.example/1.mp3" type="audio/mpeg"/></item>
<item><title>No guid AT&amp;T &nbsp;&eacute; & more</title><link>https://x.example/2?a=1&b=2</link></item>
<item><title>Permalink</title><guid>https://x.example/3</guid></item>
<item><title>Title only</title></item>
<item><title>A &amp; B</title><guid>id-1</guid></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/"><title>T</title>
<id>urn:f</id><updated>2025-01-03T00:00:00Z</updated>
<entry xml:base="blog/"><id>urn:1</id><title type="html">&lt;b&gt;x&lt;/b&gt; &amp;amp; y</title>
<link rel="enclosure" href="p/1.mp3"/><link rel="alternate" href="p/1"/><updated>2025-01-02T00:00:00Z</updated>
<published>2025-01-01T00:00:00+08:00</published><author><name>Al</name><uri>https://a.example</uri></author>
<category term="k" label="Kay"/><summary type="text">1 &lt; 2 &lt;b&gt;</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <i>yo</i>u</p><p>Two</p></div></content></entry>
<entry><id>urn:2</id><title>t</title><link href="/p/2"/><updated>2025-01-03T00:00:00Z</updated></entry></feed>"""
PREFIXED = """<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>u1</a:id><a:title>T1</a:title>
<a:link href="x"/></a:entry></a:feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title>
</channel><item rdf:about="https://x.example/a"><title>Ra</title><link>https://x.example/a?utm=1</link>
<dc:date>2025-01-01</dc:date><dc:subject>s</dc:subject><description>d</description></item></rdf:RDF>"""
RSS_091 = (
    """<rss version="0.91"><channel><item><title>o1</title><link>http://o.example/1</link></item></channel></rss>"""
)
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [
 {"id": 1, "url": "/1", "title": "j1", "content_html": "<p>x <b>y</b></p>", "date_published": "2025-01-01T00:00:00Z",
  "tags": ["a", "b"], "authors": [{"name": "Zoe"}], "summary": null},
 {"url": "https://j.example/2", "content_text": "1 < 2", "author": {"name": "Old"}}, "junk"]}"""


def entries(feed: str, kind: str = "application/rss+xml") -> dict[str, Row]:
    """Return the parts that each entry has, by key."""
    rows = seen(page(feed, media_type=kind), feed_list(*FEED_PARTS)).rows
    return {key: {name: value for name, value in row.items() if value is not None} for key, row in rows.items()}


def test_rss_2_is_read_with_its_extensions() -> None:
    found = entries(RSS)
    assert list(found) == ["id-1", "https://x.example/2?a=1&b=2", "https://x.example/3", "Title only"]
    assert found["id-1"] == {
        "id": "id-1",
        "title": "A & B",
        "link": "https://shop.example/news/1",
        "summary": "Hello world bye",
        "content": "Long & wide",
        "author": "Bob",
        "published": "Tue, 10 Jun 2025 04:00:00 GMT",
        "updated": "Tue, 10 Jun 2025 04:00:00 GMT",
        "categories": "a b",
    }
    assert found["https://x.example/2?a=1&b=2"]["title"] == "No guid AT&T é & more"
    assert found["https://x.example/3"]["link"] == "https://x.example/3"
    assert found["Title only"] == {"id": "Title only", "title": "Title only"}


def test_atom_is_read_with_its_bases_and_kinds_of_text() -> None:
    found = entries(ATOM, "application/atom+xml")
    assert found["urn:1"] == {
        "id": "urn:1",
        "title": "x & y",
        "link": "https://b.example/blog/p/1",
        "summary": "1 < 2 <b>",
        "content": "Hi you Two",
        "author": "Al",
        "published": "2025-01-01T00:00:00+08:00",
        "updated": "2025-01-02T00:00:00Z",
        "categories": "Kay",
    }
    assert found["urn:2"]["link"] == "https://b.example/p/2"
    assert found["urn:2"]["published"] == "2025-01-03T00:00:00Z"


def test_json_feed_is_read() -> None:
    found = entries(JSON_FEED, "application/feed+json")
    assert found == {
        "1": {
            "id": "1",
            "title": "j1",
            "link": "https://shop.example/1",
            "content": "x y",
            "author": "Zoe",
            "published": "2025-01-01T00:00:00Z",
            "updated": "2025-01-01T00:00:00Z",
            "categories": "a b",
        },
        "https://j.example/2": {
            "id": "https://j.example/2",
            "link": "https://j.example/2",
            "content": "1 < 2",
            "author": "Old",
        },
    }


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (PREFIXED, {"u1": {"id": "u1", "title": "T1", "link": "https://shop.example/deals/x"}}),
        (
            RDF,
            {
                "https://x.example/a": {
                    "id": "https://x.example/a",
                    "title": "Ra",
                    "link": "https://x.example/a?utm=1",
                    "summary": "d",
                    "content": "d",
                    "published": "2025-01-01",
                    "updated": "2025-01-01",
                    "categories": "s",
                }
            },
        ),
        (RSS_091, {"http://o.example/1": {"id": "http://o.example/1", "title": "o1", "link": "http://o.example/1"}}),
    ],
    ids=["Atom with a prefix", "RSS 1.0", "RSS 0.91"],
)
def test_other_feeds_are_read(feed: str, expected: dict[str, Row]) -> None:
    assert entries(feed) == expected


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/xml", "application/octet-stream"])
@pytest.mark.parametrize("feed", [RSS, RSS_091, ATOM], ids=["rss 2", "rss 0.91", "atom"])
def test_a_feed_under_another_name_is_a_feed(feed: str, kind: str) -> None:
    assert entries(feed, kind) == entries(feed)


@pytest.mark.parametrize(
    ("feed", "link"),
    [
        ("<rss><channel><item><guid>1</guid><link>http://[bad</link></item></channel></rss>", "http://[bad"),
        ('<feed xml:base="http://[x"><entry><id>1</id><link href="/p"/></entry></feed>', "/p"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "url": "http://[bad"}]}', "http://[bad"),
    ],
    ids=["RSS", "XML Base", "JSON Feed"],
)
def test_a_link_that_is_no_url_is_shown_as_it_stands(feed: str, link: str) -> None:
    assert entries(feed, "text/html") == {"1": {"id": "1", "link": link}}


def test_an_entry_whose_link_is_no_url_says_so_where_a_url_is_asked() -> None:
    feed = "<rss><channel><item><guid>1</guid><link>http://[bad</link></item></channel></rss>"
    linked = Items(
        query=Query(Language.FEED, ""),
        key=asked(Language.FEED, "id"),
        fields={"link": asked(Language.FEED, "link", ValueType.URL)},
    )
    with pytest.raises(UnparsableError, match=r"link: 'http://\[bad' is no URL: Invalid IPv6 URL"):
        seen(page(feed, media_type="application/rss+xml"), linked)


def test_a_feed_in_gbk_says_so_itself() -> None:
    sent = RSS_091.replace("<rss", '<?xml version="1.0" encoding="GBK"?><rss').replace("o1", "新闻").encode("gbk")
    rows = seen(page(sent, media_type="text/xml"), feed_list("title")).rows
    assert rows == {"http://o.example/1": {"title": "新闻"}}


def test_a_feed_that_says_utf_16_and_came_in_single_bytes_is_utf_8() -> None:
    sent = RSS_091.replace("<rss", '<?xml version="1.0" encoding="utf-16"?><rss').replace("o1", "新闻")
    assert entries(sent)["http://o.example/1"]["title"] == "新闻"


def test_an_entry_that_comes_twice_is_the_first_and_counts_once() -> None:
    observation = seen(page(RSS, media_type="application/rss+xml"), feed_list("title"))
    assert observation.rows["id-1"] == {"title": "A & B"}
    assert observation.row_count == 4


def item(title: str, link: str = "", published: str = "") -> str:
    """Return an entry of RSS, all of which have one id."""
    return f"<item><guid>1</guid><title>{title}</title><link>{link}</link><pubDate>{published}</pubDate></item>"


@pytest.mark.parametrize(
    ("first", "second", "is_repeated"),
    [
        pytest.param(item("a", "/a", "1 May 2026"), item("a", "/a", "1 May 2026"), True, id="the same"),
        pytest.param(item("a", "/a", "1 May 2026"), item("b", "/a", "1 May 2026"), True, id="with another title"),
        pytest.param(item("a", "/a", "1 May 2026"), item("a", "/a", "2 May 2026"), True, id="published again"),
        pytest.param(item("a"), item("a"), True, id="with a title alone"),
        pytest.param(item("a"), item("b"), False, id="titles that differ"),
        pytest.param(item("a", "/a"), item("b", "/b"), False, id="titles and links that differ"),
        pytest.param(item("a", "/a"), item("b", "/a"), False, id="all lead to one page"),
        pytest.param(item("a", "/a", "1 May 2026"), item("b", "/a", "2 May 2026"), False, id="news of one page"),
    ],
)
def test_entries_that_share_an_id_are_one_only_where_they_repeat_each_other(
    first: str, second: str, *, is_repeated: bool
) -> None:
    feed = page(f"<rss version='2.0'><channel>{first}{second}</channel></rss>", media_type="text/xml")
    if is_repeated:
        assert seen(feed, feed_list("title")).rows == {"1": {"title": "a"}}
        return
    with pytest.raises(PageError, match=r"two rows have the key '1'; choose a `key:` that only one row has"):
        seen(feed, feed_list("title"))


def test_a_feed_of_posts_without_titles_says_what_to_write() -> None:
    post = "<item><guid>1</guid><description>Hello</description></item>"
    feed = page(f"<rss version='2.0'><channel>{post}</channel></rss>", media_type="text/xml")
    titled = Items(
        query=Query(Language.FEED, ""),
        key=asked(Language.FEED, "id"),
        fields={"title": asked(Language.FEED, "title")},
    )
    with pytest.raises(MissingError, match=r"the entry's title is not on row 1 \(1\); .*`fields: \{title: summary\}`"):
        seen(feed, titled)


def test_an_entry_may_be_asked_in_other_languages() -> None:
    podcast = Items(
        query=Query(Language.FEED, ""),
        key=asked(Language.FEED, "title"),
        fields={
            "sound": Selector(query=Query(Language.XPATH, "enclosure/@url"), type=ValueType.URL, optional=True),
            "all": Selector(),
        },
    )
    rows = seen(page(RSS, media_type="application/rss+xml"), podcast).rows
    assert rows["A & B"] == {"sound": "https://x.example/1.mp3", "all": "A & B Long & wide a b"}
    by_json = Items(query=podcast.query, key=asked(Language.FEED, "id"), fields={"v": asked(Language.JSONPATH, "url")})
    assert seen(page(JSON_FEED, media_type="application/json"), by_json).rows["1"] == {"v": "/1"}


def test_an_empty_feed_is_an_empty_list() -> None:
    with pytest.raises(MissingError, match="the list 'feed' is empty"):
        entries("<rss><channel><title>x</title></channel></rss>")


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ("<p>x", "text/html", "the page is text/html, not a feed"),
        (
            "<link rel=alternate type=application/rss+xml href=/rss><p>x",
            "text/html",
            "its feed is at '/rss'",
        ),
        ("<svg/>", "image/svg+xml", "the page is no feed: its root is <svg>"),
        ("[]", "application/json", "the page is JSON, and no JSON Feed; use `jsonpath:`"),
        ('{"items": []}', "application/json", "no JSON Feed"),
        ("x", "text/plain", "the page is text/plain, not a feed"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: str, kind: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        entries(body, kind)


def test_a_part_of_what_is_no_entry_is_an_error() -> None:
    items = Items(query=Query.css("item"), key=asked(Language.FEED, "id"), fields={})
    with pytest.raises(PageError, match="'id' is a part of an entry, and the rows are no entries; use `feed: true`"):
        seen(page(RSS, media_type="application/rss+xml"), items)


def test_a_single_value_of_a_feed_is_asked_in_xpath() -> None:
    assert single(page(RSS, media_type="application/rss+xml"), t=xpath("//item[1]/title")) == {"t": "A & <b>B</b>"}


def test_words_that_a_feed_must_contain_may_be_escaped_in_it() -> None:
    body = page(
        "<rss><channel><item><guid>1</guid><title>A &amp; B</title></item></channel></rss>", media_type="text/xml"
    )
    assert list(seen(body, feed_list("title"), must_contain=["A & B"]).rows) == ["1"]
