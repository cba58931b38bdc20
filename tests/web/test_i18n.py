from __future__ import annotations

import re
import string
from importlib import resources

import pytest

from watcher.web.i18n import TEXTS, Language, preferred, text


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


def test_every_text_stands_in_both_languages_with_the_same_blanks() -> None:
    for key, (english, chinese) in TEXTS.items():
        assert english, key
        assert chinese, key
        assert _blanks(english) == _blanks(chinese), key


def test_every_text_that_a_template_names_exists() -> None:
    for template in resources.files("watcher.web").joinpath("templates").iterdir():
        for key in re.findall(r"\bt\('(\w+)'[,)]", template.read_text(encoding="utf-8")):
            assert key in TEXTS, f"{template.name}: {key}"


def test_blanks_are_filled_in() -> None:
    assert text(Language.CHINESE, "run_by", name="watcher") == "由 watcher 运营"


def _blanks(words: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}
