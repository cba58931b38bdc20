"""
Whether a selector still finds what it found: it and the witness of each value must agree.

| the place that the selector finds now                               | is believed                                   |
|---------------------------------------------------------------------|-----------------------------------------------|
| has most of the signs of the usual one                              | yes                                           |
| has some, and no other place on the page has clearly more           | yes                                           |
| has some, and another place, with a value of its type, clearly more | no                                            |
| is one of several that it finds now, and another is as much like it | no, though it found one alone before          |
| is under another header, and another cell of its row has the usual  | no                                            |
| is before the heading that it was under                             | no                                            |
| is counted among rows, and another row says what its row said       | no                                            |
| is in the row that leads where it did, and says the same beside it  | yes                                           |
| has next to none                                                    | no                                            |
| says what it said, at length, or what stands nowhere else           | yes, and the usual place is kept              |
| is not the usual one, and the last check refused what it saw        | no                                            |

None is asked of several matches without `pick`, of texts of the whole page, feeds, product data, and of what is found
by a regular expression alone. That of a member of JSON only leads to where it is once its path is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.page_profile import Usual
from watcher.core.values import SINGLE, Rows, Value
from watcher.core.watch import Items, Language, Pick, Selector, Values, Watch
from watcher.core.witness import LIST, Doubt, RowWitness, Witness, Witnesses, is_telling_place, unpacked
from watcher.core.wording import Worded, worded
from watcher.core.words import cut, one_line
from watcher.errors import SlowPageError
from watcher.extract.body import HtmlBody, JsonBody, open_body
from watcher.extract.document import Document
from watcher.extract.json_places import json_witnesses
from watcher.extract.labels import HEADINGS, after_labels, elements_labelled, heading_of, is_label, plain, shown_text
from watcher.extract.reader import Reader
from watcher.extract.row_witness import ListVerifier
from watcher.extract.signs import STRANGE, Place, above_marks, heading_mark, of_shapes, own_marks, share, weighed

# All are tuned on `tests/extract/mutated/pages.py`; `python -m tests.extract.mutations` prints what they come to.
SURE = 0.97
"""A place that has so much of the signs is the usual one: one word of many that changed leaves more."""
_MARGIN = 0.03
"""Another place must have so much more of them: less is a box or a text that came between."""
_FAR = 0.12
"""So much more where nothing is at stake: the value is as it was, or the other place has the same one."""
_NEAR = 0.1
"""
Of two places after the same label, or that the selector finds, one that has so much less may be the usual one all the
same: one was added.
"""
_COUNTED = 0.8
"""How well a place has a label whose text and count are the usual ones, whatever its digits (`Place.of_label`)."""
_ALIKE = 0.6
"""So much of the usual one's names makes an element beside it its twin: a price of a sale has one more."""
_CERTAIN = 1.0
"""Ahead of all that likeness can give: which of two alike is meant cannot be told."""
_SAME_ROW = 0.6
"""So much of what its row said makes another row the one that was meant …"""
_OTHER_ROW = 0.3
"""… where the row at the counted place has no more of it than this."""
_COUNTING = re.compile(r":nth-(?:last-)?of-type\(\d")
"""By hand one writes `:first-child` or `:nth-child(1)` for whatever comes first; `element_places` counts like this."""
_LINKED = re.compile(r"\[(?:href|src)\$?=")
"""As `element_contexts` names a row, or what leads somewhere."""
_TELLING = 6
"""A text of so many characters tells enough, though it is a number of a telephone."""
_LONG = 150
"""A text of so many characters that is as it was is the same thing, wherever it stands."""
_UNLIKE_OTHERS = 12
"""So is one of so many that stands once on the page; shorter ones, as a state of stock, are said of many things."""
_IDENTIFIED = re.compile(r"""(?:#[\w-]+|\[id="[^"]+"\]|\[href\$?="[^"]+"\])\Z""")
_DIGITS = re.compile(r"\d+")
_LONGEST = 1_000
"""Characters of what may be a value; more, where the last one was long."""
_MOST_RIVALS = 40
_MOST_HEADINGS = 200
_MOST_CELLS = 60
_MOST_LABELLED = 20
_MOST_ELEMENTS = 2_000
_SHOWN_CHARACTERS = 40
_WHOLE = frozenset({"html", "body", "main"})
_MARKUP = (Language.CSS, Language.XPATH)


class Observed(Struct, frozen=True, kw_only=True):
    """A value: what was believed last (`then`), what its selector finds now, and whether the last check refused it."""

    name: str
    selector: Selector
    then: Value
    now: Value
    is_refused: bool = False


