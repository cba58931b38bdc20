"""What a page chose is written so that the loader fills in nothing, and asks for what was looked at."""

from __future__ import annotations

import json

import pytest
from yarl import URL

from watcher.config import parse
from watcher.config.literal import literal_body, literal_text
from watcher.core.values import Json

URLS = [
    "https://x.example/feed",
    "https://x.example/feed?x=${HOME}",
    "https://x.example/feed?x=$${HOME}",
    "https://x.example/feed?x=$$${HOME}",
    "https://x.example/feed?x=${",
    "https://x.example/feed?x=${today}",
    "https://x.example/feed?x=${each.name}",
    "https://x.example/{today}/feed",
    "https://x.example/{today+14d:%Y-%m-%d}",
    "https://x.example/{today",
    "https://x.example/{each}",
    "https://x.example/{{each}}?a={b}",
    "https://x.example/%7Btoday%7D?%24{HOME}",
]


@pytest.mark.parametrize("url", URLS)
def test_the_url_that_is_written_is_the_one_that_is_asked(url: str) -> None:
    body = literal_body({"url": url, "topic": "news"})
    request = parse(json.dumps({"watches": {"a": body}}), file="f", environ={}).watches["a"].request
    assert URL(request.url) == URL(url)
    assert "{today" not in request.url
    assert request.secrets is None


def test_a_title_with_braces_loads() -> None:
    body = literal_body({"url": "https://x.example/", "name": "Dune {each} ${HOME} {today}", "topic": "news"})
    watch = parse(json.dumps({"watches": {"a": body}}), file="f", environ={}).watches["a"]
    assert watch.name == "Dune { each} ${HOME} {today}"


def test_what_is_read_from_the_page_stays() -> None:
    extract: Json = {"price": {"jsonpath": "$['${HOME}']['{each}']"}}
    assert literal_body({"extract": extract}) == {"extract": extract}


def test_a_header_is_sent_as_it_was() -> None:
    watch = {"url": "https://x.example/", "topic": "news", "headers": {"X-A": literal_text("a ${HOME} $${B}")}}
    request = parse(json.dumps({"watches": {"a": watch}}), file="f", environ={}).watches["a"].request
    assert request.headers["X-A"] == "a ${HOME} $${B}"
