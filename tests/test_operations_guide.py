"""docs/operations.md tells the truth: its figures are those that a process exports, each with its type and labels."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.command import Command, eventually
from tests.site import serve_site

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OF_CLUSTERS = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
METRICS = {
    name: (kind, frozenset(re.findall(r"`(\w+)`", labels)))
    for name, kind, labels in re.findall(r"^\| `(\w+)` \| (counter|gauge|histogram) \|([^|]*)\|", GUIDE, re.MULTILINE)
}


ONLY_IN_CLUSTERS = {"watcher_others_heard"} | {name for name in METRICS if name.startswith("watcher_cluster_")}
"""What a server shows whose database others use as well (`tests/cluster`)."""


async def exported(url: str) -> dict[str, tuple[str, frozenset[str]]]:
    """What a process shows: name → type and labels."""
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        assert answer.status == 200
        text = await answer.text()
    return {
        family.name + ("_total" if family.type == "counter" else ""): (
            family.type,
            frozenset(label for sample in family.samples for label in sample.labels),
        )
        for family in text_string_to_metric_families(text)
    }


async def test_every_figure_is_documented_and_every_documented_one_is_exported(tmp_path: Path) -> None:
    watcher = Command(tmp_path)
    (tmp_path / ".watcher" / "backups").mkdir(parents=True, mode=0o700)
    (tmp_path / ".watcher" / "backups" / "20260101T000000Z-daily.tar").touch()
    async with serve_site() as site:
        watcher.write(
            f"watches: {{a: {{url: '{site.url}/gone', topic: t, allow_private: true, every: 1s, extract: h1}}}}"
        )
        async with watcher.running("run", "--port", "0") as (_, first):
            base = first.rpartition("inbox at ")[2].partition("/inbox")[0]

            async def failed() -> dict[str, tuple[str, frozenset[str]]] | None:
                found = await exported(f"{base}/metrics")
                return found if found["watcher_check_failures_total"][1] and "handovers" in str(found) else None

            found = await eventually(failed)
    documented = {name: METRICS[name] for name in METRICS.keys() - ONLY_IN_CLUSTERS}
    assert {name: kind for name, (kind, _) in found.items()} == {name: kind for name, (kind, _) in documented.items()}
    # A family without a sample shows no labels: this process has no channels.
    labels = {name: labels for name, (_, labels) in found.items() if labels}
    assert labels == {name: documented[name][1] for name in labels}
    assert {name for name, (_, said) in documented.items() if said} - labels.keys() <= {"watcher_handovers_total"}


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(groups:\n.*?)```", GUIDE + OF_CLUSTERS, re.DOTALL))
def test_the_rules_ask_for_figures_that_there_are(block: str) -> None:
    rules = [rule for group in yaml.safe_load(block)["groups"] for rule in group["rules"]]
    named = {name for rule in rules for name in re.findall(r"\b(?:watcher|process)_\w+", rule["expr"])}
    assert named
    assert named - METRICS.keys() == set()


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", GUIDE))
def test_a_linked_file_is_there(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()
