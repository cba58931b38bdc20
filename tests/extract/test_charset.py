import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.builders import page
from watcher.core.page import Page
from watcher.errors import BodyError
from watcher.extract.charset import decode, decode_start

TICKETS = "余票充足，请尽快购买。演唱会门票"
GBK = TICKETS.encode("gbk")
XML = "<?xml version='1.0' encoding='{}'?>{}".format
DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
)
UTF_8_META = "<meta charset=utf-8>"


@pytest.mark.parametrize(
    ("sent", "encoding", "why"),
    [
        (page(GBK, encoding="gbk", charset="utf-8"), "GBK", "the watch's encoding"),
        (page(TICKETS.encode("utf-8-sig"), charset="gbk"), "UTF-8", "its byte order mark"),
        (page(TICKETS.encode("utf-16"), charset="utf-8"), "UTF-16LE", "its byte order mark"),
        (page(GBK, charset="GB2312"), "GBK", "the server's charset"),
        (page(GBK, charset='"gbk"'), "GBK", "the server's charset"),
        (page(TICKETS.encode("big5", "replace"), charset="Big5"), "Big5", "the server's charset"),
        (page(b"<meta charset=gb2312>" + GBK), "GBK", "its <meta>"),
        (page(b" " * 5_000 + b"<meta charset=gbk>" + GBK), "GBK", "its <meta>"),
        (page(b"\n<?xml version='1.0' encoding='gbk'?><p>" + GBK), "GBK", "its XML declaration"),
        (page(XML("gbk", f"<html>{UTF_8_META}{TICKETS}")), "UTF-8", "its <meta>"),
        (page(XML("klingon", f"\n{DOCTYPE}\n<html>{UTF_8_META}{TICKETS}")), "UTF-8", "its <meta>"),
        (page(XML("gbk", f"<html>{TICKETS}").encode("gbk")), "GBK", "its XML declaration"),
        (page(XML("gbk", f"<rss><![CDATA[{UTF_8_META}{TICKETS}").encode("gbk")), "GBK", "its XML declaration"),
        (
            page(XML("gbk", f"<html>{UTF_8_META}{TICKETS}").encode("gbk"), media_type="application/xhtml+xml"),
            "GBK",
            "its XML declaration",
        ),
        (page(XML("utf-16", f"<rss>{TICKETS}")), "UTF-8", "its XML declaration"),
        (page(f"<meta charset=utf-16>{TICKETS}"), "UTF-8", "its <meta>"),
        (page(TICKETS), "UTF-8", "detected"),
        (page(GBK * 9), "GBK", "detected"),
        (page(b""), "UTF-8", "detected"),
    ],
)
def test_the_first_that_names_an_encoding_wins(sent: Page, encoding: str, why: str) -> None:
    decoded = decode(sent)
    assert (decoded.encoding, decoded.why) == (encoding, why)
    assert "\ufeff" not in decoded.text
    assert "余票" in decoded.text or encoding == "Big5" or not sent.body


def test_gb2312_reads_what_only_gb18030_has() -> None:
    assert decode(page("镕€😀".encode("gb18030"), charset="gb2312")).text == "镕€😀"


def test_broken_bytes_are_replaced_and_the_rest_is_read() -> None:
    assert decode(page(b"a\xffb", charset="utf-8")).text == "a\ufffdb"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (page(b"x", charset="klingon"), "the server says charset=klingon, which does not exist; set `encoding:`"),
        (page(b"x", encoding="klingon"), "`encoding: klingon`, which does not exist"),
        (page(b"x", charset="iso-2022-kr"), "the server says charset=iso-2022-kr"),
        (page(b"x", media_type="image/png"), r"the page is binary \(image/png\)"),
        (page(b"%PDF-1.7"), "the page is binary, although the server calls it text/html"),
        (page(b"PK\x03\x04x", media_type="application/octet-stream"), "the page is binary"),
        (page(b"<p>a\0b"), "the page is binary"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(sent: Page, reason: str) -> None:
    with pytest.raises(BodyError, match=reason):
        decode(sent)


ISO_8859 = [*range(2, 9), 10, *range(13, 17)]
ENCODINGS = [
    *("utf-8", "gbk", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr", "ibm866", "macintosh", "windows-874"),
    *("koi8-r", "koi8-u", "x-mac-cyrillic", "x-user-defined", "iso-8859-8-i"),
    *(f"iso-8859-{number}" for number in ISO_8859),
    *(f"windows-125{number}" for number in range(9)),
]
PIECES = st.sampled_from([b"<body", b"<b", b"ody", b"o", b">", b"<", b"\x1b$B", b"\x1b(B", b"\xef\xbb\xbf"])


@pytest.mark.faults
@pytest.mark.parametrize("charset", ENCODINGS)
@given(pieces=st.lists(PIECES | st.binary(min_size=1, max_size=3).filter(lambda piece: 0 not in piece), max_size=12))
def test_a_start_behind_a_tag_is_the_start_of_the_text(charset: str, pieces: list[bytes]) -> None:
    body = b"<p" + b"".join(pieces)
    text = decode(page(body, charset=charset)).text
    for end in (at + 1 for at, byte in enumerate(body) if byte == ord(">")):
        start = decode_start(page(body, charset=charset), end)
        assert start is not None
        assert text.startswith(start)
        assert text.count("<body", len(start)) <= body.count(b"<body", end)


@pytest.mark.parametrize("charset", ["utf-16le", "utf-16be", "iso-2022-jp"])
def test_where_a_byte_may_be_half_of_a_character_there_is_no_start(charset: str) -> None:
    assert decode_start(page("<p>余票".encode(charset), charset=charset), 4) is None
