"""What a watch links to when `${NAME}` stands in its `url`, and what is told of a URL that is wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from tests.config.files import mistakes, read
from watcher.config.advice import warnings
from watcher.core.message import page_url
from watcher.core.watch import Watch
from watcher.errors import ConfigError

_SECRET_TEXTS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x2FF, exclude_categories=("C", "Z")), min_size=1
)
_PLACES = (
    *("https://a.example/{}", "https://a.example/p/{}/q?r=1", "https://a.example/p/x{}y", "https://a.example/p?k={}"),
    *("https://a.example/p?a=1&k={}&z=1", "https://a.example/p?a=1&{}=1", "https://a.example/p?a=1#{}"),
    *("https://a.example/p#/r?k={}", "https://{}.example/p", "https://a.example/{}/{}?k={}"),
)


@given(_SECRET_TEXTS, st.sampled_from(_PLACES))
def test_the_link_is_what_comes_before_the_first_part_with_a_secret(secret: str, place: str) -> None:
    link = _link(place.replace("{}", "${KEY}"), secret)
    before = place.partition("{}")[0]
    if link is None:
        assert before.count("/") < 3 or secret.lower() in before.lower()
        return
    assert before.startswith(link)
    assert urlsplit(link).hostname == "a.example"
    assert len(link) >= len("https://a.example/") or secret.lower() in before.lower()


@given(_SECRET_TEXTS)
def test_a_url_that_is_all_a_secret_has_no_link(secret: str) -> None:
    assert _link("${KEY}", f"https://a.example/{secret}") is None


def _link(url: str, secret: str) -> str | None:
    """Return the link of a watch; not every text makes a URL."""
    try:
        return page_url(_watch(url, secret))
    except ConfigError:
        reject()


def _watch(url: str, secret: str) -> Watch:
    return read(f"watches: {{a: {{topic: t, url: '{url}'}}}}", {"KEY": secret}).watches["a"]


@pytest.mark.parametrize(
    ("body", "link"),
    [
        ("for_each: [a, b], url: 'https://x.example/{each}?k=${K_a}'", "https://x.example/a"),
        ("url: 'https://x.example/a$${b}?k=${K_a}'", "https://x.example/a${b}"),
        ("url: 'https://x.example/${K_a}/${K_b}/c', link: 'https://x.example/l?t=first-secret'", "https://x.example/"),
        ("url: 'https://x.example/first-secret/x', headers: {A: '${K_a}'}", "https://x.example/"),
        ("url: 'https://x.example/x'", "https://x.example/x"),
    ],
    ids=["for each", "no secret", "two", "repeated", "none"],
)
def test_a_link_has_no_secret_of_any_kind_of_watch(body: str, link: str) -> None:
    environ = {"K_a": "first-secret", "K_b": "second-secret"}
    file = read(f"watches: {{w: {{topic: t, {body}}}}}", environ)
    assert page_url(next(iter(file.watches.values()))) == link
    assert "-secret" not in str([page_url(watch) for watch in file.watches.values()])


def test_a_secret_of_the_defaults_is_one_of_each_watch() -> None:
    text = "{defaults: {topic: t, headers: {A: '${KEY}'}}, watches: {a: {url: 'https://x.example/a/key-of-mine/b'}}}"
    assert page_url(read(text, {"KEY": "key-of-mine"}).watches["a"]) == "https://x.example/a/"


@pytest.mark.parametrize(
    "secret",
    ["key[of]mine", "x{today+key}", "key\u2100of", "ke y"],
    ids=["brackets", "date", "NFKC", "blank"],
)
def test_a_wrong_url_is_told_without_the_secret(secret: str) -> None:
    told = mistakes("watches: {a: {topic: t, url: 'https://${KEY}/'}}", {"KEY": secret})
    assert told
    assert "key" not in "".join(told)


def test_a_host_is_not_named_in_advice_when_it_is_a_secret() -> None:
    watches = "".join(f"  w{n}: {{url: 'https://${{KEY}}.example/{n}', every: 1s}}\n" for n in range(3))
    [told] = warnings(read(f"defaults: {{topic: t}}\nwatches:\n{watches}", {"KEY": "tenant"}))
    assert told.startswith("***: 3 watches ask for a page every")


def test_a_watch_is_shown_to_programmers_without_secrets() -> None:
    text = "watches: {a: {topic: t, url: 'https://x.example/${KEY}', headers: {A: '${KEY}'}, body: '${KEY}'}}"
    assert "key-of-mine" not in repr(read(text, {"KEY": "key-of-mine"}))
