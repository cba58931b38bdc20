from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.config.files import mistake, mistakes, read, watch_file
from watcher.config import load
from watcher.config.starter import STARTER
from watcher.errors import ConfigError

ROOT = Path(__file__).parents[2]


def refused(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    return str(caught.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    found = mistakes(
        """\
        topics:
          courses: {name: Courses, descripton: New ones}
        defaults:
          every: 10
        watches:
          a:
            url: ftp://x.example/
            topic: t
            jitter: 90%
            extract:
              price: {css: .price, type: mony}
              title: h1
            notify_when:
              - pice: {below: 1}
          b:
            topic: t
            items: {css: tr}
            allow_private: maybe
          c:
            url: https://x.example/
            extract: "a["
        """
    )
    assert found == [
        "2:28: topics.courses.descripton: `descripton` is not a key of a topic; did you mean `description`?",
        "4:10: defaults.every: must be a duration such as 30s, 10m or 2h; got 10 without a unit: write 10s or 10m",
        "7:10: watches.a.url: must be a URL that begins with https:// or http://",
        "9:13: watches.a.jitter: must be from 0% to 50%; got 90%",
        "11:34: watches.a.extract.price.type: must be one of text, integer, number, money, date, stock, url; got 'mony'"
        "; did you mean `money`?",
        "14:9: watches.a.notify_when[0].pice: `pice` is not the name of a value; did you mean `price`?",
        "15:3: watches.b.url: is missing",
        "17:5: watches.b.items.key: is missing",
        "18:20: watches.b.allow_private: must be true or false; got 'maybe'",
        "19:3: watches.c.topic: is missing; say who is told, here or in `defaults`",
        "21:14: watches.c.extract: Malformed attribute selector at position 1",
    ]


MAPPINGS = {
    "active_hours: 08:00-22:00": "must be a mapping with from, to, timezone, days; got '08:00-22:00'",
    "on_error: never": "must be a mapping with after, topic; got 'never'",
    "items: li": "must be a mapping with css, xpath, jsonpath, feed, key, fields, …; got 'li'",
    "headers: x": "must be a mapping; got 'x'",
}


@pytest.mark.parametrize("body", MAPPINGS)
def test_what_must_be_a_mapping_says_which_keys_it_has(body: str) -> None:
    assert mistake(body).endswith(MAPPINGS[body])


UNKNOWN_KEYS = {
    "of a watch": (
        "notify_whn: added",
        "5:5: watches.w.notify_whn: `notify_whn` is not a key of a watch; did you mean `notify_when`?",
    ),
    "of a selector": (
        "extract:\n  p: {css: a, attribute: x}",
        "6:19: watches.w.extract.p.attribute: `attribute` is not a key of a selector; did you mean `attr`?",
    ),
    "of a single selector": (
        "extract: {css: a, optinal: true}",
        "5:23: watches.w.extract.optinal: `optinal` is not a key of a selector; did you mean `optional`?",
    ),
    "of a condition": (
        "extract: p\nnotify_when: {value: {belw: 1}}",
        "6:27: watches.w.notify_when.value.belw: `belw` is not a key of a condition; did you mean `below`?",
    ),
    "of per_host": (
        "per_host: {speed: 1}",
        "5:16: watches.w.per_host.speed: `speed` is not a key of `per_host`, which has concurrency, min_delay",
    ),
    "that belongs elsewhere": ("css: p", "5:5: watches.w.css: `css` is not a key of a watch; it is one of a selector"),
    "of the watch within items": (
        "items: {css: tr, key: td, confirm: 2}",
        "5:31: watches.w.items.confirm: `confirm` is not a key of `items`; it is one of a watch",
    ),
    "of pages": (
        "items: {css: tr, key: td}\npages: {nxt: a}",
        "6:13: watches.w.pages.nxt: `nxt` is not a key of `pages`; did you mean `next`?",
    ),
    "of auth": (
        "auth: {user: ann, passwort: x}",
        "5:23: watches.w.auth.passwort: `passwort` is not a key of `auth`; did you mean `password`?",
    ),
    "of active_hours": (
        "active_hours: {untill: 07:00}",
        "5:20: watches.w.active_hours.untill: `untill` is not a key of `active_hours`, "
        "which has from, to, timezone, days",
    ),
    "of on_error": (
        "on_error: {topics: a}",
        "5:16: watches.w.on_error.topics: `topics` is not a key of `on_error`; did you mean `topic`?",
    ),
    "of empty_when": (
        "items: {css: tr, key: td}\nempty_when: {csss: p}",
        "6:18: watches.w.empty_when.csss: `csss` is not a key of `empty_when`; did you mean `css`?",
    ),
    "that is not built": (
        "browser: true",
        "5:5: watches.w.browser: pages are not opened in a browser; look for the JSON request that fills the page,"
        " and watch that URL",
    ),
}


SYNONYMS = {
    "selector: h1": "5:5: watches.w.selector: `selector` is not a key of a watch; write `extract: SELECTOR`",
    "interval: 5m": "5:5: watches.w.interval: `interval` is not a key of a watch; write `every: 10m`",
    "frequency: 5m": "5:5: watches.w.frequency: `frequency` is not a key of a watch; write `every: 10m`",
    "check-interval: 5m": "5:5: watches.w.check-interval: `check-interval` is not a key of a watch; write `every: 10m`",
    "notify: me": (
        "5:5: watches.w.notify: `notify` is not a key of a watch; write `topic` for who is told, `notify_when` for when"
    ),
    "Every: 5m": "5:5: watches.w.Every: `Every` is not a key of a watch; write `every`",
    "notify-when: changes": "5:5: watches.w.notify-when: `notify-when` is not a key of a watch; write `notify_when`",
    "extract: {p: {selector: h1}}": (
        "5:19: watches.w.extract.p.selector: `selector` is not a key of a selector; "
        "write `css`, `xpath`, `jsonpath` or `regex`"
    ),
    "items: {rows: tr, key: td}": (
        "5:13: watches.w.items.rows: `rows` is not a key of `items`; write `css`, `xpath` or `jsonpath`"
    ),
}


@pytest.mark.parametrize("body", SYNONYMS)
def test_what_another_tool_calls_a_key_is_told_with_ours(body: str) -> None:
    assert SYNONYMS[body] in mistakes(watch_file(body))


def test_a_key_in_capitals_is_told_once_and_not_as_missing_besides() -> None:
    assert mistakes("watches:\n  w: {URL: 'https://x.example/', topic: t}") == [
        "2:7: watches.w.URL: `URL` is not a key of a watch; write `url`"
    ]


@pytest.mark.parametrize(("body", "told"), UNKNOWN_KEYS.values(), ids=UNKNOWN_KEYS)
def test_an_unknown_key_is_told_with_the_one_that_was_meant(body: str, told: str) -> None:
    assert mistake(body) == told


def test_a_watch_may_be_called_like_a_key() -> None:
    text = "watches:\n  items: {url: 'https://x.example/', topic: t, csss: p}\n  empty_when: 5\n"
    assert mistakes(text) == [
        "2:48: watches.items.csss: `csss` is not a key of a watch",
        "3:15: watches.empty_when: must be a mapping with url, name, for_each, extract, items, where, …; got 5",
    ]


FOLLOWED = {
    "a misspelled url is not missing besides": "watches:\n  w:\n    ulr: https://x.example/\n    topic: t",
    "a misspelled topic is not missing besides": "watches:\n  w:\n    url: https://x.example/\n    topik: t",
    "an empty url is not missing besides": "watches:\n  w:\n    url:\n    topic: t",
    "misspelled defaults are not missed besides": "default: {topic: t}\nwatches:\n  w: {url: 'https://x.example/'}",
    "a wrong default topic is not missed besides": "defaults: {topic: []}\nwatches:\n  w: {url: 'https://x.example/'}",
    "values that could not be read are not unknown besides": watch_file(
        "extract:\n  price: 1\nnotify_when:\n  - price: changes"
    ),
    "a misspelled extract does not make its values unknown": watch_file(
        "extrct: {price: p}\nnotify_when:\n  - price: changes"
    ),
    "misspelled watches are not missing besides": "watchs: {}",
    "a list that cannot be read has no wrong rules besides": watch_file(
        "items: {csss: tr, key: td}\nwhere: {key: {is: a}}\npages: {next: a}\nempty_when: p\nnotify_when: added"
    ),
    "an entry that cannot be read is not missed by a reminder": watch_file(
        "extract: p\nremind_every: 1h\nmax_step: 5\nnotify_when: {value: {belw: 1}}"
    ),
    "a selector without a language has no wrong attribute besides": watch_file("extract: {a: {attr: href}}"),
    "for_each that cannot be read has no unfilled texts besides": watch_file("for_each: 5\nname: '{each.x}'"),
    "a wrong body of for_each is told once, not for each": watch_file(
        "for_each: [a, b, c]\nname: '{each}'\nextract: 'a['\nevery: 10"
    ).replace("every: 10", "every: 10m"),
    "a text with several forms is one mistake": watch_file("link: {}"),
    "a list with several forms is one mistake": watch_file("notify_when: {}"),
}


@pytest.mark.parametrize("text", FOLLOWED.values(), ids=FOLLOWED)
def test_one_mistake_is_one_error(text: str) -> None:
    assert len(mistakes(text)) == 1


WRONG_SHAPES = {
    "a list": ("- a", "1:1: the file must be a mapping with `watches`; got a list: write `a: …` in place of `- a`"),
    "a text": ("a", "1:1: the file must be a mapping with `watches`; got 'a'"),
    "an all_well of another shape": (
        "all_well: 9\nwatches: {}",
        "1:11: all_well: must be a mapping with at, timezone, topic; got 9",
    ),
    "no watches": ("topics: {}", "1:1: watches: is missing"),
    "a list of watches": (
        "watches: [a]",
        "1:10: watches: must be a mapping; got a list: write `a: …` in place of `- a`",
    ),
    "a watch that is a URL": (
        "watches:\n  a: https://x",
        "2:6: watches.a: must be a mapping with url, name, for_each, extract, items, where, …; got 'https://x'",
    ),
    "a topic that is a text": (
        "topics: {a: b}\nwatches: {}",
        "1:13: topics.a: must be a mapping with name, description, was, id, app, language; got 'b'",
    ),
}


@pytest.mark.parametrize(("text", "told"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_a_file_of_another_shape_is_told_what_is_wanted(text: str, told: str) -> None:
    assert mistakes(text) == [told]


def test_a_mistake_in_a_shared_part_is_told_once() -> None:
    text = """\
        watches:
          a: {url: "https://x.example/", topic: t, per_host: &lane {min_delay: 1}}
          b: {url: "https://x.example/", topic: t, per_host: *lane}
        """
    places = {told.partition(" ")[0] for told in mistakes(text)}
    assert places == {"2:72:"}


def test_a_file_full_of_mistakes_is_told_the_first_thousand_in_good_time() -> None:
    began = time.process_time()
    found = mistakes("watches: {}\n" + "".join(f"key{n}: 1\n" for n in range(50_000)))
    assert len(found) == 1_000
    assert found[0].startswith("2:1: key0: `key0` is not a key of the file")
    assert time.process_time() - began < 5


def test_a_file_is_named_as_the_user_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text("watches: 1", encoding="utf-8")
    assert refused(Path("my.yaml")) == "my.yaml:1:10: watches: must be a mapping; got 1"


def test_a_file_that_is_not_utf8_is_told_where(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_bytes("watches: {}\n# 演唱会".encode("gbk"))
    assert refused(path) == f"{path}:2:3: the byte 0xd1 is no UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_bytes(b"\xef\xbb\xbfwatches: {}")
    assert load(path, {}).watches == {}


@pytest.mark.parametrize("path", [Path("missing.yaml"), Path(), Path("/dev/zero")], ids=str)
def test_what_cannot_be_read_is_one_clear_error(path: Path) -> None:
    with pytest.raises(ConfigError):
        load(path, {})


def starter(tmp_path: Path, text: str = STARTER) -> Path:
    path = tmp_path / "watches.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_starter_is_short_and_loads(tmp_path: Path) -> None:
    assert list(load(starter(tmp_path), {}).watches) == ["notice"]
    assert len(STARTER.splitlines()) <= 48


def test_the_starters_examples_load_when_their_marks_are_removed(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") if line.startswith("#  ") else line for line in STARTER.splitlines()]
    found = load(starter(tmp_path, "\n".join(lines)), {})
    assert list(found.watches) == ["notice", "book", "courses", "tickets"]


def test_a_file_in_watches_d_joins_the_starter(tmp_path: Path) -> None:
    path = starter(tmp_path)
    (tmp_path / "watches.d").mkdir()
    (tmp_path / "watches.d" / "more.yaml").write_text("watches: {more: {url: 'https://x.example/', topic: news}}")
    assert list(load(path, {}).watches) == ["notice", "more"]


def named(watch: str) -> list[str]:
    """Return the mistakes about names of values in a watch that has these lines."""
    found = mistakes(watch_file(watch))
    return [one.partition(": ")[2] for one in found if "is not the name of a value" in one]


NAMES_BESIDE_MISTAKES = {
    "in a selector": (
        "extract:\n  price: {css: p, type: mony}\nnotify_when:\n  - pric: {below: 5}",
        ["watches.w.notify_when[0].pric: `pric` is not the name of a value; did you mean `price`?"],
    ),
    "in another condition": (
        "extract: {price: p, stock: s}\nnotify_when:\n  - pric: {below: 5}\n  - price: {bellow: 5}",
        ["watches.w.notify_when[0].pric: `pric` is not the name of a value; did you mean `price`?"],
    ),
    "in a row": (
        "items: {css: tr, key: td, fields: {seats: {css: a, tipe: integer}}}\nnotify_when: {seat: {above: 0}}",
        ["watches.w.notify_when.seat: `seat` is not the name of a value; did you mean `seats`?"],
    ),
    "of a value that is itself mistaken": ("extract:\n  a:\n  b: p\nnotify_when:\n  - a: {below: 5}", []),
    "of a page that says nothing usable": ("extract: #price\nnotify_when:\n  - price: {below: 5}", []),
    "of a feed": ("items: {feed: true, kye: id}\nnotify_when:\n  - title: {contains: a}", []),
}


@pytest.mark.parametrize(("watch", "told"), NAMES_BESIDE_MISTAKES.values(), ids=NAMES_BESIDE_MISTAKES)
def test_an_unknown_name_is_told_beside_other_mistakes(watch: str, told: list[str]) -> None:
    assert named(watch) == told


def test_the_repositorys_watches_load() -> None:
    assert list(load(ROOT / "watches.yaml", {}).watches) == ["concert", "cs-courses", "dune"]


def test_a_thousand_watches_load_in_a_quarter_of_a_second() -> None:
    text = "watches:\n" + "".join(
        f"""\
  w{n}:
    url: https://h{n}.example/page
    topic: deals
    extract:
      price: {{css: .price-{n}, type: money}}
    notify_when:
      - price: {{below: {n}}}
"""
        for n in range(1000)
    )
    began = time.process_time()
    assert len(read(text).watches) == 1000
    assert time.process_time() - began < 3  # 0.12 s measured on an idle machine
