"""docs/watches.md tells of every key, and all its examples are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from watcher.config import json_schema, parse
from watcher.core.values import ValueType
from watcher.core.watch import Operator

DOCUMENT = (Path(__file__).parents[2] / "docs" / "watches.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_documentation_loads(example: str) -> None:
    assert parse(example, file="example", environ={}).watches


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
