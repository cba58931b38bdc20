"""Whatever a file holds, it loads or is refused with a place for each mistake."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sizes import FAULTS
from watcher.config import parse
from watcher.config.starter import STARTER
from watcher.errors import ConfigError, Problem

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "watches.md").read_text(encoding="utf-8")
FILES = [STARTER, (ROOT / "watches.yaml").read_text(encoding="utf-8"), *DOCUMENT.split("```yaml\n")[1:]]
VALID = [text.partition("```")[0] for text in FILES]
WORDS = sorted({word for text in VALID for word in text.split()})
ODD = [
    *(
        "#",
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "!x ",
        "|",
        ">",
        "'",
        '"',
        "\\",
        "\t",
        "\n",
        "\r",
        "%",
        "@",
        "`",
    ),
    *(
        "~",
        "null",
        "true",
        "no",
        "10:30",
        "2026-01-01",
        "1e999",
        "9" * 5000,
        "<<: ",
        "? ",
        "---\n",
        "...\n",
        "\0",
        "\ufeff",
    ),
    *(
        "\ud800",
        "\u2028",
        "\x85",
        "${A}",
        "${",
        "$${",
        "{{ x }}",
        "{% if %}",
        "(" * 300,
        "[" * 300,
        ":not(" * 200,
        "💥",
    ),
    *(
        "for_each: [a, b]\n",
        "{each}",
        "{each.x}",
        "{today+1d}",
        "{today",
        "pages: ",
        "feed: true",
        "part: ",
        "include: ",
    ),
    *("below: 2026-02-30", "drops_by: 5%", "cron: ", "active_hours: ", "07:00", "all_well: ", "timezone: ", "never"),
    *("extract: ", "items: ", "notify_when: ", "<url>", "value: ", "css: ", "key: ", "model_config: ", "__class__: "),
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 6))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.sampled_from([0, 0, 1, 3, 20])))
        piece = draw(st.sampled_from(ODD) | st.sampled_from(WORDS) | st.text(max_size=4))
        text = text[:begin] + piece + text[end:]
    return text


def judge(text: str) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        parse(text, file="f", environ={"A": "a", "TOKEN": "t"})
    except ConfigError as error:
        problems = error.problems
    if problems is not None:
        assert problems
        lines = text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029")
        for problem in problems:
            assert 1 <= problem.line <= lines + 1, problem
            assert problem.column >= 1
            assert problem.text
            assert "\n" not in str(problem), problem
            assert len(str(problem)) < 1_000


@pytest.mark.sized
@settings(max_examples=FAULTS.sized(60, 2_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=mutated())
def test_a_mutated_file_loads_or_says_where_it_is_wrong(text: str) -> None:
    judge(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_loads_or_says_where_it_is_wrong(text: str) -> None:
    judge(text)


CHUNKS = 10
FILES_OF_A_CHUNK = FAULTS.sized(100, 1_000)


@pytest.mark.sized
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_thousands_of_mutated_files_load_or_say_where_they_are_wrong(chunk: int) -> None:
    chance = random.Random(chunk)
    for _ in range(FILES_OF_A_CHUNK):
        judge(mutated_by(chance))


def mutated_by(chance: random.Random) -> str:
    text = chance.choice(VALID)
    for _ in range(chance.randint(1, 6)):
        begin = chance.randint(0, len(text))
        end = min(len(text), begin + chance.choice([0, 0, 1, 3, 20]))
        text = text[:begin] + chance.choice(chance.choice([ODD, WORDS])) + text[end:]
    return text


def test_a_billion_laughs_within_a_watch_are_refused_at_once() -> None:
    levels = "".join(f"  l{n}: &l{n} {{{', '.join(f'k{k}: *l{n - 1}' for k in range(10))}}}\n" for n in range(1, 9))
    judge(f"topics:\n  l0: &l0 {{name: a}}\n{levels}watches: {{}}")


@pytest.mark.parametrize("key", ["extract", "items", "notify_when", "where", "body", "for_each", "headers", "pages"])
def test_what_is_nested_as_deep_as_yaml_may_is_judged_under_every_key(key: str) -> None:
    for opening, closing in (("[", "]"), ("{a: ", "}")):
        nested = f"{opening * 15}x{closing * 15}"
        judge(f"watches: {{w: {{url: 'https://x.example/', topic: t, {key}: {nested}}}}}")
