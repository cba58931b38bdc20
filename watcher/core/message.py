"""
What a message says: the default words, or the operator's template.

The summary is one line for a lock screen (`Dune 12.00 → 8.50 (−29.2%)`), the content is plain text with every row
that fired and why. What the summary says in full is not said again in the content below it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from msgspec.structs import replace

from watcher.core.chart import chart_line
from watcher.core.check import OutboxMessage, Past
from watcher.core.differences import difference
from watcher.core.lines import (
    differing,
    follows_name,
    is_difference,
    label_of,
    row_line,
    single_line,
    value_before,
    value_line,
)
from watcher.core.locale import Locale
from watcher.core.measures import MEASURES
from watcher.core.phrases import Phrases, fill, phrases_in
from watcher.core.reasons import reasons
from watcher.core.recent import recent_numbers
from watcher.core.redaction import public_url
from watcher.core.shown import shown
from watcher.core.suspicion import Belief
from watcher.core.template import Facts, render
from watcher.core.urls import is_web_url, without_login
from watcher.core.values import SINGLE, SINGLE_VALUE, Rows, Value
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
LINE_CHARACTERS = 200
_ROW_TEXT_CHARACTERS = 120
_REASONS_CHARACTERS = 500
_MOST_CHARTS = 2
_NOTE_CHARACTERS = 30
"""Room for `… 123 more lines`."""


def compose(
    watch: Watch,
    firings: Sequence[Firing],
    *,
    link: str | None,
    now: datetime,
    topic: str | None = None,
    belief: Belief | None = None,
    is_upgraded: bool = False,
    recent: str = "",
) -> Words:
    """
    Return the words for everything that fired in one check, within the limits whatever the values are.

    Args:
        firings: at least one.
        link: where the watch's `link:` points, when it is a selector.
        now: shown to templates as `changed_at`.
        topic: whose language they are in, and shown to templates; None: the watch's first.
        belief: why what was suspicious is told: a line of the content, whoever words the rest.
        is_upgraded: another version of the program read the old values; a line likewise.
        recent: the numbers that the page showed before (`recent`).
    """
    topic = topic or next(iter(watch.topics), "")
    language = watch.language_of(topic)
    phrases = phrases_in(language)
    rows = _by_row(firings)
    url = _url(watch, rows, link)
    pasts = recent_numbers(recent) if "," in recent else {}  # of one number there is nothing to say
    why = reasons((firing.rule for firing in firings), watch, language, fired=firings, pasts=pasts)
    reason, charts = cut(why, _REASONS_CHARACTERS), _charts(watch, firings, rows[0], pasts, phrases)
    notes = believed(belief, phrases) if belief else "", phrases.upgraded if is_upgraded else ""
    note = " ".join(filter(None, notes)) or None
    summary = _summary(watch, rows, phrases)
    ends = [*([note] if note else []), reason, *charts]
    is_whole = _is_whole(watch, summary) and summary == _summary(watch, rows, phrases, is_brief=False)
    content = _content(rows, ends, phrases, is_titled=is_whole and watch.message.summary is None)
    problem = None
    if watch.message != MessageTemplate():
        facts = Facts(
            watch=watch,
            rows=rows,
            url=url,
            now=now,
            topic=topic,
            reason=reason,
            difference=_difference(rows, phrases),
            chart="\n".join(charts),
            phrases=phrases,
        )
        default = summary, content
        summary, content, problem = render(facts, default=default)
        if problem is not None:
            content = _content(rows, ends, phrases, is_titled=is_whole)
        elif content != default[1]:
            content = _with_note(content, note)
    return Words(
        summary=cut(one_line(clean(summary)), SUMMARY_CHARACTERS),
        content=cut(clean(content), CONTENT_CHARACTERS),
        url=url,
        problem=cut(one_line(clean(problem)), _REASONS_CHARACTERS) if problem else None,
    )


def believed(belief: Belief, phrases: Phrases) -> str:
    """Return why what was suspicious is taken as true."""
    return phrases.accepted_by_hand if belief.checks is None else phrases.accepted_after(belief.checks)


def change_lines(old: Rows, new: Rows, phrases: Phrases | None = None) -> list[str]:
    """Return what differs between two sights of a page as messages say it, one line a row: `€12.00 → €8.50`."""
    words = phrases or phrases_in(None)
    changes = [RowChange(key=key, old=old.get(key), new=new.get(key)) for key in {**old, **new}]
    return [_line(change, words) for change in changes]


def digest(messages: Sequence[OutboxMessage], language: Locale | None = None) -> tuple[str, str, str | None]:
    """
    Return summary, content and URL of one message that stands for several (at least one) to the same topic.

    The URL is the one that all have; None when they differ, each then stands with its own. Nothing is cut: `parcels`
    says how many fit into one.
    """
    if len(messages) == 1:
        return messages[0].summary, messages[0].content, messages[0].url
    phrases = phrases_in(language)
    urls = {message.url for message in messages}
    news = phrases.semicolon.join(message.summary for message in messages)
    return (
        cut(one_line(phrases.changes(len(messages), news=news)), SUMMARY_CHARACTERS),
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


def _summary(watch: Watch, rows: Sequence[Firing], phrases: Phrases, *, is_brief: bool = True) -> str:
    name = cut(watch.name, NAME_CHARACTERS)
    if all(row.is_reminder for row in rows):
        return fill(phrases.still, name=name, text=_still(rows, phrases, is_brief))
    if rows[0].key == SINGLE and follows_name(rows[0]):
        return fill(phrases.headline, name=name, text=single_line(rows[0], phrases))
    told = _line(rows[0], phrases, is_brief) if len(rows) == 1 or rows[0].key == SINGLE else _counts(rows, phrases)
    return f"{name}{phrases.colon}{told}"


def _is_whole(watch: Watch, summary: str) -> bool:
    """Return whether nothing of a summary's news is cut."""
    return "…" not in summary.removeprefix(cut(watch.name, NAME_CHARACTERS)) and len(summary) <= SUMMARY_CHARACTERS


