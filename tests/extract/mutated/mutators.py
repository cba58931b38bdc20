"""
What a site's months do to a page: its values, the texts around them, its tree, and what it shows.

Each mutator takes a page, the element that is watched (of a list its first row) and a chance, changes the page in
place, and returns whether it found anything to change. The truth goes with the elements that carry its marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from random import Random
from typing import Final

from msgspec import Struct

from tests.extract.mutated.tree import Node

Act = Callable[[Node, Node, Random], bool]


class Mutator(Struct, frozen=True):
    """
    A kind of change.

    Attributes:
        is_quiet: only the value or texts around it change, so a watch must not be disturbed.
        weight: how often it comes, beside the others.
    """

    name: str
    act: Act
    weight: int = 2
    is_quiet: bool = False


_HASH = re.compile(r"^(.*?(?:__|css-))[A-Za-z0-9]{5,6}$")
_WORDS = (
    *("aster", "block", "body", "box", "card", "detail", "entry", "field", "group", "hero", "inner", "line", "meta"),
    *("module", "note", "pane", "panel", "part", "row", "shell", "slot", "tile", "unit", "view", "zone"),
)
_BANNERS = (
    "Free delivery this week",
    "Winter sale: 20 % off",
    "New: our app",
    "We are closed on 24 December",
    "最新活动",
)
_BLOCKS: Final = frozenset({"div", "section", "article", "aside", "ul", "ol", "dl", "table", "p", "form", "h2", "h3"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4"})
_TABLES: Final = frozenset({"table", "thead", "tbody", "tr", "td", "th"})
_CELLS: Final = frozenset({"td", "th", "dd", "dt"})
_TAGS: Final = {
    "article": "div", "section": "div", "aside": "section", "ul": "div", "ol": "div", "li": "div", "dl": "div",
    "dt": "span", "dd": "span", "h1": "h2", "h2": "h3", "h3": "h4", "b": "strong", "strong": "span", "em": "span",
    "font": "span", "i": "em", "header": "div", "nav": "div", "footer": "div", "main": "div", "p": "div",
    "table": "div", "thead": "div", "tbody": "div", "tr": "div", "td": "div", "th": "div", "button": "a",
}  # fmt: skip


def _changed(value: str, kind: str, rng: Random) -> str:
    """Return another value of the kind; perhaps it is the same by chance."""
    if "|" in kind:
        return rng.choice(kind.split("|"))
    if kind == "version":
        head, _, last = value.rpartition(".")
        return f"{head}.{int(last) + rng.randint(1, 3)}"
    if kind == "date":  # each of two digits may be a month, a day or an hour
        return re.sub(r"(?<!\d)\d\d(?!\d)", lambda _: str(rng.randint(10, 12)), value)
    first = re.sub(r"[1-9]", lambda _: str(rng.randint(1, 9)), value, count=1)
    begin = re.search(r"\d", value)
    at = begin.end() if begin else 0
    return first[:at] + re.sub(r"\d", lambda _: str(rng.randint(0, 9)), first[at:])


def _renew(node: Node, rng: Random) -> None:
    kind = node.mark("v")
    if kind is None:
        return
    if "|" in kind:
        node.text = _changed(node.text, kind, rng)
        return
    for each in node.elements():
        each.children = [_changed(child, kind, rng) if isinstance(child, str) else child for child in each.children]


def _some(nodes: Iterable[Node], rng: Random, share: float = 0.6) -> list[Node]:
    """Return some of them, one at least when there is one."""
    every = list(nodes)
    return [each for each in every if rng.random() < share] or every[:1]


def _of_truth(node: Node) -> bool:
    return any(each.mark("t") for each in (node, *node.above()))


def _has_truth(node: Node) -> bool:
    return any(each.mark("t") for each in node.elements())


def values(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """Values that are watched change."""
    chosen = [each for each in page.elements() if each.mark("v") and _of_truth(each)]
    for each in chosen:
        _renew(each, rng)
    return bool(chosen)


def other_values(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """Values beside them change: of related products, of other rows, counts."""
    chosen = _some((each for each in page.elements() if each.mark("v") and not _of_truth(each)), rng)
    for each in chosen:
        _renew(each, rng)
    return bool(chosen)


def words(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """Labels and sentences around are reworded."""
    chosen = _some((each for each in page.elements() if each.mark("w")), rng, 0.5)
    for each in chosen:
        each.text = rng.choice(each.attributes["x-w"].split("|"))
    return bool(chosen)


def counts(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """Numbers stand behind links of the navigation: 'News (3)'."""
    links = [each for each in page.elements() if each.tag == "a" and not _of_truth(each) and not each.nodes]
    for each in _some(links, rng, 0.3):
        each.text = f"{each.text} ({rng.randint(1, 99)})"
    return bool(links)


def _name(rng: Random) -> str:
    return f"{rng.choice(_WORDS)}-{rng.choice(_WORDS)}".lower()


def _path(page: Node, focus: Node) -> list[Node]:
    """Return the watched element and those that it stands in, within the body."""
    return [each for each in (focus, *focus.above()) if each.tag not in {"html", "body"} and each is not page]


def wrap(page: Node, focus: Node, rng: Random) -> bool:
    """A box comes around the element, or one that it stands in."""
    able = [each for each in _path(page, focus) if each.tag not in {"tr", "td", "th", "tbody", "dd", "dt", "li"}]
    if not able:
        return False
    target = rng.choice(able)
    tag = "span" if target.tag in {"span", "b", "em", "a", "strong", "i"} else "div"
    target.wrapped(Node(tag, {"class": _name(rng)}))
    return True


def unwrap(page: Node, focus: Node, rng: Random) -> bool:
    """A box around it goes."""
    able = [each for each in _path(page, focus)[1:] if each.tag in {"div", "span", "section", "article", "main"} and
            not each.mark("t") and not any(isinstance(child, str) for child in each.children)]  # fmt: skip
    if not able:
        return False
    rng.choice(able).unwrapped()
    return True


def rename_hashed(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """A build gives all hashed classes other hashes."""
    known: dict[str, str] = {}

    def renamed(name: str) -> str:
        if not (match := _HASH.match(name)):
            return name
        fresh = "".join(rng.choice("abcdefghkmnpqrstvwxyzABCDEFGH0123456789") for _ in range(5))
        return known.setdefault(name, f"{match[1]}{fresh}")

    for each in page.elements():
        each.classes = [renamed(name) for name in each.classes]
    return bool(known)


def rename_class(page: Node, focus: Node, rng: Random) -> bool:
    """A class of the element, or of one that it stands in, gets another name on the whole page."""
    names = sorted({name for each in _path(page, focus) for name in each.classes})
    if not names:
        return False
    old, new = rng.choice(names), _name(rng)
    for each in page.elements():
        each.classes = [new if name == old else name for name in each.classes]
    return True


def rename_id(page: Node, focus: Node, rng: Random) -> bool:
    """An id that it stands in gets another name."""
    able = [each for each in _path(page, focus) if "id" in each.attributes]
    if able:
        rng.choice(able).attributes["id"] = _name(rng)
    return bool(able)


def banner(page: Node, focus: Node, rng: Random) -> bool:
    """A banner comes before something that the element stands in."""
    able = [each for each in _path(page, focus) if each.tag in _BLOCKS and each.parent and
            each.parent.tag not in {"tr", "table", "tbody", "ul", "ol", "dl"}]  # fmt: skip
    if not able:
        return False
    box = Node(rng.choice(("div", "p", "section")), {"class": f"{_name(rng)} banner"}, [rng.choice(_BANNERS)])
    rng.choice(able).before(box)
    return True


def cookie_box(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """A box that asks for consent comes first or last."""
    (body,) = (each for each in page.nodes if each.tag == "body")
    text = Node("p", {}, [rng.choice(("We use cookies.", "Wir verwenden Cookies.", "我们使用 Cookie。"))])
    button = Node("button", {"class": "btn"}, ["OK"])
    body.insert(rng.choice((0, len(body.children))), Node("div", {"id": "cookies", "role": "dialog"}, [text, button]))
    return True


def _rows(focus: Node) -> tuple[Node, Sequence[Node]] | None:
    """Return what holds the rows that the element stands in one of, and its rows; rows are alike."""
    for each in (focus, *focus.above()):
        if each.parent is None or each.tag in _CELLS:
            continue
        alike = [
            other
            for other in each.parent.nodes
            if (other.tag, other.classes) == (each.tag, each.classes) and not any(n.tag == "th" for n in other.nodes)
        ]
        if len(alike) > 1 and each.nodes:
            return each.parent, alike
    return None


def _strange(node: Node, rng: Random) -> Node:
    """Return a copy of an element for another thing: other headings, values and links, the same labels, no truth."""
    copy = node.copy()
    is_row = any((each.mark("t") or "").startswith(f"{node.mark('t')}.") for each in copy.elements())
    _rename(copy, rng)
    for each in copy.elements():
        for mark in ("is", "gone"):
            each.attributes.pop(f"x-{mark}", None)
        if not (is_row and (each is copy or "." in (each.mark("t") or ""))):
            each.attributes.pop("x-t", None)
        if each.mark("v"):
            _renew(each, rng)
        if each.tag == "a" and "href" in each.attributes:
            each.attributes["href"] += "-other"
    return copy


def _rename(copy: Node, rng: Random) -> None:
    """Give a thing other headings, or where it has none another first text, which is its name."""
    named = [each for each in copy.elements() if each.tag in _HEADINGS]
    named = named or [each for each in copy.elements() if not each.mark("v") and _own_text(each)][:1]
    for each in named:
        said = next(_own_text(one) for one in each.elements() if _own_text(one))
        name = f"{rng.choice(_WORDS).title()} {rng.randint(2, 99)}{said[-1] if said[-1] in ':：' else ''}"
        first = next(one for one in each.elements() if _own_text(one))
        first.children = [name if child == said else child for child in first.children]


def _own_text(node: Node) -> str:
    """Return the first text that stands in an element itself; empty where there is none."""
    return next((child for child in node.children if isinstance(child, str) and child.strip()), "")


def insert_row(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """A row comes among those that it stands in."""
    found = _rows(focus)
    if found is None:
        return False
    _, rows = found
    fresh = _strange(rng.choice(rows), rng)
    rng.choice(rows).before(fresh)
    return True


def _terms(focus: Node) -> tuple[Node, list[tuple[Node, Node]]] | None:
    """Return the definition list that it stands in, and its pairs."""
    for each in focus.above():
        if each.tag == "dl" and (pairs := list(zip(each.nodes[::2], each.nodes[1::2], strict=False))):
            return each, pairs
    return None


def insert_term(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """A pair comes into the definition list that it stands in."""
    found = _terms(focus)
    if found is None:
        return False
    term, _ = rng.choice(found[1])
    term.before(Node("dt", {}, [rng.choice(_WORDS).title()]))
    term.before(Node("dd", {}, [str(rng.randint(10, 900))]))
    return True


def reorder_terms(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """The pairs of the definition list that it stands in come in another order."""
    found = _terms(focus)
    if found is None:
        return False
    holder, pairs = found
    rng.shuffle(pairs)
    holder.children = [each for pair in pairs for each in pair]
    return True


def _columns(focus: Node) -> list[Node] | None:
    """Return the rows of the table that it stands in, when all have as many cells."""
    for each in focus.above():
        if each.tag == "table":
            rows = [row for row in each.elements() if row.tag == "tr"]
            return rows if len(rows) > 2 and len({len(row.nodes) for row in rows}) == 1 else None
    return None


def insert_column(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """A column comes into the table that it stands in."""
    rows = _columns(focus)
    if rows is None:
        return False
    at = rng.randint(0, len(rows[0].nodes))
    for number, row in enumerate(rows):
        is_head = row.nodes[0].tag == "th"
        text = rng.choice(_WORDS).title() if is_head else str(number * 7 + rng.randint(1, 6))
        row.children = row.nodes  # type: ignore[assignment]
        row.insert(at, Node("th" if is_head else "td", {}, [text]))
    return True


def reorder_columns(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """The columns of the table that it stands in come in another order."""
    rows = _columns(focus)
    if rows is None:
        return False
    order = list(range(len(rows[0].nodes)))
    rng.shuffle(order)
    for row in rows:
        cells = row.nodes
        row.children = [cells[place] for place in order]
    return True


def reorder_rows(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """The rows that it stands in one of come in another order."""
    found = _rows(focus)
    if found is None:
        return False
    holder, rows = found
    places = [number for number, each in enumerate(holder.children) if any(each is row for row in rows)]
    shuffled = list(rows)
    rng.shuffle(shuffled)
    for place, row in zip(places, shuffled, strict=True):
        holder.children[place] = row
    return True


def reorder_blocks(page: Node, focus: Node, rng: Random) -> bool:
    """The parts of something that it stands in come in another order."""
    able = [
        each
        for each in _path(page, focus)[1:]
        if len(each.nodes) > 2
        and all(child.tag in _BLOCKS for child in each.nodes)
        and len({child.tag for child in each.nodes}) > 1
    ]
    if not able:
        return False
    holder = rng.choice(able)
    heads = [each for each in holder.nodes if each.tag in {"h1", "h2", "h3"}]
    groups: list[list[Node]] = [[]]
    for each in holder.nodes:  # a heading stays before what it heads
        if each in heads:
            groups.append([])
        groups[-1].append(each)
    rng.shuffle(groups)
    holder.children = [each for group in groups for each in group]
    return True


def insert_sibling(page: Node, focus: Node, rng: Random) -> bool:
    """Something comes beside the element: a badge, a note, an icon."""
    able = [each for each in _path(page, focus)[:3] if each.tag not in {"tr", "td", "th", "li", "dd", "dt", "tbody"}]
    if not able:
        return False
    target = rng.choice(able)
    text = rng.choice(("New", "★", "-20 %", "Tip", "i", "5 reviews"))
    fresh = Node(target.tag if rng.random() < 0.4 else "span", {"class": _name(rng)}, [text])
    rng.choice((target.before, target.after))(fresh)
    return True


def remove_sibling(page: Node, focus: Node, rng: Random) -> bool:
    """Something beside what it stands in goes."""
    able = [
        other
        for each in _path(page, focus)
        if each.parent
        for other in each.parent.nodes
        if other is not each and not _has_truth(other) and other.tag not in {"th", "td", "dt", "dd", "thead"}
        and not any(inner.tag == "th" for inner in other.elements())
    ]  # fmt: skip
    if able:
        rng.choice(able).cut()
    return bool(able)


def related_first(page: Node, focus: Node, rng: Random) -> bool:
    """Things that look alike come before the thing: its own box, with the values of others."""
    mains = [each for each in _path(page, focus) if each.mark("is") == "main"]
    if not mains or mains[0].parent is None:
        return False
    main = mains[0]
    count = rng.randint(1, 3)
    is_copy = rng.random() < 0.5
    items = [each for each in page.elements() if each.mark("is") == "item"]
    source = main if is_copy or not items else items[0]
    fresh = [_strange(source, rng) for _ in range(count)]
    if main.tag == source.tag and rng.random() < 0.5:
        for each in fresh:
            main.before(each)
    else:
        main.before(Node("div", {"class": _name(rng)}, [Node("h2", {}, ["Featured"]), *fresh]))
    return True


def sold_out(page: Node, focus: Node, rng: Random) -> bool:
    """The thing is gone, and its price with it; those of related products stay."""
    if focus.mark("gone") is None:
        return False
    text = focus.attributes["x-gone"]
    name = focus.mark("t")
    for old in [each for each in page.elements() if each.mark("old")]:
        old.cut()
    for each in [each for each in page.elements() if each.mark("t") == name]:
        del each.attributes["x-t"]
        if not text or rng.random() < 0.3:
            holder = each.parent
            each.cut()
            if holder is not None and rng.random() < 0.5 and not holder.children and holder.parent:
                holder.cut()
        else:
            each.text = text
            each.classes = [_name(rng)]
    return True


def sale(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """The old price stands beside the new one, and looks like it."""
    if (
        not re.search(r"[€$¥£]|EUR|zł", focus.text)
        or focus.tag in {"td", "tr", "li", "dd"}
        or focus.mark("v") != "digits"
    ):
        return False
    old = _strange(focus, rng)
    old.attributes["x-old"] = "1"
    if rng.random() < 0.5:
        old.tag = "del"
    if rng.random() < 0.6:
        old.classes = [*old.classes, "old"]
    (focus.before if rng.random() < 0.7 else focus.after)(old)
    return True


def mobile_copy(page: Node, focus: Node, rng: Random) -> bool:
    """What it stands in comes a second time, for narrow screens; both are right."""
    able = [each for each in _path(page, focus)[:3] if each.tag in {"div", "p", "section", "span", "b", "ul"} and
            each.parent and each.parent.tag not in {"tr", "ul", "dl"}]  # fmt: skip
    if not able or any(each.mark("t") for each in focus.above()) or not focus.mark("v"):
        return False
    target = rng.choice(able)
    copy = target.copy()
    for each in copy.elements():
        each.attributes.pop("id", None)
    copy.classes = [*copy.classes, "d-md-none"]
    rng.choice((target.before, target.after))(copy)
    return True


def redesign(page: Node, focus: Node, rng: Random) -> bool:  # noqa: ARG001
    """Another template shows the same: other tags, classes, ids and boxes, and another frame."""
    made = rng.sample([f"{one}-{other}".lower() for one in _WORDS for other in _WORDS], 200)
    fresh = (name if not turn else f"{name}-{_WORDS[turn % len(_WORDS)]}" for turn in count() for name in made)
    names: dict[str, str] = {}
    has_tables = rng.random() < 0.5
    tags = {old: new for old, new in _TAGS.items() if rng.random() < 0.8}
    for each in list(page.elements()):
        each.classes = [names.setdefault(name, next(fresh)) for name in each.classes]
        if "id" in each.attributes:
            each.attributes["id"] = names.setdefault(f"#{each.attributes['id']}", next(fresh))
        is_of_table = each.tag in _TABLES
        if not (is_of_table and has_tables):
            each.tag = _TAGS[each.tag] if is_of_table else tags.get(each.tag, each.tag)
            for name in ("width", "border", "cellpadding", "align", "valign", "size"):
                each.attributes.pop(name, None)
    (body,) = (each for each in page.nodes if each.tag == "body")
    tops = body.nodes
    if len(tops) > 2 and rng.random() < 0.5:
        tops[-1].cut()
    if rng.random() < 0.5:
        box = Node("div", {"class": _name(rng)})
        box.children, body.children = body.children, []
        for each in box.nodes:
            each.parent = box
        body.append(box)
    return True


MUTATORS: Final = (
    Mutator("values", values, 6, is_quiet=True),
    Mutator("other values", other_values, 4, is_quiet=True),
    Mutator("words", words, 4, is_quiet=True),
    Mutator("counts", counts, 2, is_quiet=True),
    Mutator("wrap", wrap),
    Mutator("unwrap", unwrap),
    Mutator("rename hashed classes", rename_hashed, 3),
    Mutator("rename a class", rename_class),
    Mutator("rename an id", rename_id, 1),
    Mutator("banner", banner, 3),
    Mutator("cookie box", cookie_box),
    Mutator("insert a row", insert_row, 5),
    Mutator("insert a term", insert_term, 8),
    Mutator("insert a column", insert_column, 8),
    Mutator("insert beside", insert_sibling),
    Mutator("remove beside", remove_sibling),
    Mutator("reorder rows", reorder_rows, 4),
    Mutator("reorder terms", reorder_terms, 6),
    Mutator("reorder columns", reorder_columns, 8),
    Mutator("reorder blocks", reorder_blocks, 3),
    Mutator("related first", related_first, 8),
    Mutator("sold out", sold_out, 12),
    Mutator("sale", sale, 6),
    Mutator("copy for mobile", mobile_copy),
    Mutator("redesign", redesign, 3),
)
