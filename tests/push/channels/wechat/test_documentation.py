from __future__ import annotations

from pathlib import Path

import pytest

from watcher.push.channels.wechat import answers, settings
from watcher.push.channels.wechat.settings import DEFAULT_API, DEFAULT_FIELDS, Part, parse_fields

GUIDE = (Path(__file__).parents[4] / "docs" / "wechat.md").read_text(encoding="utf-8")
VARIABLES = ("APP_ID", "SECRET", "TOKEN", "AES_KEY", "TEMPLATE", "FIELDS", "API")


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_is_in_the_guide_and_at_the_head_of_the_settings(name: str) -> None:
    assert f"| `{settings.PREFIX}{name}` |" in GUIDE
    assert settings.PREFIX + name in (settings.__doc__ or "")


def test_every_error_that_is_known_is_in_the_guide() -> None:
    table = GUIDE[GUIDE.index("## What an error means") :]
    words = table.replace(",", " ").replace("*", " ").replace("|", " ").split()
    missing = [code for code in answers.KNOWN_CODES if str(code) not in words]
    assert missing == []


def test_the_guides_template_has_the_default_fields() -> None:
    for name in parse_fields(DEFAULT_FIELDS):
        assert f"{{{{{name}.DATA}}}}" in GUIDE
    assert DEFAULT_FIELDS in GUIDE
    assert DEFAULT_API in GUIDE


def test_every_part_is_in_the_guide() -> None:
    assert [part for part in Part if f"`{part}` (" not in GUIDE] == []


def test_what_the_callback_says_is_in_the_guide() -> None:
    from watcher.push.channels.wechat.inbound import REFUSALS

    told = GUIDE[GUIDE.index("| the log says |") :]
    assert [one.reason for one in REFUSALS if one.reason.split(";")[0] not in told] == []
