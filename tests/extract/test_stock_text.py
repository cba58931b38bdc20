"""Stock as parts of pages say it: figures, controls that offer nothing, and what the page tells machines."""

import re
from time import thread_time

import pytest

from tests.bounded import bounded
from tests.extract.builders import css, items, page, seen, single, watch
from tests.extract.stock_held_out import HELD_OUT
from tests.extract.stock_held_out_later import HELD_OUT_LATER
from tests.extract.stock_later import LATER
from tests.extract.stock_platforms import PLATFORMS
from tests.extract.stock_reading import REFUSED, figures, read_stock
from tests.extract.stock_shop_parts import SHOP_PARTS
from tests.extract.stock_snippets import IN, OUT, PRE, SNIPPETS
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.values import Stock, ValueType
from watcher.core.watch import Values
from watcher.errors import UnparsableError
from watcher.extract.observe import look

# Refused, all of them: a person would know.
KNOWN_WRONG = frozenset(
    {
        "Lieferbar ab 15.03.",
        "Qty: 0",
        "取り寄せ（2～3週間）",
        "<p>Open - 4 seats</p>",
        "<span>R석 0석</span>",
        "<span>课程容量 60，已选 60</span>",
        "<div>Item is currently not available for shipping. Check nearby stores.</div>",
        "<p>Morgen in huis</p>",
        "<p>お取り寄せ</p>",
        "<p>Fecha de lanzamiento: 12/01/2031</p><button>Reservar</button>",
        "<span>预计2031年3月发货</span><button>立即购买</button>",
        "<div>Available at Main Library</div>",
        "<div>Earliest appointment: tomorrow 9:00</div><button>Book</button>",
        "<div>General onsale starts Fri 10 AM</div>",
        "<p>Na cestě, očekáváme 12. 3.</p>",
    }
)
WEEKS = frozenset(
    {html for _, html, _ in PLATFORMS if re.search("weeks|Monat|か月|semanas|semaines|weken|Wochen|tygodnie", html)}
)
"""Refused, too: some call it in stock, and some a pre-order."""
OFFER = (
    '<script type="application/ld+json">{"@type": "Product", "offers": {"@type": "Offer", "price": "9", '
    '"availability": "https://schema.org/%s"}}</script>'
)


@pytest.mark.parametrize(
    "table",
    [SNIPPETS, LATER, PLATFORMS, SHOP_PARTS, HELD_OUT, HELD_OUT_LATER],
    ids=["our own", "later ones", "platforms", "more parts", "by one who did not see the reader", "by another"],
)
def test_parts_of_pages_in_30_languages_are_read_or_refused_and_none_is_false(
    table: tuple[tuple[str, str, str], ...],
) -> None:
    read = figures(table)
    print(read)
    assert not read.false
    assert read.refused <= KNOWN_WRONG | WEEKS
    assert read.right / read.count >= 0.94


