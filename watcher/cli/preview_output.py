"""How `watcher try` shows what it found: in words, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from watcher.cli.output import counted, failure_json, short, value_json, values_json, values_text
from watcher.cli.preview import PlayedChange, Preview, held_in, sample_of
from watcher.cli.second_look_output import print_second_look, second_look_json
from watcher.core.check import CheckFailure
from watcher.core.redaction import redacted
from watcher.core.rehearsal import Rehearsed, Told
from watcher.core.urls import host_of, is_private_host
from watcher.core.values import SINGLE, Json, Rows
from watcher.core.watch import Rule, Watch
from watcher.extract.explain import VALUELESS, Explanation, SelectorFinding

_SHOWN = 200
"""Characters of a value that are printed."""


def print_preview(preview: Preview, *, now: datetime) -> None:
    """Print what was found on a page, and what a check of the watch would make of it."""
    watch, response = preview.watch, preview.response
    kind = redacted(response.media_type or "an unnamed type", watch.request.secrets)
    click.echo(f"{redacted(response.url, watch.request.secrets)}: {len(response.wire):,} bytes of {kind}")
    _print_explanation(preview.explanation, preview.failure)
    for note in preview.observation.notes if preview.observation else ():
        click.echo(f"note: {note}")
    if preview.failure:
        click.echo(f"a check would fail: {preview.failure.kind}: {preview.failure.text}", err=True)
    if preview.state is None:
        _print_private_advice(watch, response.url)
    if preview.second is not None:
        print_second_look(preview.second)
    if preview.rehearsed is not None:
        _print_rehearsed(preview, preview.rehearsed, now=now)


def _print_rehearsed(preview: Preview, rehearsed: Rehearsed, *, now: datetime) -> None:
    if preview.state is None or preview.observation is None:
        return
    failure = rehearsed.decision.state.failure
    verdict = f"{failure.kind}: {failure.text}" if failure else rehearsed.decision.verdict.replace("_", " ")
    click.echo(f"a check now: {verdict}: {values_text(preview.observation.rows)}")
    for rule in preview.watch.rules:
        click.echo(_rule_line(preview.watch, rule, rehearsed, preview.observation.rows))
    _print_told(rehearsed.told)
    if not rehearsed.told:
        click.echo("would tell nobody: first look" if preview.state.snapshot is None else "would tell nobody anything")
        if (sample := sample_of(preview.watch, preview.observation, now=now)) is not None:
            click.echo("a message would read like this:")
            _print_words(sample)


def preview_json(preview: Preview) -> dict[str, Json]:
    """Return the same as a record."""
    watch, response, explanation = preview.watch, preview.response, preview.explanation
    observation, rehearsed = preview.observation, preview.rehearsed
    record: dict[str, Json] = {
        "watch": None if preview.state is None else watch.id,
        "url": redacted(response.url, watch.request.secrets),
        "bytes": len(response.wire),
        "media_type": response.media_type and redacted(response.media_type, watch.request.secrets),
        "encoding": explanation.encoding,
        "encoding_why": explanation.why,
        "findings": [_finding_json(finding) for finding in explanation.findings],
        "row_count": explanation.row_count,
        "values": values_json(observation.rows) if observation else None,
        "notes": [*observation.notes] if observation else [],
        "second_look": second_look_json(preview.second),
        "error": failure_json(preview.failure),
    }
    if rehearsed is None or observation is None:
        return record
    return record | {
        "outcome": rehearsed.decision.verdict.value,
        "rules": [_rule_json(rule, rehearsed, observation.rows) for rule in watch.rules],
        "messages": [told.record for told in rehearsed.told],
        "error": failure_json(rehearsed.decision.state.failure),
    }


def _print_explanation(explanation: Explanation, failure: CheckFailure | None) -> None:
    click.echo(f"read as {explanation.encoding} ({explanation.why})")
    for finding in explanation.findings:
        for line in _finding_lines(finding, failure):
            click.echo(line)
    if explanation.row_count is not None:
        click.echo(f"{explanation.row_count} rows on the page; the first of those that count:")
        for key, row in explanation.rows.items():
            click.echo(f"  {key}: {', '.join(f'{name} {short(value, _SHOWN)}' for name, value in row.items())}")
    if explanation.next_url:
        click.echo(f"the list goes on at {explanation.next_url}")


def _finding_lines(finding: SelectorFinding, failure: CheckFailure | None) -> Iterator[str]:
    """Yield `price: .price (css): 1 found, by turbohtml`, and what it reads; nothing where the failure says it all."""
    is_told = failure is not None and finding.error == failure.text
    if is_told and not finding.matched:
        return
    query = finding.query
    selector = f"{query} ({query.language})" if query and query.expression else query or "the whole text"
    narrowed = f" narrowed by {finding.regex}" if finding.regex else ""
    by = f", by {finding.engine}" if finding.engine else ""
    yield f"{finding.name}: {selector}{narrowed}: {finding.matched} found{by}"
    if finding.error and not is_told:
        yield f"  {finding.error}"
    elif not finding.error and finding.name not in VALUELESS:
        yield f"  = {short(finding.value, _SHOWN)}"
    if len(finding.matches) > 1:
        yield from _match_lines(finding)


def _match_lines(finding: SelectorFinding) -> Iterator[str]:
    """Yield what else the selector could read, for who looks for the one that is meant."""
    shown = len(finding.matches)
    yield f"  the first {shown} of {finding.matched:,}:" if finding.matched > shown else f"  all {shown}:"
    for number, value in enumerate(finding.matches, 1):
        yield f"  {number:>4}. {short(value, _SHOWN)}"


def _finding_json(finding: SelectorFinding) -> dict[str, Json]:
    query = finding.query
    return {
        "name": finding.name,
        "selector": query.expression if query else None,
        "language": query.language.value if query else None,
        "engine": finding.engine,
        "matched": finding.matched,
        "regex": finding.regex,
        "text": finding.raw,
        "value": value_json(finding.value),
        "matches": [value_json(value) for value in finding.matches],
        "error": finding.error,
    }


def _print_private_advice(watch: Watch, url: str) -> None:
    """Say what a watch needs that `try` does without; of names only `localhost` is known not to be public."""
    host = host_of(url)
    if is_private_host(host):
        shown = redacted(host, watch.request.secrets)
        click.echo(f"{shown} is not a public address: a watch of this needs `allow_private: true`")


# The entries of `notify_when`


def _rule_line(watch: Watch, rule: Rule, rehearsed: Rehearsed, rows: Rows) -> str:
    """Return how an entry stands: `price below 10: fires`, `added: fires when a row is added`."""
    fires = rule in rehearsed.fired
    if rule.is_event:
        return f"{rule}: fires" if fires else f"{rule}: {_when(rule)}"
    held = held_in(rule, rows)
    if not held:
        return f"{rule}: does not hold"
    where = f" in {held} of {counted(len(rows), 'row')}" if SINGLE not in rows else ""
    waits = "fires" if fires else "holds" + (f", is told after {watch.confirm} checks" if watch.confirm > 1 else "")
    return f"{rule}: {waits}{where}"


def _when(rule: Rule) -> str:
    """Return `fires when a row is added`; of an entry that says itself what happens, `fires when that happens`."""
    words = {"added": "a row is added", "removed": "a row is removed", "changes": "any value changes"}
    words["changed"] = "any field of a row changes"
    texts = [*map(str, rule.conditions)]
    clauses = [words.get(text) or re.sub(r"^changed (.+)$", r"\1 of a row changes", text) for text in texts]
    return f"fires when {' and '.join(clauses)}" if clauses != texts else "fires when that happens"


def _rule_json(rule: Rule, rehearsed: Rehearsed, rows: Rows) -> dict[str, Json]:
    held = None if rule.is_event else held_in(rule, rows)
    return {"rule": str(rule), "event": rule.is_event, "rows": held, "fires": rule in rehearsed.fired}


# A change


def print_change(change: PlayedChange, before: Path, after: Path) -> None:
    """Print what a change from one file to another would tell."""
    watch, looks = change.watch, change.looks
    click.echo(f"{before}: {looks[0].decision.verdict}: {values_text(change.first.observation.rows)}")
    _print_look(looks[0])
    failure = looks[1].decision.state.failure
    verdict = f"{failure.kind}: {failure.text}" if failure else looks[1].decision.verdict
    click.echo(f"{after}: {verdict}: {values_text(change.second.observation.rows)}")
    for note in change.second.observation.notes:
        click.echo(f"note: {note}")
    if watch.confirm > 1:
        click.echo(f"`confirm: {watch.confirm}`: the second page is looked at {watch.confirm} times")
    for look in looks[1:]:
        _print_look(look)
    if not any(look.told for look in looks[1:]):
        click.echo("would tell nobody anything")


def _print_look(look: Rehearsed) -> None:
    for rule in look.fired:
        click.echo(f"{rule}: fires")
    _print_told(look.told)


def change_json(change: PlayedChange) -> dict[str, Json]:
    """Return the same as a record."""
    looks = change.looks
    return {
        "watch": change.watch.id,
        "from": values_json(change.first.observation.rows),
        "to": values_json(change.second.observation.rows),
        "outcome": looks[1].decision.verdict.value,
        "error": failure_json(looks[1].decision.state.failure),
        "notes": [*change.second.observation.notes],
        "rules": [*dict.fromkeys(str(rule) for look in looks[1:] for rule in look.fired)],
        "already": [told.record for told in looks[0].told],
        "messages": [told.record for look in looks[1:] for told in look.told],
    }


# Messages


def _print_told(told: Sequence[Told]) -> None:
    for each in told:
        click.echo(f"would tell {', '.join(each.topics)}: {each.summary}")
        _print_indented(each.content)


def _print_words(told: Told) -> None:
    click.echo(f"  {told.summary}")
    _print_indented(told.content)


def _print_indented(content: str) -> None:
    for line in content.splitlines():
        click.echo(f"    {line}".rstrip())
