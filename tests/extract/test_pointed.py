"""What comes of pointing at an element: a value, the list that it is in, and what lies around it."""

from __future__ import annotations

from collections.abc import Sequence
from time import thread_time
from typing import Final

import pytest
from turbohtml import Element

from tests.extract.builders import css as css_of
from tests.extract.builders import page, seen
from tests.extract.mutated.cases import cases
from tests.extract.mutated.frames import Place, Template
from tests.extract.mutated.held_out import HELD_OUT
from tests.extract.mutated.pages import TAUGHT
from tests.extract.mutated.tree import TRUTH, read, written
from tests.extract.mutated.trial import How, Outcome, result, selected
from tests.extract.mutations import told
from watcher.config.suggested_watch import watch_of
from watcher.core.cpu_budget import CpuBudget
from watcher.core.locale import Locale
from watcher.core.page_profile import Usual
from watcher.core.values import SINGLE, Json, Rows
from watcher.core.watch import WHOLE_PAGE, Values
from watcher.core.witness import Witnesses, packed
from watcher.extract.body import HtmlBody
from watcher.extract.document import Document
from watcher.extract.observe import look
from watcher.extract.reader import MAX_ROWS
from watcher.extract.suggesting.candidate import Candidate
from watcher.extract.suggesting.places import places_of
from watcher.extract.suggesting.pointed import NoList, Pointed, pointed_at, showing
from watcher.extract.suggesting.survey import MOST_ELEMENTS
from watcher.extract.witness import verify
from watcher.translations import text

_LOOKS: Final = 3
EVERY: Final = (*TAUGHT, *HELD_OUT)
CARDS: Final = """<!doctype html><html><body><nav><a href=/a>A</a></nav><main><h1>Books</h1>
<div class=shelf>{}</div><p id=note>Open daily</p></main></body></html>"""
CARD: Final = (
    '<article class="card"><h3 class="title"><a href="/b/{0}">Book {0}</a></h3>'
    '<div class="foot"><p class="price">$1{0}.50</p><p class="seats">{0} seats left</p></div></article>'
)
SHOP: Final = CARDS.format("".join(CARD.format(number) for number in range(2, 8)))


def budget() -> CpuBudget:
    return CpuBudget(thread_time, seconds=5, regex_seconds=2)


def place(html: str, css: str, number: int = 0) -> int:
    document = Document(html)
    return document.order()[document.select(css)[number]]


def pointed(html: str, css: str, number: int = 0, excluded: Sequence[int] = ()) -> Pointed:
    found = pointed_at(page(html), budget(), place(html, css, number), excluded)
    assert found is not None
    return found


def one(candidate: Candidate | None) -> dict[str, Json]:
    """Return what the watch reads, in its own words."""
    assert candidate is not None
    return {key: part for key, part in candidate.watch.items() if key != "url"}


def test_a_price_is_read_as_one_and_called_so() -> None:
    found = pointed(SHOP, ".price", 2)
    assert found.label == "p.price"
    assert found.text == "$14.50"
    assert found.value is not None
    assert found.value.texts == ("price: $14.50",)
    assert found.is_counted
    assert [each.text for each in Document(SHOP).select(found.selector)] == ["$14.50"]


def test_what_has_a_name_of_its_own_is_found_by_it() -> None:
    found = pointed(SHOP, "#note")
    assert found.selector == "#note"
    assert not found.is_counted
    assert one(found.value) == {"extract": {"text": "#note"}}


def test_the_row_is_the_outermost_that_has_one_of_it_each() -> None:
    found = pointed(SHOP, ".price", 2)
    items = one(found.lists[0])["items"]
    assert isinstance(items, dict)
    assert items["css"] == ".card"
    assert items["key"] == {"css": "a", "attr": "href"}
    assert {"price", "link"} <= set(items["fields"] if isinstance(items["fields"], dict) else ())
    assert places_of(page(SHOP), budget(), [found.lists[0].watch])[0] == tuple(
        place(SHOP, ".card", number) for number in range(6)
    )


