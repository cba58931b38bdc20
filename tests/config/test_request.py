from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import pytest

from tests.config.files import mistake, mistakes, read, watch
from watcher.config import parse
from watcher.config.request import StandIns
from watcher.core.redaction import redacted
from watcher.core.watch import Lane
from watcher.errors import UnsetError
from watcher.fetch.hop import first_hop

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


@pytest.mark.parametrize(
    "written",
    [
        "url: '${NAME}'",
        "url: 'https://${NAME}/'",
        "url: 'https://x.example/{today+${NAME}d}'",
        "url: https://x.example/\n    proxy: '${NAME}'",
        "url: https://x.example/\n    cookies: {a: '${NAME}'}",
        "url: https://x.example/\n    auth: {user: '${NAME}', password: '${NAME}'}",
        "url: https://x.example/\n    body: {a: ['${NAME}']}",
    ],
)
def test_what_stands_in_for_an_unset_one_is_no_mistake_and_is_sent_nowhere(written: str) -> None:
    text = f"watches:\n  w:\n    topic: t\n    {written}\n  z: {{url: 'https://y.example/', topic: t}}\n"
    watches = parse(text, file="f", environ=StandIns({})).watches
    assert (watches["w"].request.unset, watches["z"].request.unset) == (("NAME",), ())
    with pytest.raises(UnsetError, match=r"\$\{NAME\} is not set"):
        first_hop(watches["w"].request)


def test_defaults_that_need_an_unset_one_stop_all_that_take_it() -> None:
    text = "defaults: {topic: t, headers: {X-Key: '${NAME}'}}\nwatches: {w: {url: 'https://x.example/'}}\n"
    assert parse(text, file="f", environ=StandIns({})).watches["w"].request.unset == ("NAME",)


@pytest.mark.parametrize(
    "body",
    [
        "headers: {X-Key: '${WATCHER_SECRET_KEY}'}",
        "cookies: {key: '${WATCHER_DATABASE}'}",
        "body: {key: ['${WATCHER_SMTP_URL}']}",
        "user_agent: 'x ${WATCHER_WECHAT_SECRET}'",
        "proxy: '${WATCHER_UPSTREAM_URL}'",
    ],
)
def test_no_setting_of_our_own_is_sent_to_a_page(body: str) -> None:
    names = ("SECRET_KEY", "DATABASE", "SMTP_URL", "WECHAT_SECRET", "UPSTREAM_URL")
    told = mistake(body, {f"WATCHER_{name}": SECRET for name in names})
    assert "} is a setting of watcher itself, and is sent to no page" in told
    assert SECRET not in told


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


def test_a_header_may_be_written_once() -> None:
    assert "is the same header as `Accept`" in mistake("headers: {Accept: a, accept: b}")


