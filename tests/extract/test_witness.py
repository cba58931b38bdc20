"""Whether what a selector finds now is where the value was."""

from __future__ import annotations

import time
from decimal import Decimal
from time import thread_time

import pytest

from tests.extract.builders import css, items, page, seen, watch
from watcher.core.cpu_budget import CpuBudget
from watcher.core.page_profile import Usual
from watcher.core.values import SINGLE, Money, ValueType
from watcher.core.watch import Items, Pick, Selector, Values
from watcher.core.witness import Witness, Witnesses, packed
from watcher.extract.relocation import proposals
from watcher.extract.witness import Verification, verify

PRICE = css(".price", ValueType.MONEY)
THIRD = css("tr:nth-child(2) td:nth-child(2)", ValueType.MONEY)
PRODUCT = (
    "<header><a href=/>Shop</a></header><main class=product><h1>Lamp</h1><p class=sku>L-1</p>"
    "<div class=buy><b>Price</b> <span class=price>39 €</span><button>Add to cart</button></div></main>{rest}"
)
RELATED = "<aside class=related><h2>You may also like</h2><div class=card><h3>Desk</h3>{price}</div></aside>"
TABLE = "<table><tr>{head}<th>Price</th><th>Seats</th></tr><tr>{cells}<td>{price}</td><td>4</td></tr></table>"
COURSES = "<h2>Courses</h2>" + TABLE.replace("<tr>{head}", "<tr><th>Course</th>{head}").replace(
    "<tr>{cells}", "<tr><td>CS1</td>{cells}"
)


def doubted(selector: Selector, before: str, after: str) -> Verification:
    """Return what the witness of a value on the first page says of the second."""
    first = asked(selector, before, {}, "")
    return asked(selector, after, first.witnesses, before)


def asked(selector: Selector, body: str, usual: Witnesses, before: str, *, is_refused: bool = False) -> Verification:
    extraction = Values(selectors={"price": selector})
    known = seen(before, extraction).rows if before else {}
    rows = seen(body, extraction).rows
    then = Usual(rows=known, witnesses=packed(usual), is_refused=is_refused)
    return verify(page(body), watch(extraction), then, rows, CpuBudget(thread_time))


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(PRODUCT.format(rest="").replace("39", "45"), id="another price"),
        pytest.param(PRODUCT.format(rest="").replace("39", "45").replace("Price", "Our price"), id="another label"),
        pytest.param("<div>Sale!</div>" + PRODUCT.format(rest="<p>New</p>").replace("39", "45"), id="a banner"),
        pytest.param(PRODUCT.format(rest="").replace("39", "45").replace("buy", "x1"), id="a renamed class"),
        pytest.param(
            PRODUCT.format(rest=RELATED.format(price="<span class=amount>9 €</span>")).replace("39", "45"),
            id="related products below",
        ),
    ],
)
def test_the_same_place_is_believed_whatever_else_changed(after: str) -> None:
    assert not doubted(PRICE, PRODUCT.format(rest=""), after).doubts


def test_the_price_of_a_related_product_is_no_price_of_this_one() -> None:
    related = RELATED.format(price="<span class=price>9 €</span>")
    gone = PRODUCT.format(rest=related).replace("<b>Price</b> <span class=price>39 €</span>", "<i>Sold out</i>")
    (doubt,) = doubted(PRICE, PRODUCT.format(rest=""), gone).doubts
    assert doubt.text.startswith("price: '.price' now finds '9 €' (after 'Desk')")


def test_a_column_that_was_inserted_makes_the_selector_find_another() -> None:
    before = COURSES.format(head="", cells="", price="39 €")
    after = COURSES.format(head="<th>Deposit</th>", cells="<td>5 €</td>", price="45 €")
    (doubt,) = doubted(THIRD, before, after).doubts
    assert doubt.text == (
        "price: 'tr:nth-child(2) td:nth-child(2)' now finds '5 €' (after 'Deposit'); "
        "'45 €' is where the value was (after 'Price')"
    )


ENTRY = css("nav li:nth-of-type(2)")
ENTRIES = ("Releases", "Getting started", "Licence", "Imprint")
POLICY = "We keep what you write for as long as your account lives. " * 4


def menu(*names: str) -> str:
    entries = "".join(f"<li><a>{name}</a></li>" for name in names)
    return f"<nav><ul>{entries}</ul></nav>"


