"""docs/watches.md tells of every key, and all its examples are right."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.config.files import plain
from tests.config.validator import validator
from tests.core.builders import play, price
from watcher.config import load
from watcher.config.schema import json_schema
from watcher.core.values import Money, ValueType
from watcher.core.watch import Operator

DOCUMENT = (Path(__file__).parents[2] / "docs" / "watches.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)

TEMPLATE = re.search(r"```yaml\n([^`]*?\{\{ chart \}\}.*?)```.*?```text\n(.*?)```", DOCUMENT, re.DOTALL)

SECTIONS = re.findall(r"^## (.*)$", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_documentation_loads(example: str, tmp_path: Path) -> None:
    (tmp_path / "watches.d").mkdir()
    (tmp_path / "watches.d" / "one.yaml").write_text("watches: {one: {url: 'https://x.example/'}}", encoding="utf-8")
    (tmp_path / "watches.yaml").write_text(example, encoding="utf-8")
    assert load(tmp_path / "watches.yaml", {"TOKEN": "secret"}).watches


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_documentation_suits_the_schema(example: str) -> None:
    validator().validate(plain(example))


def test_the_message_in_words_of_ones_own_reads_as_documented(tmp_path: Path) -> None:
    assert TEMPLATE is not None
    (tmp_path / "watches.yaml").write_text(TEMPLATE[1], encoding="utf-8")
    watched = load(tmp_path / "watches.yaml", {}).watches["dune"]
    prices = (Money(amount=Decimal(amount), currency="€") for amount in ("12.00", "11.00", "13.00", "8.50"))
    *_, last = play(watched, *map(price, prices))
    assert [f"{message.summary}\n{message.content}\n" for message in last.messages] == [TEMPLATE[2]]


@pytest.mark.parametrize("word", SECTIONS)
def test_the_contents_name_sections_that_are_there(word: str) -> None:
    heading = re.sub(r"[^\w -]", "", word.lower()).replace(" ", "-")
    assert f"(#{heading})" in DOCUMENT


def keys() -> list[str]:
    schema = json_schema()
    return sorted({key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", ())})


@pytest.mark.parametrize("key", keys())
def test_a_key_is_documented_and_shown(key: str) -> None:
    assert f"`{key}`" in DOCUMENT
    assert any(re.search(rf"\b{key}\b", example) for example in EXAMPLES)


@pytest.mark.parametrize("word", [*Operator, *ValueType])
def test_a_condition_and_a_type_are_documented_and_shown(word: str) -> None:
    assert f"`{word}`" in DOCUMENT
    assert any(re.search(rf"\b{word}\b", example) for example in EXAMPLES)
