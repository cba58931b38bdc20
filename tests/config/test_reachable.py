"""What the console may not write: each row is a watch as a file has it, read by the same reader as the file."""

from __future__ import annotations

import pytest

from watcher.config import yaml_reader
from watcher.config.reachable import OutOfReach, Reach, may_have_login, out_of_reach

_FINE = "url: https://x.example/\ntopic: t\n"
_OUT: dict[str, tuple[str, list[tuple[str, Reach]]]] = {
    "a secret in the address": ("url: https://x.example/${HOME}\n", [("url", Reach.ENVIRONMENT)]),
    "one in a text with an escape of YAML": ('url: "https://x.example/\\x24{HOME}"\n', [("url", Reach.ENVIRONMENT)]),
    "one that is split over two lines": ('url: "https://x.example/$\\\n  {HOME}"\n', [("url", Reach.ENVIRONMENT)]),
    "one without an end": ("url: https://x.example/${HOME\n", [("url", Reach.ENVIRONMENT)]),
    "a sign that stands for itself": ("url: https://x.example/$${HOME}\n", [("url", Reach.ENVIRONMENT)]),
    "one in what it calls itself": ("user_agent: ${TOKEN}\n", [("user_agent", Reach.ENVIRONMENT)]),
    "one deep within": ("extract: {a: {css: p, map: {b: '${TOKEN}'}}}\n", [("extract", Reach.ENVIRONMENT)]),
    "one in a key": ("extract: {'${TOKEN}': p}\n", [("extract", Reach.ENVIRONMENT)]),
    "one in a modest header": ("headers: {Accept: '${TOKEN}'}\n", [("headers", Reach.ENVIRONMENT)]),
    "one in a name": ("name: ${TOKEN}\n", [("name", Reach.ENVIRONMENT)]),
    "the private network": ("allow_private: true\n", [("allow_private", Reach.PRIVATE)]),
    "the private network, in other words": ("allow_private: yes\n", [("allow_private", Reach.PRIVATE)]),
    "the private network, as a number": ("allow_private: 0\n", [("allow_private", Reach.PRIVATE)]),
    "a proxy": ("proxy: http://10.0.0.1:3128\n", [("proxy", Reach.PROXY)]),
    "no certificate": ("verify: false\n", [("verify", Reach.UNVERIFIED)]),
    "a header": ("headers: {Authorization: Bearer x}\n", [("headers", Reach.REQUEST)]),
    "the name of a host": ("headers: {Accept: text/html, HOST: intern}\n", [("headers", Reach.REQUEST)]),
    "headers that are none": ("headers: x\n", [("headers", Reach.REQUEST)]),
    "cookies": ("cookies: {session: x}\n", [("cookies", Reach.REQUEST)]),
    "a user and a password": ("auth: {user: x, password: y}\n", [("auth", Reach.REQUEST)]),
    "a body": ("body: {a: 1}\n", [("body", Reach.REQUEST)]),
    "another method": ("method: POST\n", [("method", Reach.REQUEST)]),
    "many watches of one": ("for_each: [a]\n", [("for_each", Reach.FOR_EACH)]),
    "a secret that is put together": (
        'for_each: {a: {one: "$", two: "{HOME}"}}\nurl: https://x.example/{each.one}{each.two}\n',
        [("for_each", Reach.FOR_EACH)],
    ),
    "a merge key": ("<<: {allow_private: true}\n", [("<<", Reach.FOR_EACH)]),
    "a list of merge keys": ("<<: [{proxy: x}]\n", [("<<", Reach.FOR_EACH)]),
    "an alias of true": ("tags: &yes true\nallow_private: *yes\n", [("allow_private", Reach.PRIVATE)]),
    "an alias of a mapping": (
        "extract: &a {Authorization: x}\nheaders: *a\n",
        [("headers", Reach.REQUEST)],
    ),
    "two of them": ("verify: false\nproxy: x\n", [("verify", Reach.UNVERIFIED), ("proxy", Reach.PROXY)]),
}
_IN = {
    "a bare watch": _FINE,
    "what says no": "allow_private: false\nverify: true\nproxy: none\nmethod: GET\n",
    "headers that choose a language": "headers: {Accept-Language: de, accept: text/html, Referer: https://x.example/}\n",
    "values that are called so": "extract: {proxy: .proxy, headers: .headers, allow_private: .x}\n",
    "a price in a message": 'message: {summary: "now ${{ price }}"}\n',
    "a date in the address": "url: https://x.example/{today+1d:%Y-%m-%d}\n",
    "an expression with its end": 'ignore_text: ["x$", "a{2}"]\n',
}
_DEFAULTS: dict[str, tuple[str, str, list[OutOfReach]]] = {
    "the private network": (
        "allow_private: true\n",
        _FINE,
        [OutOfReach(key="allow_private", reach=Reach.PRIVATE, is_default=True)],
    ),
    "the private network, which the watch refuses": ("allow_private: true\n", _FINE + "allow_private: false\n", []),
    "a certificate that the watch looks at": ("verify: false\n", _FINE + "verify: true\n", []),
    "a proxy that the watch does not take": ("proxy: http://10.0.0.1:1\n", _FINE + "proxy: none\n", []),
    "a secret that is sent beside the watch's own": (
        "headers: {Authorization: '${TOKEN}'}\n",
        _FINE + "headers: {Accept: text/html}\n",
        [OutOfReach(key="headers", reach=Reach.ENVIRONMENT, is_default=True)],
    ),
    "a cookie": ("cookies: {a: b}\n", _FINE, [OutOfReach(key="cookies", reach=Reach.REQUEST, is_default=True)]),
    "what all may have": ("topic: news\nevery: 1h\nuser_agent: me\n", _FINE, []),
}


@pytest.mark.parametrize("name", _OUT)
def test_what_reaches_further_is_for_the_file_alone(name: str) -> None:
    text, expected = _OUT[name]
    assert [(each.key, each.reach) for each in out_of_reach(yaml_reader.read(text, file="f").value)] == expected


@pytest.mark.parametrize("name", _IN)
def test_what_reads_public_pages_is_within_reach(name: str) -> None:
    assert out_of_reach(yaml_reader.read(_IN[name], file="f").value) == []


@pytest.mark.parametrize("name", _DEFAULTS)
def test_what_a_watch_takes_from_the_defaults_counts(name: str) -> None:
    defaults, watch, expected = _DEFAULTS[name]
    read = [yaml_reader.read(text, file="f").value for text in (watch, defaults)]
    assert out_of_reach(*read) == expected


@pytest.mark.parametrize(
    ("line", "has_login"),
    [
        ("proxy: http://user:s3cr3t@10.0.0.1:3128\n", True),
        ("proxy: http://10.0.0.1:3128\n", False),
        ("proxy: none\n", False),
        ("headers: {X-Key: s3cr3t}\n", True),
        ("headers: {Accept: text/html}\n", False),
        ("cookies: {a: b}\n", True),
    ],
)
def test_what_may_be_a_login_is_known(line: str, *, has_login: bool) -> None:
    assert may_have_login(yaml_reader.read(_FINE + line, file="f").value) is has_login


@pytest.mark.parametrize("odd", [None, "x", 1, [], ["a"]], ids=repr)
def test_what_is_no_watch_reaches_nothing(odd: object) -> None:
    assert out_of_reach(odd, odd) == []  # type: ignore[arg-type]