class Verification(Struct, frozen=True, kw_only=True):
    """What witnesses say of a page, and those of what it shows now; of what it does not show, the ones before."""

    witnesses: Witnesses
    doubts: tuple[Doubt, ...]


def verify(page: Page, watch: Watch, usual: Usual, rows: Rows, budget: CpuBudget) -> Verification:
    """Return what the witnesses of a watch say of a page. `rows`: what the watch sees now."""
    body, usually = open_body(page, watch.scope), unpacked(usual.witnesses)
    if isinstance(body, JsonBody) and isinstance(watch.extraction, Values):
        found = json_witnesses(body, watch.extraction, usually, is_due=usual.is_profile_due)
        return Verification(witnesses=found, doubts=())
    if not isinstance(body, HtmlBody):
        return _unverified(usually, usual.rows, rows)
    reader = Reader(body, page.url, budget)
    if isinstance(watch.extraction, Items):
        return _verified_list(ListVerifier(body, reader, watch.extraction), usually.get(LIST), usual.rows, rows)
    witnesses: dict[str, Witness | RowWitness] = {}
    doubts: list[Doubt] = []
    for name, selector in watch.extraction.selectors.items():
        known = usually.get(name)
        match = match_of(reader, selector, is_known=known is not None)
        if match is None:
            witnesses |= {name: known} if known is not None else {}
            continue
        observed = observed_of(name, selector, usual, rows.get(SINGLE, {}).get(name))
        witnesses[name], odd = judged(body, reader, observed, known, match)
        doubts += odd
    return Verification(witnesses=witnesses, doubts=tuple(doubts))


def observed_of(name: str, selector: Selector, usual: Usual, now: Value) -> Observed:
    """Return a value as it was believed last, and as it is read now."""
    then = usual.rows.get(SINGLE, {}).get(name)
    return Observed(name=name, selector=selector, then=then, now=now, is_refused=usual.is_refused)


def _unverified(usual: Witnesses, before: Rows, rows: Rows) -> Verification:
    """Return what can be said of a page that is no longer HTML: nothing tells where new values are from."""
    if not usual or before == rows:
        return Verification(witnesses=usual, doubts=())
    text = worded(
        "doubt_no_html", "the page is no longer HTML, so nothing tells whether its values are where they were"
    )
    return Verification(witnesses=usual, doubts=tuple(Doubt(name=name, text=_of_value(name, text)) for name in usual))


def _verified_list(
    verifier: ListVerifier, known: Witness | RowWitness | None, before: Rows, rows: Rows
) -> Verification:
    now = verifier.witness() or known
    doubts = verifier.doubts(known, before, rows) if isinstance(known, RowWitness) else ()
    return Verification(witnesses={} if now is None else {LIST: now}, doubts=tuple(doubts))


def are_telling(watch: Watch, usual: Witnesses) -> bool:
    """Return whether the places of all values are known, and each tells what page it is on (`is_telling_place`)."""
    if not isinstance(watch.extraction, Values):
        return False
    places = (usual.get(name) for name in watch.extraction.selectors)
    return all(isinstance(place, Witness) and is_telling_place(place) for place in places)


class Match(Struct, frozen=True):
    """The element that a value is read of, and the others that its selector finds."""

    element: Element
    others: Sequence[Element]


def match_of(reader: Reader, selector: Selector, *, is_known: bool) -> Match | None:
    """
    Return the element that a value is read of; None where there is none, or no witness is asked.

    Args:
        is_known: it has a witness, from a time when there was one match.
    """
    if selector.query is None or selector.query.language not in _MARKUP:
        return None
    nodes = [node for node in reader.nodes(selector.query) if isinstance(node, Element)]
    if not nodes or (len(nodes) > 1 and (selector.pick not in (None, Pick.FIRST, Pick.LAST) or not is_known)):
        return None
    element = nodes.pop(-1 if selector.pick is Pick.LAST else 0)
    return None if element.tag in _WHOLE else Match(element, nodes)


def witness_of(body: HtmlBody, reader: Reader, observed: Observed, match: Match, place: Place) -> Witness:
    """Return the witness of a value that is read at this place."""
    selector, witness = observed.selector, place.witness
    return replace(
        witness,
        row=place.row if tells_rows(selector) else witness.row,
        alike=_alike(body.document, place),
        others=_others(reader, selector, match, observed.now),
        copies=_copies(body.document, selector, place, observed.now),
    )


