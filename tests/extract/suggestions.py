"""How often the right thing is suggested: `python -m tests.extract.suggestions` prints the figures."""

# ruff: noqa: E501  markup is easier to read when it is not broken wherever a line is full

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zipfile import ZipFile

from msgspec import Struct

from tests.extract.suggested import LOREM, PAGES, Accepted, Truth, page
from tests.extract.suggested_in_languages import LANGUAGE_PAGES
from tests.extract.suggested_last import LAST_PAGES
from watcher.config import parse
from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.core.page import Page
from watcher.core.values import show
from watcher.core.watch import Items
from watcher.extract.body import open_body
from watcher.extract.reader import Reader
from watcher.extract.suggesting import Candidate, suggest
from watcher.extract.values import _date, _money

_YEAR = 2026
"""In which the pages were fetched."""
_BY_OTHERS = Path(__file__).with_name("suggested_by_others.zip")
_LATER = Path(__file__).with_name("suggested_later.zip")
_BY_OTHERS_LATER = Path(__file__).with_name("suggested_by_others_later.zip")
_BY_OTHERS_LAST = Path(__file__).with_name("suggested_by_others_last.zip")
_BY_OTHERS_OPEN = Path(__file__).with_name("suggested_by_others_open.zip")
_BY_OTHERS_5 = Path(__file__).with_name("suggested_by_others_5.zip")
_BY_OTHERS_6 = Path(__file__).with_name("suggested_by_others_6.zip")
_BY_OTHERS_7 = Path(__file__).with_name("suggested_by_others_7.zip")
_BY_OTHERS_8 = Path(__file__).with_name("suggested_by_others_8.zip")
_BY_OTHERS_9 = Path(__file__).with_name("suggested_by_others_9.zip")
_BY_OTHERS_10 = Path(__file__).with_name("suggested_by_others_10.zip")
_BY_OTHERS_11 = Path(__file__).with_name("suggested_by_others_11.zip")
_BY_OTHERS_12 = Path(__file__).with_name("suggested_by_others_12.zip")
_BY_OTHERS_13 = Path(__file__).with_name("suggested_by_others_13.zip")
_BY_OTHERS_14 = Path(__file__).with_name("suggested_by_others_14.zip")
_BY_OTHERS_15 = Path(__file__).with_name("suggested_by_others_15.zip")
_BY_OTHERS_16 = Path(__file__).with_name("suggested_by_others_16.zip")
_BY_OTHERS_17 = Path(__file__).with_name("suggested_by_others_17.zip")
_BY_OTHERS_18 = Path(__file__).with_name("suggested_by_others_18.zip")
_UNMENDED = [Path(__file__).with_name(f"suggested_by_others_{number}.zip") for number in (19, 20, 21)]


class Figures(Struct, frozen=True):
    """
    How pages were judged.

    Attributes:
        something, nothing: how many pages have something to watch, and how many have nothing.
        first, in_three: how many of the former have a right candidate first, and among the first three.
        false: what is offered on pages that have nothing, by their names.
        wrong: what is first on pages where it is not right, by their names.
        lost: pages on which nothing shows a value that stands there.
    """

    something: int
    first: int
    in_three: int
    nothing: int
    false: dict[str, str]
    wrong: dict[str, str]
    lost: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"  {name}: {what}" for name, what in (*self.wrong.items(), *self.false.items())]
        lines += [f"  {name}: its value is not found" for name in self.lost]
        return "\n".join(
            [
                f"{self.first} of {self.something} right first, {self.in_three} in the first three; "
                f"something on {len(self.false)} of {self.nothing} pages that have nothing",
                *lines,
            ]
        )


def by_others() -> list[Truth]:
    """
    Return 60 pages that somebody wrote who had not seen the code, with what is right on each.

    At first sight 45 of 52 had the right candidate first (10 of these did not say the name of the product), one of the
    8 that have nothing had one, and 29 of 45 values were found. What they showed was mended, so they do not tell any
    more how well unknown pages do.
    """
    return _written(_BY_OTHERS)


def by_others_later() -> list[Truth]:
    """
    Return 40 pages that were written when the 60 were right, by somebody who had not seen the code.

    At first sight 23 of 34 had the right candidate first and 26 among the first three, and none of the 6 that have
    nothing had one. What they showed was mended, so they do not tell any more how well unknown pages do.
    """
    return _written(_BY_OTHERS_LATER)


