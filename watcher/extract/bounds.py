"""
Whether a page may be read on the event loop, told from its bytes before anything is parsed.

The parser is linear in a page's size but where HTML itself is not (measured with turbohtml 1.15, CPU time):

| page | what HTML demands | 60 kB | bound |
|---|---|---|---|
| `<p><b 1>…<b N></p>` and M × `<div>x</div>` | N formatting elements are made anew M times (HTML §13.2.4.3) | \
0.3 s, 60 MB; 250 kB: 2 GB | tags × formatting elements |
| N × `<html aN>`, `<body aN>` | each adds its attributes to the first (§13.2.6.4.7) | 0.2 s, 1.5 GB | their number |
| everything else | | 0.01 s | bytes, tags, lines, escapes |

Of formatting elements that are alike three are remembered, and of `<a>` one; so their number is three times that of
the different ones. End tags are not looked at: a page can show us some that its parse never meets.
All encodings that exist for pages write markup in ASCII, but UTF-16, whose zeros are left out.
"""

from __future__ import annotations

import re

MAX_BYTES = 1_000_000
"""Parse and text of so much take 50 ms: half of what the event loop may lag."""
MAX_TAGS = 40_000
MAX_LINES = 100_000
MAX_ESCAPES = 20_000
MAX_FORMATTED = 500_000
"""Elements that the parser may have to make; a million take 60 ms, and their text as long again."""
MAX_ROOTS = 20

_FEW_TAGS = 400
"""So few cannot become more than a third of MAX_FORMATTED."""
_REPEATED = re.compile(
    rb"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u|(html|body))(?=[\s/>])[^>]*", re.IGNORECASE
)


def is_light(body: bytes) -> bool:
    """Return whether parse, selection and text of an inflated body take under 100 ms. Itself takes 4 ms at most."""
    if len(body) > MAX_BYTES:
        return False
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    tags = body.count(b"<")
    if tags > MAX_TAGS or body.count(b"\n") > MAX_LINES or body.count(b"\\u") > MAX_ESCAPES:
        return False
    return _is_straight(body, tags)


def _is_straight(body: bytes, tags: int) -> bool:
    """Return whether the parser makes about as many elements as there are tags."""
    formatting: set[bytes] = set()
    roots = 0
    for found in _REPEATED.finditer(body) if tags > _FEW_TAGS else ():
        if found[1]:
            roots += 1
        else:
            formatting.add(found[0])
    return roots <= MAX_ROOTS and tags * (1 + 3 * len(formatting)) <= MAX_FORMATTED
