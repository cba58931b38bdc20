from __future__ import annotations

from datetime import timedelta

import pytest

from tests.config.files import mistake, mistakes, read, watch
from watcher.core.watch import Lane

SECRET = "hunter2-hunter2"


def test_a_request_says_all_that_the_watch_says() -> None:
    request = watch(
        """
        timeout: 1m30s
        encoding: gb2312
        allow_private: true
        headers: {Accept-Language: en, X-Number: 7}
        per_host: {concurrency: 4, min_delay: 250ms}
        """
    ).request
    assert request.timeout == timedelta(seconds=90)
    assert request.encoding == "gb2312"
    assert request.allow_private
    assert request.headers == {"Accept-Language": "en", "X-Number": "7"}
    assert request.lane == Lane(concurrency=4, min_delay=timedelta(milliseconds=250))


def test_secrets_come_from_the_environment() -> None:
    text = """
        watches:
          w:
            url: https://x.example/?key=${KEY}
            topic: t
            headers: {Authorization: "Bearer ${TOKEN}", X-Plain: "$${TOKEN} $5"}
        """
    request = read(text, {"TOKEN": SECRET, "KEY": "k"}).watches["w"].request
    assert request.url == "https://x.example/?key=k"
    assert request.headers == {"Authorization": f"Bearer {SECRET}", "X-Plain": "${TOKEN} $5"}


def test_an_unset_secret_is_an_error_that_names_it() -> None:
    assert mistake("headers: {Authorization: '${TOKEN}'}") == (
        "5:30: watches.w.headers.Authorization: ${TOKEN} is not set in the environment"
    )


@pytest.mark.parametrize("written", ["${TOKEN", "${}", "${a b}"])
def test_a_secret_that_is_misspelled_is_an_error(written: str) -> None:
    assert "`${` begins a secret such as ${NAME}" in mistake(f"headers: {{A: 'Bearer {written}'}}", {"TOKEN": SECRET})


@pytest.mark.parametrize("value", [f"{SECRET}\nX: y", f"{SECRET}\0"])
def test_a_secret_that_cannot_be_sent_is_not_shown(value: str) -> None:
    told = mistake("headers: {A: '${TOKEN}'}", {"TOKEN": value})
    assert "holds a line break" in told
    assert SECRET not in told


@pytest.mark.parametrize("name", ["A B", "A:", "é", "''"])
def test_a_header_must_have_a_name_of_one(name: str) -> None:
    assert "is no name of a header" in mistake(f"headers: {{{name}: x}}")


def test_a_header_may_stand_once() -> None:
    assert "is the same header as `Accept`" in mistake("headers: {Accept: a, accept: b}")


WRONG_URLS = {
    "x.example/": "begins with https:// or http://",
    "ftp://x.example/": "begins with https:// or http://",
    "file:///etc/passwd": "begins with https:// or http://",
    "https://": "with a host",
    "https://:80/": "with a host",
    "https://x.example:http/": "port is no number",
    "https://x.example:99999/": "port is no number",
    "https://x.example:0/": "with a host",
    "https://[::1/": "must be a URL",
    "https://user:pass@x.example/": "without credentials",
    "https://user@x.example/": "without credentials",
    "https://x.example/a b": "without blanks",
}


@pytest.mark.parametrize("url", WRONG_URLS)
def test_a_url_must_be_one_of_a_page(url: str) -> None:
    [told] = mistakes(f'watches:\n  w: {{topic: t, url: "{url}"}}')
    assert WRONG_URLS[url] in told
    assert "pass" not in told.replace("file:///etc/passwd", "")


@pytest.mark.parametrize(
    "url", ["http://localhost:8400/", "https://例え.example/路径?q=票", "HTTP://X.EXAMPLE", "http://[::1]/"]
)
def test_a_url_is_taken_as_it_is(url: str) -> None:
    assert read(f'watches:\n  w: {{topic: t, url: "{url}"}}').watches["w"].request.url == url


@pytest.mark.parametrize("label", ["gbk", "GB2312", "utf-8", "windows-1252", "x-sjis", "big5", "koi8-r"])
def test_a_charset_that_browsers_know_is_taken(label: str) -> None:
    assert watch(f"encoding: {label}").request.encoding == label


@pytest.mark.parametrize("label", ["klingon", "hex", "rot13", "'a\\0b'"])
def test_a_charset_that_nobody_knows_is_an_error(label: str) -> None:
    assert "must be a charset such as gbk or utf-8" in mistake(f"encoding: {label}")