def by_others_last() -> list[Truth]:
    """
    Return 24 pages that were written when all others were right, by somebody who had not seen the code.

    At first sight 19 of 21 had the right candidate first and all had it among the first three, and one of the 3 that
    have nothing, a list of cookies, had one. What they showed was mended.
    """
    return _written(_BY_OTHERS_LAST)


def by_others_open() -> list[Truth]:
    """
    Return 30 pages by somebody else who had not seen the code, of which 12 have nothing.

    At first sight 16 of 18 had the right candidate first and none of the others had it at all; of the 12 that have
    nothing 3 had one: a firm's particulars, opening hours, and the example of a calculator. What they showed was
    mended: bids before estimates, counts in all languages, and pages that nobody watches by their headings.
    """
    return _written(_BY_OTHERS_OPEN)


def by_others_5() -> list[Truth]:
    """
    Return 30 pages that were written while those were mended, by somebody else who had not seen the code.

    At first sight 17 of 18 had the right candidate first, and all values were found; on the other page it was right,
    and its answer was not: `1249.90` where the page has 1249.9. Of the 12 that have nothing 3 had one: the readings in
    a manual, a table of sizes in Czech, and a page that is not there, on a site with a feed. This was mended.
    """
    return _written(_BY_OTHERS_5)


def by_others_6() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, tried when those were right.

    At first sight 17 of 18 had the right candidate first, all had it among the first three, and all values were found;
    on one front page its feed came before whether the ice rink is open. Of the 12 that have nothing 2 had one: the
    second table of a guide to sizes, and the programme of a conference that was over. This was mended.
    """
    return _written(_BY_OTHERS_6)


def by_others_7() -> list[Truth]:
    """
    Return 40 pages by another one who had not seen the code, of which 20 have nothing.

    At first sight 12 of 20 had the right candidate first and 17 among the first three, and of the 20 that have nothing
    9 had one, mostly tables that never change: torques, inches, a conjugation. They showed that rules of known cases
    let unknown ones pass, so a table now needs evidence that it changes. One answer, which names a stock state as
    schema.org does and not as it is shown, is corrected. What they showed was mended, so they tell no more how well
    unknown pages do.
    """
    return _written(_BY_OTHERS_7)


def by_others_8() -> list[Truth]:
    """
    Return 35 pages by another one who had not seen the code, of which 15 have nothing.

    At first sight 17 of 20 had the right candidate first and 18 among the first three, and none of the 15 that have
    nothing had one; all values were found. One page had nothing offered, for only their days tell performances apart;
    on one the mileage came first and the bid, in a box at the side, not at all; and on one that a doctor has no time
    came before the list of all. This was mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_8)


def by_others_9() -> list[Truth]:
    """
    Return 36 pages by another one who had not seen the code, of which 12 have nothing, tried when those were right.

    At first sight 22 of 24 had the right candidate first, nothing was offered on the other two, and none of the 12 that
    have nothing had one. The cars of a dealer lead to their pictures alone, and so were a gallery; and on the other page
    not the state of a line is called one, but what it stands in. This was mended, so they tell no more how well unknown
    pages do.
    """
    return _written(_BY_OTHERS_9)


def by_others_10() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing.

    At first sight 15 of 18 had the right candidate first; one of the other answers, `389.00` where the page has 389, is
    corrected, and nothing was offered on the other two: a price among paragraphs that are called by their looks, and the
    level of a volcano, which no word calls one. Of the 12 that have nothing one had something: an error page in Turkish,
    whose head names the feed of its site. This was mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_10)


def by_others_11() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, written at the same time.

    At first sight 16 of 18 had the right candidate first and 17 among the first three, and none of the 12 that have
    nothing had one. The day of a release came before the list of all, and nothing was offered where each row has a time,
    a text and a button. This was mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_11)


def by_others_12() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, tried when those were right.

    At first sight 14 of 18 had the right candidate first and 17 among the first three, and none of the 12 that have
    nothing had one. A repository's feed came before that of its releases, a prize before what tickets cost, and the
    number of a level without its word; interest rates, which rise with the years, were taken for computed. This was
    mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_12)


