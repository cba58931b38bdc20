"""The sentences of messages: the same in each language, and filled in as it is printed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter

import pytest

from watcher.core.caps import Made
from watcher.core.locale import Locale
from watcher.core.phrases import Phrases, Plural, fill, join, phrases_in
from watcher.core.phrases.english import ENGLISH
from watcher.core.values import Stock
from watcher.errors import CheckError

_INFLECTS = {"be"}
"""Blanks that only a language uses whose verbs inflect."""


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def sentences(said: object) -> Iterator[str]:
    match said:
        case str():
            yield said
        case Plural():
            yield from (said.one, said.other)
        case Mapping():
            for one in said.values():
                yield from sentences(one)
        case tuple():
            yield from said


FIELDS = Phrases.__struct_fields__


@pytest.mark.parametrize("field", FIELDS)
def test_a_sentence_has_the_same_blanks_in_each_language(field: str) -> None:
    if field == "day":
        return  # one language writes the month's number, another its name
    all_blanks = [
        set().union(*map(blanks, sentences(getattr(phrases_in(language), field)))) - _INFLECTS for language in Locale
    ]
    assert all(one == all_blanks[0] for one in all_blanks), all_blanks


@pytest.mark.parametrize("language", Locale)
def test_no_sentence_is_empty_and_no_two_languages_share_one(language: Locale) -> None:
    phrases = phrases_in(language)
    for field in set(FIELDS) - {"failures", "currencies", "between_sentences", "has_capitals"}:
        assert all(sentences(getattr(phrases, field))), field
    words = [one for field in FIELDS for one in sentences(getattr(phrases, field)) if len(one) > 25]
    if language is not Locale.ENGLISH:
        assert not set(words) & {one for field in FIELDS for one in sentences(getattr(ENGLISH, field))}


@pytest.mark.parametrize("language", Locale)
def test_what_is_said_by_kind_is_said_of_each_kind(language: Locale) -> None:
    phrases = phrases_in(language)
    assert phrases.stock.keys() == phrases.in_stock.keys() == set(Stock)
    assert phrases.strangers.keys() == set(Made)
    assert len(phrases.months) == 12
    if phrases.failures:
        kinds = {error.kind for error in _errors(CheckError)} | {"suspicious", "wrong_place", "defect", "damaged"}
        assert phrases.failures.keys() == kinds


def _errors(error: type[CheckError]) -> Iterator[type[CheckError]]:
    yield error
    for narrower in error.__subclasses__():
        yield from _errors(narrower)


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("{name}低于{value}", {"name": "price", "value": "10"}, "price 低于 10"),
        ("{name}低于{value}", {"name": "价格", "value": "¥10"}, "价格低于¥10"),
        ("{name}包含{texts}", {"name": "text", "texts": "“x”"}, "text 包含“x”"),
        ("{name} is", {"name": "价格"}, "价格 is"),
        ("{a}{b}", {"a": "第3页", "b": "的"}, "第3页的"),
    ],
)
def test_chinese_and_latin_letters_stand_apart_where_a_blank_is_filled_in(
    text: str, values: dict[str, str], filled: str
) -> None:
    assert fill(text, **values) == filled


def test_parts_are_joined_as_blanks_are() -> None:
    assert join(["3", "乙", "4"], "或") == "3 或乙或 4"


def test_what_is_filled_in_is_no_sentence() -> None:
    assert fill("{name} changed", name="{name!r} {0}") == "{name!r} {0} changed"
