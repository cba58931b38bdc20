"""One tree, two engines: what turbohtml answers must be what Beautiful Soup with soupsieve answers."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

import pytest
import turbohtml
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from turbohtml import Element
from turbohtml.treebuild import parse_into

from tests.extract.made_pages import pages
from tests.extract.made_selectors import selector, words_of
from tests.sizes import BENCH
from watcher.extract.document import Document
from watcher.extract.selectors import is_native, native
from watcher.extract.soup import Twin, _SoupBuilder
from watcher.extract.soup_selectors import compiled
from watcher.extract.text import text_of

QUICK_PAGES = 400
PAGES = BENCH.sized(QUICK_PAGES, 5_000)
SELECTORS = 24
LEAST_PAIRS = BENCH.sized(5_000, 100_000)
LEAST_ANSWERED = 0.15
LEAST_NATIVE = 0.8

_NUMBER = re.compile(r"(?<=(?:child|-type)\()[1-9]")
seeds = st.lists(st.integers(0, 2**32), min_size=SELECTORS, max_size=SELECTORS)
made = settings(
    max_examples=PAGES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Engine(Protocol):
    """Selects from one page."""

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        """Return the matching elements in document order."""


class Both:
    """A page under both engines, either of which may be a broken one."""

    def __init__(
        self,
        text: str,
        native_engine: Callable[[str], Engine] = Document,
        soup_engine: Callable[[str, Iterable[Element]], Engine] = Twin,
    ) -> None:
        self.native = native_engine(text)
        found = self.native.select("*")
        self.elements = [element for element in found if not _is_in_template(element)]
        self.soup = soup_engine(text, self.elements)
        self.words = ["*", *words_of(self.elements)]

    def answers(self, css: str, row: int | None) -> tuple[list[Element], list[Element]]:
        """Return what each finds: within that element, or on the whole page."""
        within = None if row is None else self.elements[row]
        return list(self.native.select(css, within)), list(self.soup.select(css, within))


def _is_in_template(element: Element) -> bool:
    *above, outermost = element.ancestors
    tags = [each.tag for each in above if isinstance(each, Element)]
    return "template" in tags or not isinstance(outermost, turbohtml.Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A selector and a page, and what both engines found."""

    css: str
    row: int | None
    found: list[Element]
    expected: list[Element]


def compared(both: Both, page_seeds: Iterable[int]) -> Iterator[Pair]:
    """Yield a pair for each seed: half of them within an element of the page."""
    for seed in page_seeds:
        random = Random(seed)
        css = selector(random, both.words)
        row = random.choice((None, random.randrange(len(both.elements))))
        found, expected = both.answers(css, row)
        yield Pair(css=css, row=row, found=found, expected=expected)


READ_SPECIALLY = [
    "<pre>\n\na\n b</pre>",
    "<listing>\na\n b</listing>",
    "<textarea>\na\n b</textarea>",
    "<template>a<p>b</template>",
    "<script>a\n<b></script>",
    "<style>a\n<b></style>",
    "<noscript><p>a</noscript>",
    "<svg><title>a<template>b</template></title><style>c</style></svg>",
    "<pre><script>a</script><template>b</template>\nc</pre>",
    "<plaintext>\na<b>",
]


@pytest.mark.parametrize("markup", READ_SPECIALLY)
def test_text_does_not_depend_on_the_engine_that_found_it(markup: str) -> None:
    document = Document(f"<div>{markup}")
    by_turbohtml, by_soup = document.select("div, div *"), document.select("div, div *:not(:root)")
    assert not is_native("div, div *:not(:root)")
    assert all(one is other for one, other in zip(by_turbohtml, by_soup, strict=True))
    assert [document.text_of(each) for each in by_soup] == [text_of(each) for each in by_turbohtml]