def _still(rows: Sequence[Firing], phrases: Phrases, is_brief: bool) -> str:
    """Return what a reminder says of rows that are as they were told."""
    if len(rows) > 1:
        return phrases.rows(len(rows), labels=_labels(rows, phrases))
    return _line(_unchanging(rows[0]), phrases, is_brief)


def _unchanging(row: Firing) -> Firing:
    """Return the row without what it was before, which is no news in a reminder."""
    return replace(row, old=row.new) if row.is_reminder else row


def _line(change: RowChange, phrases: Phrases, is_brief: bool = False) -> str:
    return (single_line if change.key == SINGLE else row_line)(change, phrases, is_brief=is_brief)


def _counts(rows: Sequence[Firing], phrases: Phrases) -> str:
    """Return how many rows came, went and so on, each with the first of them: `2 new (A, B), 1 gone (C)`."""
    kinds: dict[str, list[Firing]] = {
        phrases.came: [],
        phrases.went: [],
        phrases.changed: [],
        phrases.as_before: [],
    }
    for row in rows:
        kinds[_kind(row, phrases)].append(row)
    return phrases.comma.join(
        fill(sentence, count=len(some)) + fill(phrases.aside, text=_labels(some, phrases))
        for sentence, some in kinds.items()
        if some
    )


def _kind(row: Firing, phrases: Phrases) -> str:
    """Return the sentence that counts rows like this one."""
    if row.new is None:
        return phrases.went
    if row.is_reminder:
        return phrases.as_before
    return phrases.came if row.old is None else phrases.changed


def _labels(rows: Sequence[Firing], phrases: Phrases) -> str:
    labels = phrases.between_labels.join(map(label_of, rows[:3]))
    return fill(phrases.first_labels, labels=labels) if len(rows) > 3 else labels