def test_what_lies_around_leads_up_and_down() -> None:
    found = pointed(SHOP, ".foot")
    assert [each.label for each in found.above] == ["article.card", "div.shelf", "main"]
    assert [each.label for each in found.below] == ["p.price", "p.seats"]
    assert found.above[0].number == place(SHOP, ".card")


def test_what_is_pointed_at_as_moving_is_left_out_of_the_value() -> None:
    html = "<main><div id=offer>Price list <b id=clock>12:01</b> of spring</div></main>"
    found = pointed(html, "#offer", excluded=[place(html, "#clock")])
    assert one(found.value)["exclude"] == ["#clock"]
    assert found.value is not None
    assert "12:01" not in found.value.texts[0]


NAMES: Final = ("Pottery", "Spanish", "Yoga", "Chess")
ROW: Final = "<div class=row><div class=name>{0}</div><div class=price>${1}.00</div></div>"


def made_rows(row: str) -> str:
    return "".join(row.format(name, 10 + 3 * number) for number, name in enumerate(NAMES))


@pytest.mark.parametrize(
    ("body", "css", "rows", "fields"),
    [
        pytest.param(made_rows(ROW), ".price", ".list > div", 2, id="boxes with names"),
        pytest.param(
            made_rows("<div><div>{0}</div><div>{1}</div></div>"), "div div div", ".list > div", 2, id="bare boxes"
        ),
        pytest.param(
            made_rows(ROW + "<div class=rule></div>"), ".price", ".list > div.row", 2, id="separators between them"
        ),
        pytest.param(
            made_rows(ROW) + "<div class='row ad'>Buy</div>",
            ".price",
            ".list > div:has(> .name)",
            2,
            id="an advertisement",
        ),
        pytest.param(
            made_rows("<div class='row row-{1}'><b>{0}</b><i>{1}</i></div>"), "i", ".list div", 2, id="numbered boxes"
        ),
        pytest.param(
            made_rows("<div class=wrap><div class=card><p class=name>{0}</p><div><i>{1} left</i></div></div></div>"),
            "i",
            ".card",
            2,
            id="cards in boxes",
        ),
        pytest.param(f"<dl>{made_rows('<dt>{0}<dd>{1}')}</dl>", "dd", "dl dt", 2, id="terms"),
        pytest.param(
            made_rows("<dl class=course><dt>Name<dd>{0}<dt>Seats<dd>{1}</dl>"), "dd", ".course", 2, id="lists of terms"
        ),
        pytest.param(made_rows("<p class=line><span>{0}</span><span>{1}</span></p>"), "span", ".line", 2, id="spans"),
    ],
)
def test_a_list_is_made_of_one_row_without_a_table(body: str, css: str, rows: str, fields: int) -> None:
    html = f"<!doctype html><main><h1>Courses</h1><div class=list>{body}</div></main>"
    items = pointed(html, css).lists[0].watch["items"]
    assert isinstance(items, dict)
    assert isinstance(items["fields"], dict)
    assert (items["css"], len(items["fields"])) == (rows, fields)


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    rows = "".join(f"<tr><td>C{n}</td><td>Course of {n} days</td><td>{n}</td></tr>" for n in range(3, 9))
    html = f"<table><tr><th>Code</th><th>Course</th><th>Seats</th></tr>{rows}</table>"
    fields = one(pointed(html, "td", 5).lists[0])["items"]
    assert isinstance(fields, dict)
    assert isinstance(fields["fields"], dict)
    assert [*fields["fields"]] == ["code", "course", "seats"]


ROOMS: Final = "<main><h1>Rooms</h1><div class=list>{}</div></main>".format(
    "".join(f"<div class=room><b>{name}</b> <i>${price}.00</i></div>" for name, price in (("Single", 40), ("Twin", 60)))
)


def items_at(html: str, css: str, number: int = 0) -> dict[str, Json]:
    """Return the nearest list of what is pointed at."""
    items = pointed(html, css, number).lists[0].watch["items"]
    assert isinstance(items, dict)
    return items


def test_two_alike_with_a_price_are_a_list() -> None:
    items = items_at(ROOMS, "i", 1)
    assert (items["css"], items["key"]) == (".room", "b")
    assert items["fields"] == {"title": "b", "price": {"css": "i", "type": "money"}}