def test_the_tables_are_as_wide_as_they_claim() -> None:
    assert len({html for _, html, _ in SNIPPETS}) >= 200
    assert len({lang.partition("-")[0] for lang, *_ in SNIPPETS}) >= 30
    assert len({html for _, html, _ in PLATFORMS + SHOP_PARTS}) >= 790
    assert len(HELD_OUT) == 110
    assert len(HELD_OUT_LATER) == 100


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<button disabled>Add to cart</button>", OUT, id="disabled"),
        pytest.param("<button aria-disabled=true>Add to cart</button>", OUT, id="aria-disabled"),
        pytest.param("<button aria-disabled=false>Add to cart</button>", IN, id="not disabled"),
        pytest.param("<a class='btn disabled'>Add to cart</a>", OUT, id="a class"),
        pytest.param("<p>Whatever</p><span class='btn disabled'>Buy now</span>", OUT, id="a span drawn as a button"),
        pytest.param("<fieldset disabled><button>Add to cart</button></fieldset>", OUT, id="within what is disabled"),
        pytest.param("<button hidden>Add to cart</button>", OUT, id="hidden"),
        pytest.param("<button style='color: red; display : none'>Buy now</button>", OUT, id="not displayed"),
        pytest.param("<dialog><button>Buy now</button></dialog>", OUT, id="in a closed dialog"),
        pytest.param("<dialog open><button>Buy now</button></dialog>", IN, id="in an open dialog"),
        pytest.param("In stock <button disabled>Add to cart</button>", IN, id="said beside it"),
        pytest.param("<button disabled>Sold out</button>", OUT, id="sold out, disabled"),
        pytest.param("<button hidden>Sold out</button> <button>Buy now</button>", IN, id="sold out, hidden"),
        pytest.param("<span hidden>Sold out</span> In stock", IN, id="a hidden text"),
        pytest.param("<span hidden>In stock</span>", REFUSED, id="nothing but a hidden text"),
        pytest.param("<s>In stock</s> Sold out", OUT, id="struck through"),
        pytest.param(
            "<button disabled>Choose a size</button>", REFUSED, id="a disabled button that offers nothing anyway"
        ),
        pytest.param("<input type=submit value='Add to cart'>", IN, id="the value of a button"),
        pytest.param("<input type=submit value='Add to cart' disabled>", OUT, id="of a disabled one"),
        pytest.param("<img src=a.png alt='在庫あり'>", IN, id="a picture"),
        pytest.param("<meta itemprop=availability content=https://schema.org/SoldOut>", OUT, id="told to machines"),
        pytest.param("<select><option disabled>S, in stock</select>", OUT, id="a choice that cannot be taken"),
        pytest.param("<select><option>S, in stock<option>M, in stock</select>", IN, id="choices that agree"),
        pytest.param("<select><option>S, in stock<option>M, sold out</select>", REFUSED, id="choices that do not"),
        pytest.param("<select disabled><option>S, in stock</select>", OUT, id="a list of choices that is disabled"),
        pytest.param("<select><option value=''>Size<option disabled>S, sold out</select>", OUT, id="no choice is left"),
        pytest.param("<p>[disabled: Pre-order now]</p> Sold out", OUT, id="a page that writes our marks"),
        pytest.param("<button aria-label='Add to cart'><svg></svg></button>", IN, id="a button that is a picture"),
        pytest.param("<button aria-label='Add to cart' disabled><svg></svg></button>", OUT, id="such a one, disabled"),
        pytest.param("<div hidden><i title='In stock'></i></div>", REFUSED, id="a title that is hidden"),
        pytest.param("<i title='In stock'></i>", IN, id="a title"),
        pytest.param("<button disabled title='Sold out'>Size M</button>", OUT, id="a title that says why"),
        pytest.param("<button disabled>Add to cart</button> Choose a size", REFUSED, id="a button that waits"),
        pytest.param("<p>Pickup</p><p>Not available</p><button>Add to cart</button>", IN, id="a label on its own line"),
        pytest.param("<p>Concert, 14 mai</p><p>Complet</p>", OUT, id="a word on its own line"),
        pytest.param("<p>0</p><p>in stock</p>", OUT, id="a count on its own line"),
        pytest.param("<dl><dt>In store</dt><dd>No</dd><dt>Stock</dt><dd>Yes</dd></dl>", IN, id="terms and answers"),
        pytest.param(
            "<input type=radio id=s disabled><label for=s>S, sold out</label>"
            "<input type=radio id=m><label for=m>M</label>",
            IN,
            id="one radio button is left",
        ),
        pytest.param("<ul><li class=disabled>S, sold out<li>M</ul>", IN, id="one item is left"),
        pytest.param("<ul><li>Sold out<li>Free returns</ul>", OUT, id="a list of no choices"),
        pytest.param("<p>Pre-order</p> <button disabled>Add to cart</button>", PRE, id="a pre-order beside it"),
    ],
)
def test_what_cannot_be_used_or_seen_offers_nothing(html: str, expected: str) -> None:
    assert read_stock(html) == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        *[("#a b", OUT), ("#b b", OUT), ("#c", IN), ("option[value=m]", OUT), ("option[value=s]", IN), ("#d", OUT)],
        *[("#e", IN), ("#f", IN), ("#g", OUT)],
    ],
)
def test_what_is_found_within_a_control_is_as_the_control(selector: str, expected: str) -> None:
    body = (
        "<button id=a disabled><b>Add to cart</b></button><dialog><a id=b><b>Add to cart</b></a></dialog>"
        "<div hidden><p id=c>In stock</p></div><select><option value=m disabled>In stock"
        "<option value=s>In stock</select>"
        "<input id=d type=submit disabled value='Buy now'><button id=e aria-label='Buy now'><svg></svg></button>"
        "<span id=f itemprop=availability content=https://schema.org/InStock></span><i id=g title='Sold out'></i>"
    )
    assert single(body, state=css(selector, ValueType.STOCK)) == {"state": expected}


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        pytest.param("Ask us", "InStock", IN, id="a text that says nothing"),
        pytest.param("Sold out – Add to cart", "InStock", IN, id="a text that says several things"),
        pytest.param("Sold out – Add to cart", "PreOrder", OUT, id="the page tells a thing that it does not say"),
        pytest.param("Sold out", "InStock", OUT, id="a text that says one thing"),
    ],
)
def test_what_a_page_tells_machines_decides_where_its_text_does_not(text: str, told: str, expected: str) -> None:
    assert single(f"<p>{text}</p>{OFFER % told}", state=css("p", ValueType.STOCK)) == {"state": expected}


