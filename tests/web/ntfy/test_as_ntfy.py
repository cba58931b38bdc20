"""The requests of `cases.py`: what is answered here, beside what Debian's ntfy answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sizes import FAULTS
from tests.web.ntfy.cases import PUBLISHING, READING, TOPICS, Case
from tests.web.ntfy.inboxes import inboxes_in, settings_in
from tests.web.ntfy.real import RECORDED, answers, ask_ntfy, needs_ntfy
from watcher.core.pace import RateLimit

_GUIDE = Path(__file__).parents[3] / "docs" / "api.md"
_EVERY_TENTH = (*READING, *PUBLISHING)[::10]
_CASES = FAULTS.sized(_EVERY_TENTH, (*READING, *PUBLISHING))


def _recorded() -> dict[str, Any]:
    said = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert isinstance(said, dict)
    return said


async def _ours(directory: Path, cases: Sequence[Case]) -> dict[str, Any]:
    settings = settings_in(directory, app_calls=RateLimit(calls=1_000, per=timedelta(seconds=1)))
    async with inboxes_in(directory, settings) as inboxes:
        app, token = await inboxes.site.app()
        for name in TOPICS:
            await inboxes.site.push.topics.add(name, app_id=app.id)
        return dict(await answers(inboxes.site.client, inboxes.site.base, token, cases))


@pytest.mark.sized
async def test_what_is_answered_is_ntfys_answer_or_a_row_of_the_guide_says_so(tmp_path: Path) -> None:
    recorded = _recorded()
    said = await _ours(tmp_path, _CASES)
    different = {name: (answer, recorded[name]) for name, answer in said.items() if answer != recorded[name]}
    assert different.keys() == {case.id for case in _CASES if case.row}, json.dumps(different, indent=1)


@pytest.mark.faults
async def test_a_case_that_is_answered_otherwise_would_be_noticed(tmp_path: Path) -> None:
    """The control."""
    case = next(case for case in PUBLISHING if case.id == "Title: T")
    said = await _ours(tmp_path, [replace(case, headers={"Title": "another"})])
    assert said[case.id] != _recorded()[case.id]


def test_the_guide_has_a_row_for_each_difference() -> None:
    section = _GUIDE.read_text(encoding="utf-8").partition("### Where it differs from ntfy\n")[2].partition("\n## ")[0]
    rows = set(re.findall(r"(?m)^\| ([^|]+?) \|", section))
    assert {case.row for case in (*READING, *PUBLISHING) if case.row} <= rows
    assert f"{len(READING) + len(PUBLISHING)} requests" in section


@needs_ntfy
@pytest.mark.faults
async def test_what_was_recorded_is_what_ntfy_answers(tmp_path: Path) -> None:
    assert await ask_ntfy(tmp_path) == _recorded()
