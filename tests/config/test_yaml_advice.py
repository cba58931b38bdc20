"""YAML's traps: each says where it is and what to write. The keys begin in line 5, column 5."""

from __future__ import annotations

import pytest

from tests.config.files import mistake, mistakes, watch

TRAPS = {
    "a hash after a space": (
        "extract: #price",
        '5:14: watches.w.extract: `#` starts a comment in YAML; write `extract: "#price"`',
    ),
    "a hash within braces": (
        "extract:\n  price: {css: #price}",
        '6:20: `#` starts a comment in YAML; write `css: "#price"`',
    ),
    "an attribute within braces": (
        "extract:\n  price: {css: a[href]}",
        '6:21: `[` begins a list inside {}; write `css: "a[href]"`',
    ),
    "an attribute within braces and more": (
        "extract:\n  price: {css: a[href], type: url}",
        '6:21: `[` begins a list inside {}; write `css: "a[href]"`',
    ),
    "a lone attribute": (
        "extract: [href]",
        "5:14: watches.w.extract: must be a CSS selector, or a mapping with `css`; got a list"
        ': `[` begins a list in YAML; write "[href]"',
    ),
    "a comma within braces": (
        "extract:\n  price: {css: td.a, td.b}",
        '6:26: watches.w.extract.price: a comma ends a value inside {}; write `css: "td.a, td.b"`',
    ),
    "a thousands separator": (
        "extract: p\nnotify_when:\n  - value:\n      below: 15,999",
        "8:18: watches.w.notify_when[0].value.below: must be a number; got '15,999': write 15999",
    ),
    "a thousands separator within braces": (
        "extract: p\nnotify_when:\n  - value: {below: 15,999}",
        "7:27: watches.w.notify_when[0].value: a comma ends a value in YAML; write `below: 15999`",
    ),
    "a price within braces": (
        "extract: p\nnotify_when:\n  - value: {below: 1,000元}",
        "7:26: watches.w.notify_when[0].value: a comma ends a value in YAML; write `below: 1000`",
    ),
    "a decimal comma within braces": (
        "extract: p\nnotify_when:\n  - value: {below: 1,5}",
        "7:26: watches.w.notify_when[0].value: a comma ends a value in YAML; write a number as `below: 1.5`",
    ),
    "an at sign": (
        "extract:\n  a: {css: a, attr: @id}",
        "6:25: `@` cannot begin a text in YAML; `attr: id` reads an attribute, and a text needs quotes",
    ),
    "a backtick": ("name: `x`", '5:11: ``` cannot begin a text in YAML; write `name: "`x`"`'),
    "a percent sign": ("name: %x", '5:11: `%` cannot begin a text in YAML; write `name: "%x"`'),
    "a child combinator": ("extract: > td", '5:16: `>` begins a block of text in YAML; write `extract: ":scope > td"`'),
    "a child combinator within braces": (
        "extract:\n  a: {css: > td}",
        '6:16: `>` cannot begin a text in YAML; write `css: ":scope > td"`',
    ),
    "a universal selector": ("extract: * td", '`*` begins an alias in YAML; write `extract: "* td"`'),
    "a star and a name": (
        "extract: *price",
        "5:14: watches.w.extract: `*` begins an alias, and no `&price` stands above",
    ),
    "a backslash in double quotes": (
        'extract: p\nnotify_when:\n  - value: {matches: "\\d+"}',
        "7:27: a backslash in double quotes begins an escape; write '\\d+'",
    ),
    "an exclamation mark": ("name: !sale", "5:11: watches.w.name: `!` begins a tag in YAML"),
    "a template": (
        "message:\n  summary: {{ name }} now",
        '6:17: watches.w.message.summary: `{{` begins a mapping in YAML; write "{{ name }} now"',
    ),
    "a template within braces": (
        "message: {summary: {{ name }}}",
        '5:25: watches.w.message.summary: `{{` begins a mapping in YAML; write "{{ name }}"',
    ),
    "a value of for_each": (
        "for_each: [a]\nname: {each}",
        '6:12: watches.w.name: `{` begins a mapping in YAML; write "{each}", with all of the text in the quotes',
    ),
    "a word of for_each within braces": (
        "for_each: {a: {b: 1}}\nextract: {v: {css: {each.b}}}",
        '6:25: watches.w.extract.v.css: `{` begins a mapping in YAML; write "{each.b}"',
    ),
    "a template alone": (
        "message:\n  summary: {{ name }}",
        '6:17: watches.w.message.summary: `{{` begins a mapping in YAML; write "{{ name }}"',
    ),
    "a second colon": ("name: Dune: 2", '5:15: a text with `: ` in it needs quotes; write `name: "Dune: 2"`'),
    "a tab": ("extract:\n\tprice: p", "a tab cannot indent in YAML; use spaces"),
    "a date": (
        "extract: p\nnotify_when:\n  - value: {above: 2026-02-30}",
        "must be a number, or a date such as 2026-12-12; got '2026-02-30'",
    ),
    "a date of another country": (
        "extract: p\nnotify_when:\n  - value: {above: 12/31/2026}",
        "must be a number; got '12/31/2026': a date is written 2026-12-31",
    ),
    "a date without its year": (
        "extract: p\nnotify_when:\n  - value: {above: 12月5日}",
        "must be a number; got '12月5日': a date is written 2026-12-31",
    ),
    "a price with its currency": (
        "extract: p\nnotify_when:\n  - value: {above: 15.50 EUR}",
        "must be a number; got '15.50 EUR': write 15.50",
    ),
    "a currency before a price": (
        "extract: p\nnotify_when:\n  - value: {above: $15}",
        "must be a number; got '$15': write 15",
    ),
    "quotes of a text processor": (
        "extract: “#price”",
        '5:14: watches.w.extract: “ and ” are no quotes in YAML; write "#price"',
    ),
    "a colon of a Chinese keyboard": (
        "name：x",
        "5:9: `：` is no colon in YAML; write `name: x`",
    ),
    "a colon of a Chinese keyboard before another key": (
        "name：x\nevery: 5m",
        "5:9: `：` is no colon in YAML; write `name: x`",
    ),
    "no space after a colon": ("every:5m", "5:10: a space is missing after the colon; write `every: 5m`"),
    "no space after the colon of a URL": (
        "link:https://x.example/\nevery: 5m",
        "5:9: a space is missing after the colon; write `link: https://x.example/`",
    ),
    "no space after a colon within braces": (
        "extract: {css:.price}",
        "5:18: watches.w.extract: a space is missing after the colon; write `css: .price`",
    ),
    "no space before a mapping": (
        "extract: p\nnotify_when:\n  - value:{below: 5}",
        "7:9: watches.w.notify_when[0]: a space is missing after the colon; write `value: {…`",
    ),
    "digits of a Chinese keyboard": (
        "every: ５m",
        "must be a duration such as 30s, 10m or 2h; got '５m': these are full-width characters; write 5m",
    ),
    "a number of a Chinese keyboard": (
        "extract: p\nnotify_when:\n  - value: {above: １００}",
        "must be a number; got '１００': these are full-width characters; write 100",
    ),
    "a percentage of a Chinese keyboard": (
        "extract: p\nnotify_when:\n  - value: {drops_by: 5％}",
        "got '5％': these are full-width characters; write 5%",
    ),
    "a comma of a Chinese keyboard": (
        "extract: {css: p，attr: href}",
        "`，` is no comma in YAML; write `,` and a space",
    ),
    "a duration in Chinese": (
        "every: 5分钟",
        "must be a duration such as 30s, 10m or 2h; got '5分钟': write 5m",
    ),
    "an hour of a Chinese keyboard": (
        'active_hours: {from: "05：00"}',
        "must be a time of day such as 07:00 or 23:30; got '05：00': these are full-width characters; write 05:00",
    ),
    "a dash of a Chinese keyboard": (
        "extract: p\nnotify_when:\n  － value: {below: 5}",
        "7:7: watches.w.notify_when: `－` is no dash in YAML; write `- value`",
    ),
    "a condition of another name": (
        "extract: {d: {css: p, type: date}}\nnotify_when: {d: {before: 2026-12-12}}",
        "is not a key of a condition; write `below`",
    ),
    "a space of a web page": (
        "name: x\n\u00a0 tags: y",
        "U+00A0 is no space in YAML; indent with spaces",
    ),
    "an hour for a duration": (
        "every: 10:30",
        "must be a duration such as 30s, 10m or 2h; got '10:30': write 10h30m or 10m30s",
    ),
    "an hour for a number": (
        "extract: p\nnotify_when:\n  - value: {above: 10:30}",
        "must be a number; got '10:30', which is a time of day",
    ),
    "no": ("allow_private: no", "5:20: watches.w.allow_private: must be true or false; got 'no': write false"),
    "on": ("allow_private: on", "must be true or false; got 'on': write true"),
    "a duration without a unit": (
        "every: 10",
        "must be a duration such as 30s, 10m or 2h; got 10 without a unit: write 10s or 10m",
    ),
    "a duration with a long unit": ("every: 10 minutes", "the units are d, h, m, s and ms"),
    "a percentage without a sign": ("jitter: 10", "must be a percentage such as 10%; got 10: write 10%"),
    "a truth for a text": ("name: true", 'must be a text; got true: write "true" if the word is meant'),
    "a merge key": ("<<: {every: 1m}", "merge keys are not read; what several watches share goes into `defaults`"),
    "an unclosed brace": ("extract: {css: p\nevery: 1m", "is not closed, or a comma is missing before this"),
}


