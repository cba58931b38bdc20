"""
A message's content as HTML that is safe to show.

| content type | how |
|---|---|
| text | everything escaped; line breaks and http(s) links live; a chart of characters is not read aloud |
| HTML | sanitised: no scripts, handlers, forms, frames or styles that move things; `<copy>` becomes a button |
| markdown | CommonMark with tables and strike-through, HTML in it shown as text; then sanitised as well |
"""

from __future__ import annotations

import html
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final, assert_never

from watcher.core.push import ContentType, Draft
from watcher.errors import RefusedError

if TYPE_CHECKING:
    import nh3
    from markdown_it import MarkdownIt

_LINK: Final = re.compile(r"https?://[^\s<>\"'`\\^{|}\x00-\x20\u3000-\u303f\uff00-\uff65]+", re.IGNORECASE)
_TRAILING: Final = ".,;:!?)]*_~"
"""What ends a sentence is not the link's; nor is the bracket that the link stands in."""

_CHART: Final = re.compile("[▁▂▃▅▆▇]{4,12}")
"""A chart of a watch's numbers (`core.chart`): the words beside it say the same, to who hears them read."""

_COPY: Final = re.compile(r"<(/?)copy(?=[\s/>])", re.IGNORECASE)

# The elements that an HTML parser opens again in each block while they stay open (WHATWG, "the list of
# active formatting elements"). `a` is left out: it closes the one before.
_REOPENED: Final = re.compile(
    r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^>]*", re.IGNORECASE
)
_MAX_REOPENED: Final = 200_000

_MAX_MARKDOWN_CHARS: Final = 1_000_000
_CHEAP_HTML_CHARS: Final = 4_000
_CHEAP_MARKDOWN_CHARS: Final = 1_000
_CHEAP_CELLS: Final = 1_000

_DATA: Final = re.compile(r"\s*data\s*:", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\x00-\x1f]")
"""What URL parsers pass over: `da&#9;ta:` is `data:` to them (WHATWG URL, "basic URL parser")."""
_DATA_IMAGE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|bmp);base64,[a-z0-9+/=\s]*", re.IGNORECASE)

_COLOUR: Final = re.compile(r"\b(?:rgb|hsl)a?\([^()\\]*\)", re.IGNORECASE)

_MORE_TAGS: Final = frozenset({"button", "font", "section", "main", "big"})
_ATTRIBUTES: Final = {
    "*": {"style", "title", "dir", "lang", "align"},
    "a": {"href"},
    "button": {"data-clipboard-text"},
    "font": {"color", "size", "face"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
}
_STYLES: Final = frozenset(
    {"color", "background-color", "font-size", "font-style", "font-weight", "font-family", "line-height"}
    | {"text-align", "text-decoration", "text-indent", "vertical-align", "white-space"}
    | {"border", "border-radius", "border-collapse", "border-color", "border-style", "border-width"}
    | {"margin", "margin-top", "margin-right", "margin-bottom", "margin-left"}
    | {"padding", "padding-top", "padding-right", "padding-bottom", "padding-left"}
    | {"width", "max-width", "height", "max-height"}
)


def render(draft: Draft) -> str:
    """
    Return the content as an HTML fragment that runs nothing; links open a new window.

    A copy button is `<button type="button" data-clipboard-text="…">`; the page around gives it its action.
    Blocks for 1 s at worst, for 40,000 characters of markdown made to cost (`> ` a hundred deep, and lazy lines):
    what is not `is_cheap` is for a process of the pool (see `rendering`).

    Raises:
        RefusedError: the content would grow beyond measure.
    """
    match draft.content_type:
        case ContentType.TEXT:
            return _of_text(draft.content)
        case ContentType.HTML:
            return _of_html(draft.content)
        case ContentType.MARKDOWN:
            return _of_markdown(draft.content)
        case _:
            assert_never(draft.content_type)


def is_cheap(content: str, kind: ContentType) -> bool:
    """Return whether rendering takes 20 ms at most, so that it may be done on the event loop."""
    match kind:
        case ContentType.TEXT:
            return True
        case ContentType.HTML:
            return len(content) <= _CHEAP_HTML_CHARS
        case ContentType.MARKDOWN:
            # A row of a table is filled up to as many cells as its head has.
            cells = content.count("|") * (content.count("\n") + 1)
            return len(content) <= _CHEAP_MARKDOWN_CHARS and cells <= _CHEAP_CELLS
        case _:
            assert_never(kind)


def render_as_text(content: str) -> str:
    """Return any content as HTML that shows it as it was written, in at most six times as many bytes."""
    rendered = _of_text(content)
    # Links are what text may grow by.
    return rendered if len(rendered) <= 2 * len(content) else html.escape(content).replace("\n", "<br>\n")


def text_of_html(content: str) -> str:
    """Return the words of an HTML content, without tags; raises RefusedError as `render` does."""
    import nh3

    refuse_growth(content)
    return html.unescape(nh3.clean(content.replace("<", " <"), tags=set()))


def _of_text(content: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _LINK.finditer(content):
        link = match[0].rstrip(_TRAILING)
        parts += _words(content[end : match.start()]), _anchor(html.escape(link))
        end = match.start() + len(link)
    parts.append(_words(content[end:]))
    return "".join(parts).replace("\r\n", "\n").replace("\n", "<br>\n")


def _words(text: str) -> str:
    return _CHART.sub(r'<span aria-hidden="true">\g<0></span>', html.escape(text))


def _anchor(link: str) -> str:
    return f'<a href="{link}" target="_blank" rel="noopener noreferrer">{link}</a>'


def _of_html(content: str) -> str:
    refuse_growth(content)
    # Before the sanitiser, so that nothing is put together after it.
    return _cleaner().clean(_COPY.sub(r"<\1button", content))


def _of_markdown(content: str) -> str:
    rendered = _markdown().render(content)
    # A long address named often by a short reference: 40 kB become 60 MB.
    if len(rendered) > _MAX_MARKDOWN_CHARS:
        raise RefusedError(f"{len(rendered)} characters as HTML; use fewer references or table cells", field="content")
    return _cleaner().clean(rendered)


def refuse_growth(content: str) -> None:
    """
    Refuse HTML whose open elements are repeated in so many blocks that 40 kB become 35 MB and take 5 s.

    A parser keeps at most three alike (the "Noah's Ark clause"), and opens each again at most once per tag.
    """
    opened = sum(min(3, number) for number in Counter(_REOPENED.findall(content)).values())
    if opened * content.count("<") > _MAX_REOPENED:
        raise RefusedError(
            "too many differing <b>, <i>, <font> … for so many tags; use <span> instead", field="content"
        )


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=(nh3.ALLOWED_TAGS | _MORE_TAGS) - {"area", "map"},
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        set_tag_attribute_values={"a": {"target": "_blank"}, "button": {"type": "button"}},
        url_schemes={"http", "https", "mailto", "tel", "data"},
        # Relative to the message page they would be ours.
        url_relative="deny",
        filter_style_properties=set(_STYLES),
    )


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "src" | "href" if _DATA.match(_UNSEEN.sub("", value)):
            return value if tag == "img" and _DATA_IMAGE.fullmatch(value) else None
        case "style":
            # Of functions only colours; url() fetches, and a backslash hides names.
            return None if re.search(r"[(\\]", _COLOUR.sub("", value)) else value
        case _:
            return value


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
