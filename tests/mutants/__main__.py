"""
Plants 60 defects in the product, one at a time, and says which of them a test finds.

    python -m tests.mutants [--json] [--processes 2] [--only WORD …] [COMMIT]      (make mutants)

It works on a commit (HEAD), in checkouts of its own. First it records once which tests reach the defects, by a run of
all tests that `make test` runs; then it runs for each defect those that reach it, until one fails. Both are kept in
`build/mutants`, by commit, so that it goes on where it was stopped. It takes about three times as long as the tests.

Ends with 1 where a defect is gone, because what it changes was rewritten: then `defects.toml` needs another one. It
judges nothing by itself: compare two commits.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import msgspec

from tests.failed_before import git
from tests.mutants.checkout import Checkout, checkout_of
from tests.mutants.defects import Defect, read_defects
from tests.mutants.judging import Verdict, judge
from tests.mutants.recording import Recording, key_of, record

KEPT: Final = Path("build", "mutants")


class Kept:
    """What is known of a commit already."""

    def __init__(self, commit: str, folder: Path = KEPT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._recording = folder / f"{commit[:12]}.recording.json"
        self._verdicts = folder / f"{commit[:12]}.verdicts.jsonl"

    def recording(self, defects: Sequence[Defect]) -> Recording | None:
        """Return which tests reach the defects; None: that was not recorded of all of them."""
        if not self._recording.exists():
            return None
        found = msgspec.json.decode(self._recording.read_bytes(), type=Recording)
        return found if {key_of(defect) for defect in defects} <= set(found.reached) else None

    def keep_recording(self, recording: Recording) -> None:
        """Keep which tests reach the defects."""
        self._recording.write_bytes(msgspec.json.encode(recording))

    def verdicts(self) -> Sequence[Verdict]:
        """Return what was judged."""
        lines = self._verdicts.read_bytes().splitlines() if self._verdicts.exists() else ()
        return [msgspec.json.decode(line, type=Verdict) for line in lines]

    def keep_verdict(self, verdict: Verdict) -> None:
        """Keep what became of a defect."""
        with self._verdicts.open("ab") as file:
            file.write(msgspec.json.encode(verdict) + b"\n")


def judge_all(commit: str, defects: Sequence[Defect], recording: Recording, *, processes: int) -> Iterator[Verdict]:
    """Yield what became of each defect; so many are judged at a time."""
    with ExitStack() as stack:
        free: SimpleQueue[Checkout] = SimpleQueue()
        for _ in range(min(processes, len(defects))):
            free.put(stack.enter_context(checkout_of(commit)))

        def judge_one(defect: Defect) -> Verdict:
            checkout = free.get()
            try:
                return judge(checkout, defect, recording)
            finally:
                free.put(checkout)

        with ThreadPoolExecutor(processes) as threads:
            yield from threads.map(judge_one, defects)


def table(verdicts: Sequence[Verdict]) -> str:
    """Return a Markdown table, and the numbers."""
    rows = [f"| {one.file.removeprefix('watcher/')}:{one.line} | {one.kind} | {_said(one)} |" for one in verdicts]
    counts = Counter(one.state for one in verdicts)
    total = ", ".join(f"{number} {state}" for state, number in counts.most_common())
    return "\n".join(["| defect | kind | found by |", "|---|---|---|", *rows, "", f"{len(verdicts)} defects: {total}"])


def _said(verdict: Verdict) -> str:
    if verdict.state == "found":
        return f"`{verdict.by.removeprefix('tests/').replace('|', chr(92) + '|')}`"
    return f"**{verdict.state}** ({verdict.asked} tests reach it)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge them; return 1 where a defect is gone."""
    wanted = _parser().parse_args(arguments)
    commit = git("rev-parse", wanted.commit)
    defects = [one for one in read_defects() if not wanted.only or any(word in one.file for word in wanted.only)]
    kept = Kept(commit)
    recording = kept.recording(defects)
    if recording is None:
        print("Running all tests once, to see which of them reach the defects.", file=sys.stderr, flush=True)
        recording = record(commit, read_defects(), processes=wanted.processes)
        kept.keep_recording(recording)
    known = {(one.file, one.before): one for one in kept.verdicts()}
    left = [one for one in defects if (one.file, one.before) not in known]
    for verdict in judge_all(commit, left, recording, processes=wanted.processes):
        print(
            f"{verdict.file}:{verdict.line} {verdict.kind}: {verdict.by or verdict.state}", file=sys.stderr, flush=True
        )
        kept.keep_verdict(verdict)
        known[verdict.file, verdict.before] = verdict
    verdicts = [known[one.file, one.before] for one in defects]
    print(msgspec.json.format(msgspec.json.encode(verdicts)).decode() if wanted.json else table(verdicts))
    return 1 if any(one.state == "gone" for one in verdicts) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("commit", nargs="?", default="HEAD", help="whose product and tests are tried")
    parser.add_argument("--processes", type=int, default=2, help="how many tests run at a time (2)")
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="WORD", help="defects in files with this in their name"
    )
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