@pytest.mark.parametrize(
    ("selector", "before", "after"),
    [
        pytest.param(
            css(".policy"),
            f"<h1>Terms</h1><b>Text</b><div class=policy>{POLICY}</div>",
            f"<h1>Privacy</h1><b>Text</b><div class=note>Read this.</div><i><u class=policy>{POLICY}</u></i>",
            id="a long text",
        ),
        pytest.param(
            ENTRY, menu(*ENTRIES), menu("News", *ENTRIES[1:3], ENTRIES[0], ENTRIES[3]), id="a text that stands once"
        ),
        pytest.param(
            css('[href$="/releases"]'),
            "<b>Read</b> <a href=/releases>News</a> <i>on Fridays</i>",
            "<b>Read</b> <a href=/blog>Blog</a> <i>Archive</i> <a href=/releases>News</a> <p>News</p>",
            id="a link that leads where it did",
        ),
    ],
)
def test_an_unchanged_text_is_believed_in_other_surroundings_and_its_usual_place_is_kept(
    selector: Selector, before: str, after: str
) -> None:
    first = asked(selector, before, {}, "")
    moved = asked(selector, after, first.witnesses, before)
    assert not moved.doubts
    again = asked(selector, before, moved.witnesses, before)
    assert not again.doubts
    assert again.witnesses == first.witnesses


def test_an_unchanged_state_of_stock_is_no_sign_that_it_is_the_same_thing() -> None:
    before = PRODUCT.format(rest="").replace("39 €", "Temporarily sold out")
    other = RELATED.format(price="<span class=price>Temporarily sold out</span>")
    after = other + before.replace("class=price>Temporarily sold out", "class=state>In stock")
    assert doubted(css(".price"), before, after).doubts


def test_what_was_refused_is_not_believed_though_nothing_is_more_like_it_any_more() -> None:
    link = css("#installation a")
    text = "<div id=installation><h2>Installation</h2><p>{}</p></div>"
    before = text.format("Get it with <a>pip</a> from the index.")
    after = text.format("Make <a>virtual environments</a> first, then get it from the index.")
    usual = asked(link, before, {}, "").witnesses
    assert not asked(link, after, usual, before).doubts
    (doubt,) = asked(link, after, usual, before, is_refused=True).doubts
    assert "; what is around it is not as it was (the value was after " in doubt.text
    assert not asked(link, before.replace("pip", "uv"), usual, before, is_refused=True).doubts
    assert not asked(link, before, usual, before, is_refused=True).doubts


LIST = items("tr:has(td)", "td", fields={"seats": css("td:nth-child(3)")})
BOX = "<div class=card><b>{name}</b> <span class=price>{price} €</span></div>"


def several(first: str, second: str) -> str:
    return f"<h1>Lamps</h1>{BOX.format(name='Desk', price=first)}{BOX.format(name='Floor', price=second)}"


@pytest.mark.parametrize("pick", [None, Pick.FIRST, Pick.LAST])
def test_one_match_that_became_several_alike_is_believed_only_where_they_say_the_same(pick: Pick | None) -> None:
    selector = Selector(query=PRICE.query, type=ValueType.MONEY, pick=pick)
    before = f"<h1>Lamps</h1>{BOX.format(name='Lamp', price=39)}"
    assert doubted(selector, before, several("12", "45")).doubts
    assert not doubted(selector, before, several("12", "12")).doubts


def test_several_matches_that_were_accepted_are_no_longer_doubted() -> None:
    accepted = doubted(PRICE, f"<h1>Lamps</h1>{BOX.format(name='Floor', price=39)}", several("12", "39"))
    assert accepted.doubts
    assert not asked(PRICE, several("14", "39"), accepted.witnesses, several("12", "39")).doubts


def test_a_cell_under_another_header_is_doubted_where_its_row_has_the_usual_one() -> None:
    cells = "".join(f"<tr><td>CS{n}</td><td>{{}} €</td><td>{{}} €</td></tr>" for n in range(30))
    table = "<table><tr><th>Course</th><th>{}</th><th>{}</th></tr>" + cells + "</table>"
    fourth = css("tr:nth-child(4) td:nth-child(3)", ValueType.MONEY)
    before = table.format("Per month", "Per year", *(["5", "39"] * 30))
    after = table.format("Per year", "Per month", *(["40", "6"] * 30))
    (doubt,) = doubted(fourth, before, after).doubts
    assert "now finds '6 €' (after 'Per month'); '40 €' is where the value was" in doubt.text


def test_what_is_before_the_heading_that_it_was_under_is_doubted_though_the_thing_is_gone() -> None:
    other = PRODUCT.format(rest="").replace("<h1>Lamp</h1>", "<h3>Desk</h3>").replace("39", "12")
    gone = PRODUCT.format(rest="").replace("<b>Price</b> <span class=price>39 €</span>", "<i>Sold out</i>")
    (doubt,) = doubted(PRICE, PRODUCT.format(rest=""), other + gone).doubts
    assert doubt.text.endswith("now finds '12 €' (after 'Price'); the heading that the value was under comes after it")


