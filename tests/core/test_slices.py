from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.core.push import PushTopic, Slice

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_topic(number: int) -> PushTopic:
    return PushTopic(
        id=number, app_id=1, key=None, slug="s", name="news", description="", subscribers=0, created_at=_NOON
    )


@pytest.mark.parametrize(
    ("cut", "ids"),
    [
        pytest.param(Slice(), [1, 2, 3, 4], id="all"),
        pytest.param(Slice(limit=2), [1, 2], id="the first"),
        pytest.param(Slice(after=2), [3, 4], id="after one"),
        pytest.param(Slice(limit=2, is_newest_first=True), [4, 3], id="the newest"),
        pytest.param(Slice(after=3, limit=1, is_newest_first=True), [2], id="before one"),
    ],
)
def test_a_short_list_is_cut_as_the_slice_says(cut: Slice, ids: list[int]) -> None:
    assert [topic.id for topic in cut.of([a_topic(number) for number in (1, 2, 3, 4)])] == ids
