from __future__ import annotations

import pytest

from watcher.core.push import ContentType
from watcher.errors import InvalidRequestError, PushError, RefusedError
from watcher.push.draft import make_draft


def test_a_content_alone_is_a_text_whose_head_is_the_summary() -> None:
    draft = make_draft("  Price\n\n fell\tto 8.50 ")
    assert draft.content == "  Price\n\n fell\tto 8.50 "
    assert draft.summary == "Price fell to 8.50"
    assert draft.content_type is ContentType.TEXT
    assert draft.url is None


@pytest.mark.parametrize(
    ("content", "content_type", "summary"),
    [
        pytest.param("长" * 300, 1, "长" * 100, id="text is cut at 100 characters"),
        pytest.param("# Title\n- a", 3, "# Title - a", id="markdown stays as written"),
        pytest.param("<h1>Sold&amp;out</h1><script>x()</script><p>now", 2, "Sold&out now", id="HTML gives its words"),
        pytest.param('<img src="https://x.example/a.png">', 2, '<img src="https://x.example/a.png">', id="no words"),
    ],
)
def test_without_a_summary_it_is_the_head_of_the_content(content: str, content_type: int, summary: str) -> None:
    assert make_draft(content, content_type=content_type).summary == summary


@pytest.mark.parametrize("absent", [None, "", "  \n"])
def test_an_empty_field_is_an_absent_one(absent: str | None) -> None:
    draft = make_draft("x", summary=absent, url=absent)
    assert (draft.summary, draft.url) == ("x", None)


@pytest.mark.parametrize(
    "blank",
    [
        "",
        " \n",
        "\u200b",
        "\u200b\u200c\u200d\ufeff",
        "\u3000\u00a0",
        "\u2060\u00ad",
        "\u3164",
        "\u2800",
        "\ufe0f",
        "\x00",
    ],
)
@pytest.mark.parametrize("kind", ContentType)
def test_a_content_that_shows_nothing_is_empty(blank: str, kind: ContentType) -> None:
    with pytest.raises(RefusedError, match="content: empty"):
        make_draft(blank, content_type=kind)
    assert make_draft("x", summary=blank, content_type=kind).summary == "x"
    assert make_draft(f"{blank}x", content_type=kind).content.endswith("x")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<p></p>", ContentType.HTML),
        ("<p>&#8203;&nbsp;</p>", ContentType.HTML),
        ("<script>alert(1)</script>", ContentType.HTML),
        ("<!-- words -->", ContentType.HTML),
        ("[x]: https://x.example/", ContentType.MARKDOWN),
        ("&#8203;", ContentType.MARKDOWN),
    ],
)
def test_what_is_rendered_to_nothing_is_empty_too(content: str, kind: ContentType) -> None:
    with pytest.raises(RefusedError, match="content: empty"):
        make_draft(content, content_type=kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('<img src="https://x.example/a.png">', ContentType.HTML),
        ("<hr>", ContentType.HTML),
        ('<div style="background-color:red;height:9px"></div>', ContentType.HTML),
        ("![](https://x.example/a.png)", ContentType.MARKDOWN),
        ("---", ContentType.MARKDOWN),
        ("&nbsp;", ContentType.TEXT),
        ("👩\u200d🚀", ContentType.TEXT),
    ],
)
def test_what_shows_without_words_is_not_empty(content: str, kind: ContentType) -> None:
    assert make_draft(content, content_type=kind).content == content


def test_a_long_summary_is_cut_and_made_one_line() -> None:
    assert make_draft("x", summary="a\nb" + "c" * 200).summary == "a b" + "c" * 97


def test_control_characters_are_left_out() -> None:
    draft = make_draft("\x1b[31mred\x00\x9b\r\n\tend", summary="a\x07b", url="https://x.example/\x00a")
    assert draft.content == "[31mred\r\n\tend"
    assert (draft.summary, draft.url) == ("ab", "https://x.example/a")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        pytest.param("a" * 40_000, 1, id="40,000 characters"),
        pytest.param("字" * 21_845, 1, id="65,535 bytes"),
        pytest.param("<p>" + "a" * 39_900, 2, id="HTML"),
    ],
)
def test_a_content_at_its_limit_is_taken(content: str, content_type: int) -> None:
    assert make_draft(content, content_type=content_type).content == content


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        pytest.param("", 1, id="empty"),
        pytest.param(" \n\x00", 1, id="blank"),
        pytest.param("a" * 40_001, 1, id="40,001 characters"),
        pytest.param("字" * 21_846, 1, id="65,538 bytes"),
        pytest.param("&" * 14_000, 1, id="text that grows when escaped"),
        pytest.param("http://a.b/ " * 1_000, 1, id="text that grows by its links"),
        pytest.param("".join(f"<i x={number}><p>" for number in range(2_500)), 2, id="HTML that grows"),
    ],
)
def test_a_content_over_a_limit_is_refused(content: str, content_type: int) -> None:
    with pytest.raises(RefusedError, match="content"):
        make_draft(content, content_type=content_type)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript://%0aalert(1)",
        "JavaScript://x.example/%0aalert(1)",
        "data://text/html,x",
        "file:///etc/passwd",
        "view-source://x.example",
        "//x.example",
        "/path",
        "word",
        "https://",
        "http://[::1",
        "app://[::1",
        "app://",
        "app://x\ny",
        "https://x.example/a\tb",
        "https://x.example/" + "a" * 983,
    ],
)
def test_a_url_that_is_no_link_or_too_long_is_refused(url: str) -> None:
    with pytest.raises(RefusedError, match="url"):
        make_draft("x", url=url)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        pytest.param("yourapp://item?id=1", "yourapp://item?id=1", id="of an app"),
        pytest.param("com.example.app://x", "com.example.app://x", id="of an app that is named like a host"),
        pytest.param("tel:10086", "tel:10086", id="of the telephone"),
        pytest.param("www.example.com", "http://www.example.com", id="without its scheme"),
        pytest.param("example.com:8080/a", "http://example.com:8080/a", id="without its scheme, with a port"),
        pytest.param("https://x.example/?q=a b", "https://x.example/?q=a%20b", id="with a blank"),
        pytest.param("https://x.example/路径", "https://x.example/路径", id="in Chinese"),
    ],
)
def test_a_url_may_be_written_as_people_write_links(url: str, link: str) -> None:
    assert make_draft("x", url=url).url == link


def test_a_url_of_1000_characters_is_taken() -> None:
    url = "HTTPS://x.example/" + "a" * 982
    assert make_draft("x", url=f" {url} ").url == url


def test_an_unknown_content_type_is_refused_with_its_number() -> None:
    with pytest.raises(RefusedError, match="contentType: 7"):
        make_draft("x", content_type=7)


@pytest.mark.parametrize("field", ["content", "summary", "url"])
def test_half_a_surrogate_pair_is_malformed_and_its_field_is_named(field: str) -> None:
    fields = {"content": "x"} | {field: "https://x.example/\ud83d"}
    with pytest.raises(InvalidRequestError, match=f"{field}: half") as caught:
        make_draft(fields["content"], summary=fields.get("summary"), url=fields.get("url"))
    assert isinstance(caught.value, PushError)
    assert caught.value.code == 1005
