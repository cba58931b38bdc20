"""What filters and keys become, as a table."""

from __future__ import annotations

import pytest
import regex
import yaml

from watcher.config.importing.github import feed_of
from watcher.config.importing.json_paths import of_jq
from watcher.config.importing.masks import masked_destination, masked_job, masked_text
from watcher.config.importing.patterns import all_but, from_line, guard, lines_with, lines_without, slashed, up_to_line
from watcher.config.importing.source import read
from watcher.config.importing.watches import watches_of
from watcher.core.values import Json

FILTERS = {
    "css": (["{css: .a}", "html2text"], {"css": ".a", "pick": "all"}),
    "an id": (["{css: '#a'}", "html2text"], "#a"),
    "css in css": (["{css: '.a, .b'}", "{css: p}", "html2text"], {"css": ":is(.a, .b) p", "pick": "all"}),
    "a body within": (["{xpath: //td}", "{css: body}", "html2text"], {"xpath": "//td", "pick": "all"}),
    "what soupsieve calls otherwise": (["{css: 'p:contains(a)'}"], {"css": "p:-soup-contains(a)", "pick": "all"}),
    "the first": (["{css: {selector: p, maxitems: 1}}", "html2text"], {"css": "p", "pick": "first"}),
    "xpath": (["{xpath: '//a/@href'}"], {"xpath": "//a/@href", "pick": "all"}),
    "xpath, some": (["{xpath: {path: //li, skip: 2}}"], {"xpath": "(//li)[position() > 2]", "pick": "all"}),
    "by class": (["{element-by-class: a b}", "html2text"], {"css": "[class='a b']", "pick": "all"}),
    "jq": (["{jq: '.a[].b'}"], {"jsonpath": "$.a[*].b", "pick": "all"}),
    "findall": (["html2text", "{re.findall: 'v(\\d+)'}"], {"regex": r"v(\d+)", "optional": True}),
}


@pytest.mark.parametrize(("filters", "extract"), FILTERS.values(), ids=FILTERS)
def test_filters_become_extract(filters: list[str], extract: Json) -> None:
    job = {"url": "https://x.example/", "filter": [yaml.safe_load(each) for each in filters]}
    (watch,) = watches_of(read(yaml.safe_dump(job).encode()), topic="t")
    assert watch.body["extract"] == extract


_OF_MARKUP = {
    "a tag": ["{grep: '<span class=price>'}"],
    "an attribute": ["{keep_lines_containing: 'id=\"total\"'}"],
    "an expression": ['{re.findall: \'href="([^"]+)"\'}'],
    "after another one": ["{grep: price}", "{re.findall: '<b>(.+?)</b>'}"],
}
_OF_TEXT = {
    "words": ["{grep: price}"],
    "a tag or words": ["{grep: '<b>|price'}"],
    "a named group": ["{re.findall: '(?P<price>[0-9]+)'}"],
    "a look behind": ["{grep: '(?<=EUR )[0-9]+'}"],
    "what is cut out": ["{grepi: '<script'}"],
    "the text": ["html2text", "{grep: 'a < b'}"],
}


@pytest.mark.parametrize(
    ("filters", "is_finished"),
    [*((each, False) for each in _OF_MARKUP.values()), *((each, True) for each in _OF_TEXT.values())],
    ids=[*_OF_MARKUP, *_OF_TEXT],
)
def test_what_keeps_only_markup_would_never_tell_and_is_to_be_finished(filters: list[str], is_finished: bool) -> None:
    job = {"url": "https://x.example/", "filter": [yaml.safe_load(each) for each in filters]}
    (watch,) = watches_of(read(yaml.safe_dump(job).encode()), topic="t")
    assert watch.body.get("enabled", True) is is_finished


TEXT = "first\nkeep 12 a\ndrop 3\nkeep 4\nlast"
CUTS = {
    "lines with": (lines_with("keep|first"), "drop 3\nlast"),
    "lines without": (lines_without("keep|first"), "first\nkeep 12 a\nkeep 4\n"),
    "up to": (up_to_line("drop"), "keep 4\nlast"),
    "from": (from_line("^drop"), "first\nkeep 12 a\n"),
    "all but": (all_but([r"\d+", "last"]), "1234last"),
    "flags within": (lines_with("(?i)KEEP"), "first\ndrop 3\nlast"),
}


