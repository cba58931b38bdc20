"""`watcher try`: look at a page once and explain what a check would make of it. Keeps nothing and tells nobody."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import click
from msgspec import Struct

from watcher import runtime
from watcher.cli import options
from watcher.cli.declaring import Argument, Option, command
from watcher.cli.options import ConfigOption, DataOption, JsonOption
from watcher.cli.output import counted, failure_json, print_json, short, value_json, values_json, values_text
from watcher.cli.rehearsal import Rehearsed, Told, rehearse
from watcher.core.check import CheckFailure, Decision, Observation, Seen, WatchState
from watcher.core.redaction import redacted, redacted_state
from watcher.core.settings import Settings
from watcher.core.urls import host_of, looks_like_web_url
from watcher.core.values import SINGLE, Json, Rows
from watcher.core.watch import Rule, Watch
from watcher.errors import CheckError, ConfigError, UsageError

if TYPE_CHECKING:
    from watcher.core.page import Response
    from watcher.extract.explain import Explanation, Finding

_SHOWN = 200
"""Characters of a value that are printed."""
_MEDIA_TYPES = {
    **dict.fromkeys((".html", ".htm"), "text/html"),
    **dict.fromkeys((".xml", ".rss", ".atom"), "application/xml"),
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".txt": "text/plain",
}


class _Trial(Struct, frozen=True, kw_only=True):
    """
    A page that was looked at.

    Attributes:
        response: the first page of a list.
        observation: what a check would see; None when it would fail.
        failure: why it would.
        rehearsed: what it would decide; None without a watch.
    """

    response: Response
    explanation: Explanation
    observation: Observation | None = None
    failure: CheckFailure | None = None
    rehearsed: Rehearsed | None = None


def register(app: click.Group) -> None:
    """Add this command."""
    app.add_command(command(try_, "try"))


def try_(
    what: Annotated[str, Argument(metavar="ID|URL", help="The id of a watch, or the URL of a page.")],
    selector: Annotated[
        str | None, Argument(metavar="SELECTOR", help="CSS, //XPath or $.JSONPath; only with a URL.")
    ] = None,
    before: Annotated[
        Path | None, Option("--from", metavar="FILE", help="Fetch nothing: this file is the page at first.")
    ] = None,
    after: Annotated[
        Path | None, Option("--to", metavar="FILE", help="This file is the page at the next check.")
    ] = None,
    config: ConfigOption = options.CONFIG,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Fetch a page once and explain what is found.

    No state is saved and nothing is sent. For a watch it also shows which rules would fire, and the message. With
    --from and --to it simulates a change of the page from two files.
    """
    is_url = looks_like_web_url(what)
    if (before is None) != (after is None):
        raise UsageError("--from and --to go together: the page before, and the page after")
    if is_url and before is not None:
        raise UsageError("--from and --to play a change for a watch; name one")
    watch = _watch_of_url(what, selector) if is_url else _watch_of_file(config, what, selector)
    try:
        if before is not None and after is not None:
            _play(watch, before, after, as_json=as_json)
        else:
            _try(watch, None if is_url else _state(data, what), as_json=as_json)
    except CheckError as error:
        _print_failure(watch, _failure(watch, error, str(error)), as_json=as_json)
        raise click.exceptions.Exit(1) from error


def _failure(watch: Watch, error: CheckError, text: str) -> CheckFailure:
    return CheckFailure(kind=error.kind, text=redacted(text, watch.request.secrets))


# One look


def _try(watch: Watch, state: WatchState | None, *, as_json: bool) -> None:
    """Fetch and explain. `state`: of a watch of the file; None for a page that was named by hand."""
    look = asyncio.run(runtime.look_once(watch))
    if look.first is None or look.explanation is None:
        _print_failure(watch, look.decision.state.failure, as_json=as_json)
        raise click.exceptions.Exit(1)
    trial = _trial(watch, state, look.first, look.explanation, look.decision)
    if as_json:
        print_json(_trial_json(watch, state, trial))
    else:
        _print_trial(watch, state, trial)
    if trial.failure:
        raise click.exceptions.Exit(1)


