from __future__ import annotations

from datetime import timedelta

import pytest

from tests.config.files import mistake, mistakes, read, watch
from watcher.core.locale import Locale
from watcher.core.values import ValueType
from watcher.core.watch import Items, Lane, MessageTemplate, Query, Selector, Topic, Values


def test_the_smallest_watch_watches_the_text_of_the_page() -> None:
    found = watch("")
    assert found.id == found.name == "w"
    assert found.topics == ("t",)
    assert found.extraction == Values(selectors={"value": Selector()})
    assert (found.every, found.jitter, found.confirm) == (timedelta(minutes=10), 0.1, 1)
    assert found.message == MessageTemplate()


def test_a_selector_alone_names_its_value_value() -> None:
    expected = Values(selectors={"value": Selector(query=Query.css("#x"))})
    assert watch('extract: "#x"').extraction == expected
    assert watch('extract: {css: "#x"}').extraction == expected


def test_values_are_selectors_by_name() -> None:
    assert watch(
        "extract:\n  价格: {css: .p, type: money}\n  img: {css: img, attr: src, optional: true}"
    ).extraction == (
        Values(
            selectors={
                "价格": Selector(query=Query.css(".p"), type=ValueType.MONEY),
                "img": Selector(query=Query.css("img"), attr="src", optional=True),
            }
        )
    )


def test_a_list_has_rows_a_key_and_fields() -> None:
    found = watch("items:\n  css: tr\n  key: {css: a, attr: id}\n  fields: {title: td}\nempty_when: .none").extraction
    assert found == Items(
        query=Query.css("tr"),
        key=Selector(query=Query.css("a"), attr="id"),
        fields={"title": Selector(query=Query.css("td"))},
        empty_when=Query.css(".none"),
    )


def test_a_link_is_a_url_or_a_selector_of_one() -> None:
    assert watch("link: https://x.example/basket").link == "https://x.example/basket"
    assert watch("link: a.more").link == Selector(query=Query.css("a.more"), attr="href", type=ValueType.URL)
    assert watch("link: {css: img, attr: src}").link == Selector(query=Query.css("img"), attr="src", type=ValueType.URL)


def test_topics_are_those_named_those_used_and_admin() -> None:
    topics = read(
        """
        topics:
          deals: {name: Price drops, description: Cheap, was: prices}
          far: {id: 103}
          ops: {app: alarms}
        watches:
          w: {url: "https://x.example/", topic: [deals, news, deals]}
        """
    ).topics
    assert dict(topics) == {
        "deals": Topic(key="deals", name="Price drops", description="Cheap", was="prices"),
        "far": Topic(key="far", name="far", id=103),
        "ops": Topic(key="ops", name="ops", app="alarms"),
        "admin": Topic(key="admin", name="Alerts to the operator", is_declared=False),
        "news": Topic(key="news", name="news", is_declared=False),
    }


def test_a_watch_says_itself_what_the_defaults_say_for_all() -> None:
    file = read(
        """
        defaults:
          topic: t
          every: 1h
          jitter: 20%
          confirm: 3
          allow_private: true
          headers: {Accept-Language: en, X-One: "1"}
          per_host: {concurrency: 3, min_delay: 5s}
          message: {summary: "{{ name }}"}
        watches:
          silent: {url: "https://x.example/"}
          outspoken:
            url: https://x.example/
            topic: own
            every: 30s
            jitter: 0%
            confirm: 1
            allow_private: false
            headers: {accept-language: de}
            per_host: {concurrency: 1}
            message: {content: "{{ url }}"}
        """
    )
    silent, own = file.watches["silent"], file.watches["outspoken"]
    assert (silent.topics, silent.every, silent.jitter, silent.confirm) == (("t",), timedelta(hours=1), 0.2, 3)
    assert silent.request.allow_private
    assert silent.request.lane == Lane(concurrency=3, min_delay=timedelta(seconds=5))
    assert (own.topics, own.every, own.jitter, own.confirm) == (("own",), timedelta(seconds=30), 0, 1)
    assert not own.request.allow_private
    assert own.request.headers == {"X-One": "1", "accept-language": "de"}
    assert own.request.lane == Lane(concurrency=1, min_delay=timedelta(seconds=5))
    assert own.message == MessageTemplate(summary="{{ name }}", content="{{ url }}")


def test_a_mistake_in_the_defaults_is_told_once() -> None:
    watches = "".join(f"  w{n}: {{url: 'https://x.example/', topic: t}}\n" for n in range(3))
    text = "defaults: {headers: {A: '${NO}'}, message: {summary: '{{'}}\nwatches:\n" + watches
    assert [told.split(": ")[1] for told in mistakes(text)] == ["defaults.headers.A", "defaults.message.summary"]


def test_a_watch_may_rest_and_have_tags_and_demands() -> None:
    found = watch("enabled: false\ntags: [a, b, a]\npage_must_contain: x\npage_must_not_contain: [y, z]")
    assert not found.is_enabled
    assert found.tags == ("a", "b")
    assert (found.page_must_contain, found.page_must_not_contain) == (("x",), ("y", "z"))


