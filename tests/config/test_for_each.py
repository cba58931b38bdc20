"""`for_each`: one watch of the file, many in fact."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.config.files import mistake, mistakes, read, watch_file
from watcher.core.watch import Condition, Operator, Watch


def watches(body: str) -> dict[str, Watch]:
    return dict(read(watch_file(body)).watches)


def test_a_list_makes_a_watch_of_each_value() -> None:
    found = read(
        """
        watches:
          rate:
            for_each: [EUR, USD, 3, 1.50]
            url: https://x.example/{each}
            topic: [money, "only-{each}"]
            name: Rate of {each}
            link: https://x.example/buy/{each}
            extract: p
        """
    ).watches
    assert list(found) == ["rate.EUR", "rate.USD", "rate.3", "rate.1.50"]
    usd = found["rate.USD"]
    assert (usd.id, usd.name, usd.request.url) == ("rate.USD", "Rate of USD", "https://x.example/USD")
    assert usd.topics == ("money", "only-USD")
    assert usd.link == "https://x.example/buy/USD"
    assert usd.extraction is found["rate.EUR"].extraction


def test_the_topics_of_each_are_known() -> None:
    file = read("watches: {w: {for_each: [a, b], url: 'https://x.example/', topic: 'of-{each}'}}")
    assert {"of-a", "of-b"} < set(file.topics)


def test_without_a_name_of_its_own_each_is_called_by_its_id() -> None:
    found = watches("for_each: [a, b]\nlink: https://x.example/{each}")
    assert [watch.name for watch in found.values()] == ["w.a", "w.b"]


def test_a_mapping_names_the_values() -> None:
    found = watches("for_each: {first: 'a b', second: 'c d'}\nname: '{each}!'")
    assert {key: watch.name for key, watch in found.items()} == {"w.first": "a b!", "w.second": "c d!"}


def test_a_mapping_of_mappings_has_words_of_its_own() -> None:
    found = watches(
        """
        for_each:
          dune: {path: d/1, below: 10}
          emma: {path: e/2, below: 7.50}
        name: "{each} at {each.path}"
        extract: {price: .price}
        notify_when: {price: {below: "{each.below}"}}
        """
    )
    assert [watch.name for watch in found.values()] == ["dune at d/1", "emma at e/2"]
    assert found["w.emma"].rules[0].conditions == (
        Condition(operator=Operator.BELOW, subject="price", operand=Decimal("7.50")),
    )


def test_any_text_may_say_each() -> None:
    found = watches("for_each: [one, two]\nextract: {v: 'p.{each}'}\nheaders: {X-Each: '<{each}>'}\ntags: ['{each}']")
    assert found["w.two"].tags == ("two",)
    assert found["w.two"].request.headers == {"X-Each": "<two>"}
    assert str(found["w.two"].extraction) == str(found["w.one"].extraction).replace("p.one", "p.two")


def test_a_template_and_a_secret_are_not_meant() -> None:
    found = read(
        """
        watches:
          w:
            for_each: [a]
            url: https://x.example/{each}?${each}
            topic: t
            message: {summary: "{{each}} {{ each }}"}
        """,
        {"each": "secret"},
    ).watches["w.a"]
    assert found.request.url == "https://x.example/a?secret"
    assert found.message.summary == "{{each}} {{ each }}"


def test_a_secret_of_one_value_is_none_of_the_others() -> None:
    text = "watches: {w: {for_each: {a: '${A}', b: '${B}'}, url: 'https://x.example/{each}', topic: t}}"
    secrets = [watch.request.secrets for watch in read(text, {"A": "secret-a", "B": "secret-b"}).watches.values()]
    assert [each.values for each in secrets if each] == [(("A", "secret-a"),), (("B", "secret-b"),)]


@pytest.mark.parametrize(
    ("url", "values"),
    [
        pytest.param("https://x.example/${KEY_{each}_X}", [("KEY_b_X", "key-b")], id="a variable"),
        pytest.param("https://{each}.${HOST}/", [("HOST", "h.example"), ("HOST", "b.h.example")], id="a host"),
    ],
)
def test_a_secret_that_a_value_makes_is_none_of_the_others(url: str, values: Sequence[tuple[str, str]]) -> None:
    text = f"watches: {{w: {{for_each: [a, b], url: '{url}', topic: t}}}}"
    secrets = read(text, {"KEY_a_X": "key-a", "KEY_b_X": "key-b", "HOST": "h.example"}).watches["w.b"].request.secrets
    assert secrets is not None
    assert secrets.values == tuple(values)


WRONG = {
    "no list": ("for_each: 5", "5:15: watches.w.for_each: must be a list of values, or a mapping of names to values"),
    "nothing": ("for_each: []", "must be a list of values, or a mapping"),
    "a list of lists": ("for_each: [[a]]\nname: '{each}'", "for_each[0]: must be a text or a number; got a list"),
    "a value that is no name": (
        "for_each: [a, 'b c']\nname: '{each}'",
        "5:19: watches.w.for_each[1]: is no name for a watch; write a mapping of names to values, such as `one: 'b c'`",
    ),
    "a value twice": ("for_each: [a, b, a]\nname: '{each}'", "for_each[2]: stands in the list already"),
    "a name that is none": ("for_each: {a b: c}\nname: '{each}'", "5:16: watches.w.for_each.a b: must be a name"),
    "a mapping too deep": ("for_each: {a: {b: {c: d}}}\nname: '{each.b}'", "for_each.a.b: must be a text or a number"),
    "said without for_each": (
        "name: 'a {each.path}'",
        "5:11: watches.w.name: {each.path} is for watches with `for_each`, and this has none",
    ),
    "never said": ("for_each: [a, b]", "5:5: watches.w.for_each: no text of this watch says {each}"),
    "a word that is not there": (
        "for_each: {a: {path: x}}\nname: '{each.pth}'",
        "6:11: watches.w.name: `for_each` has no `pth` for 'a'; did you mean `each.path`?",
    ),
    "a mistake in the body, once": ("for_each: [a, b]\nname: '{each}'\nextract: 'a['", "7:14: watches.w.extract: "),
    "a mistake of the first value": ("for_each: {a: 1, b: 2m}\nevery: '{each}'", "without a unit: write 1s or 1m"),
    "a mistake of a later value": (
        "for_each: {a: 2m, b: 1}\nevery: '{each}'",
        "6:12: watches.w.every: must be a duration such as 30s, 10m or 2h; got 1 without a unit: write 1s or 1m"
        " (in `w.b`)",
    ),
    "a later value that is no text": ("for_each: [a, true]\nname: '{each}'", "must be a text; got true"),
    "a topic of a later value": (
        "for_each: {a: x, b: 'y z'}\non_error: {topic: '{each}'}",
        "must be a name of letters, digits, `-`, `_` and `.`, at most 100 (in `w.b`)",
    ),
}


@pytest.mark.parametrize(("body", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_made_is_an_error(body: str, told: str) -> None:
    assert told in mistake(body)


def test_a_url_of_a_later_value_is_judged_too() -> None:
    text = "watches: {w: {topic: t, for_each: {a: x, b: y z}, url: 'https://x.example/{each}'}}"
    [told] = mistakes(text)
    wrong = "must be a URL without spaces, control characters or characters that cannot be seen"
    assert told == f"1:56: watches.w.url: {wrong} (in `w.b`)"


def test_an_id_that_is_taken_is_an_error() -> None:
    [told] = mistakes(
        "watches:\n  w.a: {url: 'https://x.example/', topic: t}\n"
        "  w: {url: 'https://x.example/{each}', topic: t, for_each: [b, a]}"
    )
    assert told == "3:64: watches.w.for_each[1]: there are two watches `w.a`; give one another id"


def test_the_parts_of_a_file_with_a_mistake_in_for_each_are_judged_all_the_same() -> None:
    found = mistakes(watch_file("for_each: 5\nname: '{each}'") + "  v: {url: 'ftp://x.example/', topic: t}\n")
    assert [told.split(": ")[1] for told in found] == ["watches.w.for_each", "watches.v.url"]


BOMBS = {
    "many watches of much": f"for_each: [{', '.join(map(str, range(50_000)))}]\nname: '{{each}}'\n"
    f"page_must_contain: ['{{each}}', {', '.join(['a'] * 100)}]",
    "a long text for each": f"for_each: [{', '.join(map(str, range(10_000)))}]\nname: '{{each}}{'a' * 500_000}'",
    "many texts and many values": f"for_each: [{', '.join(map(str, range(40_000)))}]\n"
    + "page_must_contain: ["
    + "'a{each}', " * 40_000
    + "]",
    "a long value in many places": f"for_each: {{a: {'x' * 400_000}}}\nname: '{'{each}' * 80_000}'",
}


@pytest.mark.faults
@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_small_file_cannot_become_gigabytes(body: str) -> None:
    began = time.process_time()
    assert "makes too much of" in mistake(body)
    assert time.process_time() - began < 5


@pytest.mark.faults
def test_there_is_a_limit_to_watches() -> None:
    lists = [f"[{', '.join(map(str, range(begin, begin + 60_000)))}]" for begin in (0, 0)]
    text = "defaults: {topic: t}\nwatches:\n" + "".join(
        f"  w{number}: {{for_each: {values}, url: 'https://x.example/{{each}}'}}\n"
        for number, values in enumerate(lists)
    )
    [told] = mistakes(text)
    assert "watches.w1.for_each[40000]: there are more than 100,000 watches" in told
