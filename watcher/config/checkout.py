"""
Declarations as files again, for whoever edits files: the console, where no file of watches is at hand.

The texts say what was declared, digit by digit; comments and the order of lines are not declared, and so are not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from watcher.config.declared import plain_of
from watcher.config.document import Plain
from watcher.config.reading import FOLDER
from watcher.config.writing import FULL, HEADER, PATTERN, name_of_added
from watcher.config.written import text_of
from watcher.config.yaml_text import block

MAIN: Final = Path("watches.yaml")
_HEADER: Final = "# Written from what is declared to all servers. What you change here is overwritten.\n"


def checked_out(frame: str, bodies: Mapping[str, str]) -> Mapping[Path, str]:
    """Return the texts of a main file with this frame, and of those that it includes with these watches, by id."""
    said = plain_of(frame)
    main: dict[str, Plain] = {"include": PATTERN, **(said if isinstance(said, dict) else {})}
    texts = {MAIN: "\n".join([_HEADER, *block(main), ""])}
    for number, text in enumerate(files_of(bodies), start=1):
        texts[Path(FOLDER) / name_of_added(number)] = text
    return texts


def files_of(bodies: Mapping[str, str]) -> Iterator[str]:
    """Yield the texts of as many files as the watches need, as the tools write them."""
    lines, size = list[str](), 0
    for watch, body in sorted(bodies.items()):
        said = plain_of(body)
        text = _indented(text_of(watch, said if isinstance(said, dict) else {}))
        if lines and size + len(text.encode()) > FULL:
            yield _file(lines)
            lines, size = [], 0
        lines.append(text)
        size += len(text.encode())
    if lines:
        yield _file(lines)


def _file(lines: list[str]) -> str:
    return f"{HEADER}\nwatches:\n{''.join(lines)}"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
