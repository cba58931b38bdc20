"""
The witness of a value: what is around the place that it was read from, in 300 bytes at most.

That of a list takes as much, and 30 bytes for each of its fields, besides their names.

A selector that finds something else after a change of the page says nothing of it. A witness knows the place by other
signs, none of which is the value: the text before it, how deep it is, the names and texts around it. Selector and
witness must agree (`extract.witness`); where they do not, what was found is not believed (`suspicion`).

100,000 states are kept in memory, so those of a watch are packed into one piece of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec
from msgspec import Struct

from watcher.core.words import cut

LIST = "items"
"""The name under which the witness of a list's rows is kept."""
LABEL_CHARACTERS = 40
_LABEL_BYTES = 60
_TAG_BYTES = 24
_PATH_BYTES = 48
_MARK_BYTES = 2
_TELLING_BEFORE, _TELLING_AFTER = 4, 2
"""So many texts before and behind a place tell its page: a message in the site's frame has other ones behind it."""


class Label(Struct, frozen=True, array_like=True):
    """
    That an element comes after a text.

    Attributes:
        text: on one line, LABEL_CHARACTERS at most.
        tag: of the element; one that is longer than 24 bytes is cut, and no other element has it then.
        count: the element is the nth of its tag after the text, from 1.
    """

    text: str
    tag: str
    count: int


class Witness(Struct, frozen=True, array_like=True, tag="value"):
    """
    The place of a single value.

    Attributes:
        label: a text before it that is likely to stay, and the count of its tag since; None where there is none.
        path: the tags of the elements that it is in and its own, as `main>div>span`; the nearest ones.
        header: of a cell of a table, the text of the header of its column.
        row: marks of the texts of the other cells of its row; where the selector tells rows apart, also of what else
            its `li`, `div` … says.
        heading: a mark of the heading that it is under.
        own: marks of its id, classes and names of attributes. A mark is a digest of two bytes.
        twins: how many elements with the same names are beside it.
        alike: how many others come so after such a label.
        above: marks of the same of the elements that it is in, the nearest first.
        before, after: marks of texts around it, the nearest first.
        around: marks of the tags and classes of elements around it.
        others: how many of the first other elements that its selector found read another value.
        copies: how many other elements of its tag say the same, where the selector counts; -1 of no telling text.
    """

    label: Label | None
    path: str
    header: str = ""
    row: bytes = b""
    heading: bytes = b""
    own: bytes = b""
    twins: int = 0
    alike: int = 0
    above: bytes = b""
    before: bytes = b""
    after: bytes = b""
    around: bytes = b""
    others: int = 0
    copies: int = -1

    @property
    def tag(self) -> str:
        """The tag of its element."""
        return self.path.rpartition(">")[2]


def is_telling_place(witness: Witness) -> bool:
    """Return whether a place has so many signs that a page on which it has all of them is no other page."""
    texts = len(witness.before) // _MARK_BYTES, len(witness.after) // _MARK_BYTES
    return texts[0] >= _TELLING_BEFORE and texts[1] >= _TELLING_AFTER and bool(witness.above)


class FieldWitness(Struct, frozen=True, array_like=True):
    """Where a field of a row is read: a mark of the header of its column, and marks of its element's own names."""

    header: bytes = b""
    own: bytes = b""


class RowWitness(Struct, frozen=True, array_like=True, tag="rows"):
    """
    The rows of a list. But for `fields`, all is as of a single value, of the first row.

    Attributes:
        fields: name → where it is read, the key among them.
    """

    label: Label | None
    path: str
    heading: bytes = b""
    own: bytes = b""
    above: bytes = b""
    fields: Mapping[str, FieldWitness] = {}


Witnesses: TypeAlias = Mapping[str, Witness | RowWitness]
"""By the names of single values, or LIST."""

NO_WITNESSES = b""
"""As they are kept."""


class Doubt(Struct, frozen=True, kw_only=True):
    """That a selector finds another place than it did. `text`: that, and what is where the value was, on one line."""

    name: str
    text: str


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(dict[str, Witness | RowWitness])


def packed(witnesses: Witnesses) -> bytes:
    """Return the witnesses as they are kept; empty when there are none."""
    return _ENCODER.encode(witnesses) if witnesses else NO_WITNESSES


def unpacked(kept: bytes) -> Witnesses:
    """Return the witnesses that are kept; none when a version with other signs kept them: they are made anew."""
    try:
        return _DECODER.decode(kept) if kept else {}
    except msgspec.DecodeError:
        return {}


def bounded_tag(tag: str) -> str:
    """Return a tag as a label keeps it: pages may make up tags of any length."""
    return _cut_to(tag, _TAG_BYTES)


def path_of(tags: Iterable[str]) -> str:
    """Return the path of an element as a witness keeps it. `tags`: its own first, then those that it is in."""
    first, *others = tags
    path = _cut_to(first, _PATH_BYTES)
    for tag in others:
        longer = f"{tag[:_PATH_BYTES]}>{path}"
        if len(longer.encode(errors="surrogatepass")) > _PATH_BYTES:
            break
        path = longer
    return path


def _cut_to(tag: str, most_bytes: int) -> str:
    return (
        tag
        if len(tag) * 4 <= most_bytes
        else tag[:most_bytes].encode(errors="replace")[:most_bytes].decode(errors="ignore")
    )


def bounded_label(text: str) -> str:
    """Return a text as a label keeps it: on one line, in few characters and bytes."""
    short = cut(" ".join(text[:400].split()), LABEL_CHARACTERS)
    while len(short.encode(errors="surrogatepass")) > _LABEL_BYTES:
        short = cut(short, len(short) * 3 // 4)
    return short


def marks(digests: list[int], most: int) -> bytes:
    """Return the first marks of digests, each once."""
    return b"".join([each.to_bytes(_MARK_BYTES, "big") for each in list(dict.fromkeys(digests))[:most]])


def split(marks: bytes) -> list[bytes]:
    """Return the marks one by one."""
    return [marks[at : at + _MARK_BYTES] for at in range(0, len(marks), _MARK_BYTES)]