def test_two_entries_are_a_list_by_their_tag_and_two_paragraphs_are_none() -> None:
    assert items_at("<main><ul><li>First notice<li>Second notice</ul></main>", "li")["css"] == "ul li"
    columns = "".join(f"<div class=col><h2>{name}</h2><p>Words</p></div>" for name in ("About", "Contact"))
    found = pointed(f"<main><div class=row>{columns}</div></main>", "p")
    assert (found.lists, found.first, found.lines) == ((), None, None)


TIMES: Final = (("U1", "North", "9:00"), ("U1", "North", "9:10"), ("U1", "South", "9:00"), ("U2", "North", "9:00"))


def test_rows_that_nothing_less_tells_apart_have_all_of_their_text_as_their_key() -> None:
    rows = "".join(f"<tr><td>{line}<td>{to}<td>{at}</tr>" for line, to, at in TIMES)
    items = items_at(f"<main><table>{rows}</table></main>", "td")
    assert items["key"] == {"xpath": "."}
    items = items_at(f"<main><table><tr><th>Line<th>To<th>At</tr>{rows}</table></main>", "td", 1)
    assert items["key"] == {"xpath": "."}
    assert items["fields"] == {
        "line": "td:nth-of-type(1)",
        "to": "td:nth-of-type(2)",
        "at": "td:nth-last-of-type(1)",
    }
    assert items_at("<main><ul><li>$5.00<li>$6.00<li>$7.00</ul></main>", "li")["key"] == {"xpath": "."}


def test_what_is_told_apart_by_its_text_alone_comes_before_the_list_around_it_and_never_in_place_of_it() -> None:
    stops = ""
    for hour, name in enumerate(("Park", "Harbour", "Zoo")):
        rows = "".join(f"<li><b>{line}</b> <i>{to}</i> <em>{hour}{at}</em></li>" for line, to, at in TIMES)
        stops += f"<div class=stop><h2>{name}</h2><ul>{rows}</ul></div>"
    inner, outer = (one(each)["items"] for each in pointed(f"<main>{stops}</main>", "li b").lists)
    assert isinstance(inner, dict)
    assert isinstance(outer, dict)
    assert (inner["key"], outer["css"], outer["key"]) == ({"xpath": "."}, ".stop", "h2")
    assert items_at(made_rows(ROW + "<div class='row ad'>Buy</div>"), ".price")["key"] != {"xpath": "."}


def test_rows_of_which_some_say_the_same_are_the_lines_of_their_block() -> None:
    html = "<main><ul class=lifts><li>Open<li>Closed<li>Open<li>Open</ul></main>"
    found = pointed(html, "li", 2)
    assert found.lists == ()
    assert found.lines is not None
    assert (found.lines.why, found.lines.block.number) == (NoList.SAME, place(html, ".lifts"))


def test_lines_between_breaks_are_those_of_their_block() -> None:
    html = "<main><p class=hours>Hours<br>Monday 9 to 5<br><b>Tuesday closed</b></p></main>"
    found, block = pointed(html, "b"), pointed(html, ".hours")
    assert found.lines is not None
    assert (found.lines.why, found.lines.block.number) == (NoList.BREAKS, block.number)
    assert (found.has_lines, block.has_lines, block.lines) == (False, True, None)
    assert pointed("<main><p>One<br><b>more</b></p></main>", "b").lines is None
    shown = seen(html, Values(selectors={"text": css_of(".hours")})).rows[SINGLE]["text"]
    assert shown == "Hours\nMonday 9 to 5\nTuesday closed"


NEWS: Final = "<main><h1>News</h1><div class=news>{}</div></main>"
STORY: Final = "<article><h2><a href=/n/{0}>Story {0}</a></h2><p>Words of story {0}</p></article>"


def news(*numbers: int) -> str:
    return NEWS.format("".join(map(STORY.format, numbers)))


