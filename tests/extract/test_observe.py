import pickle
import subprocess
import sys
from decimal import Decimal
from itertools import count

import pytest
from msgspec.structs import replace

from tests.extract.builders import URL, css, feed_list, items, jsonpath, page, seen, single, watch, xpath
from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.core.page import Page
from watcher.core.values import Money, ValueType
from watcher.core.watch import (
    Condition,
    Items,
    Language,
    NextPages,
    NumberedPages,
    Operator,
    Pick,
    Query,
    Selector,
    Step,
    Values,
)
from watcher.errors import MissingError, PageError, SlowPageError, UnexpectedPageError, UnparsableError
from watcher.extract.observe import is_cheap, look, merge
from watcher.extract.plan import ENGINE, plan

SHOP = """<!doctype html><head><base href=/shop/><script src=a.js></script></head>
<h1>RTX 5090</h1>
<p class=price>¥<b>15,999</b><sup>.00</sup></p><p class=price>¥9</p>
<p id=stock> In&nbsp;stock<br>ships today</p>
<a class=buy href=cart?id=1>Buy</a> <img src=/i.png alt=pic>"""

COURSES = """<!doctype html><table id=courses>
<thead><tr><th>Code<th>Title<th>Seats</thead>
<tr id=r1><td class=code>CS101<td class=title>Intro<br>to CS<td class=seats>3<td><a href=/c/101>more</a>
<tr id=r2><td class=code>MA201<td class=title>Algebra<td class=seats>0<td><a href=/c/201>more</a>
<tr id=r3><td class=code>CS301<td class=title>Compilers<td class=seats>12<td><a href=/c/301>more</a>
</table>"""
COURSE_LIST = items(
    "#courses > tbody > tr",
    "td.code",
    fields={
        "title": css("td.title"),
        "seats": css("td.seats", ValueType.INTEGER),
        "link": css("a", ValueType.URL, "href"),
    },
)


class TestSingleValues:
    def test_values_are_read_by_type(self) -> None:
        row = single(
            SHOP,
            name="h1",
            price=css(".price", ValueType.MONEY),
            stock="#stock",
            buy=css("a.buy", ValueType.URL),
            picture=css("img", ValueType.URL),
            alt=css("img", attr="ALT"),
        )
        assert row == {
            "name": "RTX 5090",
            "price": Money(amount=Decimal("15999.00"), currency="¥"),
            "stock": "In stock\nships today",
            "buy": "https://shop.example/shop/cart?id=1",
            "picture": "https://shop.example/i.png",
            "alt": "pic",
        }

    def test_a_gbk_page_is_read(self) -> None:
        sent = page("<meta charset=gb2312><b id=buy>立即购买 ￥４８０</b>".encode("gbk"))
        assert single(sent, status="#buy") == {"status": "立即购买 ￥４８０"}
        assert single(sent, price=css("#buy", ValueType.MONEY)) == {
            "price": Money(amount=Decimal(480), currency="¥", code="CNY")
        }

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("加入购物车，满两件包邮，の字牌", "CNY"),
            ("カートに入れる、送料無料", "JPY"),
            ("Add to cart", None),
        ],
    )
    def test_a_page_that_names_no_language_tells_by_its_characters_whose_yen_it_means(
        self, words: str, code: str | None
    ) -> None:
        watched = watch(Values(selectors={"price": css("#buy", ValueType.MONEY)}))
        sight = look(page(f"<p>{words}</p><b id=buy>￥480</b>"), watched, UNLIMITED)
        price = sight.rows[""]["price"]
        assert isinstance(price, Money)
        assert price.code == code
        assert [note for note in sight.notes if "`currency: CNY` or `currency: JPY`" in note] == [*sight.notes]
        assert len(sight.notes) == (code is None)

    def test_without_a_selector_the_text_of_the_page_is_the_value(self) -> None:
        assert single("<title>T</title><h1>A</h1>\n<p>b <i>c</i>", value=css(None)) == {"value": "A\nb c"}

    def test_an_optional_value_that_is_absent_is_none(self) -> None:
        absent = Selector(query=Query.css("#sale"), optional=True)
        assert single(SHOP, sale=absent) == {"sale": None}
        assert single(
            "<b id=sale></b>", sale=Selector(query=Query.css("#sale"), type=ValueType.MONEY, optional=True)
        ) == {"sale": None}
        assert single("<b id=sale></b>", sale=absent) == {"sale": ""}

    @pytest.mark.parametrize(
        ("selector", "reason"),
        [
            (css("#nope"), "^price: '#nope' is not on the page$"),
            (css("h1", attr="title"), "^price: `title` of 'h1' is not on the page$"),
        ],
    )
    def test_a_missing_selector_is_named(self, selector: Selector, reason: str) -> None:
        with pytest.raises(MissingError, match=reason):
            single(SHOP + "x " * 200, price=selector)

    def test_an_unparsable_value_is_named(self) -> None:
        with pytest.raises(UnparsableError, match="price: 'RTX' holds no price"):
            single("<h1>RTX</h1>", price=css("h1", ValueType.MONEY))

    @pytest.mark.parametrize("selector", [css("#price"), css(None)])
    def test_an_empty_shell_is_recognised(self, selector: Selector) -> None:
        shell = "<title>Shop</title><div id=app></div><noscript>Enable JavaScript</noscript><script src=a.js></script>"
        with pytest.raises(MissingError, match="filled by JavaScript: look for its JSON request"):
            single(shell, price=selector)

    def test_an_empty_page_is_no_text(self) -> None:
        with pytest.raises(MissingError, match="the text is not on the page"):
            single("", value=css(None))


