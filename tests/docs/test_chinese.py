"""What is written in two languages says the same: commands, requests and figures."""

from __future__ import annotations

import re

from tests.docs.markdown import DOCS, ROOT, commands, fences

README = ((ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / "README.zh.md").read_text(encoding="utf-8"))
FIRST_STEPS = (
    (DOCS / "first-steps.md").read_text(encoding="utf-8"),
    (DOCS / "zh" / "first-steps.md").read_text(encoding="utf-8"),
)


def shapes(text: str) -> list[str]:
    """Return the commands without their comments, and without the words that are sent."""
    lines = [line.partition("  #")[0].rstrip() for line in commands(text)]
    return [re.sub(r'(: |send \w+ |--value )"[^"]*"', r'\1"…"', line) for line in lines if line]


def test_the_first_steps_run_the_same_commands() -> None:
    english, chinese = FIRST_STEPS
    assert shapes(chinese) == shapes(english)


def test_the_readmes_show_the_same_requests_and_begin_alike() -> None:
    english, chinese = README
    assert {line for line in shapes(chinese) if line.startswith("curl")} == {
        line for line in shapes(english) if line.startswith("curl")
    }
    (first, *_), (also_first, *_) = (
        [fence.text for fence in fences(text) if fence.language == "yaml"] for text in README
    )
    assert first == also_first


def test_the_figures_of_the_readmes_are_the_same() -> None:
    english, chinese = README
    assert re.findall(r"(\d+\.\d+) ms", english) == re.findall(r"(\d+\.\d+) 毫秒", chinese)
    assert re.findall(r"(\d+) MB;", english) == re.findall(r"(\d+) MB 内存", chinese)