def judged(
    body: HtmlBody, reader: Reader, observed: Observed, usual: Witness | RowWitness | None, match: Match
) -> tuple[Witness | RowWitness, Sequence[Doubt]]:
    """Return the witness to keep of a value, and that its element is not where the value was, if it is not."""
    place = Place(match.element)
    now = witness_of(body, reader, observed, match, place)
    if not isinstance(usual, Witness) or now == usual:
        return now, ()
    doubts = [*_ValueVerifier(body, reader, observed, match).doubts(usual, place, now)]
    return (usual, ()) if doubts and _is_unmistakable(body.document, observed) else (now, doubts)


def moved_from(body: HtmlBody, reader: Reader, observed: Observed, usual: Witness, match: Match) -> bool:
    """Return whether another row stands at a counted place now, and the one that was meant elsewhere."""
    return _ValueVerifier(body, reader, observed, match).moved(usual, Place(match.element)) is not None


class _ValueVerifier:
    """Checks one value against its witness."""

    def __init__(self, body: HtmlBody, reader: Reader, observed: Observed, match: Match) -> None:
        self._body = body
        self._reader = reader
        self._observed = observed
        self._name = observed.name
        self._selector = observed.selector
        self._then = observed.then
        self._now = observed.now
        self._others = match.others[:_MOST_RIVALS]

    def doubts(self, usual: Witness, place: Place, now: Witness) -> Iterator[Doubt]:
        """Yield that the element is not where the value was, if it is not. `now`: the witness of its place."""
        own = self._likeness(usual, place, self._now)
        is_joined = (
            (now.twins and not usual.twins) or (now.alike and not usual.alike) or (now.others and not usual.others)
        )
        moved = self.moved(usual, place)
        if not is_joined and moved is None and (own >= SURE or self._is_of_row(usual, place)):
            return
        rival = self._rival(usual, place, own) if moved is None else moved
        is_strange = own < STRANGE and not _is_named_alike(usual, place.witness)
        is_refused = own < SURE and self._observed.is_refused
        is_ahead = self._now != self._then and self._is_before_heading(usual, place)
        if rival is not None or is_ahead or (self._now != self._then and (is_strange or is_refused)):
            yield Doubt(name=self._name, text=self._text(usual, place, rival, is_ahead=is_ahead))

    def _rival(self, usual: Witness, place: Place, own: float) -> Element | None:
        """Return the place that has clearly more of the signs, and a value."""
        best, most = None, 0.0
        for other in self._candidates(usual, place):
            if self._reader.budget.is_spent:
                raise SlowPageError("the page takes too long to compare with what it was")
            if self._is_of(usual, place.element, other) or (value := self._value(other)) is None:
                continue
            there = Place(other)
            ahead = self._likeness(usual, there, value) - own
            is_same = value == self._now
            if not is_same and (
                self._is_beside(usual, place, there)
                or self._is_alike(usual, there, ahead)
                or self._is_found_too(usual, other, ahead)
                or _is_under(usual, place, there)
            ):
                ahead += _CERTAIN
            elif is_same or self._now == self._then:
                ahead -= _FAR
            else:
                ahead -= _MARGIN
            if ahead > most:
                best, most = other, ahead
        return best

    def _is_of_row(self, usual: Witness, place: Place) -> bool:
        """Return whether the selector names a row by where it leads, and that says what it said, wherever it stands."""
        if is_counted(self._selector) or not _is_linked(self._selector):
            return False
        row = share(usual.row, place.row)
        return place.witness.own == usual.own and (row is None or row >= _SAME_ROW)

    def moved(self, usual: Witness, place: Place) -> Element | None:
        """Return the place alike in the row that was meant, where another row stands at the counted place now."""
        if not is_counted(self._selector) or self._now == self._then:
            return None
        is_same_column = bool(usual.header) and plain(usual.header) == plain(place.witness.header)
        own_row = share(usual.row, place.row) or 0
        for other in self._alike_elements(usual, place):
            if self._is_of(usual, place.element, other):
                continue
            row = share(usual.row, Place(other).row) or 0
            is_of_row = row >= _SAME_ROW and own_row <= _OTHER_ROW
            is_copy = not usual.copies and is_telling(self._then) and _reads(other, self._then)
            is_row = is_of_row or (is_copy and (not usual.row or 0 < row >= own_row))
            if not is_row or (is_same_column and other.parent == place.element.parent):
                continue
            return other if self._value(other) not in (None, self._now) else None
        return None

    def _alike_elements(self, usual: Witness, place: Place) -> Iterator[Element]:
        """Yield the nearest elements that have the names of the usual one."""
        found = list(islice((one for one in self._body.document.elements() if one.tag == usual.tag), _MOST_ELEMENTS))
        at = found.index(place.element) if place.element in found else 0
        near = sorted(range(len(found)), key=lambda number: abs(number - at))
        alike = (found[number] for number in near if _is_alike(found[number], usual))
        return islice((one for one in alike if one != place.element), _MOST_RIVALS)

    def _is_of(self, usual: Witness, element: Element, other: Element) -> bool:
        """Return whether another element is within this one, or around it or more, or is the label."""
        if is_within(other, element) or is_within(element, other):
            return True
        text = other.text
        if len(text) > _LONGEST and not (isinstance(self._then, str) and len(text) <= 4 * len(self._then)):
            return True
        return usual.label is not None and plain(text) == plain(usual.label.text)

    def _is_beside(self, usual: Witness, place: Place, other: Place) -> bool:
        """Return whether another one has come beside the element, and it has the names of the usual one as much."""
        if usual.twins or place.element.parent != other.element.parent:
            return False
        own = share(usual.own, other.witness.own) or 0
        return own >= max(_ALIKE, share(usual.own, place.witness.own) or 0)

    def _is_alike(self, usual: Witness, other: Place, ahead: float) -> bool:
        """Return whether another place after such a label, where there was none, is as much like the usual one."""
        return not usual.alike and ahead > -_NEAR and (other.of_label(usual.label) or 0) >= _COUNTED

    def _is_found_too(self, usual: Witness, other: Element, ahead: float) -> bool:
        """Return whether the selector, which found one element, finds this one too, and it is as much like it."""
        return not usual.others and ahead > -_NEAR and other in self._others

    def _is_before_heading(self, usual: Witness, place: Place) -> bool:
        """Return whether the heading that the value was under comes after the element now, and once only."""
        if not usual.heading or place.witness.heading == usual.heading:
            return False
        is_after, found = False, list[bool]()
        headings = (one for one in self._body.document.elements() if one.tag in HEADINGS or one == place.element)
        for one in islice(headings, _MOST_HEADINGS):
            if one == place.element:
                is_after = True
            elif heading_mark(heading_of(one)) == usual.heading:
                found.append(is_after and place.element not in one.ancestors)
        return found == [True]

    def _likeness(self, usual: Witness, place: Place, value: Value) -> float:
        return weighed({**place.signs(usual), "shape": of_shapes(self._then, value)})

    def _candidates(self, usual: Witness, place: Place) -> list[Element]:
        """Return the elements that may be meant, the likeliest by their own names first."""
        document = self._body.document
        found = islice((one for one in document.elements() if one.tag == usual.tag), _MOST_ELEMENTS)
        ranked = sorted(found, key=lambda one: share(usual.own, own_marks(one)) or 0, reverse=True)[:_MOST_RIVALS]
        labelled = islice(after_labels(document, usual.label), _MOST_LABELLED) if usual.label else ()
        return list(dict.fromkeys([*self._others, *labelled, *_cells_beside(usual, place), *ranked]))

    def _value(self, element: Element) -> Value:
        return self._reader.value_of(element, self._selector)

    def _text(self, usual: Witness, place: Place, rival: Element | None, *, is_ahead: bool) -> str:
        shown, after, usually = self._shown(place.element), _after(place.witness), _after(usual)
        query = repr(str(self._selector.query))
        found = worded("doubt_finds", "{name}: {query} now finds {now}", name=self._name, query=query, now=shown)
        if after:
            found = worded("doubt_aside", "{sentence} ({aside})", sentence=found, aside=after)
        if rival is not None:
            text = worded(
                "doubt_rival", "{found}; {other} is where the value was", found=found, other=self._shown(rival)
            )
        elif is_ahead:
            return worded("doubt_heading", "{found}; the heading that the value was under comes after it", found=found)
        else:
            text = worded("doubt_not_alike", "{found}; what is around it is not as it was", found=found)
            usually = usually and worded("doubt_was", "the value was {usually}", usually=usually)
        return worded("doubt_aside", "{sentence} ({aside})", sentence=text, aside=usually) if usually else text

    def _shown(self, element: Element) -> str:
        text = self._body.read(element, self._selector) or ""
        return repr(cut(one_line(text), _SHOWN_CHARACTERS))


