"""What becomes of memory that was freed, in processes of their own: it is asked of the whole process."""

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

GROWN = """
import sys
from watcher.watching.freed_memory import give_back_large_pieces

def resident():
    return int(open("/proc/self/statm").read().split()[1])

if sys.argv[1] == "given back":
    give_back_large_pieces()
bytes(8_000_000)  # as of a file that is read: from here on glibc takes what is smaller from the heap
numbers = list(range(100_000))
tables, others = [{} for _ in range(8)], []
before = resident()
for number in numbers:
    for table in tables:
        table[number] = None
    if number % 50 == 0:
        others.append(bytes(1_000))
print((resident() - before) * 4096)
"""
pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked")


def printed_by(code: str, how: str) -> int:
    done = subprocess.run([sys.executable, "-c", code, how], capture_output=True, text=True, check=True, timeout=60)
    return int(done.stdout)


def faults_of_a_page(how: str) -> int:
    """Return how many pages of memory the kernel is asked for, to read a page of 460 kB."""
    return printed_by(READ, how)


def test_the_memory_of_a_page_is_used_for_the_next_one() -> None:
    assert faults_of_a_page("given back") > 500
    assert faults_of_a_page("kept") < 50


def test_what_tables_outgrow_while_a_watcher_starts_leaves_no_holes() -> None:
    kept, given_back = printed_by(GROWN, "kept"), printed_by(GROWN, "given back")
    assert given_back < 0.9 * kept, f"{given_back / 1e6:.0f} MB of {kept / 1e6:.0f} MB"