def by_others_13() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, written at the same time.

    At first sight 15 of 18 had the right candidate first and 16 among the first three, and none of the 12 that have
    nothing had one. No cell alone tells departures apart, a list in `dd` was none, and the third field of rows was taken
    for a list within each. One answer asked for a day as it is shown, which machines are told in `datetime`, and is
    corrected. This was mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_13)


def by_others_14() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, tried when those were right.

    At first sight 15 of 18 had the right candidate first, nothing was offered on the other three, and none of the 12
    that have nothing had one. A league had its points in Bengali digits, an examination its days in Hindi, and who
    stands in for whom is of the day above the table. This was mended for all scripts and languages
    (`suggested_in_languages.py`), so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_14)


def by_others_15() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, tried while those were mended.

    At first sight 15 of 18 had the right candidate first; a price of 379.9 was shown so, and not as 379.90, and nothing
    was offered on the other two: the days of a year by its months, and weeks to wait, of which some are none. Of the 12
    that have nothing 2 had one: the programme of a conference of 2021, whose page has no year of its copyright, and the
    settings of a consent wall. This was mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_15)


def by_others_16() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, tried when those were right.

    At first sight 17 of 18 had the right candidate first, nothing was offered on the other, and none of the 12 that have
    nothing had one: what a page frames as an article may be a table of rates, and is none to be read. This was mended,
    so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_16)