@pytest.mark.parametrize(("pattern", "left"), CUTS.values(), ids=CUTS)
def test_an_expression_cuts_out_what_it_is_meant_to(pattern: str, left: str) -> None:
    assert regex.sub(pattern, "", TEXT) == left


def test_a_guard_wants_all_of_the_first_and_none_of_the_second() -> None:
    pattern = guard(["KEEP|x", "last"], [r"sold\s+out"])
    assert not regex.search(pattern, TEXT)
    assert regex.search(guard(["(?i)KEEP|x", "last"], [r"sold\s+out"]), TEXT)
    assert not regex.search(guard([], ["drop"]), TEXT)


@pytest.mark.parametrize(
    ("text", "expression"),
    [("/sold out/i", "(?i)sold out"), ("/a/b/", "a/b"), ("plain", None), ("/", None)],
)
def test_an_expression_is_written_between_slashes(text: str, expression: str | None) -> None:
    assert slashed(text) == expression


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (".", "$"),
        (".a.b", "$.a.b"),
        (".[0]", "$[0]"),
        (".a[] | .b", "$.a[*].b"),
        ('.["a b"].c', '$["a b"].c'),
        (".a?.b?", "$.a.b"),
        ("map(.a)", None),
        (".a + .b", None),
        (".a | length", None),
        ("..|.a", None),
    ],
)
def test_a_query_that_is_a_path_becomes_one(query: str, path: str | None) -> None:
    assert of_jq(query) == path


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("https://github.com/a/b/releases", "https://github.com/a/b/releases.atom"),
        ("https://github.com/a/b/releases/latest", "https://github.com/a/b/releases.atom"),
        ("https://github.com/a/b/tags?after=v1", "https://github.com/a/b/tags.atom"),
        ("https://github.com/a/b/commits/main", "https://github.com/a/b/commits/main.atom"),
        ("https://api.github.com/repos/a/b/releases/latest", "https://github.com/a/b/releases.atom"),
        ("https://github.com/a/b", None),
        ("https://github.com/a/b/releases/tag/v1", None),
        ("https://evil.example/github.com/a/b/releases", None),
    ],
)
def test_a_page_of_releases_has_a_feed(page: str, feed: str | None) -> None:
    assert feed_of(page) == feed


def test_what_is_secret_is_masked() -> None:
    job: Json = {"url": "https://a:b@x.example/?api_key=c&page=2", "headers": {"Cookie": "d", "Accept": "e"}}
    assert masked_job(job) == {
        "url": "https://***@x.example/?api_key=***&page=2",
        "headers": {"Cookie": "***", "Accept": "e"},
    }
    assert masked_text("sent as Bearer abcdefgh") == "sent as Bearer ***"
    assert masked_text("Authorization: Bearer abcdefgh") == "Authorization: ***"
    assert masked_destination("tgram://1234:abc/5/") == "tgram://***"
    assert masked_destination("https://hooks.example/services/T0/B0/x") == "https://hooks.example/***"


def test_a_secret_in_a_url_is_kept_out_of_the_links_of_messages() -> None:
    (watch,) = watches_of(read(b"url: https://x.example/a?page=1&token=abc&b=2\n"), topic="t")
    assert (watch.body["url"], watch.body["link"]) == (
        "https://x.example/a?page=1&token=abc&b=2",
        "https://x.example/a?page=1",
    )


def test_deletions_alone_are_told_as_what_is_removed() -> None:
    job = "url: https://x.example/\nnote: x\ndiffer: {deletions_only: true}\nfilters: [html2text, CSS]\n"
    for filters, told in (("{css: li}", "`notify_when: removed`"), ("html2text", "lines are only added")):
        (watch,) = watches_of(read(job.replace("CSS", filters).encode()), topic="t")
        (how,) = (each.how for each in watch.findings if each.key == "differ.deletions_only")
        assert told in how
