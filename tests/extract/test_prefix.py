"""What the prefix of a page shows is what the page shows: both readings, over made pages, selectors and cuts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from turbohtml import Comment, Element, Node

from tests.extract import made_pages
from tests.extract.made_selectors import words_of
from tests.extract.misnested_pages import looking_back, misnested
from tests.extract.placed_pages import placed
from tests.sizes import FAULTS
from watcher.core.witness import Witness
from watcher.extract.document import Document
from watcher.extract.prefix import MARK, MOVING, Prefix, cut
from watcher.extract.selectors import looks_back
from watcher.extract.signs import NEAR_NODES, Place

QUICK_PAGES = 4_000
PAGES = FAULTS.sized(QUICK_PAGES, 60_000)
CUTS = 2
SELECTORS = 4
LEAST_PAIRS = FAULTS.sized(10_000, 120_000)
LEAST_DECIDED = 0.08
QUICK_PLACES = 6_000
PLACES = FAULTS.sized(QUICK_PLACES, 150_000)
LEAST_PLACES = FAULTS.sized(1_000, 25_000)


Kind: TypeAlias = Callable[[str, bytes], Prefix]
Selecting: TypeAlias = Callable[[Random, Sequence[str]], str]
Cutting: TypeAlias = Callable[[bytes, int], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A page and a selector: what the prefix up to `end` shows, and the first that the page shows."""

    source: bytes
    end: int
    css: str
    found: Sequence[object]
    expected: Sequence[object]


def pairs(
    pages: int, kind: Kind = Prefix, *, selector: Selecting = looking_back, cut_at: Cutting = cut
) -> Iterator[Pair]:
    """Yield pairs of so many misnested pages."""
    random = Random(20_260_101)
    for _ in range(pages):
        yield from pairs_of(misnested(random), random, kind, selector, cut_at)


def pairs_of(
    source: str, random: Random, kind: Kind = Prefix, selector: Selecting = looking_back, cut_at: Cutting = cut
) -> Iterator[Pair]:
    """Yield pairs of a page, which this kind of prefix reads up to anywhere."""
    page, sent = Document(source), source.encode(errors="surrogatepass")
    words = ["*", *words_of(page.elements())]
    for _ in range(CUTS):
        end = cut_at(sent, random.randrange(len(sent) + 1)) or len(sent)
        prefix = prefix_of(sent, end, kind)
        for _ in range(SELECTORS):
            yield compared(prefix, page, sent, end, selector(random, words))


def prefix_of(sent: bytes, end: int, kind: Kind = Prefix) -> Prefix:
    """Return the prefix up to so many bytes of a page that is sent as UTF-8."""
    return kind(sent[:end].decode(errors="surrogatepass"), sent[end:])


def compared(prefix: Prefix, page: Document, source: bytes, end: int, css: str) -> Pair:
    """Return what both show of a selector."""
    found = [shown(prefix.document, element) for element in prefix.select(css)]
    expected = [shown(page, element) for element in page.select(css)[: len(found)]]
    return Pair(source=source, end=end, css=css, found=found, expected=expected)


def shown(document: Document, element: Element) -> object:
    """Return all that a value may be read by: the element, its place on the page, and what it is in."""
    around = [(each.tag, dict(each.attrs)) for each in element.ancestors if isinstance(each, Element)]
    return element.html, document.order()[element], around


@pytest.mark.sized
def test_what_a_prefix_decides_is_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    all_pairs = decided = 0
    for pair in pairs(PAGES):
        all_pairs += 1
        decided += bool(pair.found)
        assert pair.found == pair.expected, pair
        assert looks_back(pair.css), pair
    with capsys.disabled():
        print(f"\nprefixes: {all_pairs:,} pairs of page and selector compared, {decided:,} decided by the prefix")
    assert all_pairs >= LEAST_PAIRS
    assert decided >= LEAST_DECIDED * all_pairs


