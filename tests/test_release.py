"""The release workflow runs what there is, by actions that cannot change, and the guides of a release are true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

import watcher
from tests.pythons import supported

ROOT = Path(__file__).parents[1]
WORKFLOW = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
UPGRADE = (ROOT / "docs" / "upgrade.md").read_text(encoding="utf-8")


def test_each_action_is_pinned_by_a_whole_commit() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []


def test_no_step_takes_a_stored_secret() -> None:
    assert "secrets." not in WORKFLOW


def test_each_job_ends_and_has_only_the_rights_that_it_names() -> None:
    assert yaml.safe_load(WORKFLOW)["permissions"] == {}
    assert [name for name, job in JOBS.items() if "permissions" not in job or job["timeout-minutes"] > 120] == []


def test_it_makes_targets_that_exist_on_the_pythons_that_are_supported() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    made = [found[1] for step in STEPS if (found := re.match(r"make (\S+)", step.get("run", "")))]
    assert made == ["test", "release-check"]
    assert all(f"\n{target}: " in makefile for target in made)
    (versions,) = (step["with"]["python-version"] for step in STEPS if "setup-python@" in step.get("uses", ""))
    assert sorted(versions.split()) == sorted(supported())


def test_the_version_has_notes() -> None:
    assert f"### {watcher.__version__}\n" in UPGRADE
