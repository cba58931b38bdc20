"""Figures that are no plain counts of a part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.runtime.process.health import Health
from watcher.runtime.process.metrics import metrics
from watcher.runtime.process.systemd import Systemd
from watcher.runtime.workers.working import working


def named(*, age: timedelta) -> str:
    return f"{datetime.now(UTC) - age:%Y%m%dT%H%M%SZ}-daily.tar"


@pytest.mark.parametrize(
    ("names", "hours"),
    [
        pytest.param([], None, id="none"),
        pytest.param([".watcher-backup-x1y2", "notes.txt"], None, id="the draft of one that was killed"),
        pytest.param([named(age=timedelta(hours=30)), ".watcher-backup-x1y2"], 30, id="one, and such a draft"),
        pytest.param([named(age=timedelta(hours=age)) for age in (54, 6, 30)], 6, id="several"),
        pytest.param([named(age=timedelta(hours=age)) for age in (-6, 30)], 30, id="one of before the clock was set"),
    ],
)
async def test_the_age_of_the_newest_backup_is_that_of_a_whole_one(
    tmp_path: Path, names: list[str], hours: int | None
) -> None:
    (tmp_path / "backups").mkdir()
    for name in names:
        (tmp_path / "backups" / name).touch()
    text = (await metrics(Health(tmp_path, Systemd(None, None)))).decode()
    found = {family.name: family.samples[0].value for family in text_string_to_metric_families(text)}
    age = found.get("watcher_backup_age_seconds")
    assert hours == (None if age is None else age // 3_600)


async def test_a_worker_says_nothing_of_messages_that_were_given_up(
    postgresql_place: ClusterDatabase, tmp_path: Path
) -> None:
    """They are the whole cluster's, and servers count them: a worker's 0 would be taken for none."""
    settings = Settings(data=tmp_path, database=postgresql_place.url)
    health = Health(tmp_path, Systemd(None, None))
    async with working(settings, postgresql_place.url, None) as (health.watching, _):
        text = (await metrics(health)).decode()
    [family] = [each for each in text_string_to_metric_families(text) if each.name == "watcher_outbox_messages"]
    assert [(sample.labels["state"], sample.value) for sample in family.samples] == [("waiting", 0)]