class TestRows:
    def test_rows_are_keyed_in_the_order_of_the_page(self) -> None:
        rows = seen(COURSES, COURSE_LIST).rows
        assert list(rows) == ["CS101", "MA201", "CS301"]
        assert rows["CS101"] == {"title": "Intro to CS", "seats": 3, "link": "https://shop.example/c/101"}

    def test_a_reordered_table_has_the_same_rows(self) -> None:
        head, *rows = COURSES.split("<tr id=")
        reordered = "<tr id=".join([head, *reversed([row.replace("</table>", "") for row in rows])]) + "</table>"
        assert seen(reordered, COURSE_LIST).rows == seen(COURSES, COURSE_LIST).rows

    def test_the_soup_reads_the_same_rows(self) -> None:
        through_soup = items("#courses tr:not(:-soup-contains('Code'))", "td.code", fields=COURSE_LIST.fields)
        assert seen(COURSES, through_soup).rows == seen(COURSES, COURSE_LIST).rows

    def test_where_keeps_the_rows_of_interest_and_knows_the_key(self) -> None:
        wanted = (
            Condition(operator=Operator.MATCHES, subject="key", operand=("^CS",)),
            Condition(operator=Operator.ABOVE, subject="seats", operand=Decimal(5)),
        )
        narrowed = items("#courses > tbody > tr", "td.code", fields=COURSE_LIST.fields, where=wanted)
        assert list(seen(COURSES, narrowed).rows) == ["CS301"]

    def test_the_row_itself_can_be_the_key(self) -> None:
        by_attribute = Items(query=Query.css("#courses tbody tr"), key=Selector(attr="id"), fields={})
        assert list(seen(COURSES, by_attribute).rows) == ["r1", "r2", "r3"]
        by_text = Items(query=Query.css("li"), key=Selector(), fields={})
        assert list(seen("<ul><li>a<br>b<li>c</ul>", by_text).rows) == ["a b", "c"]

    def test_a_nested_table_is_not_read_into_its_row_when_scoped(self) -> None:
        nested = "<table id=t><tr><td>A<td><table><tr><td>x</table><tr><td>B</table>"
        assert list(seen(nested, items("#t > tbody > tr", ":scope > td")).rows) == ["A", "B"]

    def test_an_empty_list_is_an_error_that_says_what_to_do(self) -> None:
        with pytest.raises(MissingError, match="the list 'li' is empty; if it may be empty, set `empty_when:`"):
            seen("<ul></ul>", items("li"))

    def test_an_empty_list_is_believed_when_the_page_says_so(self) -> None:
        extraction = items("li", "b", empty_when=".none")
        assert seen("<p class=none>no courses", extraction).rows == {}
        with pytest.raises(MissingError, match=r"'\.none' does not say that it may be"):
            seen("<p>please log in", extraction)

    def test_where_may_leave_no_row(self) -> None:
        nothing = items("tbody tr", "td.code", where=[Condition(operator=Operator.IS, subject="key", operand=("X",))])
        assert seen(COURSES, nothing).rows == {}

    @pytest.mark.parametrize("markup", ["<li><b>1</b><li>2", "<li><b>1</b><li><b> </b>"])
    def test_a_row_without_a_key_is_an_error(self, markup: str) -> None:
        with pytest.raises(
            MissingError, match="row 2 has no key \\('b'\\); let the list match only rows that have one"
        ):
            seen(markup, items("li", "b"))

    def test_a_key_that_two_rows_have_is_an_error(self) -> None:
        with pytest.raises(PageError, match="two rows have the key '1'; choose a `key:`"):
            seen("<li><b>1</b><li><b>1</b>", items("li", "b"))

    def test_a_value_missing_in_a_row_names_the_row(self) -> None:
        with pytest.raises(MissingError, match=r"seats: 'i' is not on row 2 \(b\)"):
            seen("<li><b>a</b><i>1</i><li><b>b</b>", items("li", "b", fields={"seats": css("i")}))

    @pytest.mark.parametrize("markup", ["<li><b>{0}</b><li><b>{0}</b>", "<li><b>{0}</b>"])
    def test_an_error_shows_the_beginning_of_a_long_key(self, markup: str) -> None:
        with pytest.raises(PageError, match="kkk…") as raised:
            seen(markup.format("k" * 60_000), items("li", "b", fields={"seats": css("i")}))
        assert len(str(raised.value)) < 150

    def test_more_rows_than_a_list_may_have_are_an_error(self) -> None:
        with pytest.raises(PageError, match="has 10,001 rows, more than 10,000"):
            seen("<b>x</b>" * 10_001, items("b", "b"))

    def test_the_clock_is_read_once_for_each_row(self) -> None:
        ticks = count()
        look(page(COURSES), watch(COURSE_LIST), CpuBudget(lambda: next(ticks)))
        assert next(ticks) <= 1 + 3

    def test_a_list_is_read_no_longer_than_there_is_time(self) -> None:
        ticks = count()
        with pytest.raises(SlowPageError):
            look(page(COURSES), watch(COURSE_LIST), CpuBudget(lambda: next(ticks), seconds=2))