HEAD = "<tr><th>Code</th><th>Course</th>{extra}<th>Seats</th><th>Room</th></tr>"
ROW = "<tr><td>K10{n}</td><td>{name}</td>{{cell}}<td>{{seats}}{n}</td><td>R{n}</td></tr>"
ROWS = "".join(ROW.format(n=n, name=name) for n, name in enumerate(("Spanish", "Pottery", "Yoga", "Photography")))


def timetable(extra: str = "", cell: str = "", seats: str = "1", *, has_head: bool = True) -> str:
    head = HEAD.format(extra=extra) if has_head else ""
    return f"<h1>Courses</h1><table class=courses>{head}{ROWS.format(cell=cell, seats=seats)}</table>"


def doubted_list(before: str, after: str, extraction: Items = LIST) -> list[str]:
    first = verify(page(before), watch(extraction), Usual(rows={}), {}, CpuBudget(thread_time))
    then, now = seen(before, extraction).rows, seen(after, extraction).rows
    verified = verify(
        page(after), watch(extraction), Usual(rows=then, witnesses=packed(first.witnesses)), now, CpuBudget(thread_time)
    )
    return [doubt.text for doubt in verified.doubts]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(timetable(seats="2"), id="other values"),
        pytest.param(timetable().replace("K10", "L20"), id="all rows are new"),
        pytest.param(timetable(seats="2").replace("Seats", "Free seats"), id="a renamed column"),
        pytest.param(timetable(seats="2").replace("Courses", "Kurse").replace("courses", "k"), id="other names"),
        pytest.param(timetable(seats="3").replace("<th>Room</th>", "<th>Room</th><th>Day</th>"), id="a column behind"),
    ],
)
def test_a_list_is_believed_whatever_else_changed(after: str) -> None:
    assert not doubted_list(timetable(), after)


def test_a_column_that_was_inserted_makes_a_field_another_one() -> None:
    inserted = timetable("<th>Day</th>", "<td>Monday</td>", seats="2")
    assert doubted_list(timetable(), inserted) == ["seats: is now under 'Day'; 'Seats' is another column"]


def test_what_a_field_was_is_beside_it_where_no_header_says_so() -> None:
    before, after = timetable(has_head=False), timetable(cell="<td>Monday</td>", has_head=False)
    assert doubted_list(before, after) == ["seats: now reads 'Monday'; '10', which it was, is beside it"]


def test_keys_that_are_read_from_another_column_are_no_new_rows() -> None:
    after = timetable(has_head=False).replace("<tr><td>K10", "<tr><td>1.</td><td>K10")
    after = after.replace("<td>1.</td>", "<td>{}</td>").format(*range(4))
    keys = items("tr:has(td)", "td")
    assert doubted_list(timetable(has_head=False), after, keys) == [
        "key: now reads '0'; the keys that it read are beside it"
    ]


def test_rows_of_another_list_are_no_new_rows() -> None:
    def shown(*names: str) -> str:
        return "".join(f"<li class=row><b>{name}</b></li>" for name in names)

    before = f"<main class=topics><h1>Topics</h1><ul class=list>{shown('a', 'b', 'c')}</ul></main>"
    after = f"<aside class=ads><h2>From our shop</h2><ul class=list>{shown('x', 'y', 'z')}</ul></aside>"
    assert doubted_list(before, after, items("li.row", "b")) == [
        "items: 'li.row' now finds other rows, in another place"
    ]
    moved = after + before.replace("class=row", "class=r2")
    assert doubted_list(before, moved, items("li.row", "b")) == [
        "items: 'li.row' now finds other rows; those that it found are elsewhere"
    ]


@pytest.mark.parametrize(
    "selector",
    [css(None), css("body"), css("b, h1"), Selector(regex=r"\d+ €"), css("nav", ValueType.TEXT)],
    ids=["the page", "its body", "several", "an expression", "nothing"],
)
def test_there_is_no_witness_of_what_has_no_place_of_its_own(selector: Selector) -> None:
    optional = Selector(query=selector.query, regex=selector.regex, optional=True)
    assert not asked(optional, PRODUCT.format(rest=""), {}, "").witnesses


LONG = "价格" * 18
NAMES = " ".join(f"class-{n}" for n in range(50))
FULL = (
    f"<main class='{NAMES}'><b>{LONG}</b><h2>{'中' * 40}</h2>"
    "<table><tr><th>{head}</th></tr><tr><td class='{names}'>39 €</td></tr></table><b>{text}</b>{rest}</main>"
).format(head=LONG, names=NAMES, text=LONG, rest="<p>a</p>" * 9)


