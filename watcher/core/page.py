"""What a fetch brings back: the border between `fetch`, which makes it, and `extract`, which reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from msgspec import Struct, field

_T = TypeVar("_T")


class Kept:
    """
    A cache of what was made from a page, for several watches may read one; it lives as long as the page.

    It does not count when pages are compared (all are equal), and is not pickled with them.
    """

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[object, object] = {}

    def of(self, what: object, make: Callable[[], _T]) -> _T:
        """Return what is cached under this name (one type of value each), or make it; errors are not cached."""
        if what not in self._made:
            self._made[what] = make()
        return cast("_T", self._made[what])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "Kept()"

    def __reduce__(self) -> tuple[type[Kept], tuple[()]]:
        return Kept, ()


class Validators(Struct, frozen=True, kw_only=True, gc=False):
    """What the server sent to make the next request conditional (RFC 9110 §8.8); None where it sent nothing."""

    etag: str | None = None
    last_modified: str | None = None


class NotModified(Struct, frozen=True, kw_only=True):
    """The server says that the page is the one it sent before."""

    validators: Validators


class Response(Struct, frozen=True, kw_only=True):
    """
    A page as it came over the wire, still compressed.

    Attributes:
        url: of the last hop; the base of its links.
        wire: the body as sent, and `digest` its xxh3-128 in hex: the same bytes need no inflating and no parse.
        content_encoding: codings in the order applied, lower case; empty for none.
        media_type: `text/html`, lower case, without parameters; None when the server named none.
        charset: the parameter of Content-Type as sent, None when absent.
        may_be_cut: nothing but the end of the connection says where it ends.
    """

    url: str
    wire: bytes
    digest: str
    content_encoding: tuple[str, ...]
    media_type: str | None
    charset: str | None
    validators: Validators
    may_be_cut: bool = False
    kept: Kept = field(default_factory=Kept)


class Page(Struct, frozen=True, kw_only=True):
    """
    A page ready to be read.

    Attributes:
        body: inflated, at most the watch's `max_body_bytes`.
        encoding: the charset that the operator demands, if any; it beats everything the page says.
    """

    url: str
    body: bytes
    media_type: str | None = None
    charset: str | None = None
    encoding: str | None = None
    may_be_cut: bool = False
    kept: Kept = field(default_factory=Kept)