def _trial(
    watch: Watch, state: WatchState | None, response: Response, explanation: Explanation, first_look: Decision
) -> _Trial:
    snapshot = first_look.state.snapshot
    if snapshot is None:
        return _Trial(response=response, explanation=explanation, failure=first_look.state.failure)
    observation = snapshot.observation
    if state is None:
        return _Trial(response=response, explanation=explanation, observation=observation)
    seen = Seen(observation=observation, digest=snapshot.digest, validators=snapshot.validators, plan=snapshot.plan)
    known = redacted_state(state, watch.request.secrets)
    rehearsed = rehearse(watch, known, seen, now=runtime.utc_now())
    return _Trial(response=response, explanation=explanation, observation=observation, rehearsed=rehearsed)


def _print_failure(watch: Watch, failure: CheckFailure | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"watch": watch.id, "error": failure_json(failure)})
    elif failure:
        click.echo(f"{failure.kind}: {failure.text}", err=True)


def _print_trial(watch: Watch, state: WatchState | None, trial: _Trial) -> None:
    response = trial.response
    kind = redacted(response.media_type or "an unnamed type", watch.request.secrets)
    click.echo(f"{redacted(response.url, watch.request.secrets)}: {len(response.wire):,} bytes of {kind}")
    _print_explanation(trial.explanation)
    for note in trial.observation.notes if trial.observation else ():
        click.echo(f"note: {note}")
    if trial.failure:
        click.echo(f"a check would fail: {trial.failure.kind}: {trial.failure.text}", err=True)
    if state is None:
        _print_private_advice(watch, response.url)
    if state is None or trial.rehearsed is None or trial.observation is None:
        return
    decision = trial.rehearsed.decision
    failure = decision.state.failure
    verdict = f"{failure.kind}: {failure.text}" if failure else decision.verdict.replace("_", " ")
    click.echo(f"a check now: {verdict}: {values_text(trial.observation.rows)}")
    for rule in watch.rules:
        click.echo(_rule_line(watch, rule, trial.rehearsed, trial.observation.rows))
    _print_told(trial.rehearsed.told)
    if not trial.rehearsed.told:
        click.echo("would tell nobody: first look" if state.snapshot is None else "would tell nobody anything")
        if (sample := _sample(watch, trial.observation)) is not None:
            click.echo("a message would read like this:")
            _print_words(sample)


def _rule_line(watch: Watch, rule: Rule, rehearsed: Rehearsed, rows: Rows) -> str:
    """Return how an entry stands: `✓ price below 10: fires`, `✗ price below 10`, `· added: an event: fires when …`."""
    fires = rule in rehearsed.fired
    if rule.is_event:
        return f"✓ {rule}: fires" if fires else f"· {rule}: an event{_when(rule)}"
    held = _held(rule, rows)
    if not held:
        return f"✗ {rule}"
    where = f" in {held} of {counted(len(rows), 'row')}" if SINGLE not in rows else ""
    waits = "fires" if fires else "holds" + (f", is told after {watch.confirm} checks" if watch.confirm > 1 else "")
    return f"✓ {rule}: {waits}{where}"


def _when(rule: Rule) -> str:
    """Return `: fires when a row is added`; nothing where the entry says so itself, as `price drops by 5%` does."""
    words = {"added": "a row is added", "removed": "a row is removed", "changes": "any value changes"}
    words["changed"] = "any field of a row changes"
    texts = [*map(str, rule.conditions)]
    clauses = [words.get(text) or re.sub(r"^changed (.+)$", r"\1 of a row changes", text) for text in texts]
    return f": fires when {' and '.join(clauses)}" if clauses != texts else ""


def _held(rule: Rule, rows: Rows) -> int:
    """Return in how many rows the states of an entry hold."""
    from watcher.core.conditions import holds

    states = [condition for condition in rule.conditions if not condition.operator.is_event]
    return sum(all(holds(condition, {**row, "key": key}) for condition in states) for key, row in rows.items())


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


def _sample(watch: Watch, observation: Observation) -> Told | None:
    """Return what a message of the first row would say; None when there is no row."""
    from watcher.core.message import compose
    from watcher.core.words import Firing

    for key, row in observation.rows.items():
        firing = Firing(rule=watch.rules[0], key=key, old=None, new=row)
        words = compose(watch, [firing], link=observation.link, now=runtime.utc_now())
        problem = f"\n\n{words.problem}" if words.problem else ""
        return Told(summary=words.summary, content=words.content + problem, url=words.url, topics=watch.topics)
    return None