@pytest.mark.parametrize(
    ("body", "selector"),
    [
        pytest.param(FULL, css("td", ValueType.MONEY), id="long texts, many names"),
        pytest.param(f"{FULL}<b>{LONG}</b><{'x' * 5_000}-y class=price>9 €", css(".price"), id="an endless tag"),
        pytest.param(f"<b>{LONG}</b><x-{'价' * 5_000} class=price>9 €", css(".price"), id="of letters of three bytes"),
        pytest.param(f"<b>{LONG}</b>" + f"<x-{'价' * 20}>" * 9 + "<p class=price>9 €", css(".price"), id="a long path"),
    ],
)
def test_a_witness_has_300_bytes_at_most(body: str, selector: Selector) -> None:
    witnesses = asked(selector, body, {}, "").witnesses
    assert 50 < len(packed(witnesses)) <= 300


def test_that_of_a_list_has_30_bytes_more_for_each_field() -> None:
    names = [f"n{n}" for n in range(30)]
    cells = "".join(f"<td class='{name} {NAMES}'>1</td>" for name in names)
    body = (
        f"<b>{LONG}</b><main class='{NAMES}'><table><tr>{f'<th>{LONG}</th>' * 30}</tr><tr>{cells}</tr></table></main>"
    )
    listed = items("tr:has(td)", "td", fields={name: css(f".{name}") for name in names})
    witnesses = verify(page(body), watch(listed), Usual(rows={}), {}, CpuBudget(thread_time)).witnesses
    assert 500 < len(packed(witnesses)) <= 300 + sum(30 + len(name) for name in names)


SECOND = css("li:nth-of-type(2) a")
FIRST = css("li:nth-of-type(1) a")
CARD_PRICE = css(".card:nth-of-type(1) .price", ValueType.MONEY)
LINKS = "<h2>About</h2><ul>{}</ul>"
ABOUT, RETURNS, NEWS = (f"<li><a href=/{name}>{name}</a></li>" for name in ("Imprint", "Returns", "News"))
DESK, LAMP = (f"<div class=card><h3>{name}</h3><p class=price>{{}}</p></div>" for name in ("Desk", "Lamp"))


@pytest.mark.parametrize(
    ("selector", "before", "after", "found"),
    [
        pytest.param(FIRST, ABOUT + RETURNS, NEWS + ABOUT + RETURNS, "'Imprint'", id="another row came first"),
        pytest.param(SECOND, ABOUT + RETURNS + NEWS, NEWS + ABOUT + RETURNS, "'Returns'", id="another order"),
    ],
)
def test_what_is_counted_is_doubted_where_another_of_its_like_says_what_it_said(
    selector: Selector, before: str, after: str, found: str
) -> None:
    (doubt,) = doubted(selector, LINKS.format(before), LINKS.format(after)).doubts
    assert f"{found} is where the value was" in doubt.text


def test_the_price_of_a_counted_row_is_that_of_the_row_which_says_the_same_beside_it() -> None:
    before = DESK.format("9 €") + LAMP.format("39 €")
    after = LAMP.format("45 €") + DESK.format("8 €")
    (doubt,) = doubted(CARD_PRICE, before, after).doubts
    assert "now finds '45 €'" in doubt.text
    assert "'8 €' is where the value was" in doubt.text
    assert not doubted(CARD_PRICE, before, DESK.format("45 €") + LAMP.format("9 €")).doubts


def test_a_row_that_is_named_by_where_it_leads_is_believed_wherever_it_stands() -> None:
    linked = css('li:has([href$="/lamp-12"]) b', ValueType.MONEY)
    rows = [f"<li><a href=/{name}>{name}</a> <b>{{}}</b>" for name in ("desk-4", "lamp-12", "shelf-7", "chair-9")]
    before = "<ul>" + "".join(rows).format("9 €", "39 €", "20 €", "15 €")
    after = "<ul>" + "".join([rows[3], rows[1], rows[0]]).format("16 €", "45 €", "9 €") + "<li>New <b>39 €</b>"
    assert not doubted(linked, before, after).doubts