def by_others_17() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, tried when those were right.

    At first sight 17 of 18 had the right candidate first; of flats on the other page the rent was no field, for it was
    taken for an entry of a list within each. Of the 12 that have nothing one had something: who won a race in 2019,
    whose page says no later year. This was mended, so they tell no more how well unknown pages do.
    """
    return _written(_BY_OTHERS_17)


def by_others_18() -> list[Truth]:
    """
    Return 30 pages by another one who had not seen the code, of which 12 have nothing, tried when those were right.

    At first sight 17 of 18 had the right candidate first (one of them the price of the page's `meta`, which the answers
    had not named), and all but one in the first three; of the 12 that have nothing, a gallery had one. This was mended.
    """
    return _written(_BY_OTHERS_18)


def by_others_unmended() -> list[Truth]:
    """
    Return 90 pages by three others who had not seen the code, of which 36 have nothing: what they show is not mended.

    So they tell how well unknown pages do: 52 of 54 have the right candidate first, all have it in the first three, and
    nothing is offered where there is nothing. Two of the three sets were written when nothing was mended any more.
    """
    return [truth for path in _UNMENDED for truth in _written(path)]


def later() -> list[Truth]:
    """
    Return 40 pages of our own in 20 languages, written before they were tried.

    At first sight 11 of 20 had the right candidate first, and one of the 5 that have nothing had one; of the last 15,
    which were written when those were right, 8 of 12 had it, and none of the 3 that have nothing had one.
    """
    return _written(_LATER)


def _written(archive: Path) -> list[Truth]:
    with ZipFile(archive) as pages:
        answers = json.loads(pages.read("answers.json"))
        return [_truth(answer, pages.read(answer["file"]).decode()) for answer in answers]


def _truth(answer: dict[str, object], html: str) -> Truth:
    accepted = answer["accept"]
    assert isinstance(accepted, list)
    return Truth(
        name=str(answer["file"]),
        html=html,
        url=str(answer["url"]),
        accepted=tuple(Accepted(each["kind"], tuple(each["texts"]), tuple(each["not"])) for each in accepted),
        shown=str(answer["value"]) if answer.get("value") else None,
    )


def candidates_of(truth: Truth, value: str | None) -> Sequence[Candidate]:
    """Return what is suggested for a page."""
    budget = CpuBudget(time.thread_time, seconds=2, regex_seconds=1)
    return suggest(_page(truth), budget, year=_YEAR, value=value).candidates


def figures(truths: Iterable[Truth]) -> Figures:
    """Return how these pages are judged."""
    something = first = in_three = nothing = 0
    false: dict[str, str] = {}
    wrong: dict[str, str] = {}
    lost: list[str] = []
    for truth in truths:
        found = candidates_of(truth, truth.value)
        if truth.shown and not candidates_of(truth, truth.shown):
            lost.append(truth.name)
        if not truth.accepted:
            nothing += 1
            false |= {truth.name: _said(found[0])} if found else {}
            continue
        something += 1
        right = next((place for place, one in enumerate(found[:3]) if is_right(truth, one)), None)
        first += right == 0
        in_three += right is not None
        if right != 0:
            wrong[truth.name] = _said(found[0]) if found else "nothing"
    return Figures(something, first, in_three, nothing, false, wrong, tuple(lost))


def is_right(truth: Truth, candidate: Candidate) -> bool:
    """Return whether the candidate is of a kind that is right there, and finds what it should and nothing else."""
    found = " ".join(" ".join(_found(truth, candidate)).split())
    return any(
        candidate.kind == each.kind
        and all(text in found for text in each.texts)
        and not any(text in found for text in each.others)
        for each in truth.accepted
    )


def _found(truth: Truth, candidate: Candidate) -> Iterator[str]:
    """Yield what the candidate says, and all that its watch finds, as the page writes it and as it is read."""
    yield from (candidate.why, *candidate.texts, json.dumps(candidate.watch, ensure_ascii=False))
    yield from (text.replace(",", "") for text in candidate.texts)  # the truths have `1299.00` for `1,299.00`
    if candidate.watch["url"] != truth.url:
        return
    text = json.dumps({"watches": {"w": {**candidate.watch, "topic": "t"}}})
    watch = parse(text, file="watches.yaml", environ={}).watches["w"]
    reader = Reader(open_body(_page(truth), watch.scope), truth.url, UNLIMITED)
    if not isinstance(watch.extraction, Items):
        yield from (reader.find(selector).raw or "" for selector in watch.extraction.selectors.values())
        return
    selectors = (watch.extraction.key, *watch.extraction.fields.values())
    nodes = reader.row_nodes(watch.extraction)
    yield from (reader.find(selector, node).raw or "" for node in nodes for selector in selectors)
    rows = reader.listing(watch.extraction, nodes).rows
    yield from (show(value) for row in rows.values() for value in row.values())


def _page(truth: Truth) -> Page:
    return Page(url=truth.url, body=truth.html.encode(), media_type="text/html", charset="utf-8")


def _said(candidate: Candidate) -> str:
    return f"{candidate.kind} {candidate.score} {candidate.texts[:2]} {dict(candidate.watch)}"


def large_page() -> Truth:
    """Return a shop's page of half a megabyte, with 240 products."""
    rows = "".join(
        f"<li class='product' data-id=x{number * 7}><a class=link href=/p/{number}><h3>Book {number} of many</h3></a>"
        f"<div class=price-box><span class=price>€ {number % 90}.50</span></div><p class=text>{LOREM * 14}</p>"
        f"<ul>{'<li class=feature><span>Bound in leather</span></li>' * 6}</ul><button>Add to cart</button></li>"
        for number in range(240)
    )
    return Truth(name="large", html=page(f"<main><h1>Books</h1><ul class=products>{rows}</ul></main>"))


def table_of_many_rows() -> Truth:
    """Return a table of nearly half a megabyte, with 900 rows of six values."""
    rows = "".join(
        f"<tr><td>{number}</td><td><a href=/c/{number}>Course {number} of many that are held here</a></td><td>2026-0"
        f"{number % 9 + 1}-1{number % 10}</td><td>{number % 7} left</td><td>€ {number % 90}.50</td><td>{LOREM * 3}</td>"
        for number in range(900)
    )
    header = "<tr><th>Code<th>Title<th>Date<th>Seats<th>Price<th>About</tr>"
    return Truth(name="many rows", html=page(f"<main><h1>Courses</h1><table>{header}{rows}</table></main>"))


def many_links() -> Truth:
    """Return a forum of nearly half a megabyte, with 2,300 threads of three links each."""
    rows = "".join(
        f"<li class=topic><a class=title href=/t/{number}>A thread about the thing number {number} and others</a>"
        f" <a class=user href=/u/{number % 90}>user{number % 90}</a> <span class=replies>{number % 40} replies</span>"
        f" <a href=/t/{number}/last>last</a></li>"
        for number in range(2_300)
    )
    return Truth(name="many links", html=page(f"<main><h1>Forum</h1><ul class=topics>{rows}</ul></main>"))


