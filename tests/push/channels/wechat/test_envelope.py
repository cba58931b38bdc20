from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.push.channels.wechat.envelope import MAX_BYTES, read_envelope, write_envelope


def test_fields_are_read_whether_they_are_cdata_or_not() -> None:
    body = "<xml>\n<A><![CDATA[开始 <b>]]></A> <B>12&amp;3</B><C/></xml>".encode()
    assert read_envelope(body) == {"A": "开始 <b>", "B": "12&3", "C": ""}


def test_fields_within_fields_are_left_out() -> None:
    assert read_envelope(b"<xml><A><FromUserName>x</FromUserName></A><B>1</B></xml>") == {"A": "", "B": "1"}


def test_of_two_fields_with_one_name_the_first_counts() -> None:
    assert read_envelope(b"<xml><A>1</A><A>2</A></xml>") == {"A": "1"}


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    "body",
    [
        f"<!DOCTYPE xml [{LAUGHS}]><xml><A>&a9;</A></xml>".encode(),
        b'<!DOCTYPE xml [<!ENTITY a "' + b"x" * 30_000 + b'">]><xml><A>' + b"&a;" * 9_000 + b"</A></xml>",
        b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml><A>1</A></xml>',
        b'<!DOCTYPE xml [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]><xml><A>1</A></xml>',
        b"<!DOCTYPE xml><xml><A>1</A></xml>",
        b"<xml><A>&unknown;</A></xml>",
        b"<xml>" + b"<a>" * 8_000 + b"</a>" * 8_000 + b"</xml>",
        b"<xml>" + b"<a/>" * 300 + b"</xml>",
        b"<xml " + b" ".join(b'a%d=""' % n for n in range(6_000)) + b"><A>1</A>",
        b"<xml><A>" + b"x" * MAX_BYTES + b"</A></xml>",
        b"<xml><A>\xff</A></xml>",
        b"<xml><A>&#0;</A></xml>",
        b"<xml><A>1</A>",
        b"<html><A>1</A></html>",
        b"<xml/><xml/>",
        b'{"A": 1}',
        b"",
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_bombs_and_what_is_no_envelope_are_refused(body: bytes) -> None:
    assert read_envelope(body) is None


@given(st.text(max_size=300))
def test_what_is_written_is_read_again_less_what_xml_cannot_carry(text: str) -> None:
    read = read_envelope(write_envelope({"Content": text, "CreateTime": 12}))
    assert read is not None
    # XML readers make one line feed of a carriage return (XML 1.0 §2.11).
    kept = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    assert read == {"Content": kept.replace("\r\n", "\n").replace("\r", "\n"), "CreateTime": "12"}


def test_a_text_that_would_end_its_section_does_not() -> None:
    attack = "]]></Content><ToUserName>other</ToUserName><![CDATA["
    assert read_envelope(write_envelope({"Content": attack})) == {"Content": attack}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    assert read_envelope(body) is None