def test_whatever_comes_first_is_read_at_the_same_place_of_each_row() -> None:
    found = pointed(news(5, 4, 3), "h2 a", 1)
    assert found.first is not None
    assert one(found.first) == {"extract": {"text": {"css": ".news article a", "pick": "first"}}}
    assert found.first.texts == ("text: Story 5",)
    price = pointed(SHOP, ".price", 3).first
    assert price is not None
    assert one(price) == {"extract": {"price": {"css": ".card .price", "pick": "first", "type": "money"}}}
    cells = "".join(f"<tr><td>C{n}</td><td>{n} seats</td></tr>" for n in range(3, 9))
    cell = pointed(f"<table><tr><th>Code</th><th>Seats</th></tr>{cells}</table>", "td", 5).first
    assert cell is not None
    assert cell.texts == ("count: 3",)
    assert pointed(SHOP, "#note").first is None


def shelf(rows: int, card: str = CARD) -> str:
    return CARDS.format("".join(map(card.format, range(rows))))


class Counted(Document):
    """A document that remembers how often somebody asked for the order of its elements."""

    asked = 0

    def order(self) -> dict[Element, int]:
        self.asked += 1
        return super().order()


def test_pointing_at_a_list_asks_for_the_order_of_the_page_once_whatever_its_length() -> None:
    shown, document = page(shelf(60)), Counted(shelf(60))
    body = shown.kept.of(("body", WHOLE_PAGE), lambda: HtmlBody(document))
    found = pointed_at(shown, budget(), place(shelf(60), ".price", 3))
    assert body.document is document
    assert found is not None
    assert found.first is not None
    assert document.asked == 1


LINE: Final = "<li><a href=/{0}>Book {0}</a></li>"


@pytest.mark.parametrize(
    ("card", "rows", "is_offered"),
    [
        pytest.param(LINE, 6_000, True, id="more than five thousand rows"),
        pytest.param(LINE, MAX_ROWS + 1, False, id="more than a list may have"),
        pytest.param(f"{LINE}{'<i></i>' * 4}", 7_000, False, id="a longer page", marks=pytest.mark.faults),
    ],
)
def test_a_list_that_is_too_long_to_be_offered_says_so(card: str, rows: int, is_offered: bool) -> None:
    found = pointed(shelf(rows, card), "li a", 3)
    assert bool(found.lists) is is_offered
    assert found.is_too_long is not is_offered


def test_what_is_in_no_list_is_not_called_too_long() -> None:
    assert not pointed(SHOP, "#note").is_too_long


def test_the_picker_says_how_long_a_list_may_be() -> None:
    assert f"{MAX_ROWS:,}" in text(Locale.ENGLISH, "pick_too_long")
    assert f"{MOST_ELEMENTS:,}" in text(Locale.ENGLISH, "pick_too_long")


@pytest.mark.faults
@pytest.mark.alone
def test_pointing_at_twice_the_rows_takes_twice_the_time() -> None:
    def seconds(rows: int) -> float:
        html, took = shelf(rows), []
        number = place(html, ".price", 3)
        for _ in range(_LOOKS):
            shown, before = page(html), thread_time()
            found = pointed_at(shown, budget(), number)
            took.append(thread_time() - before)
            assert found is not None
            assert found.lists
        return min(took)

    seconds(50)  # the patterns are compiled
    half, whole = seconds(2_500), seconds(5_000)
    print(f"5,000 rows: {whole:.2f} s; 2,500 rows: {half:.2f} s")
    assert whole <= 0.8
    assert whole <= 2.2 * half


def test_another_one_that_comes_first_is_believed_and_no_wrong_place() -> None:
    first = pointed(news(5, 4, 3), "h2 a").first
    assert first is not None
    declared = watch_of({**first.watch, "topic": "news"}, {})
    witnesses: Witnesses = {}
    rows: Rows = {}
    for numbers in ((5, 4, 3), (6, 5, 4), (9, 8, 7)):
        body = page(news(*numbers))
        shown = look(body, declared, budget()).rows
        verified = verify(body, declared, Usual(rows=rows or shown, witnesses=packed(witnesses)), shown, budget())
        assert verified.doubts == ()
        assert shown == {SINGLE: {"text": f"Story {numbers[0]}"}}
        witnesses, rows = verified.witnesses, shown