def test_a_text_that_says_several_things_is_not_decided_by_variants_that_differ() -> None:
    told = '<script type="application/ld+json">{"hasVariant": [%s]}</script>'
    variants = ",".join(f'{{"offers": {{"availability": "{state}"}}}}' for state in ("OutOfStock", "InStock"))
    row = single(f"<p>Sold out – Add to cart</p>{told % variants}", state=css("p", ValueType.STOCK))
    assert row == {"state": OUT}


def test_a_note_says_when_the_product_data_was_read() -> None:
    sight = look(
        page(f"<p>Ask us</p>{OFFER % 'InStock'}"),
        watch(Values(selectors={"state": css("p", ValueType.STOCK)})),
        UNLIMITED,
    )
    assert sight.notes == (
        "state: 'Ask us' is no state of stock that a watch knows; the page's product data (schema.org) says in stock, "
        "which is read",
    )


@pytest.mark.parametrize("data", [OFFER % "InStock" + OFFER % "SoldOut", OFFER % "Whatever", ""])
def test_product_data_that_is_not_one_thing_decides_nothing(data: str) -> None:
    with pytest.raises(UnparsableError, match=r"'Ask us' is no state of stock"):
        single(f"<p>Ask us</p>{data}", state=css("p", ValueType.STOCK))


def test_a_row_is_not_answered_by_the_data_of_the_page() -> None:
    rows = items("li", "b", fields={"state": css("i", ValueType.STOCK)})
    with pytest.raises(UnparsableError, match=r"'Ask us' is no state"):
        seen(f"<li><b>x</b><i>Ask us</i></li>{OFFER % 'InStock'}", rows)


@pytest.mark.parametrize(
    ("html", "advice"),
    [
        ("<select><option>S, in stock<option>M, sold out</select>", "the choices do not agree; select the one"),
        ("<p hidden>In stock</p>", "what a page hides is not read; say what it means"),
    ],
)
def test_a_refusal_says_what_helps(html: str, advice: str) -> None:
    with pytest.raises(UnparsableError, match=advice):
        single(f"<div>{html}</div>", state=css("div", ValueType.STOCK))


@pytest.mark.parametrize(
    "part",
    [
        "<p hidden>",
        "<button disabled>",
        "<dialog>",
        "<select><option disabled>In stock",
        "<fieldset disabled><a>",
        "<s>",
    ],
)
def test_markup_made_to_be_slow_is_read_in_time(part: str) -> None:
    for size in (60_000, 1_000_000):
        body = part * (size // len(part))
        began = thread_time()
        read_stock(body)
        assert thread_time() - began < 2


@pytest.mark.parametrize(
    "part",
    [
        "<i class=btn hidden>" * 400,
        "<b hidden>" * 1_000 + "<a>x</a>" * 3_000,
        "<dialog>" * 1_500 + "<button>x</button>" * 1_200,
        "<i class=btn disabled>" * 1_800,
        "<svg>" + "<select>" * 100 + "<option>x" * 1_500,
    ],
    ids=["hidden buttons", "hidden text", "dialogs", "buttons that do nothing", "choices"],
)
def test_what_is_withheld_within_what_is_withheld_is_read_once(part: str) -> None:
    with bounded(1.5):
        for _ in range(3):
            with pytest.raises(UnparsableError):
                single(f"<div>{part}</div>", state=css("div", ValueType.STOCK))


def test_of_very_many_hidden_buttons_the_first_ones_are_read_and_none_is_shown() -> None:
    hidden = "<button hidden>Add to cart</button>" + "".join(f"<button hidden>{n}</button>" for n in range(500))
    assert single(f"<p>{hidden}</p>", state=css("p", ValueType.STOCK)) == {"state": Stock.OUT_OF_STOCK}
