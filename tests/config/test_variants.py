"""Watches that differ in url and name alone: the rest is judged once, and each is what it would be by itself."""

from __future__ import annotations

import json
from textwrap import indent

import pytest
import yaml

from tests.config.files import mistakes, read
from watcher.config.declared import Reader, ReadWatches
from watcher.config.document import Plain
from watcher.config.watches import variant_of
from watcher.core.watch import Watch

DEFAULTS = "defaults: {topic: t, headers: {X-Token: '${TOKEN}'}, tags: [shop]}\n"
ENVIRON = {"TOKEN": "token-of-defaults", "KEY": "key-of-a-watch", "HOST": "h.example"}
LISTED = "items: {css: tr, key: td.id, fields: {n: {css: td.n, type: number}}}\nwhere: {n: {above: 1}}"
TALKING = "name: One\nextract: {price: {css: p, type: money}}\nnotify_when: {price: {below: 9.50}}\nlink: {css: a}"

BODIES = [
    pytest.param("extract: p", "extract: p", id="one selector"),
    pytest.param(LISTED, LISTED, id="a list"),
    pytest.param(TALKING, TALKING.replace("One", "Two"), id="another name"),
    pytest.param(TALKING, TALKING.replace("name: One\n", ""), id="no name"),
    pytest.param("name: 1", "name: 2", id="a number for a name"),
    pytest.param("extract: p\njitter: 5%", "jitter: 5%\nextract: p", id="another order"),
    pytest.param("confirm: 1", "", id="a default that is written, and not"),
    pytest.param("enabled: true", "enabled: false", id="another value"),
    pytest.param("body: {a: 1}", "body: {a: true}", id="1 and true"),
    pytest.param("body: {a: 1}", "body: {a: 1.0}", id="1 and 1.0"),
    pytest.param("cookies: {k: '${KEY}'}", "cookies: {k: '${KEY}'}", id="a secret that is sent"),
]
URLS = [
    pytest.param("https://a.example/1", "https://b.example/2", id="plain"),
    pytest.param("https://a.example/1", "https://b.example/{today+1d:%d}", id="a date"),
    pytest.param("https://a.example/${KEY}", "https://b.example/2", id="a secret in the first"),
    pytest.param("https://${HOST}/1", "https://b.example/2", id="a secret host of the first"),
    pytest.param("https://a.example/1", "https://${HOST}/${KEY}", id="secrets in the second"),
    pytest.param("https://a.example/$${KEY}", "https://a.example/$${KEY}", id="no secret after all"),
]
WRONG = [
    pytest.param("two", "url: ftp://b.example/", "7:10: watches.two.url: must be a URL that begins", id="scheme"),
    pytest.param("two", 'url: " "', "7:10: watches.two.url: must not be empty", id="no url"),
    pytest.param("two", "url: true", "7:10: watches.two.url: must be a text", id="no text"),
    pytest.param("two", "link: https://b.example/", "6:3: watches.two.url: is missing", id="none"),
    pytest.param("two", "url: https://b.example/{each}", "7:10: watches.two.url: {each} is for", id="not filled"),
    pytest.param("two", "url: https://b.example/${NO}", "7:10: watches.two.url: ${NO} is not set", id="a secret"),
    pytest.param("a b", "url: https://b.example/", "6:3: watches.a b: must be a name of letters", id="the id"),
    pytest.param("two", "url: https://b.example/\n    name: []", "8:11: watches.two.name: must be", id="the name"),
    pytest.param("two", "url: https://b.example/\n    name: ''", "8:11: watches.two.name: must not", id="no name"),
    pytest.param("two", "url: https://b.example/\n    name:", "8:5: watches.two.name: is empty", id="an empty key"),
]


def watch(key: str, url: str, body: str) -> str:
    return f"  {key}:\n    url: {url}\n{indent(body, '    ')}\n"


def both(first: str, second: str) -> Watch:
    """Return the second watch of a file."""
    return read(f"{DEFAULTS}watches:\n{first}{second}", ENVIRON).watches["two"]


