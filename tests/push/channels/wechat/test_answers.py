from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.push.channels.wechat.answers import (
    AccessToken,
    Callers,
    Failure,
    SceneCode,
    Taken,
    Trouble,
    as_callers,
    as_code,
    as_taken,
    as_token,
    read_answer,
)


def trouble(answer: object) -> Trouble | None:
    return answer.trouble if isinstance(answer, Failure) else None


def said(**fields: object) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *[(code, Trouble.TOKEN) for code in (40001, 40014, 42001)],
        *[(code, Trouble.GONE) for code in (43004, 43019, 43101, 40003)],
        (45009, Trouble.QUOTA),
        *[(code, Trouble.BUSY) for code in (45011, -1)],
        *[(code, Trouble.SET_UP) for code in (40013, 40125, 40164, 48001, 40036, 40037, 47003)],
        (40029, Trouble.REFUSED),
    ],
)
def test_each_errcode_means_one_thing_and_nothing_of_its_text_is_repeated(code: int, expected: Trouble) -> None:
    answer = read_answer(200, said(errcode=code, errmsg="openid oABC secret"))
    assert isinstance(answer, Failure)
    assert answer.trouble is expected
    assert str(code) in answer.reason
    assert "oABC" not in answer.reason
    assert "\n" not in answer.reason


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>sign in</html>",
        b"[]",
        b"1",
        b"null",
        b"{",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"errcode": ' + b"9" * 5_000 + b"}",
        b'{"errcode": 99999999999}',
        b'{"errcode": true}',
        b'{"errcode": "0"}',
        b'{"errcode": 0.0}',
        b'{"errcode": null}',
    ],
    ids=lambda body: body[:20].decode("latin-1") or "empty",
)
def test_an_answer_that_is_not_wechats_is_no_word_about_anybody(body: bytes) -> None:
    assert trouble(read_answer(200, body)) is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *[(status, Trouble.UNREACHABLE) for status in (100, 204, 301, 302, 408, 425, 429, 500, 502, 503, 999)],
        *[(status, Trouble.SET_UP) for status in (400, 401, 403, 404, 407)],
    ],
)
def test_another_http_status_is_never_a_success(status: int, expected: Trouble) -> None:
    assert trouble(read_answer(status, said(errcode=0))) is expected


def test_a_message_is_taken_only_when_wechat_says_so() -> None:
    assert as_taken(read_answer(200, said(errcode=0, errmsg="ok", msgid=2**63))) == Taken()
    assert trouble(as_taken(read_answer(200, said(msgid=1)))) is Trouble.UNREACHABLE


def test_an_access_token_is_read_and_never_shown() -> None:
    token = as_token(read_answer(200, said(access_token="62_abc", expires_in=7200)))
    assert token == AccessToken(value="62_abc", lasts=timedelta(hours=2))
    assert "62_abc" not in repr(token)


def test_no_token_is_believed_to_last_over_two_hours() -> None:
    token = as_token(read_answer(200, said(access_token="x", expires_in=9_999_999)))
    assert isinstance(token, AccessToken)
    assert token.lasts == timedelta(hours=2)


@pytest.mark.parametrize("value", [None, "", 1, "x" * 1025, "a\nb", "令牌", ["x"]])
def test_what_is_no_access_token_is_refused(value: object) -> None:
    assert trouble(as_token(read_answer(200, said(access_token=value, expires_in=7200)))) is Trouble.UNREACHABLE


@pytest.mark.parametrize("lasts", [None, 0, -1, "7200", 7200.0, True, 10**30])
def test_what_is_no_number_of_seconds_is_refused(lasts: object) -> None:
    assert trouble(as_token(read_answer(200, said(access_token="x", expires_in=lasts)))) is Trouble.UNREACHABLE
    code = said(url="http://weixin.qq.com/q/x", expire_seconds=lasts)
    assert trouble(as_code(read_answer(200, code))) is Trouble.UNREACHABLE


def test_a_refused_secret_is_the_operators_to_mend() -> None:
    failure = as_token(read_answer(200, said(errcode=40001)))
    assert isinstance(failure, Failure)
    assert failure.trouble is Trouble.SET_UP
    assert "WATCHER_WECHAT_SECRET" in failure.reason


@pytest.mark.parametrize(
    ("errmsg", "shown"),
    [
        ("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6-1", ": 203.0.113.9"),
        ("invalid ip 999.0.113.9, not in whitelist", ""),
        ("not in whitelist", ""),
        (7, ""),
    ],
)
def test_the_address_to_add_to_the_whitelist_is_named(errmsg: object, shown: str) -> None:
    failure = read_answer(200, said(errcode=40164, errmsg=errmsg))
    assert isinstance(failure, Failure)
    assert failure.reason == f"WeChat 40164: this server's address is not in the account's IP whitelist; add it{shown}"


def test_a_code_is_read() -> None:
    answer = read_answer(200, said(ticket="g", expire_seconds=60, url="http://weixin.qq.com/q/x"))
    assert as_code(answer) == SceneCode(url="http://weixin.qq.com/q/x", lasts=timedelta(minutes=1))


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "http://x\n", "https://" + "x" * 600, 1])
def test_a_code_without_an_address_is_refused(url: object) -> None:
    assert trouble(as_code(read_answer(200, said(expire_seconds=60, url=url)))) is Trouble.UNREACHABLE


def test_of_the_callers_only_addresses_are_kept() -> None:
    answer = read_answer(200, said(ip_list=["101.226.62.77", "101.226.103.0/25", "<b>", 1, None, "::1"]))
    assert as_callers(answer) == Callers(addresses=("101.226.62.77", "101.226.103.0/25", "::1"))
    assert trouble(as_callers(read_answer(200, said(ip_list="x")))) is Trouble.UNREACHABLE


@given(st.integers(100, 599), st.binary(max_size=200))
def test_any_answer_is_read_without_an_error(status: int, body: bytes) -> None:
    for read in (as_token, as_code, as_taken, as_callers):
        assert trouble(read(read_answer(status, body))) in {Trouble.UNREACHABLE, Trouble.SET_UP}
