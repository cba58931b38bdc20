"""The questions that make a watch of what a page offers. Each has a usual answer, and a flag that answers it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import Struct, field

from watcher.cli.suggestions import PRIVATE, lines_of
from watcher.config.names import NAME, WRONG_NAME
from watcher.config.suggested_watch import TOPIC, body_of, id_of, usual_topic, watch_of
from watcher.config.telling import Telling, entry_for, entry_of, tellings
from watcher.config.writing import Writer
from watcher.core.values import Json
from watcher.core.watch import Extraction, WatchFile
from watcher.errors import UsageError
from watcher.translations import Locale, text

if TYPE_CHECKING:
    from watcher.extract.suggesting import Suggestions

_T = TypeVar("_T")
_SHOWN_TOPICS = 10
_AS_OTHERS = "as the defaults"


class Given(Struct, frozen=True):
    """What was said on the command line, and needs no question."""

    value: str | None
    pick: int | None
    topic: str | None
    when: str | None
    every: str | None
    watch_id: str | None
    login: Mapping[str, Json] = field(default_factory=dict)


class Asking:
    """Asks questions at the terminal, or takes the usual answers."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.is_quiet = is_quiet

    def for_one(self, question: str, usual: str, given: str | None, read: Callable[[str], _T]) -> _T:
        """Return the answer, once `read` takes it; it raises UsageError for one that it does not."""
        if given is not None or self.is_quiet:
            return read(usual if given is None else given)
        while True:
            typed = click.prompt(question, default=usual)
            try:
                return read(str(typed).strip())
            except UsageError as error:
                click.echo(str(error), err=True)

    def ask(self, question: str) -> str:
        """Return what is typed. Raises UsageError where nothing is asked."""
        if self.is_quiet:
            raise UsageError(f"{question}? write it after the condition, like `price below 10`")
        return str(click.prompt(f"… {question}"))

    def for_value(self, why: str) -> str:
        """
        Return a text of the page.

        Args:
            why: what was looked for, and not found.

        Raises click.Abort: nothing was typed.
        """
        click.echo(why, err=True)
        question = "A few words or a number that the page shows (empty: stop)"
        typed = str(click.prompt(question, default="", show_default=False)).strip()
        if not typed:
            raise click.Abort
        return typed

    def whether(self, question: str) -> bool:
        """Return whether it is agreed."""
        return self.is_quiet or click.confirm(question, default=True)

    def say(self, *lines: str) -> None:
        """Print what comes before a question."""
        if not self.is_quiet:
            click.echo("\n".join(lines))


def settled(
    suggestions: Suggestions, url: str, given: Given, asking: Asking, file: WatchFile | None, writer: Writer | None
) -> tuple[str, dict[str, Json]]:
    """
    Return the id and the body of the watch that was chosen.

    Args:
        file, writer: of the file of watches, where there is one: the usual answers come from it.

    Raises:
        UsageError: a flag does not do; what is typed is asked for again.
        click.Abort: nothing more is typed, or Ctrl-C is pressed.
    """
    candidates = suggestions.candidates
    asking.say("", *(line for number, each in enumerate(candidates, 1) for line in lines_of(number, each)), "")
    if suggestions.is_private:
        asking.say(f"{PRIVATE}; the watch will", "")
    if suggestions.problem:
        asking.say(suggestions.problem, "")
    candidate = candidates[_picked(given, asking, len(candidates))]
    topic = _topic(
        given,
        asking,
        file,
        (writer.default("topic") if writer else None) or usual_topic(file.watches.values() if file else ()),
    )
    entry = _entry(given, asking, watch_of(body_of(candidate, suggestions.title, topic=topic), os.environ).extraction)
    every = _every(given, asking, writer)
    watch = _id(given, asking, id_of(suggestions.title, url))
    body = body_of(candidate, suggestions.title, topic=topic, every=every, entry=entry)
    watch_of(body, os.environ)
    return watch, body


def _picked(given: Given, asking: Asking, count: int) -> int:
    def read(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= count:
            raise UsageError(f"write a number from 1 to {count}" if count > 1 else "there is one; write 1")
        return int(text) - 1

    return asking.for_one("Which one", "1", None if given.pick is None else str(given.pick), read)


def _topic(given: Given, asking: Asking, file: WatchFile | None, usual: str) -> str:
    known = [topic for topic in file.topics if topic != usual] if file else []
    if known:
        more = " …" if len(known) > _SHOWN_TOPICS else ""
        asking.say("", f"Topics: {', '.join([usual, *known[:_SHOWN_TOPICS]])}{more}")
    return asking.for_one("Topic", usual, given.topic, lambda text: _name(text, "a topic"))


def _name(text: str, what: str) -> str:
    if not NAME.fullmatch(text):
        raise UsageError(f"{what} {WRONG_NAME}")
    return text


def _entry(given: Given, asking: Asking, extraction: Extraction) -> Json:
    """Return the entry of `notify_when`: one of the sentences, by its number, or a condition as one types it."""
    choices = tellings(extraction)

    def read(typed: str) -> Json:
        if not typed.isdecimal():
            return entry_of(typed, extraction)
        if not 1 <= int(typed) <= len(choices):
            raise UsageError(f"write a number from 1 to {len(choices)}, or a condition such as `changes`")
        chosen = choices[int(typed) - 1]
        what = asking.ask(text(Locale.ENGLISH, f"tell_{chosen.sentence}_what")) if chosen.sentence.asks else ""
        return entry_for(chosen, what, extraction)

    asking.say("", "When to tell:", *(f"{number:2}. {_sentence(each)}" for number, each in enumerate(choices, 1)))
    return asking.for_one("When", "1", given.when, read)


def _sentence(telling: Telling) -> str:
    return text(Locale.ENGLISH, f"tell_{telling.sentence}", name=telling.name)


def _every(given: Given, asking: Asking, writer: Writer | None) -> str | None:
    """Return how often it is checked, as it is written; None where that is what all watches have."""
    usual = (writer.default("every") or (writer.default("cron") and _AS_OTHERS) if writer else None) or "10m"

    def read(text: str) -> str | None:
        if text == usual:
            return None
        watch_of({"url": "https://x.example/", "topic": TOPIC, "every": text}, os.environ)
        return text

    return asking.for_one("Check every", usual, given.every, read)


def _id(given: Given, asking: Asking, usual: str) -> str:
    return asking.for_one("Id", usual, given.watch_id, lambda text: _name(text, "an id"))