@pytest.mark.parametrize(
    ("selector", "is_kept"),
    [
        pytest.param(css(".price"), False, id="a class"),
        pytest.param(css("li:nth-of-type(2) .price"), True, id="counted"),
        pytest.param(css('li:has([href$="/lamp"]) .price'), True, id="by where it leads"),
    ],
)
def test_what_a_box_says_beside_a_value_is_kept_where_the_selector_tells_rows(
    selector: Selector, *, is_kept: bool
) -> None:
    rows = "<ul><li>Desk <li><a href=/lamp>Lamp</a> <b class=price>39 €</b><li>Shelf</ul>"
    witness = asked(selector, rows, {}, "").witnesses["price"]
    assert isinstance(witness, Witness)
    assert bool(witness.row) is is_kept


def test_a_picture_that_is_named_by_where_it_leads_may_say_nothing_else() -> None:
    linked = css('figure:has([href$="/b.jpg"]) figcaption')
    names = ("Opening", "Speeches", "Raffle", "Old pupils")
    shots = [
        f"<figure><a href=/{at}.jpg></a><figcaption>{n}</figcaption></figure>"
        for at, n in zip("abcd", names, strict=True)
    ]
    after = [shots[3], shots[2], shots[0], shots[1].replace("Speeches", "The speeches")]
    assert not doubted(linked, "".join(shots), "".join(after)).doubts


@pytest.mark.parametrize(
    ("selector", "before", "after"),
    [
        pytest.param(FIRST, ABOUT + NEWS, RETURNS + NEWS, id="another text in its place"),
        pytest.param(FIRST, ABOUT + RETURNS + ABOUT, RETURNS + ABOUT + ABOUT, id="said twice before"),
        pytest.param(css("li:first-of-type a"), ABOUT + RETURNS, NEWS + ABOUT, id="whatever comes first"),
        pytest.param(css("li:nth-child(1) a"), ABOUT + RETURNS, NEWS + ABOUT, id="the first child"),
    ],
)
def test_a_counted_place_is_believed_where_nothing_says_that_another_was_meant(
    selector: Selector, before: str, after: str
) -> None:
    assert not doubted(selector, LINKS.format(before), LINKS.format(after)).doubts


def test_a_state_that_another_row_has_now_is_no_row_that_moved() -> None:
    rows = "<ul><li><h3>Hall A</h3><p class=state>{}</p></li><li><h3>Hall B</h3><p class=state>{}</p></li></ul>"
    state = css("li:nth-of-type(1) .state")
    assert not doubted(state, rows.format("available", "sold out"), rows.format("sold out", "available")).doubts


@pytest.mark.parametrize(
    "filling",
    [
        pytest.param("<p><b>Price</b> <span class=price>8 €</span></p>" * 20_000, id="many labels"),
        pytest.param("<div class=x>8 <b>Price</b>" * 5_000, id="deep"),
        pytest.param("<b>Price</b>" * 100_000, id="labels alone"),
        pytest.param("<span class=price>8</span>" * 50_000, id="many alike in a row"),
        pytest.param(f"<p class='{' '.join(f'c{n}' for n in range(20_000))}'>{'Price ' * 50_000}", id="many names"),
        pytest.param("<table><tr><td>8 <b>Price</b>" * 3_000, id="tables in tables"),
    ],
)
def test_a_hostile_page_costs_a_witness_little(filling: str) -> None:
    before = PRODUCT.format(rest="")
    after = filling + PRODUCT.format(rest="").replace("39", "45").replace("class=buy", "class=x")
    usual = asked(PRICE, before, {}, "").witnesses
    extraction = Values(selectors={"price": PRICE})
    then, parsed = seen(before, extraction).rows, page(after)
    now = {SINGLE: {"price": Money(amount=Decimal(45), currency="€")}}
    known = Usual(rows=then, witnesses=packed(usual))
    start = time.process_time()
    verified = verify(parsed, watch(extraction), known, now, CpuBudget(thread_time))
    proposals(parsed, watch(extraction), known, CpuBudget(thread_time))
    assert time.process_time() - start < 3
    assert len(packed(verified.witnesses)) <= 300


def test_a_page_that_is_sent_as_xml_once_makes_no_watch_forget_its_places() -> None:
    before, after = PRODUCT.format(rest=""), PRODUCT.format(rest="").replace("39", "12")
    extraction = Values(selectors={"price": css(".price")})
    first = seen(before, extraction).rows
    known = verify(page(before), watch(extraction), Usual(rows={}), first, CpuBudget(thread_time))
    rows = {SINGLE: {"price": "12 €"}}
    as_xml = page(after, media_type="application/xml")
    usual = Usual(rows=first, witnesses=packed(known.witnesses))
    verified = verify(as_xml, watch(extraction), usual, rows, CpuBudget(thread_time))
    assert verified.witnesses == known.witnesses
    assert [doubt.name for doubt in verified.doubts] == ["price"]
