"""
Text as a reader sees it. One function for both engines, the whole page and a single cell.

| in the page | in the text |
|---|---|
| inline elements (`<b>`, `<span>`, `<sup>`) | joined as they stand: `12<sup>.50</sup>` is `12.50` |
| blocks, `<br>`, rows, lines within `<pre>` | a line each; blank lines are left out |
| table cells, buttons, form fields | separated by a space |
| white space of any kind, `&nbsp;` among it | one space |
| invisible characters (zero width, soft hyphen, direction marks, controls) | left out |
| script, style, template, noscript, frames, comments, titles | left out: a browser that runs scripts shows none |
| what stands in `<xmp>` or behind `<plaintext>` | as it is, for it is no markup |

Characters are composed (NFC). No stylesheet is consulted and `hidden` is not looked at: what a page hides is text.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable

from turbohtml import Element
from turbohtml.detect import normalize

from watcher.core.wording import worded
from watcher.errors import PageError

MAX_TEXT_CHARS = 65_536

_OFTEN = 20
_AT_LEAST_CHARS = 10_000_000


class Budget:
    """How much of a page may be read in all: elements within elements are read again and again."""

    __slots__ = ("_chars", "_left")

    def __init__(self, page_chars: int) -> None:
        self._chars = _OFTEN * page_chars + _AT_LEAST_CHARS
        self._left = self._chars

    def renew(self) -> None:
        """Forget what was read: the reading of another watch begins."""
        self._left = self._chars

    def spend(self, chars: int) -> None:
        """Count characters that are read. Raises PageError when they are too many."""
        self._left -= chars
        if self._left < 0:
            raise PageError(
                worded(
                    "error_often",
                    "the selectors read the page more than {times} times over; make them more exact",
                    times=_OFTEN,
                )
            )


_LINES = re.findall(
    r"\w+",
    """
    address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p
    plaintext pre search section summary table tbody tfoot thead tr ul xmp
    """,
)
_CELLS = ("button", "caption", "input", "select", "td", "textarea", "th")
_SEPARATOR = {f"{slash}{tag}": "\n" for tag in _LINES for slash in ("", "/")} | {
    f"{slash}{tag}": " " for tag in _CELLS for slash in ("", "/")
}
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})

# All read turbohtml's own serialisation, in which no attribute holds a bare `<` or `>` (HTML §13.3). Each takes what
# lacks its end up to the end of the text, and none backtracks: on a page made for it they stay linear.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript|title|iframe|noembed|noframes)[ >].*?(?:</\1>|\Z)", re.DOTALL
)
_UNSEEN_OR_NO_MARKUP = re.compile(_UNSEEN.pattern + r"|(<(xmp|plaintext)(?=[ >])[^<>]*>)(.*?)(?=</\3>|\Z)", re.DOTALL)
_PREFORMATTED = re.compile(r"(<pre[ >].*?(?:</pre>|\Z))", re.DOTALL)
_TAG = re.compile(r"<([^ <>]*+)[^<>]*+>?")

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROLS = bytes(code for code in range(128) if _INVISIBLE.match(chr(code)))  # those of them that are ASCII


def text_of(element: Element, spend: Callable[[int], None] | None = None) -> str:
    """
    Return the text of an element as a reader sees it, a line per block, of any length.

    A script or style that is itself asked for answers with its source.

    Args:
        spend: is told how many characters of markup are read, before the most is done with them.
    """
    if element.tag in _RAW:
        return clean(element.text)
    markup = f"<pre>{element.inner_html}</pre>" if element.tag == "pre" else element.inner_html
    if spend is not None:
        spend(len(markup))
    return text_of_markup(markup)


def text_of_markup(markup: str) -> str:
    """Return the text of turbohtml's serialisation."""
    return clean(_unescape(_separate(markup) if "<" in markup else markup.replace("\n", " ")))


def clean(text: str) -> str:
    """Return text in lines, each with single spaces, none empty, composed, without invisible characters."""
    if not text.isascii():
        # turbohtml's, for unicodedata's takes time quadratic in a run of combining marks: 40,000 of them, 2.5 s
        text = normalize("NFC", _INVISIBLE.sub("", text))
    elif text.isprintable():  # a single line, as most cells are: half the time
        return " ".join(text.split())
    else:
        text = text.encode().translate(None, _CONTROLS).decode()
    return "\n".join([line for raw in text.split("\n") if raw and (line := " ".join(raw.split()))])


def is_separator(tag: str) -> bool:
    """Return whether an element of this name separates its text from what stands around it."""
    return tag in _SEPARATOR


def one_line(text: str) -> str:
    """Return the text on a single line."""
    return text.replace("\n", " ")


def bounded(text: str) -> str:
    """
    Return the text in at most MAX_TEXT_CHARS characters.

    What is too long is cut and ends in a digest of the rest, so a change in the tail is still a change.
    """
    if len(text) <= MAX_TEXT_CHARS:
        return text
    keep = MAX_TEXT_CHARS - 64
    digest = hashlib.blake2b(text[keep:].encode(errors="surrogatepass"), digest_size=8).hexdigest()
    return f"{text[:keep]}\n… and {len(text) - keep} characters more ({digest})"


def _separate(markup: str) -> str:
    """Return the markup's text, its tags replaced by what separates their texts."""
    if "<xmp" in markup or "<plaintext" in markup:
        seen = _UNSEEN_OR_NO_MARKUP.sub(_escaped, markup)
    else:
        seen = _UNSEEN.sub("", markup)
    parts = _TAG.split(_with_own_lines(seen) if "<pre" in seen else seen.replace("\n", " "))
    parts[1::2] = [_SEPARATOR.get(tag, "") for tag in parts[1::2]]
    return "".join(parts)


def _escaped(found: re.Match[str]) -> str:
    """Return what is no markup with its own signs escaped, as all other text is; what is unseen is nothing."""
    _, tag, _, text = found.groups(default="")
    return tag + html.escape(text, quote=False)


def _with_own_lines(markup: str) -> str:
    """Return the markup with no line feeds but those within `<pre>`."""
    pieces = _PREFORMATTED.split(markup)
    pieces[::2] = [piece.replace("\n", " ") for piece in pieces[::2]]
    return "".join(pieces)


def _unescape(text: str) -> str:
    """Undo what a serialisation escapes in text (HTML §13.3): these four and no others."""
    if "&" not in text:
        return text
    return text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
