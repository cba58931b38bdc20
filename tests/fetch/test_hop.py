from __future__ import annotations

import pytest
from msgspec.structs import replace
from yarl import URL

from watcher.core.watch import Request
from watcher.errors import BlockedError, RedirectError
from watcher.fetch.hop import Hop, first_hop, onward, show

HEADERS = {"X-Key": "s3cret"}


def hop(url: str) -> Hop:
    return Hop(url=URL(url), headers=HEADERS)


@pytest.mark.parametrize(
    ("start", "location", "url", "keeps_headers"),
    [
        ("https://a.example/x", "/y", "https://a.example/y", True),
        ("https://a.example/x/", "y?z#f", "https://a.example/x/y?z", True),
        ("https://a.example/x", "https://A.example:443/y", "https://a.example/y", True),
        ("https://a.example/x", "//www.a.example/y", "https://www.a.example/y", False),
        ("https://www.a.example/x", "//a.example/y", "https://a.example/y", False),
        ("https://a.example/x", "https://a.example:444/", "https://a.example:444/", False),
        ("http://a.example/x", "https://a.example/x", "https://a.example/x", False),
        ("http://a.example/x", "https://WWW.a.example/x", "https://www.a.example/x", False),
        ("https://a.example/x", "https://u:p@a.example/y", "https://a.example/y", True),
    ],
)
def test_headers_follow_within_the_origin_alone(start: str, location: str, url: str, keeps_headers: bool) -> None:
    then = hop(start).follow(location, status=302)

    assert str(then.url) == url
    assert then.headers == (HEADERS if keeps_headers else {})
    assert then.redirects == 1


@pytest.mark.parametrize(
    "location",
    [
        "https://b.example/y",
        "//b.example/y",
        "https://sub.a.example/",
        "https://wwww.a.example/",
        "https://a.example@b.example/",
        "https://a.example.b.example/",
        "https://xa.example/",
    ],
)
def test_another_host_is_not_followed_to(location: str) -> None:
    with pytest.raises(RedirectError, match=r"https://a.example/x redirects to .*; if the page lives there now, write"):
        hop("https://a.example/x").follow(location, status=302)


POST = Hop(
    url=URL("https://a.example/x"),
    headers={"content-type": "text/plain", "X-Key": "1"},
    method="POST",
    body=b"question",
)


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 301, "PUT"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
        ("PUT", 307, "PUT"),
    ],
)
def test_a_redirect_repeats_the_body_or_turns_into_get(method: str, status: int, then: str) -> None:
    hop = replace(POST, method=method).follow("/y", status=status)

    assert hop.method == then
    assert hop.body == (None if then == "GET" else b"question")
    assert hop.headers == ({"X-Key": "1"} if then == "GET" else POST.headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_head_stays_one(status: int) -> None:
    assert Hop(url=URL("https://a.example/x"), headers={}, method="HEAD").follow("/y", status=status).method == "HEAD"


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_is_sent_to_no_other_origin(status: int) -> None:
    with pytest.raises(RedirectError, match=r"redirects a POST to https://a\.example:444/y, another origin"):
        POST.follow("https://a.example:444/y?token=1", status=status)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_nothing_of_a_post_goes_to_another_origin(status: int) -> None:
    hop = POST.follow("https://a.example:444/y", status=status)
    assert (hop.method, hop.body, hop.headers) == ("GET", None, {})


def test_a_get_that_is_repeated_elsewhere_leaves_its_body_behind() -> None:
    assert replace(POST, method="GET").follow("https://a.example:444/y", status=307).body is None


def test_cookies_are_one_header() -> None:
    hop = first_hop(Request(url="https://a.example/", cookies={"a": "1", "b": "2=3"}))
    assert hop.headers == {"Cookie": "a=1; b=2=3"}


ASKED = Request(url="https://a.example/list", headers=HEADERS, cookies={"id": "1"}, method="POST", body=b"q")


@pytest.mark.parametrize(
    ("link", "url", "keeps_secrets"),
    [
        ("https://a.example/list?p=2#top", "https://a.example/list?p=2", True),
        ("https://x:y@a.example/list?p=2", "https://a.example/list?p=2", True),
        ("http://a.example/list?p=2", "https://a.example/list?p=2", True),
        ("http://a.example:81/list?p=2", "http://a.example:81/list?p=2", False),
        ("https://www.a.example/list?p=2", "https://www.a.example/list?p=2", False),
    ],
)
def test_the_next_page_is_asked_for_as_the_first_within_its_origin(link: str, url: str, keeps_secrets: bool) -> None:
    request = onward(ASKED, "https://a.example/list", link)

    assert request.url == url
    assert (request.headers == HEADERS, request.cookies != {}, request.body == b"q") == (keeps_secrets,) * 3


def test_the_next_page_is_on_the_same_host() -> None:
    with pytest.raises(RedirectError, match=r"the next page of https://a.example/list is on b.example"):
        onward(ASKED, "https://a.example/list", "https://b.example/list?p=2")


@pytest.mark.parametrize(
    "link", ["https://a.example:99999999/", "https://a.example:0/p2", "https://xn--a.example/", "javascript:more()"]
)
def test_a_link_to_the_next_page_that_is_no_address_is_the_fault_of_the_page(link: str) -> None:
    with pytest.raises(RedirectError, match=r"the next page of https://a.example/list is no address"):
        onward(ASKED, "https://a.example/list", link)


def test_https_does_not_lead_to_http_with_headers() -> None:
    with pytest.raises(RedirectError, match="from https to http"):
        hop("https://a.example/x").follow("http://a.example/x", status=302)


def test_https_leads_to_http_when_there_is_nothing_to_lose() -> None:
    start = first_hop(Request(url="https://a.example/x"))
    assert str(start.follow("http://a.example/x", status=301).url) == "http://a.example/x"


def test_a_shown_url_has_no_secrets_and_no_length() -> None:
    assert show(URL("https://u:p@a.example/b?token=c#d")) == "https://a.example/b"
    assert len(show(URL("https://a.example/" + "x" * 5_000))) == 120


@pytest.mark.parametrize(
    "location",
    [
        "https://login.b.example/",
        "https://passport.b.example/x",
        "https://sec.b.example/x",
        "https://b.example/captcha?back=x",
        "https://b.example/account/Login",
    ],
)
def test_a_redirect_to_a_login_or_a_robot_check_elsewhere_is_a_wall(location: str) -> None:
    with pytest.raises(BlockedError, match="redirects to a login or a robot check on "):
        hop("https://a.example/x").follow(location, status=302)


@pytest.mark.parametrize("location", ["https://login.example/", "https://b.example/logins", "https://b.example/?login"])
def test_a_redirect_elsewhere_alone_is_no_wall(location: str) -> None:
    with pytest.raises(RedirectError):
        hop("https://a.example/x").follow(location, status=302)


def test_a_login_on_the_same_host_is_followed() -> None:
    assert str(hop("https://a.example/x").follow("/login", status=302).url) == "https://a.example/login"