def _is_named_alike(usual: Witness, now: Witness) -> bool:
    """Return whether a place has all names of the usual one, and its path: on a small page all texts may change."""
    return bool(usual.own) and (usual.own, usual.path) == (now.own, now.path)


def _cells_beside(usual: Witness, place: Place) -> Iterator[Element]:
    """Yield the cells of the element's row, when it is under another header than usual."""
    row = place.element.closest("tr") if usual.header and place.witness.header != usual.header else None
    if row is not None:
        yield from islice((one for one in row.children if isinstance(one, Element)), _MOST_CELLS)


def _is_under(usual: Witness, place: Place, other: Place) -> bool:
    """Return whether another cell of the row is under the usual header, and the element is under another one."""
    if not usual.header or plain(place.witness.header) == plain(usual.header):
        return False
    row, other_row = (one.element.closest("tr") for one in (place, other))
    return row is not None and row == other_row and plain(other.witness.header) == plain(usual.header)


def _others(reader: Reader, selector: Selector, match: Match, now: Value) -> int:
    """Return how many of the first other matches read another value."""
    read = (reader.value_of(other, selector) for other in match.others[:_MOST_RIVALS])
    return sum(value is not None and value != now for value in read)


def is_counted(selector: Selector) -> bool:
    """Return whether a selector counts what it finds among its like, as those that are generated do."""
    return selector.query is not None and _COUNTING.search(selector.query.expression) is not None


