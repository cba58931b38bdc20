from __future__ import annotations

from tests.config.files import read
from watcher.config import warnings


def warned(every: str, count: int, per_host: str = "{}") -> list[str]:
    watches = "".join(f"  w{n}: {{url: 'https://x.example/{n}'}}\n" for n in range(count))
    settings = f"defaults: {{topic: t, every: {every}, per_host: {per_host}}}\n"
    return list(warnings(read(f"{settings}watches:\n{watches}")))


def test_a_host_that_cannot_be_served_is_told_with_the_numbers() -> None:
    assert warned("30s", 60) == [
        "x.example: 60 watches ask for a page every 500ms on the whole, and `per_host` allows one every 1s,"
        " so they will run 2.0 times slower than `every` says; check less often, or set `min_delay: 500ms`"
    ]


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
