"""What somebody types into the console, or a team declares: nothing of it keeps the whole process waiting."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Final

from tests.faults.tally import Tally, sized
from watcher.config import clock, parse
from watcher.config.kinds import pattern
from watcher.errors import ConfigError
from watcher.extract.jsonpath import check_jsonpath
from watcher.extract.selectors import check_selector
from watcher.extract.xpath import check_xpath

_CHARS: Final = sized(3_000, 60_000)
_MOST_SECONDS: Final = 0.25
"""Of processor time. `re` lets no other thread run meanwhile, and so no reader either."""
_BEFORE: Final = ("", "a: {", "a: [", "a: b: ", 'a: "\\q', "a: @", "a: |x", "watches:\n  a: {url: ")
_REPEATED: Final = ("-", "a-", "a[", "[", "{{", "{", '"', " ", " #", "{,", "a: ", "：", "&a ", "{a: ")
_AFTER: Final = ("", ": x", "}", "\nb: c: d", "\n\tx")
_CUBIC: Final = re.compile(r"(?:(?P<key>[\w-]+):\s+)?(?P<value>[^\s{,:]+\[[^\]]*\][^,}]*)")
"""As the advice on YAML had it: 6 kB of `a[` took 12 s."""
_EXPRESSION_CHARS: Final = 1_000
_NESTED: Final[Mapping[Callable[[str], object], tuple[tuple[str, str], ...]]] = {
    check_selector: (
        (":not(", ")"),
        (":has(", ")"),
        (":is(a,", ")"),
        (":nth-child(2n of ", ")"),
        ("[", ""),
        ("a~", ""),
    ),
    partial(check_xpath, in_row=False): (("(", ")"), ("not(", ")"), ("a[", "]"), ("-", ""), ("//", ""), ("..|", "")),
    check_jsonpath: (("$[?(", ")]"), ("$[?@", "]"), ("length(", ")"), ("..*", ""), ("[0]", ""), ("a.", "")),
    pattern: (("(?:", "+)*"), ("(a{99}", "){99}"), ("[[", "]]"), ("a?", ""), (r"(?if)ß", "")),
    clock.shortest_gap: (("1,", ""), ("0 0 29 2 *", ""), ("*/1 ", ""), ("9", "")),
}


def _yaml() -> Iterator[str]:
    for before, unit, after in product(_BEFORE, _REPEATED, _AFTER):
        yield before + unit * (_CHARS // len(unit)) + after


def _nested(opening: str, closing: str) -> Iterator[str]:
    most = _EXPRESSION_CHARS // len(opening + closing)
    for times in {1, 2, 20, 21, most - 1}:
        yield opening * times + "a" + closing * times
        yield opening * times


def _seconds(judge: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    with suppress(ValueError, ConfigError):
        judge(text)
    return time.thread_time() - began


def test_yaml_is_judged_in_time(tally: Tally) -> None:
    tally.what = f"YAML of {_CHARS:,} characters, made for whoever advises on its mistakes"
    took = [_seconds(partial(parse, file="", environ={}), text) for text in _yaml()]
    tally.tried, tally.failed = len(took), sum(seconds > _MOST_SECONDS for seconds in took)
    planted = _seconds(_CUBIC.findall, "a[" * 1_100)
    tally.figures = {"slowest": f"{max(took) * 1_000:.0f} ms", "control, the former expression": f"{planted:.1f} s"}
    assert tally.failed == 0
    assert planted > _MOST_SECONDS


def test_expressions_and_schedules_are_judged_in_time(tally: Tally) -> None:
    tally.what = "CSS, XPath, JSONPath, regular expressions and schedules that nest or repeat"
    for judge, families in _NESTED.items():
        with suppress(ValueError):
            judge("$.a")  # imports the engine
        for text in (text for family in families for text in _nested(*family)):
            tally.tried += 1
            tally.failed += _seconds(judge, text) > _MOST_SECONDS
    assert tally.failed == 0