def _is_linked(selector: Selector) -> bool:
    return selector.query is not None and _LINKED.search(selector.query.expression) is not None


def tells_rows(selector: Selector) -> bool:
    """Return whether it is asked of a selector which row it finds, also where no table is (`signs`)."""
    return is_counted(selector) or _is_linked(selector)


def is_telling(value: Value) -> bool:
    """Return whether a value is a text that few things say: `Impressum`, and no number or sign."""
    return isinstance(value, str) and (is_label(value) or len(value) >= _TELLING)


def _copies(document: Document, selector: Selector, place: Place, now: Value) -> int:
    """Return how many other elements that look alike read as a counted one does; -1 where that tells nothing."""
    if not is_counted(selector) or not isinstance(now, str) or not is_telling(now):
        return -1
    if document.occurrences(now) < 2:
        return 0
    usual = place.witness
    found = islice((one for one in document.elements() if one.tag == usual.tag), _MOST_ELEMENTS)
    return sum(one != place.element and _reads(one, now) and _is_alike(one, usual) for one in found)


def _is_alike(element: Element, usual: Witness) -> bool:
    """Return whether an element has the names of the usual one, and those around it as well."""
    return own_marks(element) == usual.own and (share(usual.above, above_marks(element)) or 0) >= _ALIKE


def _reads(element: Element, value: Value) -> bool:
    """Return whether an element says a text; letters do where it has nothing else: counts come and go behind them."""
    text = " ".join(element.text[:_LONGEST].split())
    return isinstance(value, str) and (text == value or (_DIGITS.search(value) is None and plain(text) == plain(value)))


def _alike(document: Document, place: Place) -> int:
    """Return how many other elements come after such a label as this place does."""
    label = place.witness.label
    labelled = elements_labelled(document, label, known=place.label_text) if label else ()
    found = islice(labelled, _MOST_LABELLED)
    return sum(element != place.element for element in found)


def _is_unmistakable(document: Document, observed: Observed) -> bool:
    """
    Return whether a value is the text that it was, and no other thing on the page can be meant by it.

    It is long, or stands once, or is found by an id or a link, which other things do not have. A state of stock is said
    of many things.
    """
    from watcher.extract.stock import said  # 20 ms, and few texts are doubted

    text, query = observed.now, observed.selector.query
    if text != observed.then or not isinstance(text, str) or query is None:
        return False
    if len(text) >= _LONG or (is_telling(text) and _IDENTIFIED.search(query.expression)):
        return True
    return len(text) >= _UNLIKE_OTHERS and stands_once(document, text) and not said(text).states


def stands_once(document: Document, text: str) -> bool:
    """Return whether one piece of a page's text says just this."""
    saying = (node for node in document.texts() if text == shown_text(node))
    return len(list(islice(saying, 2))) == 1


def is_within(element: Element, other: Element) -> bool:
    """Return whether an element is within another one, or is the same."""
    return element == other or other in element.ancestors


def _of_value(name: str, problem: str) -> Worded:
    return worded("error_of_value", "{name}: {problem}", name=name, problem=problem)


def _after(witness: Witness) -> str:
    label = witness.header or (witness.label.text if witness.label else "")
    return worded("doubt_after", "after {label}", label=repr(label)) if label else ""