def _trial_json(watch: Watch, state: WatchState | None, trial: _Trial) -> dict[str, Json]:
    explanation, observation, rehearsed = trial.explanation, trial.observation, trial.rehearsed
    record: dict[str, Json] = {
        "watch": None if state is None else watch.id,
        "url": redacted(trial.response.url, watch.request.secrets),
        "bytes": len(trial.response.wire),
        "media_type": trial.response.media_type and redacted(trial.response.media_type, watch.request.secrets),
        "encoding": explanation.encoding,
        "encoding_why": explanation.why,
        "findings": [_finding_json(finding) for finding in explanation.findings],
        "row_count": explanation.row_count,
        "values": values_json(observation.rows) if observation else None,
        "notes": [*observation.notes] if observation else [],
        "error": failure_json(trial.failure),
    }
    if rehearsed is None or observation is None:
        return record
    return record | {
        "outcome": rehearsed.decision.verdict.value,
        "rules": [_rule_json(rule, rehearsed, observation.rows) for rule in watch.rules],
        "messages": [told.record for told in rehearsed.told],
        "error": failure_json(rehearsed.decision.state.failure),
    }


def _finding_json(finding: Finding) -> dict[str, Json]:
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
        "error": finding.error,
    }


def _rule_json(rule: Rule, rehearsed: Rehearsed, rows: Rows) -> dict[str, Json]:
    held = None if rule.is_event else _held(rule, rows)
    return {"rule": str(rule), "event": rule.is_event, "rows": held, "fires": rule in rehearsed.fired}


# A change from two files


def _play(watch: Watch, before: Path, after: Path, *, as_json: bool) -> None:
    """Judge one page as the baseline and another as what is seen next, as often as `confirm` wants it seen."""
    first, second = (_seen_in(watch, path, as_json=as_json) for path in (before, after))
    now = runtime.utc_now()
    looks = [rehearse(watch, WatchState(), first, now=now)]
    for check in range(1, watch.confirm + 1):
        looks.append(rehearse(watch, looks[-1].decision.state, second, now=now + watch.every * check))
    if as_json:
        print_json(_play_json(watch, first, second, looks))
        return
    click.echo(f"{before}: {looks[0].decision.verdict}: {values_text(first.observation.rows)}")
    _print_look(looks[0])
    failure = looks[1].decision.state.failure
    verdict = f"{failure.kind}: {failure.text}" if failure else looks[1].decision.verdict
    click.echo(f"{after}: {verdict}: {values_text(second.observation.rows)}")
    for note in second.observation.notes:
        click.echo(f"note: {note}")
    if watch.confirm > 1:
        click.echo(f"`confirm: {watch.confirm}`: the second page is looked at {watch.confirm} times")
    for look in looks[1:]:
        _print_look(look)
    if not any(look.told for look in looks[1:]):
        click.echo("would tell nobody anything")


def _print_look(look: Rehearsed) -> None:
    for rule in look.fired:
        click.echo(f"✓ {rule}: fires")
    _print_told(look.told)


def _play_json(watch: Watch, first: Seen, second: Seen, looks: Sequence[Rehearsed]) -> dict[str, Json]:
    return {
        "watch": watch.id,
        "from": values_json(first.observation.rows),
        "to": values_json(second.observation.rows),
        "outcome": looks[1].decision.verdict.value,
        "error": failure_json(looks[1].decision.state.failure),
        "notes": [*second.observation.notes],
        "rules": [*dict.fromkeys(str(rule) for look in looks[1:] for rule in look.fired)],
        "already": [told.record for told in looks[0].told],
        "messages": [told.record for look in looks[1:] for told in look.told],
    }


def _seen_in(watch: Watch, path: Path, *, as_json: bool) -> Seen:
    """Return what the watch sees in a file; when a check of it would fail, say so and end."""
    try:
        return _seen(watch, _response(watch, path))
    except CheckError as error:
        _print_failure(watch, _failure(watch, error, f"{path}: {error}"), as_json=as_json)
        raise click.exceptions.Exit(1) from error


def _seen(watch: Watch, response: Response) -> Seen:
    from watcher.extract.plan import plan

    return Seen(
        observation=asyncio.run(runtime.read_page(watch, response)),
        digest=response.digest,
        validators=response.validators,
        plan=plan(watch.extraction, watch.link),
    )


