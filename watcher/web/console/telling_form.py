"""Whom a watch tells, when, and how often it looks: the fields that each form of a watch has, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from watcher.config.names import NAME
from watcher.config.suggested_watch import TOPIC, is_interval
from watcher.config.telling import Sentence, Telling, entry_for, tellings
from watcher.config.typed import duration_in, topics_in
from watcher.config.writing import Writer
from watcher.core.values import Json
from watcher.core.watch import ADMIN_TOPIC, Extraction
from watcher.errors import ConfigError, UsageError
from watcher.web.keys import LocalWatcher

KEPT: Final = "kept"
"""The choice that leaves `notify_when` as it is."""
_WHAT: Final = "what-"
_CHARACTERS: Final = 500
_OPERAND_CHARACTERS: Final = 200
_MOST_TOPICS: Final = 200


class TellingForm(Struct, frozen=True, kw_only=True):
    """
    What is typed.

    Attributes:
        topic: one, or several with commas.
        every: as a file has it; empty: as all watches.
        when: the value of a choice, or KEPT; empty: the first one. `what`: what was typed behind it.
        is_unclear: something is typed behind another choice.
    """

    topic: str = ""
    every: str = ""
    when: str = ""
    what: str = ""
    is_unclear: bool = False

    @property
    def topics(self) -> str | list[str]:
        """The topics as a file has them."""
        topics = topics_in(self.topic)
        return topics[0] if len(topics) == 1 else topics


class TellingChoice(Struct, frozen=True, kw_only=True):
    """One answer to "when". `value`: what the form sends for it."""

    value: str
    telling: Telling


def topic_at_first(local: LocalWatcher) -> str:
    """
    Return the topic that the form of a new watch begins with. Blocks.

    It is that of the file's defaults. Where they name none, the first watch tells `news`; for every other one somebody
    chooses, for the readers of another watch did not ask for it.
    """
    return default_of(local.writer, "topic") or ("" if local.watches else TOPIC)


def default_of(writer: Writer | None, key: str) -> str | None:
    """Return what the defaults of the main file say; None where they say nothing, or it cannot be read. Blocks."""
    try:
        return writer.default(key) if writer is not None else None
    except (ConfigError, UsageError):
        return None


def known_topics(local: LocalWatcher) -> Sequence[str]:
    """Return the topics to choose from: those that the watches tell, and those that the files declare."""
    told = {topic for watch in local.watches.values() for topic in watch.topics}
    return sorted({*told, *local.topics} - {ADMIN_TOPIC})[:_MOST_TOPICS]


def telling_choices(extraction: Extraction | None) -> Sequence[TellingChoice]:
    """Return what can be chosen for what is read; nothing where that is not known yet."""
    found = tellings(extraction) if extraction is not None else ()
    return [TellingChoice(value=f"{each.sentence}:{each.name}", telling=each) for each in found]


def telling_in(fields: Mapping[str, str]) -> TellingForm:
    """Return what was sent."""
    when = _typed(fields, "when")
    return TellingForm(
        topic=_typed(fields, "topic"),
        every=duration_in(_typed(fields, "every")),
        when=when,
        what=_typed(fields, f"{_WHAT}{when}"),
        is_unclear=_is_typed_elsewhere(fields, when),
    )


def _is_typed_elsewhere(fields: Mapping[str, str], chosen: str) -> bool:
    """Return whether something is typed behind a sentence that is not the chosen one, but for what stands there."""
    others = ((name, text.strip()) for name, text in fields.items() if name != f"{_WHAT}{chosen}")
    return any(name.startswith(_WHAT) and text not in ("", _usual_behind(name)) for name, text in others)


def _usual_behind(field: str) -> str:
    sentence = field.removeprefix(_WHAT).partition(":")[0]
    return Sentence(sentence).usual if sentence in set(Sentence) else ""


def _typed(fields: Mapping[str, str], name: str) -> str:
    return fields.get(name, "").strip()[:_CHARACTERS]


def wrong_telling(form: TellingForm, found: Sequence[TellingChoice]) -> Iterator[tuple[str, str]]:
    """
    Yield each field that is wrong by itself, and the key of the words that say how.

    Args:
        found: what can be chosen; empty where that is not known.
    """
    if not all(map(NAME.fullmatch, topics_in(form.topic))):
        yield "topic", "telling_wrong_topic"
    if form.every and not is_interval(form.every):
        yield "every", "telling_wrong_every"
    if (wrong := _wrong_choice(form, found)) and found:
        yield "when", wrong


def _wrong_choice(form: TellingForm, found: Sequence[TellingChoice]) -> str:
    choice = _chosen(form, found)
    if form.is_unclear:
        return "telling_wrong_elsewhere"
    if choice is None:
        return "" if form.when == KEPT else "telling_wrong_when"
    what = form.what if len(form.what) <= _OPERAND_CHARACTERS else ""
    mistake = choice.telling.sentence.mistake(what)
    return f"telling_wrong_{mistake}" if mistake else ""


def entry_in(form: TellingForm, extraction: Extraction | None) -> Json:
    """Return the entry of `notify_when` that was chosen; None: whatever changes. Raises UsageError."""
    choice = _chosen(form, telling_choices(extraction))
    return None if choice is None or extraction is None else entry_for(choice.telling, form.what, extraction)


def _chosen(form: TellingForm, found: Sequence[TellingChoice]) -> TellingChoice | None:
    """Return what was chosen: the first, where nothing was."""
    return next((each for each in found if each.value == form.when or not form.when), None)
