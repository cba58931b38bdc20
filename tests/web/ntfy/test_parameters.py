"""What a parameter says, and what is not read for it: work that is cheap to ask for must be cheap to do."""

from __future__ import annotations

import pytest

from watcher.core.values import Json
from watcher.web.ntfy.parameters import MAX_ENCODED_CHARS, Parameters
from watcher.web.ntfy.problem import NtfyError

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


def test_a_member_of_json_goes_before_a_header() -> None:
    said: dict[str, Json] = {"title": "member", "tags": ["a", "b"], "markdown": True, "click": None}
    all_three = Parameters(members=said, headers={"title": "header", "click": "header"}, others={"click": "query"})
    assert [all_three.text(name) for name in ("title", "tags", "click")] == ["member", "a,b", "header"]
    assert all_three.is_set("md", "markdown")


@pytest.mark.parametrize("said", [{"a": 1}, [["a"]], [1]])
def test_a_member_that_says_no_text_is_refused_where_it_is_asked_for(said: Json) -> None:
    with pytest.raises(NtfyError):
        Parameters(members={"title": said}, others={}).text("title")
    assert Parameters(members={"actions": said, "title": "x"}, others={}).text("title") == "x"


@pytest.mark.parametrize("said", ["u=1", "u=1, i", "u=0,i", "U=7", "i", "i=?0, u=3", "u=5;x", " u=4 "])
def test_the_priority_that_browsers_send_is_no_parameter(said: str) -> None:
    """RFC 9218."""
    both = Parameters(headers={"priority": said}, others={"p": "high"})
    assert both.text("x-priority", "priority", "p") == "high"
    assert Parameters(headers={"x-priority": said}, others={"p": said}).text("x-priority", "p") == said.strip()


@pytest.mark.parametrize("said", ["5", "high", "u", "urgent", "ui", "u=high", "important"])
def test_any_other_priority_is_one(said: str) -> None:
    assert Parameters(headers={"priority": said}, others={}).text("x-priority", "priority", "p") == said
