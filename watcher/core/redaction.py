"""
What comes from `${NAME}` is sent with the request, and shown nowhere else.

| shown                             | in place of a secret                                                        |
|-----------------------------------|-----------------------------------------------------------------------------|
| a text: a value, an error, a note | `***`                                                                       |
| a link                            | its end: it stops before the first path segment or parameter that holds one |
| a link with one in its host       | no link                                                                     |

`redactor` knows what a secret may look like. One shorter than SHORTEST is not looked for in texts, where it would stand
by chance; from a link it is kept by its place in `url`, and where it is a whole segment or parameter.

What is seen is redacted before it is judged, and what was remembered when it is read: so the two can be compared, and
a state that an older version saved with a secret in it is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote, unquote_plus

from msgspec.structs import replace

from watcher.core.check import Change, CheckFailure, NotedEvent, Progress, Snapshot, WatchState
from watcher.core.page import Validators
from watcher.core.values import Row, Rows, Value, magnitude
from watcher.core.watch import MASK, Secrets
from watcher.core.witness import RowWitness, Witness, Witnesses, packed, unpacked
from watcher.core.wording import wording_of
from watcher.errors import CheckError, FetchError, PageError, UnparsableError

if TYPE_CHECKING:
    from watcher.core.redactor import Redactor

SHORTEST: Final = 4
"""Characters of a secret that is looked for in texts."""
_SHORTEST_NUMBER: Final = 6
"""Digits of a secret that no value is by chance."""
_MOST_REDACTORS: Final = 1_000
_T = TypeVar("_T")


def redacted(text: str, secrets: Secrets | None) -> str:
    """Return the text with `***` in place of each secret; the very same text when it holds none."""
    return text if secrets is None else _redactor(secrets.values).redacted(text)


def public_url(url: str, secrets: Secrets) -> str | None:
    """
    Return the URL up to the path segment or parameter that holds the first secret; all of it when none does.

    None when one stands in the host or before it. `url` may have `***` in place of secrets already.
    """
    authority_at = url.find("://") + 3
    path_at = next((place for place in range(authority_at, len(url)) if url[place] in "/?#"), len(url))
    found = [*_places(url, secrets), *_short_places(url, path_at, secrets)]
    if not found:
        return url
    return None if min(found) < path_at else _before(url, min(found), path_at)


def is_short(secret: str) -> bool:
    """Return whether a secret is too short to be looked for in texts."""
    return len(secret.strip()) < SHORTEST


def _before(url: str, place: int, path_at: int) -> str:
    """Return what comes before the segment, the parameter or the fragment in which the place lies."""
    fragment_at = _find(url, "#", path_at)
    query_at = min(_find(url, "?", path_at), fragment_at)
    if place >= fragment_at:
        return url[:fragment_at]
    if place >= query_at:
        return url[: max(query_at, url.rfind("&", query_at, place + 1))]
    return url[: url.rfind("/", path_at, place + 1) + 1]


def _places(url: str, secrets: Secrets) -> Iterator[int]:
    """Yield where `***` stands, and where the first secret that is found does."""
    if MASK in url:
        yield url.index(MASK)
    if (place := _redactor(secrets.values).first_place(url)) is not None:
        yield place


def _find(text: str, character: str, start: int) -> int:
    place = text.find(character, start)
    return len(text) if place < 0 else place


def _short_places(url: str, path_at: int, secrets: Secrets) -> Iterator[int]:
    """Yield where a secret that is too short to be looked for is the whole of a segment or a parameter."""
    short = {value.strip() for _, value in secrets.values if is_short(value)}
    place = path_at
    for piece in _pieces(url[path_at:]) if short else ():
        if {unquote(piece), unquote_plus(piece)} & short:
            yield place
        place += len(piece) + 1


def _pieces(text: str) -> Sequence[str]:
    for delimiter in "?#&=;":
        text = text.replace(delimiter, "/")
    return text.split("/")


@lru_cache(maxsize=_MOST_REDACTORS)
def _redactor(values: tuple[tuple[str, str], ...]) -> Redactor:
    from watcher.core.redactor import Redactor  # its patterns take 2 ms, and few files have secrets

    return Redactor([value for _, value in values])


def seen_rows(rows: Rows, secrets: Secrets) -> Rows:
    """
    Return the rows of a page without the secrets; the very same rows when they hold none.

    Raises:
        UnparsableError: a number is a secret, and cannot be shown without it.
        PageError: two rows differ in nothing but secrets.
    """
    numbers = {value.strip().lstrip("0") for _, value in secrets.values if len(value.strip()) >= _SHORTEST_NUMBER}
    for row in rows.values():
        for name, value in row.items():
            if not isinstance(value, str | None) and _digits(value) in numbers:
                raise UnparsableError(f"{name}: the number is a secret of this watch; choose another selector")
    shown = redacted_rows(rows, secrets)
    if len(shown) < len(rows):
        raise PageError("two rows differ in a secret of this watch alone; choose another `key:`")
    return shown


def redacted_rows(rows: Rows, secrets: Secrets) -> Rows:
    """Return the rows without the secrets in their keys and texts; the very same rows when they hold none."""
    return _redacted_keys(rows, secrets, lambda row: _row(row, secrets))


def redacted_state(state: WatchState, secrets: Secrets | None) -> WatchState:
    """Return what is remembered without the secrets; the very same state when it holds none."""
    if secrets is None:
        return state
    shown = replace(
        state,
        snapshot=state.snapshot and _snapshot(state.snapshot, secrets),
        told=redacted_rows(state.told, secrets),
        progress={
            rule: _redacted_keys(rows, secrets, lambda one: _progress(one, secrets))
            for rule, rows in state.progress.items()
        },
        peaks=_redacted_keys(state.peaks, secrets),
        pasts={condition: _redacted_keys(rows, secrets) for condition, rows in state.pasts.items()},
        fresh=_redacted_keys(state.fresh, secrets),
        witnesses=_packed_without(state.witnesses, secrets),
        failure=state.failure and redacted_failure(state.failure, secrets),
    )
    return state if shown == state else shown


def redacted_witnesses(witnesses: Witnesses, secrets: Secrets | None) -> Witnesses:
    """Return the witnesses without those labels that hold a secret; the very same witnesses when none does."""
    if secrets is None:
        return witnesses
    shown = {name: _witness(witness, secrets) for name, witness in witnesses.items()}
    return witnesses if shown == witnesses else shown


def _packed_without(kept: bytes, secrets: Secrets) -> bytes:
    witnesses = unpacked(kept)
    shown = redacted_witnesses(witnesses, secrets)
    return kept if shown is witnesses else packed(shown)


def _witness(witness: Witness | RowWitness, secrets: Secrets) -> Witness | RowWitness:
    def is_shown(text: str) -> bool:
        return redacted(text, secrets) == text

    label = witness.label if witness.label and is_shown(witness.label.text) else None
    if isinstance(witness, Witness):
        return replace(witness, label=label, header=witness.header if is_shown(witness.header) else "")
    return replace(witness, label=label)


def redacted_failure(failure: CheckFailure, secrets: Secrets | None) -> CheckFailure:
    """Return why a check failed without the secrets."""
    if secrets is None:
        return failure
    text = redacted(failure.text, secrets)
    # A secret may stand across what fills in a sentence, so the wording goes with it.
    return failure if text == failure.text else replace(failure, text=text, wording=None)


def failure_of(error: CheckError, secrets: Secrets | None) -> CheckFailure:
    """Return the failure that an error is, without the secrets."""
    asked = error.retry_after if isinstance(error, FetchError) else None
    failure = CheckFailure(kind=error.kind, text=str(error), wording=wording_of(error), retry_after=asked)
    return redacted_failure(failure, secrets)


def redacted_change(change: Change, secrets: Secrets | None) -> Change:
    """Return an entry of the history without the secrets."""
    if secrets is None:
        return change
    return replace(change, old=redacted_rows(change.old, secrets), new=redacted_rows(change.new, secrets))


def redacted_event(noted: NotedEvent, secrets: Secrets | None) -> NotedEvent:
    """Return what happened to a watch without the secrets."""
    if secrets is None:
        return noted
    event = replace(
        noted.event,
        failure=noted.event.failure and redacted_failure(noted.event.failure, secrets),
        messages=tuple(replace(each, summary=redacted(each.summary, secrets)) for each in noted.event.messages),
        rules=tuple(redacted(rule, secrets) for rule in noted.event.rules),
        link=noted.event.link and redacted(noted.event.link, secrets),
        old=redacted_rows(noted.event.old, secrets),
        new=redacted_rows(noted.event.new, secrets),
    )
    return replace(noted, event=event, change=noted.change and redacted_change(noted.change, secrets))


def shown_validators(validators: Validators, secrets: Secrets) -> Validators:
    """Return what may be kept to make the next request conditional: what holds a secret is not kept."""

    def kept(header: str | None) -> str | None:
        return header if header is None or redacted(header, secrets) == header else None

    return Validators(etag=kept(validators.etag), last_modified=kept(validators.last_modified))


def _snapshot(snapshot: Snapshot, secrets: Secrets) -> Snapshot:
    seen = snapshot.observation
    rows, link = redacted_rows(seen.rows, secrets), seen.link and redacted(seen.link, secrets)
    return replace(
        snapshot,
        observation=replace(seen, rows=rows, link=link),
        validators=shown_validators(snapshot.validators, secrets),
    )


def _progress(progress: Progress, secrets: Secrets) -> Progress:
    basis, candidate = progress.basis, progress.candidate
    return replace(
        progress,
        basis=None if basis is None else _row(basis, secrets),
        candidate=None if candidate is None else _row(candidate, secrets),
    )


def _row(row: Row, secrets: Secrets) -> Row:
    shown = {name: redacted(value, secrets) if isinstance(value, str) else value for name, value in row.items()}
    return row if shown == row else shown


def _redacted_keys(
    rows: Mapping[str, _T], secrets: Secrets, shown: Callable[[_T], _T] = lambda part: part
) -> Mapping[str, _T]:
    """Return what is known by the keys of rows; of two keys that become one, the first."""
    found: dict[str, _T] = {}
    is_same = True
    for key, part in rows.items():
        new_key, new_part = redacted(key, secrets), shown(part)
        found.setdefault(new_key, new_part)
        is_same = is_same and new_key == key and new_part is part
    return rows if is_same else found


def _digits(value: Value) -> str:
    number = magnitude(value)
    return "" if number is None else f"{number:f}".lstrip("0")
