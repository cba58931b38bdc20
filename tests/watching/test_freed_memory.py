"""What becomes of the memory of a page that was read, in a process of its own: it is asked of the whole process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

READ = """
import resource, sys
from watcher.watching.freed_memory import keep_freed_memory
from watcher.extract.document import Document

if sys.argv[1] == "kept":
    keep_freed_memory()
text = "<p class=x>one line</p>" * 20_000
for _ in range(5):
    Document(text)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    Document(text)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 20)
"""


def faults_of_a_page(how: str) -> int:
    """Return how many pages of memory the kernel is asked for, to read a page of 460 kB."""
    done = subprocess.run([sys.executable, "-c", READ, how], capture_output=True, text=True, check=True, timeout=60)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked")
def test_the_memory_of_a_page_is_used_for_the_next_one() -> None:
    assert faults_of_a_page("given back") > 500
    assert faults_of_a_page("kept") < 50
