"""
Whether a page may be read on the event loop, told from its bytes before anything is parsed.

The parser is linear in a page's size but where HTML itself is not (measured with turbohtml 1.15, CPU time):

| page | what HTML demands | 60 kB | bound |
|---|---|---|---|
| `<p><b 1>…<b N></p>` and M × `<div>x</div>` | N formatting elements are made anew M times (HTML §13.2.4.3) | \
0.3 s, 60 MB; 250 kB: 2 GB | tags × formatting elements |
| N × `<html aN>`, `<body aN>` | each adds its attributes to the first (§13.2.6.4.7) | 0.2 s, 1.5 GB | their number |
| `<html a1 … aM>` ten times | an attribute is looked for among those of the first | 900 kB: 14 s | their bytes |
| everything else | | 0.01 s | bytes, tags, lines, escapes |

Of formatting elements that are alike three are remembered, and of `<a>` one; so their number is three times that of
the different ones. What is not written as attributes mostly are may go on behind its first `>`, so it is like no other.
End tags are not looked at: a page can show us some that its parse never meets.
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
MAX_ROOT_BYTES = 10_000

_FEW_TAGS = 1_400
"""Half of them formatting elements that the other half makes anew are less than MAX_FORMATTED."""
# First letters, then what may follow them: twice as fast as one name after the other, and no tag of HTML is mistaken.
_REPEATED = re.compile(
    rb"<[bcefhinstuBCEFHINSTU](?:[\s/][^>]*|>|(?i:ig|ode|ody|m|ont|tml|obr|mall|trike|trong|t)(?:[\s/][^>]*|>))"
)
_ROOTS = (b"<html", b"<body")
_WELL_WRITTEN = re.compile(rb"""<\w+(?:\s+[^\s"'<=/]+(?:="[^"]*"|='[^']*'|=[^\s"'<=`]+)?)*+\s*/?>?""")


def is_light(body: bytes) -> bool:
    """
    Return whether parse, selection and text of an inflated body take under 100 ms.

    Itself takes about 40 ns for a tag and half a ns for a byte: 0.1 ms for a page of 100 kB, 3 ms at most.
    """
    if len(body) > MAX_BYTES:
        return False
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    tags = body.count(b"<")
    if tags > MAX_TAGS or _has_lines(body) or _has_escapes(body):
        return False
    repeated = _REPEATED.findall(body)
    kinds = set(repeated)
    roots = {kind for kind in kinds if kind[:5].lower() in _ROOTS}
    return _are_small(roots, repeated) and _is_straight(kinds - roots, repeated, tags)


def _has_lines(body: bytes) -> bool:
    return len(body) > MAX_LINES and body.count(b"\n") > MAX_LINES


def _has_escapes(body: bytes) -> bool:
    if len(body) <= len(rb"\u0000") * MAX_ESCAPES:
        return False
    return body.count(b"\\") > MAX_ESCAPES and body.count(b"\\u") > MAX_ESCAPES  # single bytes are counted faster


def _are_small(roots: set[bytes], repeated: list[bytes]) -> bool:
    """Return whether few attributes are added to `<html>` and `<body>`."""
    if len(roots) > MAX_ROOTS or not all(map(_is_well_written, roots)):
        return False
    numbers = {root: repeated.count(root) for root in roots}
    root_bytes = sum(number * len(root) for root, number in numbers.items())
    return sum(numbers.values()) <= MAX_ROOTS and root_bytes <= MAX_ROOT_BYTES


def _is_straight(kinds: set[bytes], repeated: list[bytes], tags: int) -> bool:
    """Return whether the parser makes about as many elements as there are tags."""
    most = (MAX_FORMATTED // tags - 1) // 3 if tags > _FEW_TAGS else tags
    if len(kinds) > most:
        return False
    careless = {kind for kind in kinds if not _is_well_written(kind)}
    different = len(kinds - careless) + (sum(tag in careless for tag in repeated) if careless else 0)
    return different <= most


def _is_well_written(tag: bytes) -> bool:
    """Return whether the tag ends at its first `>`, since none of its attributes can hold one."""
    return _WELL_WRITTEN.fullmatch(tag) is not None
