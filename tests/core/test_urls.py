from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from watcher.core.urls import (
    Url,
    UrlFault,
    escaped,
    host_of,
    is_private_host,
    opens_app,
    port_of,
    read_base_url,
    read_url,
    read_web_url,
    with_scheme,
    without_login,
)

LONG_LABEL = "a" * 63
GOOD = {
    "https://x.example": ("https", "x.example", 443),
    "http://x.example/a/b?c=d#e": ("http", "x.example", 80),
    "HTTPS://X.Example:8443": ("https", "x.example", 8443),
    "http://x.example:": ("http", "x.example", 80),
    "http://x.example:00080/": ("http", "x.example", 80),
    "http://x.example:65535/": ("http", "x.example", 65535),
    "http://x.example./": ("http", "x.example.", 80),
    "http://my_nas/": ("http", "my_nas", 80),
    "http://192.168.1.7:8400": ("http", "192.168.1.7", 8400),
    "http://[::1]/": ("http", "::1", 80),
    "http://[2001:DB8::1]:8080/": ("http", "2001:db8::1", 8080),
    "http://[fe80::1%25eth0]/": ("http", "fe80::1%25eth0", 80),
    "https://例え.example/路径?q=票": ("https", "例え.example", 443),
    "https://faß.de/": ("https", "faß.de", 443),
    "https://xn--fa-hia.de/": ("https", "xn--fa-hia.de", 443),
    "https://user:pw@x.example/": ("https", "x.example", 443),
    "https://me@work@x.example/": ("https", "x.example", 443),
    "https://fa.wikipedia.org/wiki/می\u200cخواهم": ("https", "fa.wikipedia.org", 443),
    f"http://{LONG_LABEL}.example/": ("http", f"{LONG_LABEL}.example", 80),
    r"https://x.example/a\b": ("https", "x.example", 443),
}
WRONG = {
    "": UrlFault.SCHEME,
    "word": UrlFault.SCHEME,
    "x.example/a": UrlFault.SCHEME,
    "//x.example/": UrlFault.SCHEME,
    "/path": UrlFault.SCHEME,
    "ftp://x.example/": UrlFault.SCHEME,
    "javascript://x.example/%0aalert(1)": UrlFault.SCHEME,
    "1http://x.example/": UrlFault.SCHEME,
    " https://x.example/": UrlFault.CHARACTERS,
    "https://x.example/\n": UrlFault.CHARACTERS,
    "https://x.example/a b": UrlFault.CHARACTERS,
    "https://x.example/a\tb": UrlFault.CHARACTERS,
    "https://x.example/a\u3000b": UrlFault.CHARACTERS,
    "https://x.example/\x00": UrlFault.CHARACTERS,
    "https://x.example/\x9b": UrlFault.CHARACTERS,
    "https://x.example/\u202egpj.exe": UrlFault.CHARACTERS,
    "https://e\u200bvil.example/": UrlFault.CHARACTERS,
    "https://x.example/\ud83d": UrlFault.CHARACTERS,
    "https://x.example/\u061cx": UrlFault.CHARACTERS,
    "https://x.example/\u180ex": UrlFault.CHARACTERS,
    "https://x.example/\u2062x": UrlFault.CHARACTERS,
    "https://x.example/\u206ax": UrlFault.CHARACTERS,
    "https://x.example/\ufff9x": UrlFault.CHARACTERS,
    "https://x.example/\U000e0041x": UrlFault.CHARACTERS,
    "https:": UrlFault.HOST,
    "https:x.example": UrlFault.HOST,
    "https:/x.example": UrlFault.HOST,
    "https://": UrlFault.HOST,
    "https:///a": UrlFault.HOST,
    "https://:443/": UrlFault.HOST,
    "https://user@": UrlFault.HOST,
    "https://x..example/": UrlFault.HOST,
    "https://.example/": UrlFault.HOST,
    "https://x.ex%61mple/": UrlFault.HOST,
    "https://x<y.example/": UrlFault.HOST,
    "https://***.example/": UrlFault.HOST,
    f"https://a{LONG_LABEL}.example/": UrlFault.HOST,
    f"https://{'a.' * 127}b/": UrlFault.HOST,
    "https://a℀b.example/": UrlFault.HOST,
    "https://a\u3164b.example/": UrlFault.HOST,
    "https://xn--a.example/": UrlFault.HOST,
    "https://xn--ls8h=.example/": UrlFault.HOST,
    "https://[::1/": UrlFault.HOST,
    "https://::1/": UrlFault.HOST,
    "https://[::1]x/": UrlFault.HOST,
    "https://x[::1]/": UrlFault.HOST,
    "https://[x.example]/": UrlFault.HOST,
    "https://[v1.a]/": UrlFault.HOST,
    r"https://good.example\@x.example/": UrlFault.HOST,
    "https://[@x.example/": UrlFault.HOST,
    "https://x.example:0/": UrlFault.PORT,
    "https://x.example:65536/": UrlFault.PORT,
    "https://x.example:99999999999/": UrlFault.PORT,
    "https://x.example:http/": UrlFault.PORT,
    "https://x.example:-1/": UrlFault.PORT,
    "https://x.example:٤٤/": UrlFault.PORT,
    "https://x.example:80:80/": UrlFault.PORT,
}


@pytest.mark.parametrize("text", GOOD)
def test_a_web_url_is_read_into_its_parts(text: str) -> None:
    url = read_web_url(text)
    assert isinstance(url, Url)
    assert (url.scheme, url.host, url.port) == GOOD[text]
    assert (URL(text).scheme, URL(text).port) == (url.scheme, url.port)


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_what_is_none_is_refused_for_the_first_part_that_is_wrong(text: str) -> None:
    assert read_web_url(text) is WRONG[text]


