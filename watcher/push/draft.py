"""Turns what a sender hands in into a valid draft, or refuses it."""

from __future__ import annotations

import html
import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.push import ContentType, Draft
from watcher.core.urls import is_web_url, opens_app
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.render import is_cheap, refuse_growth, render, render_as_text, text_of_html

MAX_CONTENT_CHARS: Final = 40_000
MAX_CONTENT_BYTES: Final = 65_535
MAX_SUMMARY_CHARS: Final = 100
MAX_URL_CHARS: Final = 1_000

# C0 and C1 without tab, line feed and carriage return: nothing that a reader could see, and NUL is
# what databases refuse.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# What Unicode calls ignorable by default, blanks, and letters that fonts leave blank: the Hangul fillers, braille's.
_INVISIBLE: Final = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]*"
)
_SHOWING: Final = re.compile(r"<(?:img|hr|table|button|li|details|summary)\b|\sstyle=")
"""Of sanitised HTML: what may be seen without a word in it."""
_TAG: Final = re.compile(r"<[^>]*(?:>|\Z)")
_BLOCK_END: Final = re.compile(r"</(?:p|h[1-6]|li|td|th|pre)>|<br>")
_HEAD_CHARS: Final = 4_000
"""Of HTML, whose words may be a summary."""
_BARE_HOST: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?=[/?#]|:[0-9]|\Z)", re.IGNORECASE)
_EMPTY: Final = "content: empty; a message needs at least one visible character · 内容不能为空"
_SHOWN: Final = 100
"""Characters of a wrong value that its error quotes."""
_TAG_LIKE: Final = re.compile(r"<[^<>]*>")
_MOST_GROWTH: Final = 16
"""A character of text becomes at most so many bytes of HTML (one of a short link's)."""


def make_draft(content: str, *, summary: str | None = None, content_type: int = 1, url: str | None = None) -> Draft:
    """
    Return a draft within WxPusher's limits.

    What is cheap to render is rendered; the rest `Renderer` does, off the event loop.

    Control characters are left out. A summary over 100 characters is cut; without one it is the head of
    the content (of HTML: of its words), as one line. An empty `summary` or `url` is an absent one.
    A `url` is an http(s) address, of which the scheme may be missing, or opens an app (`weixin://…`, `tel:…`).

    Raises:
        RefusedError: a limit is broken, or the content is blank.
        InvalidRequestError: half a surrogate pair, which is no text.
    """
    content = clean_text("content", content)
    if shows_nothing(content):
        raise RefusedError(_EMPTY)
    if len(content) > MAX_CONTENT_CHARS:
        raise RefusedError(f"{len(content)} characters; at most {MAX_CONTENT_CHARS}", field="content")
    kind = _content_type(content_type)
    _refuse_bytes(content)
    draft = Draft(
        summary=_summary(clean_text("summary", summary or "")),
        content=content,
        content_type=kind,
        url=_url(clean_text("url", url or "")),
    )
    if is_cheap(content, kind):
        return finished(draft, rendering_of(content, kind))
    if kind is ContentType.HTML:
        refuse_growth(content)
        return draft
    return draft if draft.summary else replace(draft, summary=_one_line(content))


class Rendering(Struct, frozen=True, kw_only=True):
    """
    What is made of a content.

    Attributes:
        html: safe to show; None of text, which is made HTML when it is shown.
        head: one line of 1–100 characters.
    """

    html: str | None
    head: str


def rendering_of(content: str, kind: ContentType) -> Rendering:
    """Return a content rendered; may block for 2 s. Raises RefusedError for what is too long as HTML."""
    if kind is ContentType.TEXT:
        if len(content) * _MOST_GROWTH > MAX_CONTENT_BYTES:
            _refuse_rendered(content, render(_bare(content, kind)))
        return Rendering(html=None, head=_one_line(content))
    rendered = render(_bare(content, kind))
    _refuse_rendered(content, rendered)
    # An HTML message may be all pictures.
    words = text_of_html(content) if kind is ContentType.HTML else content
    return Rendering(html=rendered, head=_summary(words) or _one_line(content))


def finished(draft: Draft, rendering: Rendering) -> Draft:
    """Return the draft with what was made of its content."""
    return replace(draft, summary=draft.summary or rendering.head, rendered=rendering.html)


def as_text(content: str) -> Rendering:
    """Return HTML or markdown that takes too long to render as plain text, as it was written."""
    return Rendering(html=render_as_text(content), head=rough_head(content))


def head_without_marks(rendered: str) -> str:
    """Return a summary of rendered markdown: the words of its head, of at most 100 characters; empty: it has none."""
    return _summary(html.unescape(_TAG.sub("", _BLOCK_END.sub(" ", rendered[:_HEAD_CHARS]))))


def words_of(rendered: str) -> str:
    """Return the words of rendered HTML or markdown, a line for each of its blocks."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", rendered))).strip()


def rough_head(content: str) -> str:
    """Return a summary that needs no parser: the head of the content, without what looks like tags."""
    return _summary(html.unescape(_TAG_LIKE.sub(" ", content))) or _one_line(content)


def _bare(content: str, kind: ContentType) -> Draft:
    return Draft(summary="", content=content, content_type=kind)


def shows_nothing(text: str) -> bool:
    """Return whether a text has no visible character: blanks, or such as U+200B, which have no width."""
    return _INVISIBLE.fullmatch(text) is not None


def is_link(url: str) -> bool:
    """Return whether `make_draft` takes this as a `url`."""
    return len(url) <= MAX_URL_CHARS and _as_link(url) is not None


def is_head(summary: str, content: str) -> bool:
    """Return whether a summary is the beginning of its content that stands for one where none was given."""
    return summary == _one_line(content)


def clean_text(field: str, text: str) -> str:
    """Return the text without control characters (tab and line breaks stay). Raises InvalidRequestError."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequestError(
            f"half a surrogate pair at character {error.start}; send UTF-8", field=field
        ) from error
    return _CONTROLS.sub("", text)


