"""Why entries of `notify_when` were told or not, in words of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from watcher.core.locale import Locale
from watcher.core.phrases import phrases_in
from watcher.core.reasons import reasons
from watcher.core.redaction import redacted
from watcher.core.shown import shown
from watcher.core.values import SINGLE_VALUE
from watcher.core.watch import Rule, Watch
from watcher.core.why import Answer, Reason
from watcher.core.words import clean, cut, one_line
from watcher.translations import text

_CHARACTERS: Final = 120


class Because(Struct, frozen=True, kw_only=True):
    """What an entry asks for, and what became of it, as two sentences. `is_told`: it fired."""

    rule: str
    sentence: str
    is_told: bool


def because(watch: Watch, answers: Iterable[Answer], language: Locale) -> Sequence[Because]:
    """Return a line for each entry that was asked; those that fired first."""
    lines = list(_lines(watch, answers, language))
    return sorted(lines, key=lambda line: not line.is_told)


def words_of(watch: Watch, rules: Iterable[Rule], language: Locale) -> Sequence[str]:
    """Return what each entry asks for, without what is secret."""
    return [_rule(watch, rule, language) for rule in rules]


def _lines(watch: Watch, answers: Iterable[Answer], language: Locale) -> Iterator[Because]:
    phrases = phrases_in(language)
    for answer in answers:
        condition = answer.condition
        name = condition.subject if condition is not None and condition.subject else ""
        value = cut(one_line(clean(shown(answer.value, phrases))), _CHARACTERS)
        sentence = text(
            language,
            f"why_{_key(answer)}",
            name=text(language, "why_the_value") if name in ("", SINGLE_VALUE) else phrases.called(name),
            value=value,
            count=watch.confirm,
            checks=answer.checks or 0,
        )
        rule = _rule(watch, answer.rule, language).rstrip(".。")  # what became of it follows
        yield Because(rule=rule, sentence=sentence, is_told=answer.reason is Reason.FIRED)


def _key(answer: Answer) -> str:
    is_waiting = answer.reason is Reason.CONFIRM and answer.checks is not None
    return "waits" if is_waiting else answer.reason.value


def _rule(watch: Watch, rule: Rule, language: Locale) -> str:
    return redacted(reasons([rule], watch, language), watch.request.secrets)
