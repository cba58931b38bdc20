"""The form of a watch: what it says comes back as it stood in the file, and what is sent is never believed."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from watcher.config.suggested_watch import watch_of
from watcher.errors import UsageError
from watcher.web.console.editing.form import (
    MOST_VALUES,
    Reads,
    UnformableError,
    body_of,
    extraction_in,
    form_in,
    form_of,
    hidden,
    read_from,
    reading_of,
    wrong_in,
)
from watcher.web.console.telling_form import KEPT, telling_choices

_URL: Final = {"url": "https://x.example/"}
_BODIES: dict[str, dict[str, Any]] = {
    "the whole page": _URL,
    "a selector alone": {**_URL, "extract": "#price"},
    "a selector that says more": {**_URL, "extract": {"css": ".p", "type": "money", "currency": "EUR"}},
    "values": {**_URL, "extract": {"a": ".a", "b": {"xpath": "//b", "attr": "href", "type": "url"}}},
    "product data": {**_URL, "extract": {"price": {"product": "price", "type": "money"}}},
    "an expression": {**_URL, "extract": {"n": {"regex": "(\\d+) left", "type": "integer"}}},
    "a list": {**_URL, "items": {"css": "li", "key": "a", "fields": {"t": "a", "n": {"css": "b", "type": "integer"}}}},
    "a list of JSON": {**_URL, "items": {"jsonpath": "$.a[*]", "key": "$.id", "rolling": True}},
    "a feed": {**_URL, "items": {"feed": True}},
    "parts of a feed": {**_URL, "items": {"feed": True, "fields": {"by": "author"}}},
    "several topics": {**_URL, "topic": ["a", "b"], "every": "1h", "name": "X"},
    "what has no field": {**_URL, "tags": ["x"], "confirm": 2, "message": {"summary": "{{ name }}"}},
    "another order": {"topic": "t", "url": "https://x.example/", "name": "X"},
    "a sentence": {
        **_URL,
        "extract": {"price": {"css": ".p", "type": "money"}},
        "notify_when": {"price": {"below": 9}},
    },
    "a share": {**_URL, "extract": {"p": {"css": ".p", "type": "money"}}, "notify_when": {"p": {"drops_by": "5%"}}},
    "another share": {
        **_URL,
        "extract": {"p": {"css": ".p", "type": "number"}},
        "notify_when": {"p": {"rises_by": "12.5%"}},
    },
    "an amount": {**_URL, "extract": {"p": {"css": ".p", "type": "money"}}, "notify_when": {"p": {"drops_by": 20}}},
    "a word": {**_URL, "extract": {"t": "h1"}, "notify_when": {"t": {"contains": "sold out"}}},
    "two entries": {**_URL, "extract": {"t": "h1"}, "notify_when": [{"t": "changes"}, {"t": {"contains": "x"}}]},
    "rows": {**_URL, "items": {"css": "li", "key": "a"}, "notify_when": "added"},
}


@pytest.mark.parametrize("name", _BODIES)
def test_what_a_file_says_comes_back_from_the_form(name: str) -> None:
    body = _BODIES[name]
    assert body_of(form_of("x", body), [*body]) == body


def _sent(body: dict[str, Any]) -> dict[str, str]:
    """Return what a browser would send of the form of a body."""
    form = form_of("x", body)
    fields = {"id": "x", "url": form.url, "name": form.name, "topic": form.topic, "every": form.every}
    fields |= {"reads": form.reads, "when": form.when, f"what-{form.when}": form.what}
    fields |= {"kept": hidden(form.kept), "rest": hidden(form.rest)}
    places = {"rows": form.rows, "key": form.key, **{f"v{number}": each for number, each in enumerate(form.values)}}
    for prefix, place in places.items():
        fields |= {f"{prefix}-name": place.name, f"{prefix}-find": place.find, f"{prefix}-by": place.by}
        fields |= {f"{prefix}-type": place.type, f"{prefix}-rest": hidden(place.rest)}
    return fields


@pytest.mark.parametrize("name", _BODIES)
def test_what_a_browser_sends_back_is_what_it_was_shown(name: str) -> None:
    body = _BODIES[name]
    form = form_in(_sent(body))
    assert body_of(form, [*body]) == body
    assert list(wrong_in(form)) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([], id="a list"),
        pytest.param({"url": 1}, id="a number"),
        pytest.param({**_URL, "items": "li"}, id="items that are none"),
        pytest.param({**_URL, "items": {"key": "a"}}, id="rows of nothing"),
        pytest.param({**_URL, "extract": ["a"]}, id="values that are none"),
        pytest.param({**_URL, "extract": {"a": {"attr": "x"}}}, id="a value of nothing"),
        pytest.param({**_URL, "extract": {f"v{n}": "a" for n in range(MOST_VALUES + 1)}}, id="too many values"),
    ],
)
def test_what_the_form_cannot_say_is_none(body: Any) -> None:
    with pytest.raises(UnformableError):
        form_of("x", body)


def test_the_sentence_is_found_again_with_what_was_typed() -> None:
    form = form_of("x", _BODIES["a sentence"])
    assert (form.when, form.what) == ("falls_below:price", "9")
    assert form_of("x", _BODIES["two entries"]).when == KEPT
    assert form_of("x", _BODIES["rows"]).when == "new_entry:"


@pytest.mark.parametrize(
    ("body", "chosen"),
    [
        ("a share", ("falls_by:p", "5%")),
        ("another share", ("rises_by:p", "12.5%")),
        ("an amount", ("falls_by:p", "20")),
    ],
)
def test_by_how_much_a_number_changes_is_said_in_the_form(body: str, chosen: tuple[str, str]) -> None:
    form = form_of("x", _BODIES[body])
    assert (form.when, form.what) == chosen


def test_by_how_much_is_a_percentage_or_an_amount_and_what_stands_there_is_not_typed() -> None:
    sent = _sent(_BODIES["a share"]) | {"when": "falls_by:p"}
    typed = form_in(sent | {"what-falls_by:p": "7.5 %", "what-rises_by:p": "5%"})
    assert list(wrong_in(typed)) == []
    assert body_of(typed)["notify_when"] == {"p": {"drops_by": "7.5%"}}
    assert body_of(form_in(sent | {"what-falls_by:p": "20 €"}))["notify_when"] == {"p": {"drops_by": 20}}
    assert dict(wrong_in(form_in(sent | {"what-falls_by:p": "a lot"}))) == {"when": "telling_wrong_step"}
    assert dict(wrong_in(form_in(sent | {"what-falls_by:p": ""}))) == {"when": "telling_wrong_what"}
    assert dict(wrong_in(form_in(sent | {"what-rises_by:p": "6%"}))) == {"when": "telling_wrong_elsewhere"}


def test_what_no_longer_fits_what_is_read_is_asked_for_again() -> None:
    sent = _sent(_BODIES["a sentence"])
    assert dict(wrong_in(form_in(sent | {"v0-name": "cost"}))) == {"when": "telling_wrong_when"}
    assert dict(wrong_in(form_in(sent | {"what-falls_below:price": ""}))) == {"when": "telling_wrong_what"}
    assert dict(wrong_in(form_in(sent | {"what-falls_below:price": "cheap"}))) == {"when": "telling_wrong_number"}
    assert dict(wrong_in(form_in(sent | {"every": "soon"}))) == {"every": "telling_wrong_every"}
    assert dict(wrong_in(form_in(sent | {"every": "5 minutes", "what-falls_below:price": "90 €"}))) == {}
    assert dict(wrong_in(form_in(sent | {"what-rises_above:price": "90"}))) == {"when": "telling_wrong_elsewhere"}
    assert dict(wrong_in(form_in(sent | {"url": "x", "id": "a b", "v1-find": "p", "v1-name": "price"}))) == {
        "url": "edit_wrong_url",
        "id": "edit_wrong_id",
        "values": "edit_wrong_names",
        "when": "telling_wrong_when",
    }


def test_a_form_that_says_nothing_reads_nothing() -> None:
    form = form_in({})
    assert (form.reads, reading_of(form), extraction_in(form)) == (Reads.VALUES, {"extract": {}}, None)
    assert dict(wrong_in(form)) == {
        "url": "edit_wrong_url",
        "id": "edit_wrong_id",
        "values": "edit_wrong_values",
    }
    assert list(telling_choices(None)) == []


@pytest.mark.parametrize(
    "odd",
    [
        "[",
        "1",
        '"x"',
        "[" * 5_000,
        '{"a": ' * 800,
        '{"a":' * 500 + "1" + "}" * 500,
        "null",
        "\ud800",
        '{"\\ud800": 1}',
        '{"a": ["\\ud800"]}',
    ],
    ids=lambda odd: odd[:9],
)
def test_hidden_fields_that_somebody_else_wrote_are_left_out_or_judged(odd: str) -> None:
    form = form_in({"rest": odd, "v0-find": "a", "v0-rest": odd, "v0-by": "perl", "v0-type": "x", "reads": "all"})
    assert (form.rest, form.values[0].rest, form.values[0].by, form.values[0].type) == ({}, {}, "css", "")


def test_a_key_that_was_smuggled_in_is_in_the_body_that_is_judged() -> None:
    form = form_in({"url": "https://x.example/", "rest": json.dumps({"proxy": "x", "url": "http://y.example/"})})
    body = body_of(form)
    assert body["proxy"] == "x"
    with pytest.raises(UsageError):
        watch_of({"topic": "t", **body}, {})


def test_what_else_a_watch_says_stays_when_it_reads_another_thing() -> None:
    body: dict[str, Any] = {"url": "https://x.example", "topic": "news", "confirm": 2, "json_in": "script"}
    price = {"css": ".price", "type": "money", "attr": "content", "currency": "EUR"}
    form = form_of("x", body | {"extract": {"price": price}, "notify_when": [{"price": {"below": 10}}, "changes"]})
    value = form_of("new", {"url": "https://x.example", "extract": {"amount": {"css": ".amount", "type": "money"}}})
    taken = body_of(read_from(form, value))
    assert taken["extract"] == {"price": {"css": ".amount", "type": "money", "currency": "EUR"}}
    assert (taken["confirm"], taken["notify_when"], "json_in" in taken) == (2, form.kept, False)
    rows = form_of("new", {"url": "https://x.example", "items": {"css": "li", "key": "a"}})
    taken = body_of(read_from(form, rows))
    assert (taken["items"], taken["notify_when"]) == ({"css": "li", "key": "a"}, form.kept)
