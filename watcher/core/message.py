"""
What a message says: the default words, or the operator's template.

The summary is one line for a lock screen (`Dune 12.00 → 8.50`), the content is plain text with every row that fired
and why.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.core.values import SINGLE, Row, Value, show
from watcher.core.watch import Rule, Watch

SUMMARY_CHARACTERS = 100
CONTENT_CHARACTERS = 4_000
"""Far more than anyone reads on a phone, and within WxPusher's 65,535 bytes however it is rendered."""
URL_CHARACTERS = 1_000
LABEL_CHARACTERS = 60
DIFF_LINES = 40
_DIFF_INPUT_LINES = 2_000
_LONG = 60
"""A text over this many characters is told as a difference, not as `old → new`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One entry that fired in one row: the row as it was last known, and as it is. None: it was, or is, not there."""

    rule: Rule
    key: str
    old: Row | None
    new: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """
    The text of a message.

    Attributes:
        problem: why the operator's template was not used; None when all went well.
    """

    summary: str
    content: str
    url: str | None
    problem: str | None = None


def compose(watch: Watch, firings: Sequence[Firing], *, link: str | None, now: datetime) -> Words:
    """
    Return the words for everything that fired in one check.

    Args:
        firings: at least one.
        link: where the watch's `link:` points, when it is a selector.
        now: shown to templates as `changed_at`.
    """
    rows = _by_row(firings)
    url = _url(watch, rows, link)
    summary, content = _summary(watch, rows), _content(watch, rows, firings, url)
    problem = None
    if watch.message.summary or watch.message.content:
        from watcher.core.template import render  # Jinja2 costs 45 ms to import, and most watches have no template

        summary, content, problem = render(watch, rows, url=url, now=now, default=(summary, content))
    return Words(
        summary=cut(one_line(summary), SUMMARY_CHARACTERS),
        content=cut(content, CONTENT_CHARACTERS),
        url=url,
        problem=problem,
    )


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def cut(text: str, characters: int) -> str:
    """Return the text, its end replaced by `…` when it is longer than this."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def _by_row(firings: Iterable[Firing]) -> list[Firing]:
    """Return one firing per row; several entries may have fired in it."""
    return list({firing.key: firing for firing in firings}.values())


def _url(watch: Watch, rows: Sequence[Firing], link: str | None) -> str | None:
    row_link = (rows[0].new or {}).get("link") if len(rows) == 1 else None
    if isinstance(watch.link, str):
        url = watch.link
    elif isinstance(row_link, str):
        url = row_link
    else:
        url = link or watch.request.url
    return url if len(url) <= URL_CHARACTERS else None


def _summary(watch: Watch, rows: Sequence[Firing]) -> str:
    if rows[0].key == SINGLE:
        return f"{watch.name}{_single(rows[0])}"
    if len(rows) == 1:
        return f"{watch.name}: {_row_line(rows[0])}"
    return f"{watch.name}: {_counts(rows)}"


def _single(firing: Firing) -> str:
    """Return what follows the watch's name: ` 12.00 → 8.50`, or `: price 12.00 → 8.50, stock 3 → 0`."""
    new = firing.new or {}
    shown = _differing(firing) or list(new)
    phrases = [_phrase("" if len(new) == 1 else name, firing.old, new[name], name) for name in shown]
    return f" {phrases[0]}" if len(new) == 1 else f": {', '.join(phrases)}"


def _differing(firing: Firing) -> list[str]:
    if firing.old is None or firing.new is None:
        return []
    return [name for name, value in firing.new.items() if firing.old.get(name) != value]


def _phrase(label: str, old: Row | None, value: Value, name: str) -> str:
    before = old.get(name) if old is not None else value
    prefix = f"{label} " if label else ""
    if before == value:
        return f"{prefix}{cut(show(value), _LONG)}"
    if _is_long(before) or _is_long(value):
        return f"{prefix}changed: {cut(_first_new_line(before, value), _LONG)}"
    return f"{prefix}{show(before)} → {show(value)}"


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _first_new_line(old: Value, new: Value) -> str:
    known = set(show(old).splitlines())
    return next((line for line in show(new).splitlines() if line not in known), "some lines went")


def _counts(rows: Sequence[Firing]) -> str:
    came = sum(row.old is None for row in rows)
    went = sum(row.new is None for row in rows)
    counts = {"new": came, "gone": went, "changed": len(rows) - came - went}
    labels = ", ".join(_label(row) for row in rows[:3])
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) + f" ({labels})"


def _label(firing: Firing) -> str:
    """Return how a reader calls this row: its key, and its title when it has one."""
    row = firing.new or firing.old or {}
    title = row.get("title") or row.get("name")
    is_needed = isinstance(title, str) and title and title != firing.key
    return cut(f"{firing.key} {title}" if is_needed else firing.key, LABEL_CHARACTERS)


def _row_line(firing: Firing) -> str:
    """Return one row in one line: `+ CS101 Compilers`, `− CS101 Compilers`, or `CS101 Compilers: seats 0 → 3`."""
    label = _label(firing)
    if firing.new is None:
        return f"− {label}"
    if firing.old is None:
        facts = [f"{name} {show(value)}" for name, value in firing.new.items() if _is_fact(name, value)]
        return f"+ {label}" + (f": {', '.join(facts)}" if facts else "")
    shown = _differing(firing) or [name for name, value in firing.new.items() if _is_fact(name, value)]
    return f"{label}: {', '.join(_phrase(name, firing.old, firing.new[name], name) for name in shown)}"


def _is_fact(name: str, value: Value) -> bool:
    return name not in ("title", "name", "link") and value is not None and not _is_long(value)


def _content(watch: Watch, rows: Sequence[Firing], firings: Sequence[Firing], url: str | None) -> str:
    lines = [watch.name, ""]
    for row in rows:
        lines += _single_lines(row) if row.key == SINGLE else [_row_line(row)]
    reasons = dict.fromkeys(str(firing.rule) for firing in firings)
    lines += ["", f"Told because: {'; '.join(reasons)}"]
    return "\n".join([*lines, url] if url else lines)


def _single_lines(firing: Firing) -> list[str]:
    lines: list[str] = []
    for name, value in (firing.new or {}).items():
        before = firing.old.get(name) if firing.old is not None else value
        if before != value and (_is_long(before) or _is_long(value)):
            lines += [f"{name}:", *diff(show(before), show(value))]
        else:
            lines.append(_phrase(f"{name}:", firing.old, value, name))
    return lines


def diff(old: str, new: str) -> list[str]:
    """Return the lines that went (`- …`) and came (`+ …`), at most DIFF_LINES of them and a note of how many more."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > _DIFF_INPUT_LINES:  # difflib is quadratic
        return [f"{len(before)} lines before, {len(after)} now"]
    lines = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    more = len(lines) - DIFF_LINES
    return [*lines[:DIFF_LINES], f"… {more} more lines"] if more > 0 else lines