def _content_type(number: int) -> ContentType:
    try:
        return ContentType(number)
    except ValueError as error:
        raise RefusedError(
            f"{str(number)[:_SHOWN]}; it is 1 (text), 2 (HTML) or 3 (markdown)", field="contentType"
        ) from error


def _summary(text: str) -> str:
    return "" if shows_nothing(text) else _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:MAX_SUMMARY_CHARS].rstrip()


def _url(url: str) -> str | None:
    url = url.strip()
    if not url:
        return None
    if len(url) > MAX_URL_CHARS:
        raise RefusedError(f"{len(url)} characters; at most {MAX_URL_CHARS}", field="url")
    link = _as_link(url)
    if link is None:
        raise RefusedError(
            f"{url[:_SHOWN]!r} is not a link; it begins with https://, http:// or an app's scheme", field="url"
        )
    return link


def _as_link(url: str) -> str | None:
    link = url.replace(" ", "%20")
    link = f"http://{link}" if _BARE_HOST.match(link) else link
    return link if is_web_url(link) or opens_app(link) else None


def _refuse_bytes(content: str) -> None:
    raw = len(content.encode())
    if raw > MAX_CONTENT_BYTES:
        raise RefusedError(f"{raw} bytes of UTF-8; at most {MAX_CONTENT_BYTES}", field="content")


def _refuse_rendered(content: str, rendered: str) -> None:
    size = len(rendered.encode())
    if size > MAX_CONTENT_BYTES:
        raw = len(content.encode())
        raise RefusedError(
            f"{raw} bytes of UTF-8, {size} bytes as HTML; at most {MAX_CONTENT_BYTES} of each", field="content"
        )
    if not _SHOWING.search(rendered) and shows_nothing(html.unescape(_TAG.sub("", rendered))):
        raise RefusedError(_EMPTY)
