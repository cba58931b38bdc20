"""Other `notify_when` put into the lines of a watch."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.config.edits import WrittenWatch
from watcher.config.other_rules import lines_with_rules
from watcher.config.written import read_written

_OTHER = "- price: {below: 9}\n- changes\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "dune:\n  url: https://x.example  # mine\n  notify_when:\n    - price: {below: 10}\n  every: 1h\n",
            "dune:\n  url: https://x.example  # mine\n  notify_when:\n    - price: {below: 9}\n    - changes\n"
            "  every: 1h\n",
            id="lines of their own, comments stay",
        ),
        pytest.param(
            "dune:\n  notify_when:\n  - price: {below: 10}\n  url: https://x.example\n",
            "dune:\n  notify_when:\n    - price: {below: 9}\n    - changes\n  url: https://x.example\n",
            id="a list at its key's margin",
        ),
        pytest.param(
            "dune:\n  notify_when: changes\n",
            "dune:\n  notify_when:\n    - price: {below: 9}\n    - changes\n",
            id="one entry in the line",
        ),
        pytest.param(
            "dune:\n  url: https://x.example\n",
            "dune:\n  url: https://x.example\n  notify_when:\n    - price:\n        below: 9\n    - changes\n",
            id="none before",
        ),
        pytest.param(
            "dune:\n  message: |\n    notify_when: no key\n  notify_when: changes\n",
            "dune:\n  message: |\n    notify_when: no key\n  notify_when:\n    - price:\n        below: 9\n"
            "    - changes\n",
            id="a text that looks like the key",
        ),
    ],
)
@pytest.mark.parametrize("text", [_OTHER, "notify_when:\n  - price: {below: 9}\n  - changes\n"])
def test_other_entries_stand_in_the_place_of_a_watchs_own(before: str, after: str, text: str) -> None:
    lines = lines_with_rules("dune", _written(before), text)
    assert read_written(lines).body == read_written(after).body
    if "{" in after and text == _OTHER:
        assert lines == after


def _written(text: str) -> WrittenWatch:
    body = read_written(text).body
    assert isinstance(body, dict)
    return WrittenWatch(path=Path("x"), text=text, line=1, body=body, digest="", is_of_tools=True)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("price: {below: 9}\n", {"price": {"below": 9}}),
        ("notify_when:\n  price:\n    below: 9\n", {"price": {"below": 9}}),
        ("changes", "changes"),
    ],
)
def test_one_entry_or_one_word_may_stand_without_a_list(text: str, rules: object) -> None:
    before = "dune:\n  url: https://x.example  # mine\n  notify_when: [changes]\n"
    lines = lines_with_rules("dune", _written(before), text)
    assert read_written(lines).body == {"url": "https://x.example", "notify_when": rules}
    assert "# mine" in lines
