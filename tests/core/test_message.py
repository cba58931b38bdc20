"""What a message says: words for a lock screen, within limits whatever the page holds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core.builders import NOON, event_rule, message, state_rule, watch
from watcher.core.check import OutboxMessage
from watcher.core.differences import difference
from watcher.core.locale import Locale
from watcher.core.message import URL_CHARACTERS, compose, digest, parcels
from watcher.core.phrases.english import ENGLISH
from watcher.core.suspicion import Belief
from watcher.core.values import SINGLE, Money, Row, Value
from watcher.core.watch import MessageTemplate, Operator, Query, Selector, Watch
from watcher.core.words import CONTENT_CHARACTERS, DIGEST_CHARACTERS, SUMMARY_CHARACTERS, Firing, Words

CHANGES = event_rule(Operator.CHANGES)
BUY = "Buy now"


def fired(old: Row | None, new: Row | None, key: str = SINGLE) -> Firing:
    return Firing(rule=CHANGES, key=key, old=old, new=new)


def words(*firings: Firing, watched: Watch | None = None, link: str | None = None) -> Words:
    return compose(watched or watch(), firings, link=link, now=NOON)


def called(name: str) -> Watch:
    return replace(watch(), name=name)


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="€")


NOTICE = "The exam of Monday is in room 12 of the main building, at nine o'clock sharp, with passports."


@pytest.mark.parametrize(
    ("name", "old", "new", "summary"),
    [
        ("Dune", {"price": Decimal("12.00")}, {"price": Decimal("8.50")}, "Dune 12.00 → 8.50 (−29.2%)"),
        ("Dune", {"price": euros("12.00")}, {"price": euros("8.50")}, "Dune €12.00 → €8.50 (−29.2%)"),
        ("Dune", {"price": 12}, {"price": None}, "Dune gone (was 12)"),
        ("Dune", {"price": None}, {"price": 12}, "Dune 12"),
        ("Dune", None, {"price": 9}, "Dune 9"),
        ("Harbour Lights live", {"button": None}, {"button": BUY}, "Harbour Lights live: Buy now"),
        ("Harbour Lights live", {"button": BUY}, {"button": None}, "Harbour Lights live: gone (was Buy now)"),
        ("Harbour Lights live", None, {"button": BUY}, "Harbour Lights live: Buy now"),
        ("演唱会", {"status": "售罄"}, {"status": "立即购买"}, "演唱会: 售罄 → 立即购买"),
        (
            "GPU",
            {"price": 9, "stock": 0, "shop": "X"},
            {"price": 8, "stock": 3, "shop": "X"},
            "GPU: price 9 → 8 (−11.1%), stock 0 → 3",
        ),
        ("GPU", None, {"price": 9, "stock": 0}, "GPU: price 9, stock 0"),
        ("GPU", {"price": 9, "button": None}, {"price": 9, "button": BUY}, "GPU: button Buy now"),
        ("GPU", None, {"price": 9, "seen": "3 hours ago", "stock": 0, "shop": "X"}, "GPU: price 9, stock 0"),
        ("GPU", {"n": 1, "seen": "1 hour ago"}, {"n": 2, "seen": "2 hours ago"}, "GPU: n 1 → 2 (+100%)"),
        ("GPU", {"n": 1, "seen": "1 hour ago"}, {"n": 1, "seen": "2 hours ago"}, "GPU: seen 1 hour ago → 2 hours ago"),
        ("News", {"text": "one\ntwo"}, {"text": "zero\none\ntwo"}, "News changed: zero"),
        ("News", {"text": "one\ntwo"}, {"text": "one"}, "News changed: − two"),
        ("News", {"text": "one\ntwo"}, {"text": "two\none"}, "News changed: the same lines in another order"),
        (
            "News",
            {"text": NOTICE},
            {"text": NOTICE.replace("12", "14")},
            "News changed: … in room [12 → 14] of the main building, at nine o'clock s…",
        ),
    ],
)
def test_the_summary_of_single_values_reads_well_on_a_lock_screen(
    name: str, old: Row | None, new: Row, summary: str
) -> None:
    assert words(fired(old, new), watched=called(name)).summary == summary


@pytest.mark.parametrize("language", [None, Locale.CHINESE])
def test_a_value_that_watches_yaml_gives_no_name_has_no_label(language: Locale | None) -> None:
    watched = replace(called("通知"), languages=() if language is None else (("deals", language),))
    told = words(fired({"value": "一\n二"}, {"value": "一\n三"}), watched=watched)
    assert told.content.splitlines()[:3] == ["− 二", "+ 三", ""]
    lone = words(fired(None, {"value": "一" * 300}), watched=watched)
    assert lone.content.startswith("一一一")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (Decimal("12.00"), Decimal("8.50"), " (−29.2%)"),
        (1000, 940, " (−6%)"),
        (3, 4, " (+33.3%)"),
        (-4, -5, " (−25%)"),
        (0, 3, ""),
        (100_000, 99_999, ""),
        (1, 10**9, ""),
        (1, 10**400, ""),
        (Decimal("1e-30"), Decimal("1e30"), ""),
        (Money(amount=Decimal(12), currency="€"), Money(amount=Decimal(9), currency="$"), ""),
        ("12", "9", ""),
    ],
)
def test_a_number_says_by_how_much_it_moved(old: Value, new: Value, said: str) -> None:
    summary = words(fired({"price": old}, {"price": new})).summary
    assert summary.endswith(said) if said else "%" not in summary


def reminder(row: Row, key: str = SINGLE) -> Firing:
    return Firing(rule=CHANGES, key=key, old={**row, "seats": 99}, new=row, is_reminder=True)


@pytest.mark.parametrize(
    ("firings", "summary"),
    [
        ([reminder({"price": 8})], "Courses still: 8"),
        ([reminder({"button": BUY})], "Courses still: Buy now"),
        ([reminder({"price": 8, "button": BUY})], "Courses still: price 8, button Buy now"),
        ([reminder({"seats": 3}, "A")], "Courses still: A: seats 3"),
        ([reminder({"seats": 3}, "A"), reminder({"seats": 4}, "B")], "Courses still: 2 rows (A, B)"),
        ([reminder({"seats": 3}, "A"), fired(None, {}, "B")], "Courses: 1 new (B), 1 as before (A)"),
        ([reminder({"text": "x " * 200})], "Courses still: " + "x " * 29 + "x…"),
    ],
)
def test_a_reminder_says_that_it_is_one(firings: list[Firing], summary: str) -> None:
    assert words(*firings, watched=called("Courses")).summary == summary


def test_the_content_marks_the_rows_that_are_no_news() -> None:
    content = words(reminder({"seats": 3}, "A"), fired(None, {"seats": 1}, "B")).content
    assert content.splitlines()[:2] == ["still: A: seats 3", "+ B: seats 1"]


def test_a_note_comes_before_the_reason_and_after_the_operators_own_words() -> None:
    firing = fired({"price": 12}, {"price": 9})
    plain = compose(watch(), [firing], link=None, now=NOON, belief=Belief(None))
    assert plain.content == "Accepted by hand.\nThe page changed."
    own = replace(watch(), message=MessageTemplate(content="{{ 'now %s' % price }}"))
    assert compose(own, [firing], link=None, now=NOON, belief=Belief(None)).content == "now 9\n\nAccepted by hand."


def one(number: int, *, url: str | None = None, content: str = "") -> OutboxMessage:
    return replace(message(number), content=content or f"content {number}", url=url)


def test_several_messages_become_one() -> None:
    same, other = "https://a.example/", "https://b.example/"
    assert digest([one(1, url=same), one(2, url=same)]) == (
        "2 changes: news 1; news 2",
        f"news 1\ncontent 1\n{same}\n\nnews 2\ncontent 2\n{same}",
        same,
    )
    assert digest([one(1, url=same), one(2, url=other), one(3)])[2] is None
    assert digest([one(1, url=same)]) == ("news 1", "content 1", same)


@given(st.lists(st.integers(1, CONTENT_CHARACTERS), min_size=1, max_size=60))
def test_however_many_messages_there_are_all_their_words_travel_in_as_few_as_hold_them(sizes: list[int]) -> None:
    messages = [one(number, content="x" * size) for number, size in enumerate(sizes)]
    groups = parcels(messages)
    assert [each for group in groups for each in group] == messages
    for group in groups:
        summary, content, _ = digest(group)
        assert len(summary) <= SUMMARY_CHARACTERS
        assert len(content) <= DIGEST_CHARACTERS
        assert all(each.content in content for each in group)
    for group, following in pairwise(groups):
        assert sum(len(each.content) for each in [*group, following[0]]) > DIGEST_CHARACTERS - 20 * (len(group) + 1)


COMPILERS: Row = {"title": "Compilers", "seats": 12, "room": None, "link": "https://uni.example/cs101"}


@pytest.mark.parametrize(
    ("firings", "summary"),
    [
        ([fired(None, COMPILERS, "CS101")], "Courses: + CS101 Compilers: seats 12"),
        ([fired(COMPILERS, None, "CS101")], "Courses: − CS101 Compilers"),
        ([fired(COMPILERS, {**COMPILERS, "seats": 0}, "CS101")], "Courses: CS101 Compilers: seats 12 → 0 (−100%)"),
        ([fired(COMPILERS, {**COMPILERS, "room": "A1"}, "CS101")], "Courses: CS101 Compilers: room A1"),
        ([fired(COMPILERS, COMPILERS, "CS101")], "Courses: CS101 Compilers: seats 12"),
        ([fired(COMPILERS, {**COMPILERS, "link": None}, "CS101")], "Courses: CS101 Compilers: seats 12"),
        ([fired({"title": "Go"}, {"title": "Go"}, "Go")], "Courses: Go"),
        ([fired(None, {"course": "Compilers", "seats": 3}, "CS101")], "Courses: + CS101 Compilers: seats 3"),
        ([fired({"teacher": "Ada"}, {"teacher": "Bob"}, "CS101")], "Courses: CS101: teacher Ada → Bob"),
        ([fired(None, {"at": "09:00", "stock": "in_stock"}, "G6")], "Courses: + G6: at 09:00, stock in stock"),
        (
            [fired(None, COMPILERS, "CS101"), fired(COMPILERS, None, "CS99")],
            "Courses: 1 new (CS101 Compilers), 1 gone (CS99 Compilers)",
        ),
        (
            [*(fired(None, {}, f"CS10{n}") for n in range(3)), fired({}, None, "CS99")],
            "Courses: 3 new (CS100, CS101, CS102), 1 gone (CS99)",
        ),
        ([fired({"a": 1}, {"a": 2}, "A"), fired({"a": 1}, {"a": 2}, "B")], "Courses: 2 changed (A, B)"),
        *(
            ([fired(None, {"title": "Compilers", "seats": 3}, key)], "Courses: + Compilers: seats 3")
            for key in (
                "https://uni.example/?p=101",
                "/courses/cs101",
                "../cs101",
                "?id=101",
                "tag:uni.example,2026:101",
                "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
                "1225c695-cfb8-4ebb-aaaa-80da344efa6a",
            )
        ),
        ([fired(None, {"title": "Compilers", "seats": 3}, "4711")], "Courses: + Compilers · 4711: seats 3"),
        (
            [fired(None, {"title": "Compilers"}, "4711"), fired(None, {"title": "Go"}, "4712")],
            "Courses: 2 new (Compilers · 4711, Go · 4712)",
        ),
        (
            [
                fired(
                    None, {"title": "Fire", "text": "39 minutes ago · 159 comments", "at": "A", "by": "B", "n": 1}, "/"
                )
            ],
            "Courses: + Fire: at A, by B",
        ),
        ([fired(None, {"seats": 3}, "4711")], "Courses: + 4711: seats 3"),
        ([fired(None, {"seats": 3}, "/courses/cs101")], "Courses: + /courses/cs101: seats 3"),
        ([fired(None, {"title": "A/C circuits"}, "3/4")], "Courses: + 3/4 A/C circuits"),
    ],
)
def test_the_summary_of_rows_reads_well_on_a_lock_screen(firings: list[Firing], summary: str) -> None:
    assert words(*firings, watched=called("Courses")).summary == summary


def test_a_long_name_leaves_room_for_the_news() -> None:
    watched = called("The very long name of a shop, and of an article, and of a colour, and of a size " * 3)
    assert words(fired({"price": 12}, {"price": 9}), watched=watched).summary.endswith("… 12 → 9 (−25%)")


def test_the_content_names_every_row_and_why() -> None:
    firing = Firing(rule=state_rule("seats", Operator.ABOVE, 0), key="A", old={"seats": 0}, new={"seats": 2})
    content = words(fired(None, {"seats": 1}, "B"), firing, watched=called("Courses")).content
    assert content == "+ B: seats 1\nA: seats 0 → 2\n\nThe page changed. Seats rose above 0."


def test_two_entries_that_fired_in_one_row_name_it_once() -> None:
    both = [
        Firing(rule=rule, key=SINGLE, old={"price": 12}, new={"price": 9})
        for rule in (CHANGES, event_rule(Operator.ADDED))
    ]
    told = words(*both)
    assert (told.summary + told.content).count("12 → 9") == 1


def test_a_changed_text_is_told_line_by_line() -> None:
    content = words(fired({"text": "a\nb\nc\n", "n": 1}, {"text": "a\nB\nc\nd", "n": 1})).content
    assert "text:\n− b\n+ B\n+ d\nn: 1\n\n" in content


@pytest.mark.parametrize(
    ("lines", "more"), [(20, 0), (21, 1), (30_000, 29_980)], ids=["all", "a few more", "a huge page"]
)
def test_a_difference_is_bounded_and_says_how_much_more_there_is(lines: int, more: int) -> None:
    old, new = ("\n".join(f"{number}{what}" for number in range(lines)) for what in "ab")
    told = difference(old, new, ENGLISH)
    assert told[-1] == (ENGLISH.more_lines(more) if more else f"+ {lines - 1}b")
    assert len(told) == 40 + bool(more)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "\n".join(f"{n} abcdefgh" for n in range(5_000)),
            "\n".join(f"{n} abcdefgx" for n in range(5_000)),
            id="similar lines",
        ),
        pytest.param("a\n" * 30_000, "a\nb\n" * 30_000, id="equal lines"),
        pytest.param("x" * 65_000, "x" * 64_999 + "y", id="one long line"),
        pytest.param("\n".join(map(str, range(9_999))), "\n".join(map(str, reversed(range(9_999)))), id="reversed"),
    ],
)
def test_no_page_makes_the_difference_slow(old: str, new: str) -> None:
    """difflib would take minutes for the first of these."""
    started = time.perf_counter()
    told = words(fired({"text": old}, {"text": new}))
    assert time.perf_counter() - started < 1
    assert "text:" in told.content


ANYTHING = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=200),
    st.text(alphabet="\0\x1b\n\r\u202e\u200b\ud800 a", max_size=300),
    st.sampled_from(["x" * 70_000, "line\n" * 9_000, "https://a.example/" + "y" * 2_000]),
)
ROWS = st.dictionaries(st.sampled_from(["price", "title", "link", "text"]), ANYTHING, min_size=1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.none() | ROWS, st.none() | ROWS), min_size=1, max_size=5), st.text())
def test_every_message_keeps_within_its_limits(rows: list[tuple[str, Row | None, Row | None]], name: str) -> None:
    within_limits(words(*(fired(old, new, key) for key, old, new in rows), watched=called(name)))


@given(ROWS, st.none() | ROWS)
def test_every_message_of_single_values_keeps_within_its_limits(new: Row, old: Row | None) -> None:
    within_limits(words(fired(old, new)))


def within_limits(told: Words) -> None:
    assert len(told.summary) <= SUMMARY_CHARACTERS
    assert told.summary == " ".join(told.summary.split())
    assert 0 < len(told.content) <= CONTENT_CHARACTERS
    for text in (told.summary, told.content, told.url or ""):
        text.encode()
        assert not set(text) & set("\0\x1b\r\u202e\u200b")
    assert told.url is not None
    assert len(told.url) <= URL_CHARACTERS


def test_a_thousand_rows_are_as_many_as_fit_and_the_reason_is_still_there() -> None:
    told = words(*(fired(None, {"title": "t" * 50, "seats": n}, f"CS{n}") for n in range(1_000)))
    assert len(told.content) <= CONTENT_CHARACTERS
    *lines, more, _, why = told.content.splitlines()
    assert more == f"… {1_000 - len(lines):,} more lines"
    assert len(lines) > 40
    assert why == "The page changed."


def in_chinese(watched: Watch) -> Watch:
    return replace(watched, languages=(("deals", Locale.CHINESE), ("admin", Locale.CHINESE)))


@pytest.mark.parametrize(
    ("firings", "summary", "content"),
    [
        ([fired({"price": euros("1200")}, {"price": euros("850")})], "书单：€1,200 → €850（−29.2%）", "页面有变化。"),
        ([fired({"price": 12}, {"price": None})], "书单：没有了（之前是 12）", "页面有变化。"),
        (
            [fired({"price": 9, "stock": "in_stock"}, {"price": 9, "stock": "out_of_stock"})],
            "书单：库存有货 → 缺货",
            "价格：9\n\n页面有变化。",
        ),
        (
            [fired({"text": "a\nb"}, {"text": "a\nc"})],
            "书单：c",
            "text：\n− b\n+ c\n\n页面有变化。",
        ),
        (
            [fired({"text": "a\nb"}, {"text": "b\na"})],
            "书单：内容没变，只是顺序变了",
            "text：内容没变，只是顺序变了\n\n页面有变化。",
        ),
        ([reminder({"price": 8})], "书单：仍然是 8", "页面有变化。"),
        (
            [fired(None, {"seats": 1}, "B"), reminder({"seats": 3}, "A")],
            "书单：新增 1 项（B），未变 1 项（A）",
            "+ B：seats 1\n仍然是 A：seats 3\n\n页面有变化。",
        ),
        (
            [fired(None, {}, f"CS{n}") for n in range(4)],
            "书单：新增 4 项（CS0、CS1、CS2 等）",
            "+ CS0\n+ CS1\n+ CS2\n+ CS3\n\n页面有变化。",
        ),
    ],
    ids=["money", "gone", "stock", "a text", "an order", "a reminder", "rows", "more rows"],
)
def test_a_message_is_in_the_language_of_its_topic(firings: list[Firing], summary: str, content: str) -> None:
    told = words(*firings, watched=in_chinese(called("书单")))
    assert (told.summary, told.content) == (summary, content)


def test_the_content_says_nothing_that_the_summary_has() -> None:
    told = words(fired({"price": 9, "shop": "X", "stock": 1}, {"price": 8, "shop": "X", "stock": 3}))
    assert told.summary == "Dune: price 9 → 8 (−11.1%), stock 1 → 3 (+200%)"
    assert told.content == "shop: X\n\nThe page changed."


def test_the_content_has_the_values_for_which_a_lock_screen_has_no_room() -> None:
    row: Row = {"title": "Fire", "text": "39 minutes ago", "place": "A", "by": "B", "n": 1}
    assert words(fired(None, row, "/fire")).content == (
        "+ Fire: text 39 minutes ago, place A, by B, n 1\n\nThe page changed."
    )
    assert words(fired(None, {"a": 1, "b": 2, "c": 3})).content == "a: 1\nb: 2\nc: 3\n\nThe page changed."


@pytest.mark.parametrize(
    "watched",
    [
        pytest.param(called("Dune"), id="the summary is cut"),
        pytest.param(
            replace(watch(), message=MessageTemplate(summary="{{ name }}")), id="the summary is the operator's"
        ),
    ],
)
def test_what_the_summary_lacks_stands_in_the_content(watched: Watch) -> None:
    told = words(fired(None, {"title": "x" * 150, "price": 3}), watched=watched)
    assert told.content == f"title: {'x' * 150}\nprice: 3\n\nThe page changed."


def linked(link: str | Selector | None, url: str = "https://shop.example/dune") -> Watch:
    watched = watch()
    return replace(watched, link=link, request=replace(watched.request, url=url))


@pytest.mark.parametrize(
    ("watched", "row", "link", "expected"),
    [
        (linked(None), {}, None, "https://shop.example/dune"),
        (linked("https://m.shop.example/"), {"link": "https://row.example/"}, None, "https://m.shop.example/"),
        (linked(None), {"link": "https://row.example/"}, None, "https://row.example/"),
        (linked(Selector(query=Query.css("a"))), {}, "https://found.example/", "https://found.example/"),
        (linked(None), {"link": "javascript:alert(1)"}, None, "https://shop.example/dune"),
        (linked(None), {"link": "/relative"}, None, "https://shop.example/dune"),
        (linked(None), {"link": "http://[half"}, None, "https://shop.example/dune"),
        (linked(None), {"link": "https://a.example/" + "x" * 1_000}, None, "https://shop.example/dune"),
        (linked(None), {"link": "https://a.example/\ud800"}, None, "https://shop.example/dune"),
        (linked(None, "https://me:secret@shop.example/x"), {}, None, "https://shop.example/x"),
        (linked(None, "https://shop.example/" + "x" * 1_000), {}, None, None),
    ],
)
def test_where_a_message_leads(
    watched: Watch, row: Mapping[str, Value], link: str | None, expected: str | None
) -> None:
    assert words(fired({}, row, "A"), watched=watched, link=link).url == expected


def test_a_message_of_several_rows_leads_to_the_page() -> None:
    rows = [fired(None, {"link": f"https://row.example/{key}"}, key) for key in "AB"]
    assert words(*rows).url == "https://shop.example/dune"