@pytest.mark.skipif(
    sys.version_info < (3, 11, 5),
    reason="soupsieve 2 is held to soupsieve 4 by nothing: it takes the document for a parent of <html>, for example",
)
def test_both_engines_give_the_same_elements_in_the_same_order(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = answered = by_turbohtml = 0

    @made
    @given(text=pages, page_seeds=seeds)
    def hold(text: str, page_seeds: list[int]) -> None:
        nonlocal pairs, answered, by_turbohtml
        for pair in compared(Both(text), page_seeds):
            pairs += 1
            answered += bool(pair.expected)
            by_turbohtml += is_native(pair.css)
            assert pair.found == pair.expected, (pair.css, pair.row)

    hold()
    with capsys.disabled():
        print(
            f"\nengines: {pairs:,} pairs compared, {answered:,} found something, {by_turbohtml:,} by turbohtml itself"
        )
    assert pairs >= LEAST_PAIRS
    assert answered >= LEAST_ANSWERED * pairs
    assert by_turbohtml >= LEAST_NATIVE * pairs


@pytest.mark.parametrize(
    ("markup", "css"),
    [
        pytest.param("<svg viewBox='0 0 1 1'><path pathLength=2></svg>", "[viewBox]", id="an attribute with capitals"),
        pytest.param("<svg viewbox=1>", "svg[VIEWBOX='1']", id="the same in plain spelling"),
        pytest.param("<math definitionurl=x>", "body > :not([definitionURL])", id="an attribute of MathML"),
        pytest.param("<p>1<p>2", "p:nth-child(4294967297)", id="a count over 32 bits"),
        pytest.param("<p>1<p>2", "p:nth-child(n-2147483648)", id="a count at the end of 31 bits"),
        pytest.param("<p>1<p>2", "& > body > p", id="the nesting selector"),
        pytest.param("<div><p><b>1</b></div>", "div:has(:scope p)", id="the scope within has"),
        pytest.param("<p title=a>1", "p[title=a \u017f]", id="a long s for the flag s"),
        pytest.param("<p title=a>1", "p[title=A \u0131]", id="a dotless i for the flag i"),
        pytest.param("<svg><template><desc><p></template><b>", ":scope", id="the scope of a page with two roots"),
        pytest.param("<p title=':scope'>1", "p[title=':scope']", id="no scope but a text"),
        pytest.param("<p class=X>1<p class=x>2", ".x, #y", id="classes in quirks mode"),
        pytest.param("<svg><template><p class=x>1", "svg .x", id="a template in SVG"),
    ],
)
def test_what_one_engine_would_answer_otherwise_is_answered_as_soupsieve_does(markup: str, css: str) -> None:
    both = Both(markup)
    for row in (None, *range(len(both.elements))):
        found, expected = both.answers(css, row)
        assert found == expected


class KeepsTemplates(Document):
    """turbohtml with what is in templates on the page."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._tree = turbohtml.parse(text, positions=False)
        self._twin = Twin(text, [each for each in self._tree.iter_elements() if not _is_in_template(each)])


class Raw(Document):
    """turbohtml asked as the selector is written: in quirks mode classes have no case."""

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        return super().select(css, within) if native(css) is None else (within or self._tree).select(css)


class Undecided(Document):
    """turbohtml asked whatever it understands."""

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        try:
            return (within or self._tree).select(css)
        except turbohtml.SelectorSyntaxError:
            return []


class CountsFromZero(Document):
    """turbohtml with `:nth-child` and the like off by one."""

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        return super().select(_NUMBER.sub(lambda count: str(int(count[0]) - 1), css), within)


class WholePage(Document):
    """turbohtml asked of the page in place of the row: `:scope` is the page's."""

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        found = super().select(css)
        return found if within is None else [element for element in found if within in element.ancestors]


class PartByPart(Document):
    """turbohtml with lists that are answered one part after the other."""

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        parts = [css] if "(" in css or '"' in css else css.split(",")
        return [element for part in parts for element in super(PartByPart, self).select(part.strip(), within)]


def shifted(text: str, elements: Iterable[Element]) -> Twin:
    """Return a soup each of whose elements stands for the one after its twin."""
    first, *others = elements
    return Twin(text, [*others, first])


class KeepsContents(_SoupBuilder):
    """Makes a soup in which what is within templates is on the page, as Beautiful Soup's own parsers do."""

    def append(self, parent: PageElement, child: PageElement) -> None:
        assert isinstance(parent, Tag)
        self._absent.clear()
        name, parent.name = parent.name, "div"
        super().append(parent, child)
        parent.name = name


class SeesContents(Twin):
    """A soup that selects within templates too; there all its elements stand for the first one."""

    def __init__(self, text: str, elements: Iterable[Element]) -> None:
        builder = KeepsContents()
        parse_into(text, builder)
        self._soup = builder.soup
        outside: list[Tag] = []
        inside: list[Tag] = []
        for tag in builder.tags:
            (inside if tag.find_parent("template") else outside).append(tag)
        self._tag_of = dict(zip(elements, outside, strict=True))
        self._element_of = {id(tag): element for element, tag in self._tag_of.items()}
        self._element_of |= {id(tag): self._element_of[id(outside[0])] for tag in inside}


class OtherTree:
    """Beautiful Soup over what another parser makes of the page."""

    def __init__(self, text: str, elements: Iterable[Element]) -> None:
        self._soup = BeautifulSoup(text, "html.parser")
        self._element_of = {id(tag): element for tag, element in zip(self._soup.find_all(), elements, strict=False)}

    def select(self, css: str, within: Element | None = None) -> Sequence[Element]:
        if within is not None:
            return []
        return [self._element_of[id(tag)] for tag in compiled(css).select(self._soup) if id(tag) in self._element_of]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("native_engine", "soup_engine"),
    [
        pytest.param(KeepsTemplates, Twin, id="turbohtml sees into templates"),
        pytest.param(Raw, Twin, id="turbohtml compares classes without case in quirks mode"),
        pytest.param(Undecided, Twin, id="turbohtml answers what soupsieve should"),
        pytest.param(CountsFromZero, Twin, id="turbohtml counts children from zero"),
        pytest.param(WholePage, Twin, id="turbohtml takes the page for the scope"),
        pytest.param(PartByPart, Twin, id="turbohtml answers lists part by part"),
        pytest.param(Document, shifted, id="the soup's elements are those of their neighbours"),
        pytest.param(Document, SeesContents, id="the soup's templates keep their contents"),
        pytest.param(Document, OtherTree, id="the soup is of another tree"),
    ],
)
def test_a_broken_engine_is_found_within_the_pairs_of_make_test(
    native_engine: Callable[[str], Engine], soup_engine: Callable[[str, Iterable[Element]], Engine]
) -> None:
    def differ(example: tuple[str, list[int]]) -> bool:
        text, page_seeds = example
        pairs = compared(Both(text, native_engine, soup_engine), page_seeds)
        return any(pair.found != pair.expected for pair in pairs)

    find(
        st.tuples(pages, seeds),
        differ,
        settings=settings(made, max_examples=QUICK_PAGES, derandomize=True, phases=[Phase.generate]),
    )
