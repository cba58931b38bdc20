"""What a page suggests to watch, and what moves on it by itself: the work of a worker, with responses in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time
from typing import TypeVar

from msgspec.structs import replace

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.errors import CheckError, PageError
from watcher.extract.body import open_body
from watcher.extract.noise import SecondLook, ages_in, movements
from watcher.extract.page_name import page_name
from watcher.extract.suggesting import Suggestions, suggest
from watcher.watching.reading import page_of, remedy_of, see

_SECONDS = 5.0
"""Half of what a worker has: what begins within it may take a second or two, and a machine may be busy."""
_REGEX_SECONDS = 2.0
_T = TypeVar("_T")


def suggestions_of(watch: Watch, response: Response, value: str | None, year: int) -> Suggestions:
    """
    Return what a response suggests to watch, with the title of the page.

    Args:
        value, year: as of `suggest`.

    Raises:
        CheckError: it cannot be opened, or be looked through.
    """
    page = page_of(watch, response)
    with _defects_as_errors():
        suggestions = suggest(page, _budget(), year=year, value=value)
        return replace(suggestions, title=page_name(open_body(page)) if suggestions.candidates else "")


def made_of(watch: Watch, response: Response, make: Callable[..., _T], *arguments: object) -> _T:
    """
    Return what a function of `extract` makes of a response.

    Args:
        make: a function at the head of its module, of a page, a budget and these arguments.

    Raises:
        CheckError: the page cannot be opened, or be looked through.
    """
    page = page_of(watch, response)
    with _defects_as_errors():
        return make(page, _budget(), *arguments)


def second_look_of(watch: Watch, first: Response, second: Response) -> SecondLook:
    """Return what moved between two versions of a page, and what leaves it out. Raises CheckError."""
    with _defects_as_errors():
        before, after = (see(watch, each).rows for each in (first, second))
        moved = movements(watch, before, after, _budget())
        remedy = remedy_of(watch, first, second) if moved else None
        return SecondLook(movements=moved, remedy=remedy, ages=ages_in(after))


@contextmanager
def _defects_as_errors() -> Iterator[None]:
    """Raise PageError for a defect: the page is hostile and its readers are many, as for a check."""
    try:
        yield
    except CheckError:
        raise
    except Exception as error:
        raise PageError(f"a defect in watcher: {type(error).__name__}: {error}") from error


def _budget() -> CpuBudget:
    return CpuBudget(thread_time, seconds=_SECONDS, regex_seconds=_REGEX_SECONDS)