class TestPageMustContain:
    def test_is_looked_at_first_and_names_what_is_missing(self) -> None:
        with pytest.raises(UnexpectedPageError, match=r"does not contain '12月12日': a login wall or an error page\?"):
            seen("<p>请登录", Values(selectors={"x": css("#nope")}), must_contain=["请", "12月12日"])

    def test_looks_at_the_text_as_a_reader_sees_it(self) -> None:
        markup = "<p><b>12</b>月12日&nbsp; 19:30<p>Hall  A<script>hidden</script>"
        assert seen(markup, Values(selectors={}), must_contain=["12月12日 19:30 Hall A"]).rows
        with pytest.raises(UnexpectedPageError):
            seen(markup, Values(selectors={}), must_contain=["hidden"])


class TestOtherBodies:
    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/rss+xml", None])
    def test_without_a_selector_the_whole_text_is_the_value(self, kind: str | None) -> None:
        sent = page('{"price":\n\n  12}', media_type=kind)
        assert single(sent, value=css(None)) == {"value": '{"price":\n12}'}

    def test_a_selector_is_refused_with_what_to_do(self) -> None:
        with pytest.raises(
            PageError, match=r"the page is application/json, not HTML, so the CSS selector '#price' .* use `jsonpath:`"
        ):
            single(page("{}", media_type="application/json"), price="#price")

    @pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "application/xhtml+xml"])
    def test_html_under_another_name_is_html(self, kind: str) -> None:
        assert single(page("\n<p>x", media_type=kind), value="p") == {"value": "x"}


