"""What ten thousand watches cost, counted by the operating system in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.alone]

WATCHES = 10_000
FILES = 20
CPU_SECONDS = 3.0
EACH_CPU_SECONDS = 1.0
MEMORY_MB = 120

# A child's peak begins with the memory of the process it was forked from, so a small one stands in between.
MEASURED = """
import subprocess, sys
raise SystemExit(subprocess.run([sys.executable, "-c", sys.argv[1], sys.argv[2]]).returncode)
"""
LOADED = """
import json, resource, sys, time
from pathlib import Path

import pytest
from watcher.config import load
began = time.process_time()
file = load(Path(sys.argv[1]), {})
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(json.dumps([len(file.watches), time.process_time() - began, peak]))
"""


def measure(path: Path) -> tuple[int, float, float]:
    """Load a file; return how many watches it has, the CPU time in seconds and the peak memory in MB."""
    out = subprocess.run(
        [sys.executable, "-c", MEASURED, LOADED, str(path)], capture_output=True, check=True, cwd=path.parents[0]
    ).stdout
    watches, cpu, peak = json.loads(out)
    return watches, cpu, peak


def small_watch(number: int) -> str:
    return f"""\
  w{number}:
    url: https://h{number}.example/page
    extract:
      price: {{css: .price-{number}, type: money}}
    notify_when:
      - price: {{below: {number + 1}}}
"""


@pytest.mark.faults
def test_ten_thousand_watches_of_many_files_load_in_three_seconds(tmp_path: Path) -> None:
    share = WATCHES // FILES
    for number in range(FILES):
        bodies = "".join(map(small_watch, range(number * share, (number + 1) * share)))
        (tmp_path / f"{number}.yaml").write_text(f"watches:\n{bodies}", encoding="utf-8")
    (tmp_path / "main").write_text("include: '*.yaml'\ndefaults: {topic: t, every: 1h}\n", encoding="utf-8")
    watches, cpu, peak = measure(tmp_path / "main")
    print(f"{watches} watches in {FILES} files: {cpu:.2f} s CPU, {peak:.0f} MB at most")
    assert watches == WATCHES
    assert cpu <= CPU_SECONDS  # 1.2 s measured on an idle machine
    assert peak <= MEMORY_MB


@pytest.mark.faults
def test_ten_thousand_watches_of_one_load_in_a_second(tmp_path: Path) -> None:
    values = "".join(f"      - n{number}\n" for number in range(WATCHES))
    body = small_watch(1).replace("/page", "/{each}") + "    topic: t\n    for_each:\n" + values
    (tmp_path / "main").write_text(f"watches:\n{body}", encoding="utf-8")
    watches, cpu, peak = measure(tmp_path / "main")
    print(f"{watches} watches of one: {cpu:.2f} s CPU, {peak:.0f} MB at most")
    assert watches == WATCHES
    assert cpu <= EACH_CPU_SECONDS  # 0.3 s measured on an idle machine
    assert peak <= MEMORY_MB
