"""One tree, two engines: what turbohtml answers must be what Beautiful Soup with soupsieve answers."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from turbohtml import Element

from watcher.extract.document import Document
from watcher.extract.selectors import check_selector, is_native
from watcher.extract.soup import Twin

TAGS = [
    *("div", "p", "span", "a", "b", "td", "th", "tr", "table", "ul", "li", "section", "pre", "br", "sup", "form"),
    *("select", "option", "script", "noscript", "title", "svg", "math", "linearGradient", "font", "input"),
]
CLASSES = ["x", "X", "y", "foo-bar", "余票", "a1"]
ATTRIBUTES = [
    *("id=x", "id=X", "id=main", "type=A", "type=a", "lang=EN", "lang=en-US", 'rel="next Prev"', "align=LEFT"),
    *('data-k="v w"', "data-K=V", 'href="/a.b#c"', "checked", 'data-k=""', 'title="  a  "', "dir=RTL", "Href=Z"),
]
ATTRIBUTE_TESTS = [
    *(
        "[type=a]",
        '[type="A" s]',
        "[lang=en]",
        "[lang|=en]",
        "[rel~=next]",
        "[rel~=NEXT]",
        "[align=left]",
        "[dir=rtl s]",
    ),
    *("[data-k]", '[data-k="v w"]', "[data-k^=v]", "[data-k$=w]", '[data-k*=" "]', "[data-k~=v]", "[data-k=V i]"),
    *("[DATA-K]", "[checked]", '[checked=""]', '[data-k^=""]', '[href="/a.b#c"]', '[title="  a  "]', '[class="x y"]'),
    *("[class*=x]", "[id=x i]", "[href=z]", '[class=""]', "[data-k|=v]"),
]
POSITIONS = [f":{which}-{kind}" for which in ("first", "last", "only") for kind in ("child", "of-type")]
COUNTS = ["1", "2", "odd", "even", "2n+1", "n", "3n - 1", "n+2", "0"]

texts = st.sampled_from(["text", " ", "\n", "<!--c-->", "&nbsp;", "12<b>", "</p>", "</table>", "<p>"])
openings = st.builds(
    "<{} class='{}' {}>".format,
    st.sampled_from(TAGS),
    st.lists(st.sampled_from(CLASSES), max_size=2).map(" ".join),
    st.lists(st.sampled_from(ATTRIBUTES), max_size=2).map(" ".join),
)
markup = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.builds("{}{}</{}>".format, openings, inner, st.sampled_from(TAGS)),
        st.builds("<template>{}</template>{}".format, inner, inner),
        st.lists(inner, min_size=1, max_size=4).map("".join),
    ),
    max_leaves=25,
)
pages = st.builds(
    # Always with a template, for its contents must be hidden from both.
    "{}{}<template class=x><p class=x id=main><td>t</template>{}".format,
    st.sampled_from(["", "<!doctype html>", "<!doctype html><html lang=en>"]),
    markup,
    markup,
)

simples = st.one_of(
    st.sampled_from([f".{name}" for name in CLASSES] + ["#x", "#X", "#main", ":scope"]),
    st.sampled_from(ATTRIBUTE_TESTS + POSITIONS),
    st.builds(
        ":nth-{}{}({})".format,
        st.sampled_from(["", "last-"]),
        st.sampled_from(["child", "of-type"]),
        st.sampled_from(COUNTS),
    ),
)
types = st.sampled_from([*TAGS, "*", "DIV", "tbody", "html", "body", "template", "lineargradient"])


def compounds(simple: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tail = st.lists(simple, max_size=2).map("".join)
    return st.one_of(st.builds("{}{}".format, types, tail), st.lists(simple, min_size=1, max_size=2).map("".join))


def lists(compound: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    step = st.builds("{}{}".format, st.sampled_from([" ", " > ", " + ", " ~ ", ">"]), compound)
    path = st.builds("{}{}".format, compound, st.lists(step, max_size=2).map("".join))
    return st.lists(path, min_size=1, max_size=2).map(", ".join)


inner = lists(compounds(simples))
functions = st.one_of(
    st.builds("{}({})".format, st.sampled_from([":not", ":is", ":where", ":has"]), inner),
    st.builds(":has({}{})".format, st.sampled_from(["> ", "+ ", "~ "]), compounds(simples)),
    st.builds(":nth-child({} of {})".format, st.sampled_from(COUNTS), inner),
)
selectors = lists(compounds(st.one_of(simples, functions)))


class Both:
    """A page under both engines."""

    def __init__(self, text: str) -> None:
        self.document = Document(text)
        self.elements = list(self.document.select("*"))
        self.twin = Twin(text, self.elements)

    def row(self, number: int | None) -> Element | None:
        return None if number is None else self.elements[number % len(self.elements)]


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=pages, css=selectors, row=st.none() | st.integers(0, 30))
def test_both_engines_give_the_same_elements_in_the_same_order(text: str, css: str, row: int | None) -> None:
    check_selector(css)
    assert is_native(css)
    both = Both(text)
    within = both.row(row)
    assert list(both.document.select(css, within)) == list(both.twin.select(css, within))


def test_the_comparison_notices_a_broken_engine() -> None:
    text = "<p class=x>1<p>2<template><p class=x>3</template>"
    both = Both(text)
    broken = Twin(text, reversed(both.elements))
    assert list(both.twin.select("p.x")) == list(both.document.select("p.x"))
    assert list(broken.select("p.x")) != list(both.document.select("p.x"))
