"""What a parameter says, and what is not read for it: work that is cheap to ask for must be cheap to do."""

from __future__ import annotations

import pytest

from watcher.web.ntfy.parameters import MAX_ENCODED_CHARS, Parameters

BACKUP = "=?UTF-8?B?5aSH5Lu9?="
GBK = "=?GBK?B?sbi33Q==?="


@pytest.mark.parametrize(
    ("said", "read"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param(BACKUP, "备份", id="UTF-8"),
        pytest.param(GBK, "备份", id="GBK"),
        pytest.param(f"db1 {BACKUP}", "db1 备份", id="a part of it"),
        pytest.param("=?punycode?q?x-aaaa?=", "=?punycode?q?x-aaaa?=", id="a codec that is no charset of mail"),
        pytest.param(f"{GBK} =?utf-7?q?x?=", f"{GBK} =?utf-7?q?x?=", id="one of two"),
        pytest.param("=?nothing?q?x?=", "=?nothing?q?x?=", id="no codec"),
        pytest.param("=?utf-8?q?=ff?=", "=?utf-8?q?=ff?=", id="no UTF-8"),
        pytest.param("=?utf-8?b?a?=", "=?utf-8?b?a?=", id="no base64"),
        pytest.param("=?" * MAX_ENCODED_CHARS, "=?" * MAX_ENCODED_CHARS, id="too long"),
    ],
)
def test_a_header_may_be_encoded_in_a_charset_of_mail(said: str, read: str) -> None:
    assert Parameters(headers={"Title": said}, others={}).text("Title") == read


def test_what_is_no_header_is_never_decoded() -> None:
    assert Parameters(others={"title": BACKUP}).text("title") == BACKUP


def test_a_header_goes_before_the_query_whatever_its_name() -> None:
    both = Parameters(headers={"t": "header", "x-tags": " "}, others={"title": "query", "tags": "disk"})
    assert (both.text("title", "t"), both.text("x-tags", "tags")) == ("header", "disk")