def test_path_query_fragment_and_login_are_as_they_are_written() -> None:
    url = read_web_url("https://U%40:p@x.example/A%2f/?q=1?2#f?#")
    assert isinstance(url, Url)
    assert (url.login, url.path, url.query, url.fragment) == ("U%40:p", "/A%2f/", "q=1?2", "f?#")
    assert url.has_login
    assert "p@" not in repr(url)


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("https://x.example/push/", Url),
        ("https://x.example", Url),
        ("https://user@x.example/", UrlFault.LOGIN),
        ("https://@x.example/", UrlFault.LOGIN),
        ("https://x.example/?", UrlFault.REST),
        ("https://x.example/?q=1", UrlFault.REST),
        ("https://x.example/#", UrlFault.REST),
        ("ftp://x.example/", UrlFault.SCHEME),
    ],
)
def test_a_base_url_ends_with_its_path_and_has_no_login(text: str, judged: object) -> None:
    found = read_base_url(text)
    assert (found if isinstance(found, UrlFault) else Url) is judged


def test_other_schemes_are_taken_where_they_are_meant_and_have_no_port_of_their_own() -> None:
    url = read_url("smtp+starttls://mail.example.org", frozenset({"smtp", "smtp+starttls"}))
    assert isinstance(url, Url)
    assert (url.scheme, url.port) == ("smtp+starttls", 0)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("https://X.example:443/a", "x.example"),
        ("http://x.example:443/a", "x.example:443"),
        ("http://[::1]:80", "[::1]"),
        ("http://[::1]:8400", "[::1]:8400"),
    ],
)
def test_a_server_is_named_as_browsers_name_it(text: str, server: str) -> None:
    url = read_web_url(text)
    assert isinstance(url, Url)
    assert url.server == server


def test_what_is_no_web_url_has_no_host_and_no_port() -> None:
    assert (host_of("https://X.example:1/"), port_of("https://X.example:1/")) == ("x.example", 1)
    assert (host_of("ftp://x.example"), port_of("ftp://x.example")) == ("", None)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("weixin://dl/business/?t=x", True),
        ("com.example.app://x", True),
        ("tel:10086", True),
        ("MAILTO:me@x.example", True),
        ("app://", False),
        ("app://[::1", False),
        ("app://x y", False),
        ("app://x\u202ey", False),
        ("https://x.example/", False),
        ("javascript://%0aalert(1)", False),
        ("JavaScript:alert(1)", False),
        ("view-source://x.example", False),
        ("data://text/html,x", False),
        ("sms:10086", False),
    ],
)
def test_a_link_opens_an_app_or_does_not(text: str, is_one: bool) -> None:
    assert opens_app(text) is is_one


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("https://user:p%40@X.example/a@b?c@d", "https://X.example/a@b?c@d"),
        ("https://a@b@x.example?c@d", "https://x.example?c@d"),
        ("https://x.example/@me", "https://x.example/@me"),
        ("https://x.example", "https://x.example"),
    ],
)
def test_a_login_is_cut_out_and_nothing_else(text: str, without: str) -> None:
    assert without_login(text) == without


def test_what_a_page_writes_into_its_links_is_percent_encoded() -> None:
    assert escaped("https://x.example/a b\u3000\ud83dé") == "https://x.example/a%20b%E3%80%80%3Fé"


_SIGNS = list(":/\\@?#[]10.-_x%v=ß例é℀\u3164。\u200cא🙂İ\u0660²℡\u0301")
_WORDS = ["http", "https", "://", "//", "::1", "80", "..", "example", "xn--", "xn--fa-hia", "%25", "eth0"]
_PIECES = st.sampled_from(_SIGNS + _WORDS)
_TEXTS = st.lists(_PIECES, max_size=12).map("".join)


@given(st.one_of(st.text(), _TEXTS, _TEXTS.map("https://".__add__), _TEXTS.map("http://x".__add__)))
def test_what_is_taken_is_asked_for_at_the_very_host_and_port(text: str) -> None:
    judged = read_web_url(text)
    if isinstance(judged, UrlFault):
        return
    asked = URL(text)
    assert (asked.scheme, asked.port) == (judged.scheme, judged.port)
    assert judged.has_login or (asked.user, asked.password) == (None, None)
    assert asked.host
    if judged.host.isascii() and "%" not in judged.host and ":" not in judged.host:
        assert asked.raw_host == judged.host


@pytest.mark.parametrize("typed", ["shop.example", "shop.example:8443/book?id=1", "票.example/", "192.0.2.1/"])
def test_an_address_that_is_typed_without_a_scheme_is_taken_over_https(typed: str) -> None:
    assert with_scheme(typed) == f"https://{typed}"


@pytest.mark.parametrize(
    "typed",
    ["", "http://x.example", "HTTPS://x.example", "ftp://x.example", "mailto:a@x.example", "javascript:a.b", "${A}.b"],
)
def test_what_has_a_scheme_or_is_no_address_stays_as_it_was_typed(typed: str) -> None:
    assert with_scheme(typed) == typed


PRIVATE = ["localhost", "nas.localhost", "10.0.0.1", "100.64.0.1", "127.0.0.1", "192.88.99.1", "::1", "[fd00::1]"]


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_that_every_check_would_be_denied_is_private(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize("host", ["x.example", "8.8.8.8", "[2606:4700::1111]", "", "10.0.0", "localhost.example"])
def test_any_other_host_may_be_public(host: str) -> None:
    assert not is_private_host(host)