@pytest.mark.sized
@settings(
    max_examples=FAULTS.sized(150, 3_000),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(source=made_pages.pages, seed=st.integers(0, 2**32))
def test_it_is_so_on_pages_of_all_kinds_of_elements(source: str, seed: int) -> None:
    for pair in pairs_of(source, Random(seed)):
        assert pair.found == pair.expected, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A page whose prefix up to `end` settles the place of the first that `.x` finds: the witnesses of both."""

    source: bytes
    end: int
    found: Witness
    expected: Witness


def places(pages: int, kind: Kind = Prefix) -> Iterator[Placed]:
    """Yield the settled places of so many pages that this kind of prefix reads."""
    random = Random(20_260_102)
    for _ in range(pages):
        source, at = placed(random)
        sent = source.encode()
        end = cut(sent, len(source[:at].encode())) or len(sent)
        prefix = prefix_of(sent, end, kind)
        for element in prefix.select(".x")[:1]:
            if prefix.has_settled_place(element):
                (first, *_) = Document(source).select(".x")
                yield Placed(source=sent, end=end, found=Place(element).witness, expected=Place(first).witness)


@pytest.mark.sized
def test_the_witness_of_a_settled_place_is_that_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    settled = 0
    for each in places(PLACES):
        settled += 1
        assert each.found == each.expected, each
    with capsys.disabled():
        print(f"\nprefixes: {PLACES:,} pages, of which {settled:,} settle the place of a value")
    assert settled >= LEAST_PLACES


class WithoutMark(Prefix):
    """Takes the last element for where the mark is, whatever became of the mark."""

    def around_mark(self) -> Sequence[Element]:
        *_, last = (each for each in self.document.elements())
        return [each for each in (*reversed([*last.ancestors]), last) if isinstance(each, Element)]


class MarkAnywhere(Prefix):
    """Takes the mark although something is behind it."""

    def around_mark(self) -> Sequence[Element]:
        root = self.document.top()[-1]
        marks = [each for each in root.descendants if isinstance(each, Comment) and each.data == MARK]
        return [each for mark in marks for each in mark.ancestors if isinstance(each, Element)]


class WithoutBody(Prefix):
    """Takes what stands before the body, or behind it."""

    def is_body_open(self, around: Collection[Element]) -> bool:
        return bool(around)


class OpenElements(Prefix):
    """Takes elements that may go on."""

    def is_closed(self, element: Element, around: Collection[Element]) -> bool:  # noqa: ARG002
        return True


def steady_but_for(*tags: str) -> type[Prefix]:
    """Return what looks for no open elements of these names."""

    class Unsteady(Prefix):
        def is_steady(self, element: Element, around: Collection[Element]) -> bool:
            return super().is_steady(element, [each for each in around if each.tag not in tags])

    return Unsteady


def roots_but_for(tag: str) -> type[Prefix]:
    """Return what does not see this tag in the rest of a page."""

    class Unrooted(Prefix):
        def has_steady_roots(self, rest: bytes | memoryview) -> bool:
            return super().has_steady_roots(re.sub(b"(?i)<%b" % tag.encode(), b"<p", rest))

    return Unrooted


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(WithoutMark, id="the mark is a comment"),
        pytest.param(MarkAnywhere, id="nothing is behind the mark"),
        pytest.param(steady_but_for("table"), id="it is in no open table"),
        pytest.param(steady_but_for(*(MOVING - {"table", "select"})), id="it is in no open formatting element"),
        pytest.param(steady_but_for("select"), id="it is in no open select"),
        pytest.param(WithoutBody, id="the mark is in the body"),
        pytest.param(roots_but_for("html"), id="the rest has no html"),
        pytest.param(roots_but_for("body"), id="the rest has no body"),
        pytest.param(roots_but_for("frameset"), id="the rest has no frameset"),
        pytest.param(OpenElements, id="it is closed"),
    ],
)
def test_each_condition_that_is_taken_away_is_found_missing(kind: Kind) -> None:
    assert any(pair.found != pair.expected for pair in pairs(QUICK_PAGES, kind))


class MarkAsEdge(Prefix):
    """Takes the place for settled behind which an element is open that moves what comes."""

    def edge(self, around: Sequence[Element]) -> Node | None:
        return around[-1].children[-1] if around else None


class NearEnd(Prefix):
    """Takes the place for settled whatever is behind it."""

    def has_nodes_behind(self, element: Element) -> bool:  # noqa: ARG002
        return True


class GrowingText(Prefix):
    """Takes the last text as it is, although it may go on."""

    def has_nodes_behind(self, element: Element) -> bool:
        return self.are_before_edge(element.following, NEAR_NODES)


class OpenParent(Prefix):
    """Takes the place for settled although more may come beside it."""

    def has_siblings(self, element: Element) -> bool:  # noqa: ARG002
        return True


class OpenRow(Prefix):
    """Takes the place for settled although more cells may come into its row."""

    def has_row(self, element: Element) -> bool:  # noqa: ARG002
        return True


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(MarkAsEdge, id="what moves is open behind"),
        pytest.param(NearEnd, id="enough is behind"),
        pytest.param(GrowingText, id="the last text may go on"),
        pytest.param(OpenParent, id="its siblings are known"),
        pytest.param(OpenRow, id="its row is closed"),
    ],
)
def test_each_condition_of_a_place_that_is_taken_away_is_found_missing(kind: Kind) -> None:
    assert any(each.found != each.expected for each in places(QUICK_PLACES, kind))


def looking_on(random: Random, words: Sequence[str]) -> str:
    return looking_back(random, words) + random.choice((":last-child", ":only-of-type", ":nth-last-child(2)"))


def test_a_selector_that_looks_on_is_found_out() -> None:
    assert any(pair.found != pair.expected for pair in pairs(QUICK_PAGES, selector=looking_on))


def test_a_cut_behind_anything_is_found_out() -> None:
    assert any(pair.found != pair.expected for pair in pairs(QUICK_PAGES, cut_at=lambda _, at: at))


def test_a_page_that_writes_the_mark_itself_has_no_prefix() -> None:
    source = f"<body><p class=x>1</p><!--{MARK}--><a title='>' class='>".encode()
    for end in (source.index(b"<!"), source.index(b">' class") + 1):
        assert bool(prefix_of(source, end).select(".x")) is (end == source.index(b"<!"))


def test_a_prefix_ends_behind_a_tag_that_is_near() -> None:
    assert [cut(b"<p>a<b>", at) for at in (0, 2, 3, 7)] == [3, 3, 7, None]
    assert cut(b"<p title=%b>" % (b"x" * 10_000), 0) is None
