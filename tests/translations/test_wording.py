"""Sentences of modules that know no language: in English where they are made, and in each language by their key."""

from __future__ import annotations

import pickle

import pytest

from tests.translations.uses import sentences
from watcher.core.locale import Locale
from watcher.core.wording import Wording, said_by, worded, wording_of
from watcher.errors import PageError, UnparsableError
from watcher.translations import reworded, worded_in
from watcher.translations.catalog import catalog


@pytest.mark.faults
def test_the_english_where_a_sentence_is_made_is_that_of_the_translators() -> None:
    made = list(sentences())
    assert len(made) > 100
    assert {key: catalog(Locale.ENGLISH).get(key) for key, _ in made} == dict(made)


def test_a_sentence_within_another_is_said_in_the_same_language() -> None:
    inner = UnparsableError(worded("error_none", "{text} holds no {kind}", text="'?'", kind="price"))
    outer = PageError(worded("error_of_value", "{name}: {problem}", name="price", problem=said_by(inner)))
    assert str(outer) == "price: '?' holds no price"
    assert reworded(Locale.CHINESE, said_by(outer)) == "price：'?' 中没有 price"
    assert reworded(Locale.ENGLISH, said_by(outer)) == str(outer)


def test_a_sentence_keeps_its_wording_in_another_process() -> None:
    said = worded("error_no_name", "the name does not exist (DNS)")
    assert wording_of(pickle.loads(pickle.dumps(PageError(said)))) == Wording("error_no_name", {})


def test_what_another_version_said_stays_as_it_was_said() -> None:
    for wording in (None, Wording("error_of_tomorrow", {}), Wording("error_none", {})):
        assert worded_in(Locale.CHINESE, wording, "as it was") == "as it was"