@pytest.mark.parametrize(("body", "told"), TRAPS.values(), ids=TRAPS)
def test_a_trap_says_what_to_write(body: str, told: str) -> None:
    assert told in mistake(body)


def test_lines_of_a_text_are_no_keys_whose_colon_is_wrong() -> None:
    told = mistake("message:\n  content: |\n    foo:bar\n oops: 1")
    assert "colon" not in told
    assert "not valid YAML here" in told


def test_each_of_several_colons_of_a_chinese_keyboard_is_told() -> None:
    assert mistakes("watches:\n  w:\n    url： https://x.example/\n    topic：t\n    extract: p") == [
        "3:8: `：` is no colon in YAML; write `url: https://x.example/`",
        "4:10: `：` is no colon in YAML; write `topic: t`",
    ]


def test_a_key_whose_value_is_indented_by_wide_spaces_is_not_told_to_be_empty_besides() -> None:
    assert mistakes("watches:\n\u3000\u3000w: {}\n") == ["2:1: watches: U+3000 is no space in YAML; indent with spaces"]


NO_MAPPING = {
    "watches：\n  w：\n": (
        "the file must be a mapping with `watches`; got 'watches： w：': `：` is no colon in YAML; write `watches: …`"
    ),
    "watches:\n  w:\n    url:https://x.example/": "a space is missing after the colon; write `url: https://x.example/`",
    "watches:\n  - url: https://x.example/": (
        "1:1: watches: must be a mapping; got a list: give each a name of its own, `NAME:` in place of the `-`,"
        " with its keys below it"
    ),
    "- url: https://x.example/": "got a list: give each a name of its own, `NAME:` in place of the `-`",
    "topics:\n  - news\nwatches: {}": "topics: must be a mapping; got a list: write `news: …` in place of `- news`",
}


@pytest.mark.parametrize("text", NO_MAPPING)
def test_what_is_no_mapping_says_how_to_write_one(text: str) -> None:
    assert any(NO_MAPPING[text] in told for told in mistakes(text))


def test_words_dates_and_hours_are_texts_where_a_text_is_wanted() -> None:
    found = watch("extract: p\nname: no\npage_must_contain: [on, 10:30, 2026-01-01, 1.50, 007]")
    assert found.name == "no"
    assert found.page_must_contain == ("on", "10:30", "2026-01-01", "1.50", "007")


def test_a_comment_with_a_space_is_only_an_empty_value() -> None:
    assert mistake("extract:  # the price") == "5:5: watches.w.extract: is empty; write a value or remove the key"
