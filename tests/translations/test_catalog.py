"""The files of the languages are complete: what is asked for is there, in each language, and nothing else is."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from functools import cache
from typing import get_args

import pytest

from tests.translations.uses import Use, sentences, uses_in_modules, uses_in_templates, words_in_quotes
from watcher.config.reachable import Reach
from watcher.config.telling import Sentence, TypedMistake
from watcher.core.access import Scope
from watcher.core.accounts import AccountState, Registration, SignInState
from watcher.core.acts import Act
from watcher.core.callbacks import CallbackState
from watcher.core.channels import ChannelName
from watcher.core.event_kinds import EventKind
from watcher.core.findings import Check, State
from watcher.core.message_log import Unreached
from watcher.core.push import (
    KEYS_WITHOUT_SENDERS,
    SIMPLE_APP_KEY,
    TRIAL_APP_KEY,
    WATCHER_APP_KEY,
    ContentType,
    DeliveryState,
    SubscriptionState,
    TopicMode,
)
from watcher.core.relocated import Unclear
from watcher.core.standing import Standing
from watcher.core.values import ValueType
from watcher.core.webhooks import WebhookEvent
from watcher.core.why import Reason
from watcher.core.word_diff import Mark
from watcher.extract.suggesting import Kind
from watcher.extract.suggesting.pointed import NoList
from watcher.push.channels.wechat.scan_results import ScanOutcome
from watcher.push.commands import CommandResult
from watcher.translations import Locale, text
from watcher.translations.catalog import Entry, catalog, plural_form
from watcher.web.api.listing import WXPUSHER
from watcher.web.api.v1.openapi import TAGS
from watcher.web.api.v1.operations import DOCUMENTED
from watcher.web.console.app_keys import GRACES
from watcher.web.console.editing.form import Reads
from watcher.web.console.shell import Room, Said
from watcher.web.console.watch.chart import Range
from watcher.web.console.watch.history import Untold
from watcher.web.console.watch_acts import Lasting

PROBLEMS = ("400", "401", "403", "404", "429", "500", "503", "cap")
VIEWS = (
    "yes",
    "no",
    "asked",
    "waiting",
    "welcome",
    "blocked",
    "closed",
    "foreign",
    "late",
    "recovery_late",
    "recovered",
    "unknown",
)
"""What a phone that opens a sign-in code is told, where it is asked nothing."""
FAMILIES: dict[str, tuple[str, ...]] = {
    "accounts_{}": tuple(Registration),
    "act_{}": tuple(Act),
    "app_is_{}": (WATCHER_APP_KEY, SIMPLE_APP_KEY, TRIAL_APP_KEY),
    "begin_{}": ("app", "code", "message"),
    "begin_{}_do": ("app", "code", "message"),
    "begin_{}_text": ("app", "code", "message"),
    "callback_{}": tuple(CallbackState),
    "callback_is_{}": ("app_subscribe", "send_up_cmd", "test"),
    "channel_{}": tuple(name for name in ChannelName if name is not ChannelName.INBOX),
    "check_{}": (*Check, ChannelName.BARK, ChannelName.APPRISE),
    "code_{}": (SignInState.ASKED, SignInState.REFUSED),
    "command_{}": tuple(CommandResult),
    "compose_not_by_{}": KEYS_WITHOUT_SENDERS,
    "content_kind_{}": tuple(kind.name.lower() for kind in ContentType),
    "message_state_{}": ("waiting", "failed", "seen"),
    "in_register_{}": (Registration.OPEN, Registration.APPROVAL),
    "mirror_wrong_{}": ("keyword", "name", "secret", "webhook"),
    "scan_new_{}": (Registration.OPEN, Registration.APPROVAL),
    "finding_{}": tuple(State),
    "grace_{}": tuple(GRACES),
    "phone_text_{}": VIEWS,
    "pick_kind_{}": tuple(Kind),
    "pick_type_{}": tuple(ValueType),
    "phone_title_{}": VIEWS,
    "lasting_{}": tuple(Lasting),
    "limit_{}": ("apps", "topics", "messages"),
    "operation_{}": tuple(operation.id for operation in DOCUMENTED),
    "problem_{}_text": PROBLEMS,
    "problem_{}_title": PROBLEMS,
    "quiet_wrong_{}": ("start", "end", "timezone"),
    "receipt_{}": tuple(DeliveryState),
    "register_do_{}": (Registration.OPEN, Registration.APPROVAL),
    "register_{}": (Registration.OPEN, Registration.APPROVAL),
    "room_{}": tuple(Room),
    "said_{}": tuple(Said),
    "scope_{}": tuple(Scope),
    "range_{}": tuple(Range),
    "row_{}": tuple(Mark),
    "unclear_{}": tuple(Unclear),
    "lost_{}": ("items", "key"),
    "kept_{}": ("baseline", "changed", "failed"),
    "why_{}": (*Reason, "waits"),
    "why_not_alarmed_{}": get_args(Untold),
    "edit_reads_{}": tuple(Reads),
    "edit_type_{}": tuple(ValueType),
    "out_of_reach_{}": tuple(Reach),
    "review_{}": ("made", "changed", "removed"),
    "review_save_{}": ("made", "changed", "removed"),
    "saved_{}": ("made", "changed", "removed"),
    "saved_means_{}": ("made", "changed", "removed"),
    "event_{}": tuple(
        each for each in EventKind if each.value not in ("undelivered", "message", "delivery", "dropped")
    ),
    "webhook_event_{}": tuple(event.replace(".", "_") for event in WebhookEvent),
    "server_registers_{}": tuple(Registration),
    "server_sets_{}": tuple(name for name in ChannelName if name is not ChannelName.INBOX),
    "standing_{}": tuple(Standing),
    "subscription_{}": (*SubscriptionState, "muted"),
    "state_{}": tuple(AccountState),
    "tag_{}": TAGS,
    "tell_{}": tuple(Sentence),
    "tell_{}_what": tuple(sentence for sentence in Sentence if sentence.asks),
    "telling_wrong_{}": tuple(TypedMistake),
    "pick_lines_{}": tuple(NoList),
    "unreached_{}": tuple(Unreached),
    "topic_mode_{}": tuple(TopicMode),
    "topic_mode_{}_hint": tuple(TopicMode),
    "wechat_{}": tuple(ScanOutcome),
    "wxpusher_{}": tuple(route.name for route in WXPUSHER),
}
"""Keys that are put together, with what may stand in their blank."""
MAY_BE_EMPTY = {"gap", "inbox_between"}
"""In Chinese nothing stands behind a mark, nor between quoted names."""


@cache
def _uses() -> Sequence[Use]:
    """Return what templates and modules ask for: parsed by the process that runs the tests, not by all that collect."""
    return [*uses_in_templates(), *uses_in_modules()]


def test_every_language_has_every_text() -> None:
    keys = catalog(Locale.ENGLISH).keys()
    for language in Locale:
        assert catalog(language).keys() == keys
        for key, entry in catalog(language).items():
            assert key in MAY_BE_EMPTY or all(form.strip() for form in _forms(entry)), f"{language}: {key}"


def test_a_text_has_the_same_blanks_in_every_language() -> None:
    for key, entry in catalog(Locale.ENGLISH).items():
        for language in Locale:
            assert _blanks(catalog(language)[key]) == _blanks(entry), f"{language}: {key}"


def test_a_blank_is_a_plain_name() -> None:
    """Else a translation could reach into what is filled in: `{name.__class__}`, `{count!r:>9}`."""
    for language in Locale:
        for key, entry in catalog(language).items():
            for form in _forms(entry):
                for _, blank, spec, conversion in string.Formatter().parse(form):
                    plain = blank is None or (blank.isidentifier() and not spec and conversion is None)
                    assert plain, f"{language}: {key}"


def test_a_plural_has_the_forms_of_its_language() -> None:
    for language in Locale:
        forms = {plural_form(language, count) for count in range(200)}
        for key, entry in catalog(language).items():
            if not isinstance(entry, str):
                assert set(entry) == forms, f"{language}: {key}"
                assert "count" in _blanks(entry), f"{language}: {key}"


@pytest.mark.faults
def test_what_is_asked_for_is_there_with_the_blanks_that_are_filled_in() -> None:
    for use in _uses():
        for key in _asked_for(use):
            assert key in catalog(Locale.ENGLISH), f"{use.where}: {key}"
            blanks = _blanks(catalog(Locale.ENGLISH)[key])
            assert blanks <= use.values, f"{use.where}: {key}"
            assert blanks == use.values or key not in use.keys, f"{use.where}: {key}"


def test_every_text_is_asked_for() -> None:
    handed_on = {word for word in words_in_quotes() if "_" in word} | {key for key, _ in sentences()}
    asked_for = {key for use in _uses() for key in _asked_for(use)} | {
        key for name in FAMILIES for key in _family(name)
    }
    assert catalog(Locale.ENGLISH).keys() - asked_for - handed_on == set()


def test_a_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        text(Locale.CHINESE, "no_such_text")


def test_blanks_are_filled_in() -> None:
    assert text(Locale.CHINESE, "run_by", name="watcher") == "由“watcher”提供"


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        (Locale.ENGLISH, 0, "0 rows"),
        (Locale.ENGLISH, 1, "1 row"),
        (Locale.ENGLISH, 2, "2 rows"),
        (Locale.ENGLISH, 21, "21 rows"),
        (Locale.ENGLISH, 1_204, "1,204 rows"),
        (Locale.CHINESE, 1, "1 项"),
        (Locale.CHINESE, 2, "2 项"),
    ],
)
def test_a_number_has_the_plural_of_its_language(language: Locale, count: int, words: str) -> None:
    assert text(language, "rows", count=count) == words


def _asked_for(use: Use) -> Iterator[str]:
    for key in use.keys:
        if "{}" in key:
            yield from _family(key)
        else:
            yield key


def _family(name: str) -> Iterator[str]:
    return (name.format(member) for member in FAMILIES[name])


def _forms(entry: Entry) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(entry.values())


def _blanks(entry: Entry) -> set[str]:
    """Return the names in braces of all forms together: `one` may say "a minute"."""
    return {name for form in _forms(entry) for _, name, _, _ in string.Formatter().parse(form) if name}
