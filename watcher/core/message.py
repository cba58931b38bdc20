"""
What a message says: the default words, or the operator's template.

The summary is one line for a lock screen (`Dune 12.00 → 8.50 (−29.2%)`), the content is plain text with every row
that fired and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from watcher.core.check import OutboxMessage
from watcher.core.measures import MEASURES
from watcher.core.redaction import public_url
from watcher.core.template import render
from watcher.core.urls import is_web_url, without_login
from watcher.core.values import SINGLE, Rows, Value, are_comparable, currency, magnitude, show
from watcher.core.watch import MessageTemplate, Watch
from watcher.core.words import (
    CONTENT_CHARACTERS,
    DIGEST_CHARACTERS,
    SUMMARY_CHARACTERS,
    Firing,
    RowChange,
    Words,
    clean,
    cut,
    one_line,
)

URL_CHARACTERS = 1_000  # as many as the push service takes (`core.push.Draft`)
NAME_CHARACTERS = 40
"""Of the watch's name in a summary, so that there is room for the news."""
LABEL_CHARACTERS = 60
LINE_CHARACTERS = 200
DIFF_LINES = 20
"""Of a text's lines that came, and as many of those that went."""
_LONG = 60
"""A text over this many characters is told as a difference, not as `old → new`."""
_LEAD = 20
"""Characters shown before the place where a long line differs."""
_REASONS_CHARACTERS = 500
_NOTE_CHARACTERS = 30
"""Room for `… 123 more lines`."""
_TENTH = Decimal("0.1")
_LEAST_PERCENT = Decimal("0.05")
_MOST_PERCENT = Decimal(1_000_000)


def compose(
    watch: Watch,
    firings: Sequence[Firing],
    *,
    link: str | None,
    now: datetime,
    topic: str | None = None,
    note: str | None = None,
) -> Words:
    """
    Return the words for everything that fired in one check, within the limits whatever the values are.

    Args:
        firings: at least one.
        link: where the watch's `link:` points, when it is a selector.
        now: shown to templates as `changed_at`.
        topic: shown to templates; None: the watch's first.
        note: a line of the content besides what changed, whoever words it.
    """
    rows = _by_row(firings)
    url = _url(watch, rows, link)
    summary, content = _summary(watch, rows), _content(rows, firings, note)
    problem = None
    if watch.message != MessageTemplate():
        default = summary, content
        summary, content, problem = render(watch, rows, url=url, now=now, topic=topic, default=default)
        content = _with_note(content, note) if content != default[1] else content
    return Words(
        summary=cut(one_line(clean(summary)), SUMMARY_CHARACTERS),
        content=cut(clean(content), CONTENT_CHARACTERS),
        url=url,
        problem=cut(one_line(clean(problem)), _REASONS_CHARACTERS) if problem else None,
    )


def change_lines(old: Rows, new: Rows) -> list[str]:
    """Return what differs between two sights of a page as messages say it, one line a row: `€12.00 → €8.50`."""
    changes = [RowChange(key=key, old=old.get(key), new=new.get(key)) for key in {**old, **new}]
    return [
        _single(change).removeprefix(":").strip() if change.key == SINGLE else _row_line(change) for change in changes
    ]


def digest(messages: Sequence[OutboxMessage]) -> tuple[str, str, str | None]:
    """
    Return summary, content and URL of one message that stands for several (at least one) to the same topic.

    The URL is the one that all have; None when they differ, each then stands with its own. Nothing is cut: `parcels`
    says how many fit into one.
    """
    if len(messages) == 1:
        return messages[0].summary, messages[0].content, messages[0].url
    urls = {message.url for message in messages}
    news = "; ".join(message.summary for message in messages)
    return (
        cut(one_line(f"{len(messages)} changes: {news}"), SUMMARY_CHARACTERS),
        "\n\n".join(map(_block, messages)),
        urls.pop() if len(urls) == 1 else None,
    )


def parcels(messages: Sequence[OutboxMessage]) -> list[list[OutboxMessage]]:
    """Return the messages in their order, in as few groups as there must be for each to make one digest."""
    groups: list[list[OutboxMessage]] = []
    room = 0
    for message in messages:
        room -= len(_block(message)) + 2
        if room < 0:
            groups.append([])
            room = DIGEST_CHARACTERS - len(_block(message))
        groups[-1].append(message)
    return groups


def _block(message: OutboxMessage) -> str:
    return "\n".join(filter(None, (message.summary, message.content, message.url)))


def page_url(watch: Watch) -> str | None:
    """Return the watch's page as a phone can open it, without credentials and secrets."""
    secrets = watch.request.secrets
    return _opened(watch, watch.request.url if secrets is None else secrets.url)


def usual_url(watch: Watch) -> str | None:
    """Return what messages of the watch link to where the page itself names nothing better."""
    return _url(watch, (), None)


