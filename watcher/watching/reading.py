"""
A response → what the watch sees in it, in whatever process that is.

This brings the parser, which takes 40 ms to import: whoever may get by without a page imports it when one is there.

What stands in the way of a page is told from the page before anything is selected from it, by marks that no page has;
and afterwards by its words, when the watch itself has reason to doubt (`extract/walls.py`):
- a required selector found nothing, or what is no value;
- or nothing that was found vouches for the page: the watch takes its whole text, or only optional values, all absent;
- or a value is itself what a wall says; or a later page of a list is empty.
`page_must_contain` is better than all of this: where it is given, and holds, words are not doubted.
"""

from __future__ import annotations

from time import thread_time

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page, Response
from watcher.core.redaction import redacted, redacted_rows, seen_rows
from watcher.core.values import SINGLE, Value
from watcher.core.watch import Items, Secrets, Selector, Values, Watch
from watcher.errors import BlockedError, MissingError, UnparsableError
from watcher.extract.body import open_body
from watcher.extract.explain import Explanation, explain
from watcher.extract.observe import Sight, look
from watcher.extract.walls import LITTLE_TEXT_CHARACTERS, doubt, is_telling, read_wall
from watcher.fetch import inflate
from watcher.fetch.answer import walled_by
from watcher.watching.freed_memory import keep_freed_memory

_REGEX_SECONDS = 2
"""How long all regular expressions together may look at one page."""


def see(watch: Watch, response: Response, number: int = 1) -> Sight:
    """
    Return what the watch sees in a response, when that is the page and no wall.

    Args:
        number: of the page in its list, from 1.

    Raises:
        BlockedError: it is a wall.
        CheckError: see `extract.observe.look`.
    """
    return see_page(watch, page_of(watch, response), number, _full_budget())


def explanation_of(watch: Watch, response: Response) -> Explanation:
    """Return how a response is read, without the watch's secrets. Raises BodyError."""
    explanation = explain(page_of(watch, response), watch, _full_budget())
    secrets = watch.request.secrets
    return explanation if secrets is None else _explained_without(secrets, explanation)


def _explained_without(secrets: Secrets, explanation: Explanation) -> Explanation:
    def shown(text: str | None) -> str | None:
        return text and redacted(text, secrets)

    def value_of(value: Value) -> Value:
        return redacted(value, secrets) if isinstance(value, str) else value

    return replace(
        explanation,
        encoding=redacted(explanation.encoding, secrets),
        why=redacted(explanation.why, secrets),
        findings=tuple(
            replace(
                finding,
                raw=shown(finding.raw),
                value=value_of(finding.value),
                error=shown(finding.error),
                matches=tuple(map(value_of, finding.matches)),
                note=shown(finding.note),
            )
            for finding in explanation.findings
        ),
        next_url=shown(explanation.next_url),
        rows=redacted_rows(explanation.rows, secrets),
        error=shown(explanation.error),
    )


def _full_budget() -> CpuBudget:
    return CpuBudget(thread_time, regex_seconds=_REGEX_SECONDS)


def see_page(watch: Watch, page: Page, number: int, budget: CpuBudget) -> Sight:
    """Return what the watch sees on a page, as `see` does. Raises SlowPageError as well, beyond the budget."""
    keep_freed_memory()
    if who := page.kept.of("wall", lambda: read_wall(page.body)):
        raise BlockedError(walled_by(who))
    try:
        sight = look(page, watch, budget, number=number)
    except (MissingError, UnparsableError) as error:
        raise _doubt(watch, page) or error from None
    if _is_doubtful(watch, sight, number) and (doubt := _doubt(watch, page)):
        raise doubt
    secrets = watch.request.secrets
    return sight if secrets is None else _without(secrets, sight)


def _without(secrets: Secrets, sight: Sight) -> Sight:
    """Return what a page shows besides the secrets. Where its list goes on is asked for as the page says."""
    return replace(
        sight,
        rows=seen_rows(sight.rows, secrets),
        link=sight.link and redacted(sight.link, secrets),
        notes=tuple(redacted(note, secrets) for note in sight.notes),
    )


def _is_doubtful(watch: Watch, sight: Sight, number: int) -> bool:
    """Return whether nothing that was found vouches for the page; see the head of this module."""
    match watch.extraction:
        case Items():
            return number > 1 and not sight.rows
        case Values(selectors=selectors):
            values = sight.rows[SINGLE]
            return not any(_vouches(selector, values.get(name)) for name, selector in selectors.items())


def _vouches(selector: Selector, value: Value) -> bool:
    if isinstance(value, str) and (len(value) > LITTLE_TEXT_CHARACTERS or is_telling(value)):
        return len(value) > LITTLE_TEXT_CHARACTERS
    return value is not None and not (selector.query is None and selector.regex is None)


def _doubt(watch: Watch, page: Page) -> BlockedError | MissingError | None:
    """Return the error for a page whose few words are those of a wall, or of a page that is gone."""
    return None if watch.page_must_contain else doubt(page.body, lambda: open_body(page).text())


def page_of(watch: Watch, response: Response) -> Page:
    """
    Return the response inflated and ready to be read; once for all watches that read it in the same way.

    Raises BodyError.
    """
    encoding, max_body_bytes = watch.request.encoding, watch.request.max_body_bytes

    def inflated() -> Page:
        return Page(
            url=response.url,
            body=inflate(response, max_body_bytes=max_body_bytes),
            media_type=response.media_type,
            charset=response.charset,
            encoding=encoding,
        )

    return response.kept.of((encoding, max_body_bytes), inflated)
