from __future__ import annotations

import time

import pytest

from tests.config.files import read
from watcher.config.advice import warnings


def warned(every: str, count: int, per_host: str = "{}") -> list[str]:
    watches = "".join(f"  w{n}: {{url: 'https://x.example/{n}'}}\n" for n in range(count))
    settings = f"defaults: {{topic: t, every: {every}, per_host: {per_host}}}\n"
    return list(warnings(read(f"{settings}watches:\n{watches}")))


def test_a_host_that_cannot_be_served_is_told_with_the_numbers() -> None:
    assert warned("30s", 60) == [
        "x.example: 60 watches ask for a page every 500ms on the whole, and `per_host` allows one every 1s,"
        " so they will run 2.0 times slower than `every` says; check less often, or set `min_delay: 500ms`"
    ]


def test_a_host_that_is_nearly_served_is_not_called_1_0_times_slower() -> None:
    assert "so they will run a little slower than `every` says" in warned("30s", 31)[0]


def test_the_advice_is_what_helps() -> None:
    assert warned("30s", 60, "{min_delay: 500ms}") == []


def test_a_host_that_can_be_served_is_silent() -> None:
    assert warned("30s", 30) == []
    assert warned("1s", 1000, "{min_delay: 0s}") == []


def test_the_strictest_watch_of_a_host_counts() -> None:
    file = read(
        """
        watches:
          a: {url: "https://x.example/a", topic: t, every: 10s, per_host: {min_delay: 0s}}
          b: {url: "https://X.example/b", topic: t, every: 10s, per_host: {min_delay: 20s}}
          c: {url: "https://y.example/", topic: t, every: 1s}
        """
    )
    [told] = warnings(file)
    assert told.startswith("x.example: 2 watches ask for a page every 5s on the whole")


def test_a_topic_that_is_nearly_a_declared_one_is_told_and_any_other_is_not() -> None:
    file = read(
        """
        topics:
          shop: {name: The shop}
        watches:
          a: {url: "https://a.example/", topic: shpo}
          b: {url: "https://b.example/", topic: news}
          c: {url: "https://c.example/", topic: shop}
        """
    )
    assert list(warnings(file)) == ["watch a: the topic `shpo` is not declared; did you mean `shop`?"]


def test_a_name_that_nothing_fills_in_a_message_is_told() -> None:
    file = read(
        """
        watches:
          a:
            url: "https://a.example/"
            topic: t
            extract:
              price: .price
            message:
              summary: "{{ name }} {{ prce.old }} → {{ price.new }}"
              content: "{% for row in items.added %}{{ row.key }}{% endfor %}{{ values.price }}"
        """
    )
    assert list(warnings(file)) == ["watch a: message.summary: nothing fills `prce`; the default message would be sent"]


def test_a_word_in_the_url_that_is_no_date_is_told() -> None:
    url = "https://x.example/{day}/{tomorrow}?q={today+1d}&v={%22id%22:5}&w=${NAME}"
    file = read(f"watches: {{a: {{topic: t, url: '{url}'}}}}", {"NAME": "{secret}"})
    assert list(warnings(file)) == [
        "watch a: url: {day} is asked for as it is; a date is written {today} or {today+1d}",
        "watch a: url: {tomorrow} is asked for as it is; a date is written {today} or {today+1d}",
    ]


def test_a_watch_by_cron_counts_with_its_shortest_interval() -> None:
    watches = "".join(f"  w{n}: {{url: 'https://x.example/{n}', cron: '* 9 * * *'}}\n" for n in range(61))
    [told] = warnings(read(f"defaults: {{topic: t}}\nwatches:\n{watches}"))
    assert told.startswith("x.example: 61 watches ask for a page every")


def test_a_watch_that_rests_asks_for_nothing_and_tells_nobody() -> None:
    watches = "".join(f"  w{n}: {{url: 'https://x.example/{n}', every: 1s, topic: shpo}}\n" for n in range(9))
    text = f"topics: {{shop: {{}}}}\ndefaults: {{enabled: false}}\nwatches:\n{watches}"
    assert list(warnings(read(text))) == []


def test_a_topic_of_an_entry_and_of_errors_may_be_mistyped_too() -> None:
    file = read(
        """
        topics: {shop: {}, helpers: {}}
        watches:
          a:
            url: https://a.example/
            topic: shop
            notify_when: {changes: true, topic: shpo}
            on_error: {topic: helper}
        """
    )
    assert list(warnings(file)) == [
        "watch a: the topic `shpo` is not declared; did you mean `shop`?",
        "watch a: the topic `helper` is not declared; did you mean `helpers`?",
    ]


def test_a_message_of_many_watches_is_judged_once() -> None:
    text = (
        "watches: {w: {for_each: [a, b, c], url: 'https://{each}.example/', topic: t, message: {summary: '{{ x }}'}}}"
    )
    assert list(warnings(read(text))) == [
        "watch w.a: message.summary: nothing fills `x`; the default message would be sent"
    ]


def test_topics_without_number_are_not_compared_for_ever() -> None:
    names = [f"name{number}" for number in range(3_000)]
    topics = "".join(f"  {name}: {{}}\n" for name in names)
    values = ", ".join(f"{name}x" for name in names)
    watches = f"watches: {{w: {{for_each: [{values}], url: 'https://{{each}}.example/', topic: '{{each}}'}}}}"
    began = time.process_time()
    assert list(warnings(read(f"topics:\n{topics}{watches}"))) == []
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("host", "is_told"),
    [
        ("127.0.0.1:8080", True),
        ("192.168.1.5", True),
        ("[::1]", True),
        ("localhost", True),
        ("a.localhost", True),
        ("1.1.1.1", False),
        ("localhost.example", False),
    ],
)
def test_a_private_address_that_every_check_would_deny_is_told(host: str, is_told: bool) -> None:
    watch = f'watches:\n  a: {{url: "http://{host}/", topic: t%s}}\n'
    told = list(warnings(read(watch % "")))
    assert [warning.endswith("add `allow_private: true`") for warning in told] == [True] * is_told
    assert list(warnings(read(watch % ", allow_private: true"))) == []
