from __future__ import annotations

import pytest
from yarl import URL

from watcher.core.watch import Request
from watcher.errors import RedirectError
from watcher.fetch.hop import Hop, first_hop, show

HEADERS = {"X-Key": "s3cret"}


def hop(url: str) -> Hop:
    return Hop(url=URL(url), headers=HEADERS)


@pytest.mark.parametrize(
    ("start", "location", "url", "keeps_headers"),
    [
        ("https://a.example/x", "/y", "https://a.example/y", True),
        ("https://a.example/x/", "y?z#f", "https://a.example/x/y?z", True),
        ("https://a.example/x", "https://A.example:443/y", "https://a.example/y", True),
        ("https://a.example/x", "//b.example/y", "https://b.example/y", False),
        ("https://a.example/x", "https://a.example:444/", "https://a.example:444/", False),
        ("https://a.example/x", "https://sub.a.example/", "https://sub.a.example/", False),
        ("http://a.example/x", "https://a.example/x", "https://a.example/x", False),
        ("https://a.example/x", "https://u:p@a.example/y", "https://a.example/y", True),
        ("https://a.example/x", "https://a.example@b.example/", "https://b.example/", False),
    ],
)
def test_headers_follow_within_the_origin_alone(start: str, location: str, url: str, keeps_headers: bool) -> None:
    then = hop(start).follow(location)

    assert str(then.url) == url
    assert then.headers == (HEADERS if keeps_headers else {})
    assert then.redirects == 1


def test_https_does_not_lead_to_http_with_headers() -> None:
    with pytest.raises(RedirectError, match="from https to http"):
        hop("https://a.example/x").follow("http://a.example/x")


def test_https_leads_to_http_when_there_is_nothing_to_lose() -> None:
    start = first_hop(Request(url="https://a.example/x"))
    assert str(start.follow("http://a.example/x").url) == "http://a.example/x"


def test_a_login_in_the_url_is_a_header_that_a_configured_one_beats() -> None:
    url = "https://me:pass@a.example/"

    assert first_hop(Request(url=url)).headers == {"Authorization": "Basic bWU6cGFzcw=="}
    assert first_hop(Request(url=url, headers={"Authorization": "x"})).headers == {"Authorization": "x"}
    assert str(first_hop(Request(url=url)).url) == "https://a.example/"


def test_a_shown_url_has_no_secrets_and_no_length() -> None:
    assert show(URL("https://u:p@a.example/b?token=c#d")) == "https://a.example/b"
    assert len(show(URL("https://a.example/" + "x" * 5_000))) == 120