def _by_row(firings: Iterable[Firing]) -> list[Firing]:
    """Return one firing per row, of all entries that fired in it."""
    by_row: dict[str, Firing] = {}
    for firing in firings:
        known = by_row.get(firing.key)
        by_row[firing.key] = firing if known is None else _together(known, firing)
    return list(by_row.values())


def _together(one: Firing, other: Firing) -> Firing:
    """
    Return what two entries that fired in one row say of it.

    News goes before a reminder, and a row that is new to one of them is new; what one of them measured is shown from
    where it measured.
    """
    if one.is_reminder != other.is_reminder:
        return other if one.is_reminder else one
    if one.old is None or other.old is None:
        return one if one.old is None else other
    measured = [condition.subject or "" for condition in one.rule.conditions if condition.operator in MEASURES]
    return replace(other, old={**other.old, **{name: one.old[name] for name in measured if name in one.old}})


def _url(watch: Watch, rows: Sequence[Firing], link: str | None) -> str | None:
    """Return the first that a phone can open: the watch's own link, the row's when there is one, the page."""
    fixed = watch.link if isinstance(watch.link, str) else None
    of_row = (rows[0].new or {}).get("link") if len(rows) == 1 else None
    for url in (fixed, of_row, link):
        if url is not None and (opened := _opened(watch, url)) is not None:
            return opened
    return page_url(watch)


def _opened(watch: Watch, url: Value) -> str | None:
    """Return the URL without what is not for readers, credentials and secrets; None when it is no link to the web."""
    if watch.request.secrets is not None and isinstance(url, str):
        url = public_url(url, watch.request.secrets)
    if not isinstance(url, str) or len(url) > URL_CHARACTERS:
        return None
    return without_login(url) if is_web_url(url) else None


def _summary(watch: Watch, rows: Sequence[Firing]) -> str:
    name = cut(watch.name, NAME_CHARACTERS)
    if all(row.is_reminder for row in rows):
        return f"{name} still: {_still(rows)}"
    if rows[0].key == SINGLE:
        return f"{name}{_single(rows[0])}"
    return f"{name}: {_row_line(rows[0]) if len(rows) == 1 else _counts(rows)}"


def _still(rows: Sequence[Firing]) -> str:
    """Return what a reminder says of rows that are as they were told."""
    if len(rows) > 1:
        return f"{len(rows)} rows ({_labels(rows)})"
    row = _unchanging(rows[0])
    return _single(row).removeprefix(":").strip() if row.key == SINGLE else _row_line(row)


def _unchanging(row: Firing) -> Firing:
    """Return the row without what it was before, which is no news in a reminder."""
    return replace(row, old=row.new) if row.is_reminder else row


def _single(change: RowChange) -> str:
    """Return what follows the watch's name: ` 12.00 → 8.50`, `: Buy now`, `: price 12.00 → 8.50, stock 3 → 0`."""
    new = change.new or {}
    if len(new) != 1:
        return f": {', '.join(_told(name, change) for name in _differing(change) or new)}"
    ((name, value),) = new.items()
    before = _before(change, name)
    said = _said(before, value)
    is_sentence = said.startswith("changed: ") or magnitude(value) is not None or magnitude(before) is not None
    return f" {said}" if is_sentence else f": {said}"


def _differing(change: RowChange) -> list[str]:
    if change.old is None or change.new is None:
        return []
    return [name for name, value in change.new.items() if change.old.get(name) != value]


def _before(change: RowChange, name: str) -> Value:
    """Return the value before, or the one now when nothing is known of before."""
    return ((change.new or {}) if change.old is None else change.old).get(name)


def _told(name: str, change: RowChange) -> str:
    return f"{name} {_said(_before(change, name), (change.new or {})[name])}"


def _said(before: Value, value: Value) -> str:
    """Return one value in one line: `8.50`, `12 → 9 (−25%)`, `gone (was 8.50)`, `changed: its first new line`."""
    if before is None or before == value:
        return cut(one_line(show(value)), _LONG)
    if value is None:
        return f"gone (was {cut(one_line(show(before)), _LONG)})"
    if _is_long(before) or _is_long(value):
        return f"changed: {cut(_news(show(before), show(value)), _LONG)}"
    return f"{show(before)} → {show(value)}{_percent(before, value)}"


def _percent(before: Value, value: Value) -> str:
    """Return by how much a number moved, as ` (−29.2%)`; nothing when that says nothing."""
    old, new = magnitude(before), magnitude(value)
    if not old or new is None or not are_comparable(currency(before), currency(value)):
        return ""
    percent = (new - old) * 100 / abs(old)
    if not _LEAST_PERCENT <= abs(percent) < _MOST_PERCENT:
        return ""
    text = f"{percent.quantize(_TENTH).normalize():+f}".replace("-", "−")
    return f" ({text}%)"


def _is_long(value: Value) -> bool:
    return isinstance(value, str) and (len(value) > _LONG or "\n" in value)