def many_prices() -> Truth:
    """Return offers of nearly half a megabyte, each with four amounts."""
    rows = "".join(
        f"<div class=offer><b class=name>Thing {number}</b> <span class=price>€ {number % 90}.50</span> <span class=old>€"
        f" {number % 90 + 9}.50</span><span class=unit>€ {number % 9}.10 / 100 g</span><em class=save>Save € 9.00</em>"
        "</div>"
        for number in range(2_600)
    )
    return Truth(name="many prices", html=page(f"<main><h1>Offers</h1>{rows}</main>"))


def deep_cards() -> Truth:
    """Return half a megabyte of cards, whose values lie in up to nine elements each."""
    rows = "".join(
        "<div class=grid__cell><div class=card><div class=card__inner><div class=card__body><div class=card__title-wrap>"
        f"<h3 class=card__title><a href=/p/{number}><span><span>Lamp number {number}</span></span></a></h3></div></div>"
        "<div class=card__foot><div class=price-box><div class=price__regular><span class=price><span class=amount><bdi>"
        f"€ {number % 90}.50</bdi></span></span></div></div><div class=actions><button class=btn><span>Add to cart</span>"
        "</button></div></div></div></div></div>"
        for number in range(1_050)
    )
    return Truth(name="deep cards", html=page(f"<main><h1>Lamps</h1><div class=grid>{rows}</div></main>"))


def many_tables() -> Truth:
    """Return a third of a megabyte of tables: 110, of 40 rows each."""
    tables = "".join(
        f"<h2>Week {week}</h2><table><tr><th>Day<th>Time<th>Course<th>Room</tr>"
        + "".join(
            f"<tr><td>2026-0{number % 9 + 1}-1{number % 10}<td>{number % 12 + 8}:00<td><a href=/c/{week}-{number}>Course "
            f"{week} {number}</a><td>R {number}"
            for number in range(40)
        )
        + "</table>"
        for week in range(110)
    )
    return Truth(name="many tables", html=page(f"<main><h1>Plan</h1>{tables}</main>"))


def cpu_seconds_of(truth: Truth) -> float:
    """Return the processor time that suggesting takes, the best of three, none of which finds what another read."""
    times = []
    for _ in range(3):
        _money.cache_clear()
        _date.cache_clear()
        start = time.thread_time()
        candidates_of(truth, None)
        times.append(time.thread_time() - start)
    return min(times)


def main() -> None:
    """Print how the pages are judged."""
    for truth in (large_page(), table_of_many_rows(), many_links(), many_prices(), deep_cards(), many_tables()):
        print(f"{truth.name}, {len(truth.html):,} characters: {cpu_seconds_of(truth):.3f} s of CPU")
    print("pages of our own:", figures(PAGES))
    print("pages of somebody who had not seen the code:", figures(by_others()))
    print("pages of our own, in other languages:", figures(later()))
    print("pages of our own, about cookies, law and sizes:", figures(LAST_PAGES))
    print("pages that were written later:", figures(by_others_later()))
    print("pages that were written last:", figures(by_others_last()))
    print("pages of which 12 have nothing:", figures(by_others_open()))
    print("likewise, by somebody else:", figures(by_others_5()))
    print("likewise, by another one:", figures(by_others_6()))
    print("pages of which 20 have nothing:", figures(by_others_7()))
    print("pages of which 15 have nothing:", figures(by_others_8()))
    print("pages of which 12 of 36 have nothing:", figures(by_others_9()))
    print("pages of which 12 of 30 have nothing:", figures(by_others_10()))
    print("likewise, by another one:", figures(by_others_11()))
    print("likewise, by another one:", figures(by_others_12()))
    print("likewise, by another one:", figures(by_others_13()))
    print("likewise, by another one:", figures(by_others_14()))
    print("likewise, by another one:", figures(by_others_15()))
    print("likewise, by another one:", figures(by_others_16()))
    print("likewise, by another one:", figures(by_others_17()))
    print("likewise, by another one:", figures(by_others_18()))
    print("pages by three others, at first sight:", figures(by_others_unmended()))
    print("pages of our own, in many languages and scripts:", figures(LANGUAGE_PAGES))


if __name__ == "__main__":
    main()