def alone(only: str) -> Watch:
    return read(f"{DEFAULTS}watches:\n{only}", ENVIRON).watches["two"]


def from_database(*watches: str) -> ReadWatches:
    """Return the watches as a worker of a cluster reads them."""
    frame, bodies = yaml.safe_load(DEFAULTS), yaml.safe_load("".join(watches))
    reader = Reader(json.dumps(frame), ENVIRON)
    return reader.read({key: json.dumps(body) for key, body in bodies.items()})


def assert_same(one: Watch, other: Watch) -> None:
    """Assert that two watches are equal, and say so in the same way: 1, 1.0 and true are told apart."""
    assert one == other
    assert [repr(getattr(one, name)) for name in Watch.__struct_fields__] == [
        repr(getattr(other, name)) for name in Watch.__struct_fields__
    ]
    assert one.request.secrets == other.request.secrets


@pytest.mark.parametrize(("body", "other"), BODIES)
@pytest.mark.parametrize(("url", "other_url"), URLS)
def test_a_watch_beside_a_like_one_is_what_it_is_alone(body: str, other: str, url: str, other_url: str) -> None:
    second = watch("two", other_url, other)
    beside, by_itself = both(watch("one", url, body), second), alone(second)
    assert_same(beside, by_itself)


@pytest.mark.parametrize(("body", "other"), BODIES)
@pytest.mark.parametrize(("url", "other_url"), URLS)
def test_so_it_is_where_each_is_read_from_a_database(body: str, other: str, url: str, other_url: str) -> None:
    first, second = watch("one", url, body), watch("two", other_url, other)
    beside, by_itself = from_database(first, second), from_database(second)
    assert not beside.problems
    assert_same(beside.file.watches["two"], by_itself.file.watches["two"])


@pytest.mark.parametrize(("key", "own", "told"), WRONG)
def test_what_is_wrong_with_a_further_one_is_told_at_its_own_place(key: str, own: str, told: str) -> None:
    one = "  one:\n    url: https://a.example/\n    extract: p\n    topic: t\n"
    [only] = mistakes(f"watches:\n{one}  {key}:\n    {own}\n    extract: p\n    topic: t\n")
    assert only.startswith(told), only


@pytest.mark.parametrize(("key", "own"), [(key, own) for key, own, _ in (each.values for each in WRONG)])
def test_what_is_wrong_with_a_further_one_of_a_database_is_what_is_wrong_with_it_alone(key: str, own: str) -> None:
    further = f"  {key}:\n    {own}\n    extract: p\n"
    beside, by_itself = from_database(watch("one", "https://a.example/", "extract: p"), further), from_database(further)
    assert beside.problems == by_itself.problems
    assert [*beside.file.watches] == ["one", *by_itself.file.watches]


@pytest.mark.parametrize("wrong", ["extract: p[", "confirm: twice"])
def test_what_is_wrong_with_the_rest_is_told_of_each(wrong: str) -> None:
    body = f"    {wrong}\n    topic: t\n"
    told = mistakes(f"watches:\n  one:\n    url: https://a.example/\n{body}  two:\n    url: https://b.example/\n{body}")
    assert [line.partition(": ")[0] for line in told] == ["4:14", "8:14"]


def test_a_long_watch_is_not_remembered() -> None:
    body: dict[str, Plain] = {"url": "https://a.example/", "body": "x" * 9_000}
    assert variant_of(body) is not None
    assert variant_of({**body, "headers": {"A": "x" * 1_000}}) is None


def test_two_watches_of_one_id_are_told_however_alike() -> None:
    text = """
        defaults: {topic: t}
        watches:
          w: {for_each: [a], url: 'https://a.example/{each}', extract: p}
          one: {url: https://a.example/, extract: p}
          w.a: {url: https://b.example/, extract: p}
        """
    assert mistakes(text) == ["6:3: watches.w.a: there are two watches `w.a`; give one another id"]
