"""Where a lost value may stand now."""

from __future__ import annotations

from time import thread_time

from tests.extract.builders import css, items, page, seen, watch
from watcher.core.cpu_budget import CpuBudget
from watcher.core.page_profile import Usual
from watcher.core.proposal import NewPlace, Proposal
from watcher.core.values import ValueType
from watcher.core.watch import Items, Values
from watcher.core.witness import packed
from watcher.extract.relocation import proposals
from watcher.extract.witness import verify

PRICE = Values(selectors={"price": css(".price", ValueType.MONEY)})
SHOP = (
    "<main><h1>Lamp</h1><p>Model L-1 of 2026</p><div class=buy><b>Price</b> <span class=price>39 €</span></div>"
    "<p>Delivery 4 €</p></main><aside><h2>More</h2><h3>Desk</h3><span class=more>38 €</span></aside>"
)


def proposed(extraction: Values | Items, before: str, after: str) -> tuple[Proposal, ...]:
    rows = seen(before, extraction).rows
    verified = verify(page(before), watch(extraction), Usual(rows={}), rows, CpuBudget(thread_time))
    usual = Usual(rows=rows, witnesses=packed(verified.witnesses))
    return proposals(page(after), watch(extraction), usual, CpuBudget(thread_time))


def test_a_price_that_was_redesigned_is_found_after_its_label() -> None:
    after = SHOP.replace("span class=price>39 €</span", "strong class=amount-now>45 €</strong").replace("buy", "box")
    (found,) = proposed(PRICE, SHOP, after)
    assert (found.name, found.label, found.last, found.is_clear) == ("price", "Price", "€39", True)
    assert (found.places[0].selector, found.places[0].text) == (".amount-now", "45 €")


def test_of_several_that_look_alike_the_one_that_says_what_was_meant_is_proposed() -> None:
    links = "<h2>About</h2><ul>{}</ul>"
    one, two, three = (f"<li><a href=/{name}>{name}</a></li>" for name in ("Imprint", "Returns", "News"))
    first = Values(selectors={"title": css("li:nth-of-type(1) a")})
    (found,) = proposed(first, links.format(one + two), links.format(three + two + one))
    assert (found.places[0].text, found.is_clear) == ("Imprint", True)


def test_a_cell_that_is_a_box_now_is_found_by_the_words_of_its_row() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{day}</td><td>{free}</td></tr>"
        for name, day, free in (("Pottery", "Monday", 4), ("Spanish", "Tuesday", 7), ("Yoga", "Friday", 9))
    )
    seats = Values(selectors={"seats": css("tr:nth-of-type(2) td:nth-of-type(3)", ValueType.INTEGER)})
    boxes = rows.replace("<tr", "<div").replace("</tr", "</div").replace("<td", "<div").replace("</td", "</div")
    (found,) = proposed(seats, f"<table>{rows}</table>", f"<div class=list>{boxes}</div>".replace(">7<", ">6<"))
    assert found.places[0].text == "6"


def test_the_price_before_is_not_proposed_where_the_price_has_moved() -> None:
    before = (
        "<main><section class=pdp-x1><h1 class=pdp-h>Lamp</h1><div class=pdp-row><s class=pdp-old>149,00 €</s>"
        "<strong class=pdp-amount>89,00 €</strong></div></section></main>"
    )
    after = (
        "<main><div class=product><h1 class=title>Lamp</h1><p class=was>Before: <del>149,00 €</del></p>"
        "<p class=price>80,00 €</p></div></main>"
    )
    (found,) = proposed(Values(selectors={"price": css(".pdp-amount", ValueType.MONEY)}), before, after)
    assert [each.text for each in found.places] == ["80,00 €"]


def test_a_price_before_that_is_watched_is_proposed_where_it_is_struck_through_now() -> None:
    (found,) = proposed(
        Values(selectors={"before": css(".old", ValueType.MONEY)}),
        "<main><h1>Lamp</h1><p>Before <s class=old>149,00 €</s> <b>89,00 €</b></p></main>",
        "<main><h1>Lamp</h1><p>Before <del class=was>149,00 €</del> <b>80,00 €</b></p></main>",
    )
    assert found.places[0].text == "149,00 €"


def test_what_is_found_and_believed_is_not_proposed_for() -> None:
    assert proposed(PRICE, SHOP, SHOP.replace("39", "45")) == ()


def test_what_is_doubted_is_proposed_for() -> None:
    after = SHOP.replace("<span class=price>39 €</span>", "<em>45 €</em>").replace("class=more", "class=price")
    (found,) = proposed(PRICE, SHOP, after)
    assert [each.text for each in found.places][:1] == ["45 €"]


def test_of_two_places_that_are_as_likely_neither_is_clear() -> None:
    twice = "<main><h1>Lamp</h1><p><b>Price</b> <em>45 €</em></p><p><b>Price</b> <em>46 €</em></p></main>"
    (found,) = proposed(PRICE, SHOP, twice)
    assert len(found.places) > 1
    assert not found.is_clear


def test_nothing_is_proposed_where_nothing_is_of_the_type() -> None:
    (found,) = proposed(PRICE, SHOP, "<main><h1>Lamp</h1><p>Sold out</p></main>")
    assert found.places == ()


def test_the_rows_of_a_list_are_found_by_their_keys() -> None:
    before = "<ul class=list>" + "".join(f"<li class=row><b>{key}</b>" for key in ("a", "b", "c")) + "</ul>"
    cards = "".join(f"<article class=card><h3>{key}</h3></article>" for key in ("b", "c", "d"))
    found, key = proposed(items("li.row", "b"), before, f"<section id=topics><h2>Topics</h2>{cards}</section>")
    assert found.places == (NewPlace(selector="#topics > article", text="b", score=2 / 3),)
    assert (key.name, key.places) == ("key", (NewPlace(selector="h3", text="b", score=1.0),))


