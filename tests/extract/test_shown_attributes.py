"""What is read of an element whose text is not what a reader sees: the table at the head of the module."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.extract.builders import css, single
from watcher.core.values import Value, ValueType


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        pytest.param("<input value='3 left'>", ValueType.TEXT, "3 left", id="input"),
        pytest.param("<input type=submit value=Buy>", ValueType.TEXT, "Buy", id="a button"),
        pytest.param("<input>", ValueType.TEXT, "", id="an empty field"),
        pytest.param("<input type=PASSWORD value=x>", ValueType.TEXT, "", id="no password"),
        pytest.param("<input type=checkbox value=on>", ValueType.TEXT, "", id="no check box"),
        pytest.param("<meta content=' 19.99 '>", ValueType.NUMBER, 19.99, id="meta"),
        pytest.param("<img alt='In stock' src=a>", ValueType.TEXT, "In stock", id="img"),
        pytest.param("<img alt='In stock' src=a>", ValueType.URL, "https://shop.example/deals/a", id="an img's URL"),
        pytest.param("<data value=12>Twelve</data>", ValueType.TEXT, "Twelve", id="data with a text"),
        pytest.param("<data value=12> </data>", ValueType.INTEGER, 12, id="data without"),
        pytest.param("<meter value=0.4></meter>", ValueType.TEXT, "0.4", id="meter"),
        pytest.param("<time datetime=2026-12-12>soon</time>", ValueType.TEXT, "soon", id="time with a text"),
        pytest.param("<time datetime=2026-12-12></time>", ValueType.TEXT, "2026-12-12", id="time without"),
        pytest.param("<time datetime=2026-12-12>soon</time>", ValueType.DATE, date(2026, 12, 12), id="time as a date"),
        pytest.param(
            "<time datetime=2026-12-12T19:30Z>in 3 days</time>",
            ValueType.DATE,
            datetime(2026, 12, 12, 19, 30, tzinfo=UTC),
            id="a moment",
        ),
        pytest.param("<time datetime=PT2H>2026-12-12</time>", ValueType.DATE, date(2026, 12, 12), id="no day"),
        pytest.param("<b title=x>y</b>", ValueType.TEXT, "y", id="all others: their text"),
    ],
)
def test_what_is_read_without_attr(source: str, kind: ValueType, expected: object) -> None:
    tag = source[1:].split(maxsplit=1)[0].rstrip(">")
    found: Value = single(f"<!doctype html><body>{source}", value=css(tag, kind))["value"]
    assert found == expected or str(found) == str(expected)


def test_an_attribute_that_is_named_counts() -> None:
    assert single("<input value=1 name=qty>", value=css("input", attr="name")) == {"value": "qty"}