WRONG = {
    "values called like what an entry has": ("extract: {topic: p}", "`topic` has a meaning in conditions"),
    "extract and items": ("extract: p\nitems: {css: tr, key: td}", "a watch has `extract` or `items`, not both"),
    "an optional key": ("items: {css: tr, key: {css: td, optional: true}}", "a row without its key has no identity"),
    "empty_when without items": ("empty_when: p", "5:5: watches.w.empty_when: is for pages with `items`"),
    "a value named like a condition": ("extract: {added: p}", "`added` has a meaning in conditions"),
    "a value named key": ("items: {css: tr, key: td, fields: {key: td}}", "`key` has a meaning in conditions"),
    "a value with blanks in its name": ("extract: {a b: p}", "must be a name of letters, digits"),
    "no values": ("extract: {}", "must name at least one value"),
    "too many selectors": (
        "extract:\n" + "".join(f"  v{n}: p\n" for n in range(51)),
        "watches.w.extract: has 51 selectors, more than 50",
    ),
    "a wrong selector": ("extract: 'p >> a'", "5:14: watches.w.extract: "),
    "a long selector": (f"extract: {'a' * 1001}", "1,001 characters"),
    "an interval of nothing": ("every: 0s", "must be from 1s to 365d"),
    "an interval of ages": ("every: 99999d", "must be from 1s to 365d"),
    "no confirmation": ("confirm: 0", "must be from 1 to 100; got 0"),
    "half a confirmation": ("confirm: 1.5", "must be a whole number; got 1.5"),
    "no concurrency": ("per_host: {concurrency: 0}", "must be from 1 to 1,000; got 0"),
    "an empty name": ("name: ' '", "must not be empty"),
    "a template that is none": ("message: {summary: '{{ price'}", "5:24: watches.w.message.summary: "),
    "a filter that does not exist": ("message: {content: '{{ name | shout }}'}", "shout"),
    "a template without a bottom": (f"message: {{summary: '{{{{ {'(' * 5000} }}}}'}}", "is nested too deeply"),
    "an empty demand": ("page_must_contain: []", "must not be an empty list"),
}


@pytest.mark.parametrize(("body", "told"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_an_error(body: str, told: str) -> None:
    assert told in mistake(body)


WRONG_TOPICS = {
    "a name with blanks": ("topics: {a b: {}}", "1:10: topics.a b: must be a name"),
    "a topic that was one that is": ("topics: {a: {was: b}, b: {}}", "topics.a.was: `b` still stands here"),
    "two that were the same": ("topics: {a: {was: x}, b: {was: x}}", "topics.b.was: two topics say that they were `x`"),
    "an id and an app": ("topics: {a: {id: 1, app: b}}", "1:21: topics.a.app: a topic has `id`, elsewhere, or `app`"),
    "an app with blanks": ("topics: {a: {app: b c}}", "topics.a.app: must be a name"),
    "an id of nothing": ("topics: {a: {id: 0}}", "topics.a.id: must be from 1"),
    "a used topic with blanks": ("defaults: {topic: a b}", "defaults.topic: must be a name"),
}


@pytest.mark.parametrize(("text", "told"), WRONG_TOPICS.values(), ids=WRONG_TOPICS)
def test_a_topic_that_makes_no_sense_is_an_error(text: str, told: str) -> None:
    [only] = mistakes(text + "\nwatches: {}")
    assert told in only


_RENAMED = "  {id}: {{url: 'https://x.example/', topic: t, was: {was}}}\n"
WRONG_RENAMES = {
    "one that still stands here": ([("a", "b"), ("b", "x")], "watches.a.was: `b` still stands here; remove that watch"),
    "itself": ([("a", "a")], "watches.a.was: `a` still stands here"),
    "what another one was": ([("a", "x"), ("b", "x")], "watches.b.was: two watches say that they were `x`"),
    "each other": ([("a", "b"), ("b", "a")], "watches.a.was: `b` still stands here"),
}


@pytest.mark.parametrize(("renames", "told"), WRONG_RENAMES.values(), ids=WRONG_RENAMES)
def test_a_watch_was_only_what_no_other_one_is_or_was(renames: list[tuple[str, str]], told: str) -> None:
    assert told in mistakes("watches:\n" + "".join(_RENAMED.format(id=id_, was=was) for id_, was in renames))[0]


def test_each_watch_of_one_with_for_each_says_what_it_was() -> None:
    file = read("""
        watches:
          rate: {url: 'https://x.example/{each}', topic: t, for_each: [EUR, USD], was: 'course.{each}'}
    """)
    assert {id_: watch.was for id_, watch in file.watches.items()} == {
        "rate.EUR": "course.EUR",
        "rate.USD": "course.USD",
    }


@pytest.mark.parametrize("name", ["a b", "''", "a/b", "-a", "x" * 101], ids=repr)
def test_an_id_is_one_word(name: str) -> None:
    [only] = mistakes(f"watches:\n  {name}: {{url: 'https://x.example/', topic: t}}")
    assert "2:3: " in only
    assert "must be a name of letters" in only


LANGUAGES = """
    defaults: {{language: {default}, topic: deals}}
    topics:
      deals: {{name: Deals}}
      books: {{language: en}}
    watches:
      w:
        url: https://x.example/
        topic: [deals, books]
"""


def test_a_topic_speaks_its_language_or_that_of_the_defaults() -> None:
    file = read(LANGUAGES.format(default="zh"))
    assert {key: topic.language for key, topic in file.topics.items()} == {
        "deals": Locale.CHINESE,
        "books": Locale.ENGLISH,
        "admin": Locale.CHINESE,
    }
    told = file.watches["w"]
    assert [told.language_of(topic) for topic in ("deals", "books", "admin", "other")] == [
        Locale.CHINESE,
        Locale.ENGLISH,
        Locale.CHINESE,
        None,
    ]


def test_a_language_that_is_not_spoken_is_a_mistake() -> None:
    assert mistakes(LANGUAGES.format(default="de")) == ["2:22: defaults.language: must be one of en, zh; got 'de'"]
    assert mistakes("watches: {w: {url: https://x.example, topic: t, language: zh}}") != []