WRONG_URLS = {
    "x.example/": "begins with https:// or http://",
    "ftp://x.example/": "begins with https:// or http://",
    "file:///etc/passwd": "begins with https:// or http://",
    "https://": "with a valid host name",
    "https://:80/": "with a valid host name",
    "https://a..b/": "with a valid host name",
    "https://x.example:http/": "port is no number",
    "https://x.example:99999/": "port is no number",
    "https://x.example:0/": "port is no number",
    "https://[::1/": "must be a URL",
    "https://user:pass@x.example/": "without credentials",
    "https://user@x.example/": "without credentials",
    "https://x.example/a b": "without spaces",
    "https://x.example/a\u200bb": "characters that cannot be seen",
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


def test_a_request_says_how_it_is_made() -> None:
    request = watch(
        """
        method: PUT
        cookies: {session: "${TOKEN}", n: 5}
        user_agent: me/${N}
        proxy: http://user:${TOKEN}@10.0.0.1:3128
        max_bytes: 5000
        verify: false
        body: a=${TOKEN}
        """,
        {"TOKEN": SECRET, "N": "1"},
    ).request
    assert (request.method, request.body) == ("PUT", f"a={SECRET}".encode())
    assert request.cookies == {"session": SECRET, "n": "5"}
    assert request.user_agent == "me/1"
    assert request.proxy == f"http://user:{SECRET}@10.0.0.1:3128"
    assert request.max_body_bytes == 5000
    assert not request.verify
    assert request.headers == {}


def test_a_mapping_is_sent_as_json_with_its_secrets() -> None:
    request = watch("body: {a: ['${TOKEN}', 1, 1.5, true], 票: {b: x}}", {"TOKEN": 'a"b'}).request
    assert request.method == "POST"
    assert request.headers == {"Content-Type": "application/json"}
    assert json.loads(request.body or b"") == {"a": ['a"b', 1, 1.5, True], "票": {"b": "x"}}


def test_a_content_type_of_ones_own_counts() -> None:
    request = watch("method: GET\nbody: [1]\nheaders: {content-type: application/x}").request
    assert request.headers == {"content-type": "application/x"}
    assert request.method == "GET"


def test_a_user_agent_among_the_headers_is_the_user_agent() -> None:
    request = watch("headers: {user-agent: me, A: b}").request
    assert (request.user_agent, request.headers) == ("me", {"A": "b"})


def test_the_request_of_the_defaults_is_a_watchs_unless_it_says_otherwise() -> None:
    file = read(
        """
        defaults: {topic: t, proxy: "http://p:1", user_agent: us, cookies: {a: x, b: y}, body: z, verify: false}
        watches:
          a: {url: "https://x.example/"}
          b:
            url: https://x.example/
            proxy: none
            headers: {User-Agent: me}
            cookies: {b: w}
            body: {}
            verify: true
        """
    )
    a, b = file.watches["a"].request, file.watches["b"].request
    assert (a.proxy, a.user_agent, a.verify) == ("http://p:1", "us", False)
    assert (b.proxy, b.user_agent, b.verify) == (None, "me", True)
    assert (a.cookies, a.body) == ({"a": "x", "b": "y"}, b"z")
    assert (b.cookies, b.body) == ({"a": "x", "b": "w"}, b"{}")


@pytest.mark.parametrize(
    "url", ["https://x.example/{today}", "https://x.example/?d={today+14d:%d.%m.%Y}&{a}", "https://x.example/{id}"]
)
def test_a_url_may_hold_dates_and_keeps_them(url: str) -> None:
    assert read(f'watches:\n  w: {{topic: t, url: "{url}"}}').watches["w"].request.url == url


WRONG = {
    "a date that is none": ("{today+14}", "is no date: write {today}, {today+14d}"),
    "a date with blanks": ("{today:%d %m}", "must be a URL without spaces"),
    "a date out of the calendar": ("{today+9999y}", "lies outside of the calendar"),
}


@pytest.mark.parametrize(("date", "told"), WRONG.values(), ids=WRONG)
def test_a_date_in_a_url_is_judged_when_the_file_is_read(date: str, told: str) -> None:
    [only] = mistakes(f'watches:\n  w: {{topic: t, url: "https://x.example/{date}"}}')
    assert told in only


WRONG_REQUESTS = {
    "another method": ("method: get", "must be one of GET, POST, PUT, PATCH; got 'get'"),
    "a cookie without a name": ("cookies: {'a b': c}", "is no name of a cookie"),
    "a cookie with blanks": ("cookies: {a: b c}", "holds a space"),
    "a body that is true": ("body: true", "must be a text, or a mapping or a list, which is sent as JSON; got true"),
    "a long body": (
        f"name: &a {'x' * 60_000}\nbody: {{{', '.join(f'k{n}: *a' for n in range(20))}}}",
        "watches.w.body: has 1,200,",
    ),
    "a proxy by TLS": ("proxy: https://p.example", "must be the URL of an HTTP proxy"),
    "a proxy without a host": ("proxy: p.example:80", "must be the URL of an HTTP proxy"),
    "a proxy of a wrong port": ("proxy: http://p.example:99999", "must be the URL of an HTTP proxy"),
    "a user agent of two lines": ('user_agent: "a\\nb"', "holds a line break"),
    "two user agents": ("user_agent: a\nheaders: {User-Agent: b}", "there is a `user_agent` already"),
    "two kinds of cookies": ("cookies: {a: b}\nheaders: {Cookie: c=d}", "there are `cookies` already"),
    "a page of nothing": ("max_bytes: 10", "must be from 1,000 to 100,000,000; got 10"),
    "a secret of a body": ("body: [{a: '${TOKEN}'}]", "5:16: watches.w.body[0].a: ${TOKEN} is not set"),
}


@pytest.mark.parametrize(("body", "told"), WRONG_REQUESTS.values(), ids=WRONG_REQUESTS)
def test_a_request_that_cannot_be_made_is_an_error(body: str, told: str) -> None:
    assert told in mistake(body)


def test_a_proxy_that_is_none_is_not_shown() -> None:
    assert SECRET not in mistake("proxy: 'ftp://${TOKEN}@p'", {"TOKEN": SECRET})


_AUTH = """
    defaults: {auth: {user: ann, password: "${PW}"}, topic: t}
    watches:
      plain: {url: "https://x.example/"}
      other: {url: "https://x.example/o", auth: {user: bob, password: "${OTHER}"}, headers: {Accept: text/html}}
      token: {url: "https://x.example/t", headers: {authorization: "Bearer x"}}
    """


def test_basic_auth_is_a_user_and_a_secret_and_what_is_sent_is_one_too() -> None:
    watches = read(_AUTH, {"PW": SECRET, "OTHER": "other-secret"}).watches
    sent = {id_: dict(each.request.headers) for id_, each in watches.items()}
    basic = b64encode(f"ann:{SECRET}".encode()).decode()
    assert sent["plain"] == {"Authorization": f"Basic {basic}"}
    assert sent["other"] == {
        "Accept": "text/html",
        "Authorization": f"Basic {b64encode(b'bob:other-secret').decode()}",
    }
    assert sent["token"] == {"authorization": "Bearer x"}
    secrets = watches["plain"].request.secrets
    assert redacted(f"you sent {basic} and {SECRET}", secrets) == "you sent *** and ***"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("auth: {user: ann}", "password"),
        ("auth: {user: 'a:b', password: x}", "holds a colon"),
        ("headers: {authorization: y}\nauth: {user: ann, password: x}", "there is `auth` already"),
        ("auth: {user: ann, password: '${PW}'}", "${PW} is not set"),
        ("auth: ann", "mapping"),
    ],
)
def test_half_of_a_login_or_two_of_them_are_a_mistake(body: str, said: str) -> None:
    assert said in mistake(body)