def _content(rows: Sequence[Firing], ends: Sequence[str], phrases: Phrases, *, is_titled: bool) -> str:
    """
    Return what changed and why it is told.

    Args:
        ends: lines that stand behind what changed.
        is_titled: the summary, which stands above it, says how short values changed.
    """
    lines = [cut(clean(line), LINE_CHARACTERS) for line in _lines(rows, phrases, is_titled=is_titled)]
    end = ["", *ends] if lines else ends
    room = CONTENT_CHARACTERS - sum(len(line) + 1 for line in end)
    return "\n".join([*_fitting(lines, room, phrases), *end])


def _lines(rows: Sequence[Firing], phrases: Phrases, *, is_titled: bool) -> list[str]:
    if rows[0].key == SINGLE:
        row = _unchanging(rows[0])
        return _lines_of_values(row, (differing(row) or row.new or ()) if is_titled else (), phrases)
    return [] if is_titled and len(rows) == 1 else [_content_line(row, phrases) for row in rows]


def _difference(rows: Sequence[Firing], phrases: Phrases) -> str:
    """Return what changed, a line for each value or row."""
    if rows[0].key == SINGLE:
        row = _unchanging(rows[0])
        names = differing(row)
        lines = _lines_of_values(row, [name for name in row.new or () if names and name not in names], phrases)
    else:
        lines = [_content_line(row, phrases) for row in rows]
    return "\n".join(_fitting([cut(clean(line), LINE_CHARACTERS) for line in lines], CONTENT_CHARACTERS, phrases))


def _charts(
    watch: Watch, firings: Sequence[Firing], row: Firing, pasts: Mapping[str, Sequence[Past]], phrases: Phrases
) -> Sequence[str]:
    """Return a chart of each of the page's first numbers that changed, or that an entry asked for."""
    if not pasts:
        return ()
    asked = {condition.subject for firing in firings for condition in firing.rule.conditions}
    asked.update(differing(row))
    values = {} if row.new is None or row.key != SINGLE else row.new
    lines = (
        chart_line(name if len(values) > 1 else None, pasts[name], value, watch.timezone, phrases)
        for name, value in values.items()
        if name in asked and name in pasts
    )
    return [cut(clean(line), LINE_CHARACTERS) for line in islice(filter(None, lines), _MOST_CHARTS)]


def _content_line(row: Firing, phrases: Phrases) -> str:
    line = row_line(_unchanging(row), phrases, characters=_ROW_TEXT_CHARACTERS)
    return fill(phrases.still_line, text=line) if row.is_reminder else line


def _with_note(content: str, note: str | None) -> str:
    """Return the operator's own words with a line that they cannot know of."""
    return f"{cut(content, CONTENT_CHARACTERS - len(note) - 2)}\n\n{note}" if note else content


def _fitting(lines: Sequence[str], room: int, phrases: Phrases) -> list[str]:
    """Return as many lines as there is room for, in characters, and how many more there would be."""
    fitting: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < _NOTE_CHARACTERS:
            return [*fitting, phrases.more_lines(len(lines) - len(fitting))]
        fitting.append(line)
    return fitting


def _lines_of_values(firing: Firing, said: Container[str], phrases: Phrases) -> list[str]:
    """
    Return a line for each value, or several for a long text that changed.

    Args:
        said: names of short values that the summary has.
    """
    lines: list[str] = []
    new = firing.new or {}
    for name, value in new.items():
        before = value_before(firing, name)
        label = "" if new.keys() == {SINGLE_VALUE} else f"{phrases.called(name)}{phrases.colon}"  # that one has no name
        if is_difference(before, value):
            first, *rest = difference(shown(before, phrases), shown(value, phrases), phrases)
            lines += [label.rstrip(), first, *rest] if label and rest else [f"{label}{first}", *rest]
        elif name not in said:
            lines.append(f"{label}{value_line(name, firing, phrases, characters=LINE_CHARACTERS)}")
    return lines
