"""What is shown in place of a secret, and in which disguises one is found."""

from __future__ import annotations

import base64
import html
import json
import time
from decimal import Decimal
from urllib.parse import quote, quote_plus

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, event_rule, play, price, seen, watch
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.redaction import redacted, redacted_rows, redacted_state, seen_rows
from watcher.core.values import SINGLE, Money, Rows
from watcher.core.watch import Operator, Request, Secrets
from watcher.errors import PageError, UnparsableError

ODD = "kq/+&é 'x\"\\<z"


def of(*values: str) -> Secrets:
    """Secrets of a request, whose URL holds none."""
    return Secrets(values=tuple((f"S{number}", value) for number, value in enumerate(values)), url="https://x.example/")


@pytest.mark.parametrize(
    "shown",
    [
        ODD,
        ODD.upper(),
        quote(ODD),
        quote(ODD, safe=""),
        quote_plus(ODD),
        quote(quote(ODD, safe=""), safe=""),
        quote(ODD, safe="").lower(),
        html.escape(ODD),
        html.escape(ODD).replace("&#x27;", "&#39;"),
        json.dumps(ODD)[1:-1],
        json.dumps(ODD, ensure_ascii=False)[1:-1],
        repr(ODD)[1:-1],
        ODD.replace(" ", "\n  "),
        ODD.replace("/", "\\/"),
        base64.b64encode(ODD.encode()).decode(),
        base64.urlsafe_b64encode(f"user:{ODD}".encode()).decode(),
        base64.b64encode(f"us:{ODD}!".encode()).decode(),
    ],
)
def test_a_secret_is_found_however_a_page_writes_it(shown: str) -> None:
    assert redacted(f"before ({shown}) after", of(ODD)) == "before (***) after"


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("abcdefgh", "it says 'abcdef…", "it says '***…"),
        ("ab/cd/ef/gh", "https://x.example/ab%2Fcd%2… redirects", "https://x.example/***… redirects"),
        ("abcdefgh", "abc… abcdefg and abcd", "abc… abcdefg and abcd"),
        ("Bearer abcdefgh", "the token is abcdefgh, a Bearer one", "the token is ***, a Bearer one"),
        ("http://me:pass/word@10.0.0.1:3128", "10.0.0.1 said no", "*** said no"),
        ("https://x.example/api/v1?key=abcdefgh&n=1", "next: ?key=abcdefgh&n=2", "next: ?key=***&n=2"),
        (base64.b64encode(b"me:password1").decode(), "hello me, password1", "hello me, ***"),
        ("abcd", "abcde", "***e"),
        ("abc", "abcd abc", "abcd abc"),
        (" abcdef ", "xabcdefx", "x***x"),
        ("ab%2Fcdefgh", "ab/cdefgh", "***"),
    ],
)
def test_parts_and_beginnings_are_secrets_too_when_they_are_long_enough(secret: str, text: str, expected: str) -> None:
    assert redacted(text, of(secret)) == expected


def test_a_text_without_a_secret_is_the_very_same() -> None:
    text = "nothing of it…"
    rows: Rows = {"a": {"b": text, "c": 1}}
    assert redacted(text, of(ODD, "abcdef")) is text
    assert redacted_rows(rows, of(ODD)) is rows


def test_keys_and_texts_of_rows_are_redacted_and_numbers_are_not() -> None:
    rows: Rows = {"1 abcdef": {"t": "x abcdef", "n": 123456, "m": Money(amount=Decimal("2.50"))}}
    assert seen_rows(rows, of("abcdef")) == {"1 ***": {"t": "x ***", "n": 123456, "m": Money(amount=Decimal("2.50"))}}


@pytest.mark.parametrize("value", [123456, Decimal(123456), Money(amount=Decimal(123456), currency="$")])
def test_a_number_that_is_a_secret_is_an_error(value: int | Decimal | Money) -> None:
    with pytest.raises(UnparsableError, match=r"^n: the number is a secret of this watch") as raised:
        seen_rows({SINGLE: {"n": value}}, of("0123456"))
    assert "123456" not in str(raised.value)


def test_rows_that_differ_in_secrets_alone_are_an_error() -> None:
    with pytest.raises(PageError, match="two rows differ in a secret"):
        seen_rows({"abcdef": {}, "uvwxyz": {}}, of("abcdef", "uvwxyz"))


def test_what_was_remembered_is_redacted_in_every_part() -> None:
    watched = watch(event_rule(Operator.ADDED), confirm=2, is_list=True)
    rows = {f"abcdef {number}": {"seats": f"abcdef {number}"} for number in range(3)}
    fewer = {key: row for key, row in rows.items() if not key.endswith("2")}
    state = play(watched, seen(fewer, row_count=2, digest="1"), seen(rows, row_count=3, digest="2"))[-1].state
    assert repr(state).count("abcdef") > 8
    shown = redacted_state(state, of("abcdef"))
    assert "abcdef" not in repr(shown)
    assert redacted_state(shown, of("abcdef")) is shown
    after = judge(
        watched, shown, seen(redacted_rows(rows, of("abcdef")), row_count=3), epoch="e", budget=UNLIMITED, now=NOON
    )
    assert [message.summary for message in after.messages] == ["Dune: + *** 2: seats *** 2"]


def test_a_template_is_given_the_link_without_the_secret() -> None:
    template = "{{ url }}"
    secret = Secrets(values=(("K", "abcdef"),), url="https://x.example/p?n=1&k=***")
    watched = watch()
    watched = replace(
        watched,
        request=Request(url="https://x.example/p?n=1&k=abcdef", secrets=secret),
        message=replace(watched.message, content=template),
    )
    (message,) = play(watched, price("1"), price("2"))[-1].messages
    assert (message.content, message.url) == ("https://x.example/p?n=1", "https://x.example/p?n=1")
    assert "abcdef" not in repr(watched)


@pytest.mark.parametrize(
    "text",
    ["abcd" * 200_000 + "…", "abcdef" * 150_000, "…" * 800_000, "YWJjZGVm" * 100_000, "%61" * 300_000 + "…"],
    ids=["beginnings", "secrets", "cuts", "Base64", "encoded"],
)
def test_a_page_made_of_secrets_is_redacted_soon(text: str) -> None:
    secrets = of("abcdefghij" * 10, "abcdef", ODD)
    began = time.thread_time()
    redacted(text, secrets)
    assert time.thread_time() - began < 2