def test_the_link_of_a_message_is_read_from_the_page() -> None:
    link = Selector(query=Query.css("a.buy"))
    observation = merge([look(page(SHOP), watch(Values(selectors={"name": css("h1")}), link=link), UNLIMITED)])
    assert observation.link == "https://shop.example/shop/cart?id=1"
    assert observation.engine == ENGINE
    plain = look(page(SHOP), watch(Values(selectors={}), link=URL), UNLIMITED)
    assert plain.link is None


def test_arguments_and_result_travel_between_processes() -> None:
    arguments = pickle.loads(pickle.dumps((page(COURSES), COURSE_LIST)))
    observation = seen(*arguments)
    assert pickle.loads(pickle.dumps(observation)) == observation


class TestPlan:
    BASE = Values(selectors={"a": css("#a"), "b": css("#b")})

    def test_is_the_same_in_another_process(self) -> None:
        code = (
            "from tests.extract.test_observe import COURSE_LIST; from watcher.core.watch import Query, Selector\n"
            "from watcher.extract.plan import plan; print(plan(COURSE_LIST, Selector(query=Query.css('a'))))"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
        assert told.stdout.strip() == plan(COURSE_LIST, Selector(query=Query.css("a")))

    def test_is_the_same_in_another_release(self) -> None:
        """Else each watch would take a new baseline after an update. The names of what is in it are part of it."""
        where = [Condition(operator=Operator.IS, subject="key", operand=("X",))]
        fields = {"title": css("td.title"), "price": css("td.price", ValueType.MONEY, attr="data")}
        rows = replace(
            items("tr", "td.code", fields=fields, where=where), pages=NumberedPages(param="p", first=1, max_pages=2)
        )
        assert plan(rows, Selector(query=Query.css("a"), regex="x", pick=Pick.LAST)) == "72727a6ce2145a67e8af69de"

    def test_does_not_change_with_what_changes_no_value(self) -> None:
        reordered = Values(selectors={"b": css("#b"), "a": Selector(query=Query.css("#a"), optional=True)})
        assert plan(reordered, "https://x.example/") == plan(self.BASE, None)
        assert plan(items(empty_when=".none"), None) == plan(items(), None)
        assert plan(replace(items(), rolling=True), None) == plan(items(), None)
        few, many = (NumberedPages(param="p", first=1, max_pages=most) for most in (2, 9))
        assert plan(replace(items(), pages=few), None) == plan(replace(items(), pages=many), None)
        step = Step(amount=Decimal(5), is_share=False)
        careful = Selector(query=Query.css("#a"), max_step=step, pick=Pick.FIRST)
        assert plan(Values(selectors={**self.BASE.selectors, "a": careful}), None) == plan(self.BASE, None)

    @pytest.mark.parametrize(
        ("extraction", "link"),
        [
            (Values(selectors={"a": css("#a")}), None),
            (Values(selectors={"a": css("#b"), "b": css("#a")}), None),
            (Values(selectors={"a": css("#a", ValueType.MONEY), "b": css("#b")}), None),
            (Values(selectors={"a": css("#a", attr="title"), "b": css("#b")}), None),
            (Values(selectors={"a": Selector(query=Query.css("#a"), pick=Pick.LAST), "b": css("#b")}), None),
            (Values(selectors={"a": Selector(query=Query.css("#a"), regex="x"), "b": css("#b")}), None),
            (Values(selectors={"a": Selector(query=Query.css("#a"), mapping=(("a", "b"),)), "b": css("#b")}), None),
            (Values(selectors={"a": Selector(query=Query.css("#a"), scale=Decimal(2)), "b": css("#b")}), None),
            (Values(selectors={"a": Selector(query=Query(Language.XPATH, "#a")), "b": css("#b")}), None),
            (replace(items("#a", "#b"), pages=NumberedPages(param="p", first=1, max_pages=2)), None),
            (replace(items("#a", "#b"), pages=NextPages(link=css("a"), max_pages=2)), None),
            (BASE, css("a")),
            (items("#a", "#b"), None),
            (items("#a", "#b", where=[Condition(operator=Operator.IS, subject="key", operand=("x",))]), None),
        ],
    )
    def test_changes_with_what_is_extracted(self, extraction: Values | Items, link: Selector | None) -> None:
        assert plan(extraction, link) not in (plan(self.BASE, None), plan(items(), None))


MATCHES = Condition(operator=Operator.MATCHES, subject="key", operand=("x",))


@pytest.mark.parametrize(
    ("extraction", "link", "size", "cheap"),
    [
        (COURSE_LIST, None, 100_000, True),
        (COURSE_LIST, None, 3_000_000, False),
        (items("tr", where=[MATCHES]), None, 100, True),
        (items("tr", where=[MATCHES]), None, 100_000, False),
        (COURSE_LIST, css("a:-soup-contains('x')"), 100, False),
        (items("tr", empty_when="p:empty"), None, 100, False),
        (items(":nth-last-child(odd) ~ :nth-last-child(even)"), None, 100, False),
        (items("tr:has(~ * ~ * ~ b)"), None, 100, False),
        (items("tr:has(* :has(* b))"), None, 100, False),
        (items(":nth-last-child(2n+1 of :not(b))"), None, 100, False),
        (items("tr ~ tr ~ tr"), None, 100_000, True),
        (items("tr[class~=a]:nth-last-child(2):has(> [lang~=b][id~=c])"), None, 100_000, True),
        (Values(selectors={"value": css(None)}), URL, 100, True),
        (Values(selectors={"value": Selector(regex="x")}), URL, 100, True),
        (Values(selectors={"value": Selector(regex="x")}), URL, 100_000, False),
        (Values(selectors={"value": xpath("//td[.='x']")}), URL, 100, True),
        (Values(selectors={"value": xpath("//td/following::td")}), URL, 100, False),
        (Values(selectors={"value": xpath("//td[count(//td) > 1]")}), URL, 100, False),
        (Values(selectors={"value": xpath("//td[.='//']")}), URL, 100_000, False),
        (Values(selectors={"value": xpath("//tr[td//a and count(.//b) > 1]")}), URL, 100, False),
        (Values(selectors={"value": xpath("//tr[td[1] = /html/p]")}), URL, 100, False),
        (Values(selectors={"value": jsonpath("$.a")}), URL, 100, True),
        (Values(selectors={"value": jsonpath("$.a")}), URL, 100_000, False),
        (feed_list("title"), URL, 100, True),
        (feed_list("title"), URL, 100_000, False),
        (replace(items(), pages=NextPages(link=css("a:empty"), max_pages=2)), None, 100, False),
    ],
)
def test_big_pages_and_the_soup_stay_off_the_loop(
    extraction: Values | Items, link: str | Selector | None, size: int, cheap: bool
) -> None:
    assert is_cheap(watch(extraction, link=link), Page(url="https://shop.example/", body=b"<p>".ljust(size))) is cheap


def test_what_map_does_not_name_is_the_default() -> None:
    state = Selector(query=Query.css("b"), mapping=(("1", "in_stock"),), default="out_of_stock", type=ValueType.STOCK)
    assert [single(f"<b>{text}</b>", state=state)["state"] for text in ("1", "0", "")] == [
        "in_stock",
        "out_of_stock",
        "out_of_stock",
    ]
    with pytest.raises(MissingError):
        single("<i>1</i>", state=state)