def test_a_list_in_the_navigation_is_one_when_somebody_points_at_it() -> None:
    links = "".join(f"<li><a href=/c/{n}>A category with a name {n}</a></li>" for n in range(8))
    assert pointed(f"<nav><ul>{links}</ul></nav>", "li", 3).lists


def test_cards_within_cards_are_lists_of_both() -> None:
    inner = "".join(f"<li class=size><b class=name>Size {n}</b> <i class=cost>${n}.00</i></li>" for n in range(1, 5))
    outer = "".join(
        f"<div class=product id=p-{name}><a href=/{name}>{name}</a><ul class=sizes>{inner}</ul></div>"
        for name in ("dune", "emma", "ubik", "solaris")
    )
    found = pointed(f"<main>{outer}</main>", ".size .cost", 5)
    selectors = [each.watch["items"] for each in found.lists]
    assert len(selectors) >= 1
    assert any(isinstance(each, dict) and "product" in str(each["css"]) for each in selectors)


@pytest.mark.parametrize("number", [-1, 10_000, 0, 1], ids=["below", "beyond", "the root", "the head"])
def test_there_is_nothing_where_no_element_shows_anything(number: int) -> None:
    assert pointed_at(page(SHOP), budget(), number) is None


def test_json_has_no_elements_to_point_at() -> None:
    assert pointed_at(page('{"a": 1}', media_type="application/json"), budget(), 0) is None


def test_seats_of_all_that_there_are_are_read_as_a_number() -> None:
    markup = "<p>Yoga <b class=seats>0 / 12</b> <i>3/12</i> <i>14/2026</i></p>"
    values = [pointed_at(page(markup), budget(), number) for number in (4, 5, 6)]
    shown = [each.value.texts for each in values if each and each.value]
    assert shown == [("seats: 0",), ("text: 3/12",), ("text: 14/2026",)]


def test_a_text_is_found_and_a_number_however_it_is_written() -> None:
    assert [each.label for each in showing(page(SHOP), budget(), "Open daily")] == ["p#note"]
    assert showing(page("<p class=sum>1,299.00 €</p>"), budget(), "1299")[0].label == "p.sum"


def test_an_element_beyond_those_that_are_surveyed_is_read_as_a_text() -> None:
    html = "<i>x</i>" * 45_000 + "<p id=last>The end</p>"
    found = pointed(html, "#last")
    assert found.value is not None
    assert found.value.texts == ("text: The end",)
    assert found.lists == ()


def test_what_a_page_says_in_its_attributes_is_no_selector_of_ours() -> None:
    html = """<p class='a"]} *{' id='</style><script>'>x</p><p>y</p>"""
    found = pointed(html, "p")
    assert [each.text for each in Document(html).select(found.selector)] == ["x"]


@pytest.mark.parametrize("template", EVERY, ids=lambda each: each.name)
def test_what_is_pointed_at_gets_the_selector_whose_lasting_is_measured(template: Template) -> None:
    document = Document(written(read(template.source), has_truth=True))
    plain = page(written(read(template.source)))
    for name, place in template.places.items():
        if isinstance(place, Place):
            number = document.order()[document.select(f'[{TRUTH}="{name}"]')[0]]
            seen = pointed_at(plain, budget(), number)
            assert seen is not None
            assert Place(seen.selector, place.type) == selected(template, name, How.GENERATED)


@pytest.mark.faults
def test_what_was_pointed_at_is_found_again_after_ten_changes_of_each_page() -> None:
    """By its selector, or at the place that is proposed first; and nothing else is believed to be it."""
    found = [
        result(case, How.GENERATED, is_alone=False)
        for case in cases(EVERY, 10 * len(EVERY), seed=3)
        if isinstance(case.template.places[case.place], Place)
    ]
    there = [one for one in found if not one.is_gone]
    assert len(there) > 5 * len(EVERY)
    assert not [told(one) for one in found if one.outcome is Outcome.WRONG and not one.is_same]
    assert sum(one.outcome is Outcome.RIGHT or one.is_proposed for one in there) >= 0.95 * len(there)
