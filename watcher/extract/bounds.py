"""
Whether a page may be read on the event loop, told from its bytes before anything is parsed.

The parser is linear in a page's size but where HTML itself is not (measured with turbohtml 1.15, CPU time):

| page | what HTML demands | 60 kB | bound |
|---|---|---|---|
| `<p><b 1>…<b N></p>` and M × `<div>x</div>` | N formatting elements are made anew M times (HTML §13.2.4.3) | \
0.3 s, 60 MB; 250 kB: 2 GB | tags × formatting elements |
| `<p><a 1 … N></p>` and M × `<p>x` | with all of their attributes | 70 kB: 2.7 s, 2 GB | tags × bytes of such tags |
| N × `<html aN>`, `<body aN>` | each adds its attributes to the first (§13.2.6.4.7) | 0.2 s, 1.5 GB | their number |
| `<html a1 … aM>` ten times | an attribute is looked for among those of the first | 900 kB: 14 s | their bytes |
| `<pre>` and N × `&` and a line feed | each character is five of the markup that text is read from, each line one \
of the text | 0.01 s; 1 MB: 0.17 s | their number |
| everything else | | 0.01 s | bytes, tags, escapes |

Of formatting elements that are alike three are remembered, and of `<a>` one; so their number is three times that of
the different ones. A tag that goes on behind its first `>`, as a value may hold one, is not looked at further.
End tags are not looked at: a page can show us some that its parse never meets.
All encodings that exist for pages write markup in ASCII, but UTF-16, whose zeros are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from operator import mul

MAX_BYTES = 1_000_000
"""Parse and text of so much take 50 ms: half of what the event loop may lag."""
MAX_TAGS = 40_000
MAX_ESCAPES = 20_000
MAX_LABORIOUS = 200_000
"""Of characters that are lines, or that markup writes longer than they are; the text of so many takes 70 ms."""
MAX_FORMATTED = 500_000
"""Elements that the parser may have to make; a million take 60 ms, and their text as long again."""
MAX_ROOTS = 20
MAX_ROOT_BYTES = 10_000
MAX_REMADE_BYTES = 6_000_000
"""Of tags that the parser may have to make anew; to make them and read them takes 16 ns a byte, at worst."""

_FEW_TAGS = 500
"""Half of them formatting elements that the other half makes anew are an eighth of MAX_FORMATTED."""
_FEW_BYTES = 20_000
"""Were they all attributes of `<html>`, these took 40 ms."""
_READABLE_BYTES = 550_000
"""Were they all laborious, their text took 95 ms."""
_LABORIOUS = b"&>\n\xa0\xad"
# First letters, then what may follow them, letter by letter: no tag of HTML is mistaken for another, and what is none
# of these is left at its second letter, sooner than by one name after the other.
_REST = rb"(?:>|[\s/][^>]*+)"
_REPEATED = re.compile(
    rb"<[abcefhinstuABCEFHINSTU]"
    rb"(?:%b|[iI][gG]%b|[oO](?:[dD][eEyY]|[nN][tT]|[bB][rR])%b|[mM](?:[aA][lL]{2})?%b|"
    rb"[tT](?:[mM][lL]|[rR](?:[iI][kK][eE]|[oO][nN][gG]))?%b)".replace(b"%b", _REST)
)
_ROOTS = (b"<html", b"<body")
_LINK = b"aA"
_MAYBE_OPEN = re.compile(rb"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
_NAME = rb"(?:=[^\s/=]*+|[^\s/=]++)"
_VALUE = rb"""\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"']\S*+|\Z)"""
_CLOSED = re.compile(rb"<\w++(?:[\s/]++|%b(?:%b|(?!\s*=)))*+>?" % (_NAME, _VALUE))


def is_light(body: bytes) -> bool:
    """
    Return whether parse, selection and text of an inflated body take under 100 ms.

    Itself takes a few µs for a page of 10 kB, 0.3 ms for one of 100 kB, and 20 ms at most.
    """
    if len(body) > MAX_BYTES:
        return False
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    tags = body.count(b"<")
    if tags > MAX_TAGS or _has_escapes(body) or _is_laborious(body):
        return False
    if len(body) <= _FEW_BYTES and tags <= _FEW_TAGS and tags * len(body) <= MAX_REMADE_BYTES:
        return True
    repeated = _REPEATED.findall(body)
    kinds = set(repeated)
    others = [tag for tag in kinds if tag[1] not in _LINK]
    return _is_whole(kinds) and _has_small_roots(repeated, others) and _is_straight(kinds, others, tags)


def _has_escapes(body: bytes) -> bool:
    if len(body) <= len(rb"\u0000") * MAX_ESCAPES:
        return False
    return b"\\" in body and body.count(b"\\u") > MAX_ESCAPES  # one byte is found sooner than two


def _is_laborious(body: bytes) -> bool:
    return len(body) > _READABLE_BYTES and len(body) - len(body.translate(None, _LABORIOUS)) > MAX_LABORIOUS


def _is_whole(kinds: Set[bytes]) -> bool:
    """Return whether each of the tags ends at its first `>`, since no value is open there (HTML §13.2.5.32-39)."""
    return not _MAYBE_OPEN.search(b">".join([*kinds, b""])) or all(map(_CLOSED.fullmatch, kinds))


def _has_small_roots(repeated: list[bytes], others: Sequence[bytes]) -> bool:
    """Return whether few attributes are added to `<html>` and `<body>`."""
    roots = [tag for tag in others if tag[:5].lower() in _ROOTS]
    if len(roots) > MAX_ROOTS:
        return False
    times = [repeated.count(tag) for tag in roots]
    return sum(times) <= MAX_ROOTS and sum(map(mul, times, map(len, roots))) <= MAX_ROOT_BYTES


def _is_straight(kinds: Set[bytes], others: Sequence[bytes], tags: int) -> bool:
    """Return whether the parser makes about as many elements, and as much of attributes, as the page shows."""
    longest = max(map(len, kinds), default=0)  # no link is longer
    if tags * (longest + 3 * sum(map(len, others))) > MAX_REMADE_BYTES:
        return False
    formatting = [tag for tag in others if tag[:5].lower() not in _ROOTS]
    return tags <= _FEW_TAGS or tags * (1 + 3 * len(formatting)) <= MAX_FORMATTED
