"""
What the prefix of a page takes for the usual place of a changed value is its usual place on the page.

Over triples of a usual page, what is known of it, and another page that is cut anywhere: where the prefix says that all
is in place, the whole page must say so, with the same values, no doubt and no wall. It may differ in one thing, that
the place is one of several now: in `alike` and `others` of its witness, and in the doubts that come of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import pytest
from msgspec.structs import replace
from turbohtml import Element

from tests.extract.builders import css, page, watch
from tests.extract.placed_pages import DANGERS, PRICE, placed
from tests.extract.test_prefix import Kind, prefix_of
from tests.sizes import FAULTS
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page import Page
from watcher.core.page_profile import Examined, Taken, Usual, packed_profile, unpacked_profile
from watcher.core.values import Rows, ValueType
from watcher.core.watch import Values, Watch
from watcher.core.witness import Witness, is_telling_place, unpacked
from watcher.errors import CheckError
from watcher.extract.body import open_body
from watcher.extract.prefix import Prefix, cut
from watcher.extract.prefix_reading import PrefixBody
from watcher.extract.profile import digest_of_heads, profile_of
from watcher.extract.witness import verify
from watcher.watching.reading import examine_page, examine_prefix, see_page, see_prefix

QUICK_PAGES = 400
PAGES = FAULTS.sized(QUICK_PAGES, 80_000)
"""Usual pages, each with OTHERS others."""
OTHERS = 6
LEAST_IN_PLACE = 0.1
MOST_PAGES = 4_000

WATCHES = [
    watch(Values(selectors={"price": css(".x", ValueType.MONEY)})),
    watch(Values(selectors={"price": css(".x")})),
    watch(Values(selectors={"price": css(".x"), "label": css("b")})),
]
_WALLS = [
    "<title>Just a moment...</title><script>_cf_chl_opt</script>",
    "<title>Dune</title><h1>Dune</h1><p class=x>Please verify you are human</p>",
    "<title>Access denied</title><body><h1>Access denied</h1><p class=x>1.00 €</p>",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """Another page than the usual one, up to where it is cut, and what is known of the usual one."""

    watch: Watch
    usual: Usual
    sent: bytes
    end: int

    def told_by(self, kind: Kind) -> tuple[Rows, Examined] | None:
        """Return what this kind of prefix tells, if that is all in place."""
        cut_page = page(self.sent)
        cut_page.kept.of(("prefix", 1), lambda: PrefixBody(prefix_of(self.sent, self.end, kind)))
        sight = see_prefix(self.watch, cut_page, 1, UNLIMITED)
        if sight is None:
            return None
        examined = examine_prefix(self.watch, cut_page, sight.rows, self.usual, UNLIMITED)
        return None if examined is None else (sight.rows, examined)

    def is_true(self, rows: Rows, examined: Examined) -> bool:
        """Return whether the whole page says the same, but for how many places are like the usual ones."""
        whole = page(self.sent)
        try:
            if see_page(self.watch, whole, 1, UNLIMITED).rows != rows or not self._has_usual_heads(whole):
                return False
            known = unpacked(self.usual.witnesses)
            now = verify(whole, self.watch, self.usual, rows, UNLIMITED).witnesses
            if now != known:
                return {name: _as_unique_as(known[name], each) for name, each in now.items()} == known
            expected = examine_page(self.watch, whole, rows, self.usual, UNLIMITED)
            return replace(expected, prefix_kib=examined.prefix_kib) == examined
        except CheckError:
            return False

    def _has_usual_heads(self, whole: Page) -> bool:
        return digest_of_heads(open_body(whole)) == _heads_of(self.usual)


def _heads_of(usual: Usual) -> bytes:
    taken = unpacked_profile(usual.profile)
    return b"" if taken is None else taken.profile.heads


def _as_unique_as(known: object, now: object) -> object:
    assert isinstance(known, Witness)
    assert isinstance(now, Witness)
    return replace(now, alike=known.alike, others=known.others)


def triples(pages: int) -> Iterator[Triple]:
    random = Random(20_260_103)
    for _ in range(pages):
        source, at = placed(random, is_telling=True)
        wanted = random.choice(WATCHES)
        usual = known_of(wanted, source)
        if usual is None:
            continue
        for _ in range(OTHERS):
            other, its_cut = changed(source, at, random)
            sent = other.encode()
            end = cut(sent, len(other[:its_cut].encode())) or len(sent)
            yield Triple(watch=wanted, usual=usual, sent=sent, end=end)


def known_of(wanted: Watch, source: str) -> Usual | None:
    """Return what a first check remembers of a page; None where nothing of it could tell the page."""
    first = page(source)
    try:
        rows = see_page(wanted, first, 1, UNLIMITED).rows
        examined = examine_page(wanted, first, rows, Usual(rows={}), UNLIMITED)
    except CheckError:
        return None
    profile = profile_of(open_body(first))
    known = unpacked(examined.witnesses)
    if profile is None or not known or not all(map(_is_telling, known.values())):
        return None
    taken = packed_profile(Taken(profile, datetime(2026, 1, 1, tzinfo=UTC)))
    return Usual(rows=rows, profile=taken, witnesses=examined.witnesses, prefix_kib=1)


def _is_telling(witness: object) -> bool:
    return isinstance(witness, Witness) and is_telling_place(witness)


def changed(source: str, at: int, random: Random) -> tuple[str, int]:
    """Return the page with another price, most times, and up to three other changes, and about where it is cut."""
    if random.random() < 0.02:
        return random.choice(_WALLS) + source, random.randrange(len(source))
    start, rest = source[:at], source[at:]
    if random.random() < 0.9:
        start = start.replace(PRICE, f"{random.randint(1, 99)}.00 €", 1)
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        start = altered(start, random)
    for _ in range(random.choice((0, 1, 2, 3))):
        rest = random.choice(DANGERS) + rest if random.random() < 0.5 else altered(rest, random)
    is_elsewhere = random.random() < 0.2
    return start + rest, random.randrange(len(start) + len(rest)) if is_elsewhere else len(start)


def altered(source: str, random: Random) -> str:
    """Return a source with something inserted, left out, moved or put in place of something else."""
    pieces = re.findall(r"<[^<>]*>|[^<>]+|[<>]", source) or [""]
    here, there = random.randrange(len(pieces)), random.randrange(len(pieces))
    match random.randrange(5):
        case 0:
            pieces.insert(here, random.choice(DANGERS))
        case 1:
            del pieces[here]
        case 2:
            pieces[here], pieces[there] = pieces[there], pieces[here]
        case 3:
            pieces[here] = random.choice(DANGERS)
        case _:
            pieces.insert(there, "".join(pieces[here : here + 3]))
    return "".join(pieces)


@pytest.mark.sized
def test_what_a_prefix_takes_for_the_usual_place_is_that_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    compared = in_place = 0
    for triple in triples(PAGES):
        compared += 1
        told = triple.told_by(Prefix)
        if told is not None:
            in_place += 1
            assert triple.is_true(*told), triple
    with capsys.disabled():
        print(f"\nprefixes: {compared:,} triples compared, {in_place:,} in place by the prefix")
    assert in_place >= LEAST_IN_PLACE * compared


class Unsettled(Prefix):
    """Takes the place of a value for settled wherever that stands."""

    def has_settled_place(self, element: Element) -> bool:  # noqa: ARG002
        return True


@pytest.mark.faults
def test_that_a_place_must_be_settled_is_found_out_where_it_is_not_asked() -> None:
    told = ((triple, triple.told_by(Unsettled)) for triple in triples(MOST_PAGES))
    assert any(each is not None and not triple.is_true(*each) for triple, each in told)