def _response(watch: Watch, path: Path) -> Response:
    """Return a file as the server would send it. Raises UsageError."""
    from watcher.core.page import Response, Validators

    media_type = _MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise UsageError(f"{path}: what kind of page is it? Name it {', '.join(_MEDIA_TYPES)}")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    return Response(
        url=watch.request.url,
        wire=body,
        digest=hashlib.blake2b(body, digest_size=16).hexdigest(),
        content_encoding=(),
        media_type=media_type,
        charset=None,
        validators=Validators(),
    )


# Which watch


def _watch_of_url(url: str, selector: str | None) -> Watch:
    """Return a watch of one value, as a file would declare it; a page that is named by hand may be anywhere."""
    from watcher.config import parse

    body = {"url": url, "topic": "try", "allow_private": True} | ({"extract": _extract(selector)} if selector else {})
    text = json.dumps({"watches": {"try": body}})  # JSON is YAML
    try:
        return parse(text, file="the command line", environ=os.environ).watches["try"]
    except ConfigError as error:
        # The places are those of a file that nobody wrote.
        name = f"selector {json.dumps(selector, ensure_ascii=False)}"
        texts = (f"{name if problem.key.endswith('extract') else url}: {problem.text}" for problem in error.problems)
        raise UsageError("; ".join(texts) or str(error)) from error


def _extract(selector: str) -> str | dict[str, str]:
    """Return the selector as a file would say it; neither `$` nor `/` can begin one in CSS."""
    if selector.startswith("$"):
        return {"jsonpath": selector}
    return {"xpath": selector} if selector.startswith(("/", "(/")) else selector


def _watch_of_file(config: Path, watch: str, selector: str | None) -> Watch:
    from watcher.cli.choosing import chosen

    if _looks_like_a_host(watch) and watch not in _known(config):
        raise UsageError(f"to try a page, write http://{watch} or https://{watch}")
    if selector is not None:
        raise UsageError("a selector goes with a URL; the watch has its own")
    file = options.load_file(config)
    return file.watches[chosen(file, [watch])[0]]


def _looks_like_a_host(text: str) -> bool:
    return "." in text or ":" in text or text == "localhost"


def _known(config: Path) -> Collection[str]:
    file = options.load_file_if_any(config)
    return file.watches if file else ()


def _state(data: Path, watch: str) -> WatchState:
    return runtime.reader(Settings(data=data)).state(watch) or WatchState()


def _print_explanation(explanation: Explanation) -> None:
    click.echo(f"read as {explanation.encoding} ({explanation.why})")
    for finding in explanation.findings:
        for line in _finding_lines(finding):
            click.echo(line)
    if explanation.row_count is not None:
        click.echo(f"{explanation.row_count} rows on the page; the first of those that count:")
        for key, row in explanation.rows.items():
            click.echo(f"  {key}: {', '.join(f'{name} {short(value, _SHOWN)}' for name, value in row.items())}")
    if explanation.next_url:
        click.echo(f"the list goes on at {explanation.next_url}")


def _finding_lines(finding: Finding) -> Iterator[str]:
    """Yield `price: .price (css): 1 found, by turbohtml`, and what it reads."""
    query = finding.query
    selector = f"{query} ({query.language})" if query and query.expression else query or "the whole text"
    narrowed = f" narrowed by {finding.regex}" if finding.regex else ""
    by = f", by {finding.engine}" if finding.engine else ""
    yield f"{finding.name}: {selector}{narrowed}: {finding.matched} found{by}"
    if finding.error:
        yield f"  {finding.error}"
    elif finding.name != "items":
        yield f"  = {short(finding.value, _SHOWN)}"


def _print_private_advice(watch: Watch, url: str) -> None:
    """Say what a watch needs that `try` does without; of names only `localhost` is known not to be public."""
    from watcher.net.guard import is_public

    host = host_of(url)
    is_address = ":" in host or host.replace(".", "").isdigit()
    if host == "localhost" or host.endswith(".localhost") or (is_address and not is_public(host)):
        shown = redacted(host, watch.request.secrets)
        click.echo(f"{shown} is no public address: a watch of this needs `allow_private: true`")
