from __future__ import annotations

import pytest

from watcher.translations import Locale, preferred, spoken


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", Locale.CHINESE),
        ("de, zh-HK;q=0.9, en;q=0.5", Locale.CHINESE),
        ("en-GB", Locale.ENGLISH),
        ("zh;q=0.1, en;q=0.2", Locale.ENGLISH),
        ("zh;q=0, fr", Locale.ENGLISH),
        ("", Locale.ENGLISH),
        (";q=x,,;;q=nan,zh;q=1", Locale.CHINESE),
    ],
)
def test_the_reader_gets_the_language_that_the_browser_prefers(header: str, expected: Locale) -> None:
    assert preferred(header) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("zh", Locale.CHINESE), ("en", Locale.ENGLISH), ("de", None), ("", None), (None, None)]
)
def test_a_language_is_known_by_its_value(value: str | None, expected: Locale | None) -> None:
    assert spoken(value) is expected