COURSES = (("CS1", "Pottery", 4), ("CS2", "Spanish", 7), ("CS3", "Yoga", 9))
TABLE = "<table id=courses><tr><th>Code<th>Course<th>Free</tr>{}</table>".format(
    "".join(f"<tr><td>{code}<td>{name}<td>{free}" for code, name, free in COURSES)
)
TABLED = items(
    "#courses tr:has(td)",
    "td",
    fields={"course": css("td:nth-child(2)"), "free": css("td:nth-child(3)", ValueType.INTEGER)},
)


def test_a_table_that_is_made_of_boxes_is_found_with_its_key_and_its_fields() -> None:
    row = "<div class=course><div class=code>{}</div><div class=title>{}</div><div class=seats>{}</div></div>"
    after = "<section id=term><h2>Courses</h2>{}</section>".format(
        "".join(row.format(code, name, free - (code == "CS2")) for code, name, free in COURSES)
    )
    found = proposed(TABLED, TABLE, after)
    assert {each.name: each.places[0].selector for each in found} == {
        "items": "#term > div",
        "key": ".code",
        "course": ".title",
        "free": ".seats",
    }
    assert all(each.is_clear for each in found)


def test_a_field_that_says_nothing_of_what_it_said_is_not_proposed() -> None:
    row = "<div class=course><b class=code>{}</b><b class=title>{}</b><i data-free={}>soon</i></div>"
    after = "<section id=term>{}</section>".format("".join(row.format(*each) for each in COURSES))
    found = {each.name: each for each in proposed(TABLED, TABLE, after)}
    assert (found["key"].is_clear, found["free"].places) == (True, ())


def test_a_part_with_a_heading_of_its_own_is_no_price() -> None:
    after = "<section><h2>Lamp</h2><em>41 €</em></section><section><h3>Desk</h3><em>38 €</em></section>"
    (found,) = proposed(PRICE, SHOP, after)
    assert found.places[0].text == "41 €"
    assert not found.is_clear


def test_a_field_of_a_list_is_found_in_the_column_that_it_was_in() -> None:
    def table(head: str, cell: str) -> str:
        rows = "".join(f"<tr><td>CS{n}</td>{cell}<td>{n}</td></tr>" for n in range(4))
        return f"<table id=courses><tr><th>Code</th>{head}<th>Seats</th></tr>{rows}</table>"

    seats = items("tr:has(td)", "td", fields={"seats": css("td:nth-child(2)")})
    (found,) = proposed(seats, table("", ""), table("<th>Day</th>", "<td>Monday</td>"))
    assert (found.name, found.last, found.places[0].text) == ("seats", "0", "0")
    assert found.places[0].selector in ("td:nth-of-type(3)", "td:last-child", "td:nth-last-of-type(1)")


def test_nothing_is_proposed_for_a_list_that_is_as_it_was() -> None:
    before = "<ul class=list>" + "".join(f"<li class=row><b>{key}</b>" for key in ("a", "b", "c")) + "</ul>"
    assert proposed(items("li.row", "b"), before, before.replace(">c<", ">d<")) == ()


def test_a_place_that_takes_a_long_selector_is_not_proposed() -> None:
    before = "<main><b>Price</b> <q>39 €</q></main>"
    after = f"<main><b>Price</b> <{'q' * 5_000}>45 €</{'q' * 5_000}></main>"
    (found,) = proposed(Values(selectors={"price": css("main > q", ValueType.MONEY)}), before, after)
    assert all(len(place.selector) <= 300 for place in found.places)


def test_rows_that_are_hidden_in_hundreds_of_elements_are_sought_in_time() -> None:
    rows = "".join(f"<li><b class=k>key number {number}</b></li>" for number in range(30))
    after = f"<body>{'<div>' * 400}{rows.replace('li', 'p').replace('class=k', '') * 200}"
    listing = items("li", ".k")
    begun = thread_time()
    (found,) = proposed(listing, f"<ul>{rows}</ul>", after)
    assert (found.places, thread_time() - begun < 2) == ((), True)


def test_what_stands_once_is_found_whatever_is_around_it() -> None:
    title = Values(selectors={"title": css(".intro + p")})
    before = "<h1>Terms</h1><p class=intro>Read this</p><p>Valid from March on</p><p>Yours</p>"
    after = "<div class=x><ul><li>Imprint</li></ul><table><tr><td>A</td></tr></table><b>Valid from March on</b></div>"
    (found,) = proposed(title, before, after)
    assert (found.places[0].text, found.is_clear) == ("Valid from March on", True)


def test_what_says_something_else_altogether_is_not_proposed_as_if_it_were_clear() -> None:
    entry = Values(selectors={"title": css('[href$="/morris"]')})
    menu = "<h2>Charts</h2><ul><li><a href=/flot>Flot</a></li>{}<li><a href=/inline>Inline</a></li></ul>"
    (found,) = proposed(entry, menu.format("<li><a href=/morris>Morris charts</a></li>"), menu.format(""))
    assert found.places
    assert not found.is_clear


def test_a_box_around_what_says_what_was_known_is_not_proposed_in_its_place() -> None:
    name = Values(selectors={"name": css('.card:has([src$="/pot.jpg"]) h4')})
    before = "Identity<div class=card><img src=/pot.jpg><h4>Lines</h4></div><li>Client: Lines</li>"
    after = "Identity<div class=caption><div class=heading>Lines</div>Branding</div><li><b>Client:</b> Lines</li>"
    (found,) = proposed(name, before, after)
    assert found.places[0].text == "Lines"
