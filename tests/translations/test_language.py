from __future__ import annotations

import pytest

from watcher.translations import Language, preferred, spoken


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.CHINESE),
        ("de, zh-HK;q=0.9, en;q=0.5", Language.CHINESE),
        ("en-GB", Language.ENGLISH),
        ("zh;q=0.1, en;q=0.2", Language.ENGLISH),
        ("zh;q=0, fr", Language.ENGLISH),
        ("", Language.ENGLISH),
        (";q=x,,;;q=nan,zh;q=1", Language.CHINESE),
    ],
)
def test_the_reader_gets_the_language_that_the_browser_prefers(header: str, expected: Language) -> None:
    assert preferred(header) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("zh", Language.CHINESE), ("en", Language.ENGLISH), ("de", None), ("", None), (None, None)]
)
def test_a_language_is_known_by_its_value(value: str | None, expected: Language | None) -> None:
    assert spoken(value) is expected
