"""What `watcher add` asks, and what it makes of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import click
import pytest
from click.testing import CliRunner

from tests.web.pointing import response_of
from watcher.cli.new_watch import Asking, Given, settled
from watcher.config import parse
from watcher.config.suggested_watch import extraction_of, id_of, stiller, usual_topic, watch_of, yaml_of
from watcher.config.telling import Sentence, entry_for, entry_of, tellings
from watcher.core.values import Json
from watcher.core.watch import WatchFile
from watcher.errors import UsageError
from watcher.extract.count_words import is_opening, is_priced
from watcher.extract.suggesting import Candidate, Kind, Suggestions
from watcher.watching.suggesting import second_look_of, suggestions_of

URL = "https://shop.example/dune"
PRICE: dict[str, Json] = {
    "url": URL,
    "extract": {"price": {"css": ".price", "type": "money"}, "stock": {"product": "availability"}},
}
BARE: dict[str, Json] = {"url": URL, "items": {"css": "li", "key": "b"}}
ROWS: dict[str, Json] = {
    "url": URL,
    "items": {"css": "li", "key": "b", "fields": {"seats": {"css": "i", "type": "integer"}}},
}
FEED: dict[str, Json] = {"url": "https://shop.example/feed.xml", "items": {"feed": True}}
NOTHING = Given(None, None, None, None, None, None)


def candidate(kind: Kind, watch: Mapping[str, Json]) -> Candidate:
    return Candidate(kind=kind, why="It is there.", texts=("price: €12.00",), watch=watch, score=50)


SUGGESTIONS = Suggestions(
    candidates=(candidate(Kind.VALUE, PRICE), candidate(Kind.LIST, ROWS), candidate(Kind.FEED, FEED)),
    problem=None,
    title="Dune",
    is_private=False,
)


def asked(typed: str, given: Given = NOTHING, file: WatchFile | None = None) -> tuple[str, dict[str, Json], str]:
    """Return what comes of these lines, and what was said."""
    with CliRunner().isolation(input=typed) as (out, err, _):
        watch, body = settled(SUGGESTIONS, URL, given, Asking(is_quiet=False), file, None)
        return watch, body, out.getvalue().decode() + err.getvalue().decode()


def test_enter_takes_what_is_usual() -> None:
    watch, body, said = asked("\n" * 5)
    assert watch == "dune"
    assert body == {"name": "Dune", **PRICE, "topic": "news"}
    assert [*body] == ["name", "url", "topic", "extract"]
    assert "1. It is there." in said
    assert "price: €12.00" in said


def test_each_question_takes_an_answer() -> None:
    watch, body, _ = asked("2\ndeals\n2\n1h\ncourses\n")
    assert (watch, body["topic"], body["every"]) == ("courses", "deals", "1h")
    assert body["notify_when"] == {"seats": {"above": 0}}
    _, body, _ = asked("1\n\n3\n9.5\n\n\n")
    assert body["notify_when"] == {"price": {"below": 9.5}}


def test_an_answer_that_does_not_do_is_asked_again() -> None:
    watch, body, said = asked("99\n1\na b\ndeals\nprice under 3\nprice below 10\noften\n2h\nx y\nz\n")
    assert (watch, body["topic"], body["every"], body["notify_when"]) == ("z", "deals", "2h", {"price": {"below": 10}})
    for told in (
        "write a number from 1 to 3",
        "a topic must be a name of letters",
        "'price under 3' is no condition; write one like `added`, `changes`, `price below 10`",
        "every: ",
        "an id must be a name of letters",
    ):
        assert told in said


@pytest.mark.parametrize("typed", ["", "1\n", "1\ndeals\n3\n", "1\n\n1\n\n"], ids=ascii)
def test_nothing_comes_of_answers_that_end(typed: str) -> None:
    with pytest.raises(click.Abort):
        asked(typed)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Given(None, 9, None, None, None, None), "write a number from 1 to 3"),
        (Given(None, None, "a b", None, None, None), "a topic must be"),
        (Given(None, None, None, "price soon", None, None), "'price soon' is no condition"),
        (Given(None, None, None, "price is in_stock", None, None), r"notify_when.* "),
        (Given(None, None, None, "3", None, None), "below which number"),
        (Given(None, None, None, None, "1", None), "every: "),
        (Given(None, None, None, None, None, "a b"), "an id must be"),
    ],
)
def test_a_flag_that_does_not_do_is_an_error(given: Given, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        settled(SUGGESTIONS, URL, given, Asking(is_quiet=True), None, None)


CONDITIONS: dict[str, tuple[dict[str, Json], Json]] = {
    "price below 10": (PRICE, {"price": {"below": 10}}),
    "below 10.5": (PRICE, {"price": {"below": 10.5}}),
    "drops_by 5%": (PRICE, {"price": {"drops_by": "5%"}}),
    "stock is in_stock": (PRICE, {"stock": {"is": "in_stock"}}),
    "is in_stock": (PRICE, {"stock": {"is": "in_stock"}}),
    "price changes": (PRICE, {"price": "changes"}),
    "added": (ROWS, "added"),
    "seats above 0": (ROWS, {"seats": {"above": 0}}),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_as_one_types_it(condition: str) -> None:
    body, entry = CONDITIONS[condition]
    made = entry_of(condition, watch_of({**body, "topic": "t"}, {}).extraction)
    assert made == entry
    assert watch_of({**body, "topic": "t", "notify_when": made}, {}).rules


@pytest.mark.parametrize("body", [PRICE, ROWS, BARE, FEED], ids=["values", "rows", "rows without fields", "feed"])
def test_changes_alone_is_any_change_and_needs_no_entry(body: dict[str, Json]) -> None:
    extraction = watch_of({**body, "topic": "t"}, {}).extraction
    assert entry_of("changes", extraction) is None
    _, made = settled(SUGGESTIONS, URL, Given(None, 1, None, "changes", None, None), Asking(is_quiet=True), None, None)
    assert "notify_when" not in made


def test_what_changes_beside_the_first_value_is_told_of_a_watch_on_changes() -> None:
    body = {**PRICE, "topic": "t", "extract": {"title": "h1", **cast("dict[str, Json]", PRICE["extract"])}}
    entry = entry_of("changes", watch_of(body, {}).extraction)
    watch = watch_of(body | ({"notify_when": entry} if entry else {}), {})
    assert {condition.subject for rule in watch.rules for condition in rule.conditions} == {None}


GOODS: dict[str, Json] = {
    "url": URL,
    "items": {
        "css": "li",
        "key": "b",
        "fields": {
            "no": {"css": ".no", "type": "integer"},
            "stock": {"css": ".stock", "type": "stock"},
            "price": {"css": ".price", "type": "money"},
            "age": {"css": ".age", "type": "integer"},
            "comments": {"css": ".comments", "type": "integer"},
        },
    },
}


@pytest.mark.parametrize(
    "body", [PRICE, ROWS, BARE, FEED, GOODS], ids=["values", "rows", "rows without fields", "feed", "goods"]
)
def test_each_sentence_makes_an_entry_that_is_right(body: dict[str, Json]) -> None:
    watch: dict[str, Any] = {**body, "topic": "t"}
    extraction = watch_of(watch, {}).extraction
    for each in tellings(extraction):
        entry = entry_for(each, "10", extraction)
        assert watch_of(watch | ({"notify_when": entry} if entry else {}), {}).rules


def test_a_list_offers_what_opens_then_prices_then_new_entries_and_no_counter() -> None:
    extraction = watch_of({**GOODS, "topic": "t"}, {}).extraction
    found = tellings(extraction)
    assert [(each.sentence.value, each.name) for each in found] == [
        ("better_or_new", "stock, price"),
        ("entry_in_stock", "stock"),
        ("falls_below", "price"),
        ("falls_by", "price"),
        ("new_entry", ""),
        ("new_gone_or_changed", ""),
    ]
    usual = [{"stock": {"is": "in_stock"}}, {"price": {"drops_by": "5%"}}, "added"]
    assert entry_for(found[0], "", extraction) == usual


COURSES = "".join(
    f"<tr><td>{number}<td>CS{number}01<td>Course of the town, part {number}<td>{seats}</tr>"
    for number, seats in enumerate(("0 / 60", "12 / 60", "", "3 / 12", "7 / 12"), 1)
)
TALKS = "".join(
    f'<li><a href="/t/{number}">Talk {number} of somebody</a> <i>{number}/12</i> <b class="places">{number} / 20</b>'
    for number in range(1, 8)
)


def offered(source: str, media_type: str = "text/html") -> Suggestions:
    watch = watch_of({"url": URL, "topic": "t"}, {})
    return suggestions_of(watch, response_of(URL, source.encode(), media_type), None, 2026)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (f"<h1>24 courses</h1><table><tr><th>no<th>code<th>title<th>seats</tr>{COURSES}</table>", "seats"),
        (f"<h1>Talks</h1><ul>{TALKS}</ul>", "places"),
    ],
    ids=["a table", "a list"],
)
def test_seats_of_all_that_there_are_are_offered_first(source: str, name: str) -> None:
    extraction = extraction_of(offered(source).candidates[0].watch)
    usual, second = tellings(extraction)[:2]
    assert (usual.name, second.sentence, second.name) == (name, Sentence.ABOVE_ZERO, name)
    assert entry_for(usual, "", extraction) == [{name: {"above": 0}}, "added"]


def test_all_numbers_of_json_are_offered_but_ids() -> None:
    found = offered('{"id": 7, "state": "in stock", "cents": 199900, "left": 3}', "application/json").candidates
    assert {name for each in found for name in cast("dict[str, Json]", each.watch["extract"])} == {
        "state",
        "left",
        "cents",
    }
    rows = ", ".join(f'{{"id": {at}, "q": "a{at}", "cents": 9{at}, {LETTERS.format(at)}}}' for at in range(3))
    (rowed,) = offered(f"[{rows}]", "application/json").candidates
    assert "'cents'" in str(rowed.watch)


def test_of_json_in_a_script_no_numbers_of_unknown_names_are_offered() -> None:
    data = f'{{"maxTries": 3, "host": "{"a" * 90}"}}'
    assert not offered(f'<div id=app></div><script id=app-data type="application/json">{data}</script>').candidates
    assert offered(data, "application/json").candidates


LETTERS = ", ".join(f'"{letter}": "{letter}{{0}}"' for letter in "bcdefghi")
NUMBERS = {
    "opening": ("seats", "seats_left", "free_places", "places", "noch_frei", "余票", "vagas", "in_stock", "available"),
    "price": ("cents", "rent", "unit_price", "kaltmiete", "verkaufspreis", "价格", "prix"),
    "neither": ("no", "age", "rank", "comments", "votes", "seats_taken", "total_seats", "platz", "place", "score"),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_the_name_of_a_number_says_whether_it_opens_or_is_a_price(kind: str) -> None:
    for name in NUMBERS[kind]:
        assert (is_opening(name), is_priced(name)) == (kind == "opening", kind == "price"), name


IDS = {
    ("Dune", URL): "dune",
    ("Frank Herbert: Dune (1965) – a novel of the far desert", URL): "frank-herbert-dune-1965-a",
    ("", "https://www.shop.example/books/dune.html?x=1"): "shop-dune",
    ("沙丘", "https://book.example/"): "book",
    ("第 12 届 ABC 会议通知", "https://university.example/notice/7"): "university-7",
    ("12", "http://192.168.1.20:8080/"): "page",
    ("", "http://[::1]/"): "page",
    ("Fuß & Café", URL): "fuss-caf",
}


@pytest.mark.parametrize(("title", "url"), IDS)
def test_an_id_is_plain(title: str, url: str) -> None:
    assert id_of(title, url) == IDS[title, url]


def test_the_usual_topic_is_the_one_that_is_used_most() -> None:
    text = "watches: {{a: {{url: '{0}', topic: [admin, deals]}}, b: {{url: '{0}', topic: [admin, deals, x]}}}}"
    assert usual_topic(parse(text.format(URL), file="f", environ={}).watches.values()) == "deals"
    assert usual_topic([]) == "news"


def test_a_name_may_hold_any_sign() -> None:
    body: dict[str, Json] = {"name": "Lamp 💡🇩🇪", "url": "https://shop.example/", "topic": "books"}
    assert watch_of(body, {}).name == "Lamp 💡🇩🇪"


def test_a_watch_is_shown_as_a_file_has_it() -> None:
    assert parse("watches:\n" + yaml_of("dune", {**PRICE, "topic": "t"}), file="f", environ={}).watches.keys() == {
        "dune"
    }


NEWS: dict[str, Json] = {
    "url": URL,
    "items": {"css": "li", "key": "b", "fields": {"title": "b", "age": "i", "price": {"css": "u", "type": "money"}}},
}


def still(body: dict[str, Json], *pages: str) -> dict[str, Json]:
    """Return the watch without what moves by itself, by two versions of its page."""
    watch = watch_of({**body, "topic": "t"}, {})
    first, second = (response_of(URL, page.encode()) for page in pages)
    return stiller(body, watch, second_look_of(watch, first, second))


def rows(age: str, price: str = "$9") -> str:
    return "".join(f"<li><b>Story {name}</b> <i>{age}</i> <u>{price}</u></li>" for name in ("A", "B", "C"))


@pytest.mark.parametrize(
    "age", ["39 minutes ago, 12 comments", "vor 3 Stunden", "5 分钟前", "il y a 2 jours", "há 4 horas"]
)
def test_an_age_is_left_out_although_it_did_not_move_yet(age: str) -> None:
    assert still(NEWS, rows(age), rows(age)) == {
        "url": URL,
        "items": {"css": "li", "key": "b", "fields": {"title": "b", "price": {"css": "u", "type": "money"}}},
    }


@pytest.mark.parametrize("text", ["il y a 5 places", "vor dem Haus", "lasts 90 minutes", "from 12 May"])
def test_what_is_no_age_stays(text: str) -> None:
    assert still(NEWS, rows(text), rows(text)) == NEWS


def test_a_price_that_moves_stays_for_it_is_what_is_watched() -> None:
    assert still(NEWS, rows("today", "$9"), rows("today", "$8")) == NEWS