def _news(old: str, new: str) -> str:
    went, came = _lines_apart(old, new)
    if came:
        return came[0]
    return f"− {went[0]}" if went else "the same lines in another order"


def _counts(rows: Sequence[Firing]) -> str:
    came = sum(row.old is None and not row.is_reminder for row in rows)
    went = sum(row.new is None for row in rows)
    still = sum(row.is_reminder for row in rows)
    counts = {"new": came, "gone": went, "changed": len(rows) - came - went - still, "as before": still}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) + f" ({_labels(rows)})"


def _labels(rows: Sequence[Firing]) -> str:
    return ", ".join(map(_label, rows[:3])) + (", …" if len(rows) > 3 else "")


def _label(change: RowChange) -> str:
    """Return how a reader calls this row: its key, and its title when it has one."""
    row = change.new or change.old or {}
    title = row.get("title") or row.get("name")
    is_needed = isinstance(title, str) and title != change.key
    return cut(one_line(f"{change.key} {title}" if is_needed else change.key), LABEL_CHARACTERS)


def _row_line(change: RowChange) -> str:
    """Return one row in one line: `+ CS101 Compilers`, `− CS101 Compilers`, or `CS101 Compilers: seats 0 → 3`."""
    label = _label(change)
    if change.new is None:
        return f"− {label}"
    mark = "+ " if change.old is None else ""
    facts = [name for name in _differing(change) if name != "link"]
    facts = facts or [name for name, value in change.new.items() if _is_fact(name, value)]
    return f"{mark}{label}" + (f": {', '.join(_told(name, change) for name in facts)}" if facts else "")


def _is_fact(name: str, value: Value) -> bool:
    return name not in ("title", "name", "link") and value is not None and not _is_long(value)


def _content(rows: Sequence[Firing], firings: Sequence[Firing], note: str | None) -> str:
    """Return what changed and why it is told. The summary above it names the watch, the link beside it the page."""
    reasons = "; ".join(dict.fromkeys(str(firing.rule) for firing in firings))
    end = ["", *([note] if note else []), f"Told because: {cut(reasons, _REASONS_CHARACTERS)}"]
    lines = _single_lines(_unchanging(rows[0])) if rows[0].key == SINGLE else [_content_line(row) for row in rows]
    room = CONTENT_CHARACTERS - sum(len(line) + 1 for line in end)
    return "\n".join([*_fitting([cut(clean(line), LINE_CHARACTERS) for line in lines], room), *end])


def _content_line(row: Firing) -> str:
    return f"still: {_row_line(_unchanging(row))}" if row.is_reminder else _row_line(row)


def _with_note(content: str, note: str | None) -> str:
    """Return the operator's own words with a line that they cannot know of."""
    return f"{cut(content, CONTENT_CHARACTERS - len(note) - 2)}\n\n{note}" if note else content


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    """Return as many lines as there is room for, in characters, and how many more there would be."""
    fitting: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < _NOTE_CHARACTERS:
            return [*fitting, f"… {len(lines) - len(fitting)} more lines"]
        fitting.append(line)
    return fitting


def _single_lines(firing: Firing) -> list[str]:
    lines: list[str] = []
    for name, value in (firing.new or {}).items():
        before = _before(firing, name)
        if before not in (None, value) and value is not None and (_is_long(before) or _is_long(value)):
            lines += [f"{name}:", *diff(show(before), show(value))]
        else:
            lines.append(f"{name}: {_said(before, value)}")
    return lines


def diff(old: str, new: str) -> list[str]:
    """Return the lines that went (`- …`) and came (`+ …`), at most DIFF_LINES of each and a note of how many more."""
    went, came = _lines_apart(old, new)
    more = max(0, len(went) - DIFF_LINES) + max(0, len(came) - DIFF_LINES)
    lines = [f"- {line}" for line in went[:DIFF_LINES]] + [f"+ {line}" for line in came[:DIFF_LINES]]
    return [*lines, f"… {more} more lines"] if more else lines or ["the same lines in another order"]


def _lines_apart(old: str, new: str) -> tuple[list[str], list[str]]:
    """
    Return the lines that went and those that came; a long one from a little before where it differs from its partner.

    Lines are counted, not aligned as difflib does: it takes minutes on pages made for it, or by chance.
    """
    before, after = Counter(old.splitlines()), Counter(new.splitlines())
    went, came = list((before - after).elements()), list((after - before).elements())
    for place, (line, other) in enumerate(zip(went[:DIFF_LINES], came[:DIFF_LINES], strict=False)):
        start = _shared(line, other) - _LEAD
        went[place], came[place] = _excerpt(line, start), _excerpt(other, start)
    return went, came


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    apart = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(apart, min(len(one), len(other)))


def _excerpt(line: str, start: int) -> str:
    return f"…{line[start:]}" if start > 0 and len(line) > _LONG else line
