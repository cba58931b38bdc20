"""The models of a file → the core's topics and watches, judged as a whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from watcher.config.document import Plain
from watcher.config.explain import mistakes_of
from watcher.config.for_each import Expansion, ForEach, substituted
from watcher.config.keys import MistakenError, Model
from watcher.config.models import AllWellModel, FileModel, MessageModel, SettingsModel, TopicModel, WatchModel
from watcher.config.names import check_name
from watcher.config.report import Report
from watcher.config.request import Filled, check_link, expanded, request_of, secrets_of, url_of, with_own_headers
from watcher.config.rules import rules_of
from watcher.config.schedule import active_hours_of, check_schedule, interval_of, timezone_of
from watcher.config.scope import check_noise, scope_of
from watcher.config.selectors import extraction_of, link_of
from watcher.config.shared import Shared
from watcher.core.kept_page import is_own
from watcher.core.known_values import may_ignore
from watcher.core.locale import Locale
from watcher.core.phrases import phrases_in
from watcher.core.template import check_template
from watcher.core.watch import (
    ADMIN_TOPIC,
    AllWell,
    Items,
    KnownValues,
    Languages,
    MessageTemplate,
    OnError,
    Topic,
    Watch,
    WatchFile,
)
from watcher.errors import ConfigError

MAX_WATCHES = 100_000
MAX_VARIANTS = 1_000
"""Watches that are remembered for further variants of them; of 100,000, each may be unlike all others."""

_LONGEST_REST = 10_000
"""Characters; the text of a watch is remembered as a whole."""

_S = TypeVar("_S", bound=SettingsModel)

_MERGED = frozenset({"per_host", "message", "active_hours", "on_error"})
"""Mappings of which a watch may say a part."""
_ADDED = frozenset({"exclude", "ignore_text"})
"""Lists to which a watch adds its own."""
_OWN_TOPICS = (ADMIN_TOPIC,)
_VARYING = ("url", "name")
"""Keys in which variants of one watch differ."""


class Surroundings(Struct, frozen=True, kw_only=True):
    """What a file is read in. `timezone`: of watches that name none."""

    environ: Mapping[str, str]
    timezone: tzinfo


def _used_topics(watches: Mapping[str, Watch], all_well: AllWell | None) -> Iterable[str]:
    """Return the operator's topic, and those that watches tell, in their order."""
    groups: dict[tuple[str, ...], None] = {_OWN_TOPICS: None}
    for watch in watches.values():
        groups[watch.topics] = groups[watch.on_error.topics] = None
        groups.update((rule.topics, None) for rule in watch.rules)
    return [*chain.from_iterable(groups), *(all_well.topics if all_well else ())]


def _topics(
    models: Mapping[str, TopicModel], used: Iterable[str], language: Locale | None, report: Report
) -> dict[str, Topic]:
    """Return the topics by key. `language`: of those that name none."""
    first = {model.was: key for key, model in sorted(models.items(), reverse=True)}
    topics = {key: _topic(key, model, models, first, report) for key, model in models.items()}
    for key in used:
        if key not in topics:
            topics[key] = Topic(key=key, name="", is_declared=False)
    return {key: _called(replace(topic, language=topic.language or language)) for key, topic in topics.items()}


def _called(topic: Topic) -> Topic:
    """Return the topic with a name: its own, or its key, for which the operator's topic has words."""
    if topic.name:
        return topic
    is_admin = topic.key == ADMIN_TOPIC
    return replace(topic, name=phrases_in(topic.language).operator_topic if is_admin else topic.key)


def _speaking(watches: Mapping[str, Watch], topics: Mapping[str, Topic]) -> dict[str, Watch]:
    """Return the watches, each with the languages of the topics that it tells, its own trouble's included."""
    named = {key: topic.language for key, topic in topics.items() if topic.language is not None}
    if not named and not any(watch.languages for watch in watches.values()):
        return dict(watches)
    known: dict[tuple[str, ...], Languages] = {}  # many watches tell the same topics
    speaking = {}
    for id_, watch in watches.items():
        told = (ADMIN_TOPIC, *watch.topics, *watch.on_error.topics, *chain(*(rule.topics for rule in watch.rules)))
        if told not in known:
            known[told] = tuple((key, named[key]) for key in dict.fromkeys(told) if key in named)
        # Of a watch that was judged before, topics may have had other languages.
        speaking[id_] = watch if watch.languages == known[told] else replace(watch, languages=known[told])
    return speaking


def _topic(
    key: str, model: TopicModel, models: Mapping[str, TopicModel], first: Mapping[str | None, str], report: Report
) -> Topic:
    """Return the topic. `first`: the key that a topic had before → the first topic that says so."""
    check_name(key, report.at(key))
    if model.was in models:
        report.add(f"`{model.was}` still stands here; remove that topic, or this `was`", key, "was")
    elif model.was is not None and first[model.was] != key:
        report.add(f"two topics say that they were `{model.was}`", key, "was")
    if model.app is not None:
        check_name(model.app, report.at(key, "app"))
        if model.id is not None:
            report.add("a topic has `id`, elsewhere, or `app`, here; not both", key, "app", at_key=True)
    return Topic(
        key=key,
        name=model.name or "",
        description=model.description,
        was=model.was,
        id=model.id,
        app=model.app,
        language=model.language,
    )


def _all_well(model: AllWellModel, defaults: SettingsModel, surroundings: Surroundings, report: Report) -> AllWell:
    topics = tuple(dict.fromkeys(model.topic or _OWN_TOPICS))
    for index, key in enumerate(model.topic or ()):
        check_name(key, report.at("topic", index))
    timezone = model.timezone or timezone_of(defaults) or surroundings.timezone
    return AllWell(at=model.at, timezone=timezone, topics=topics)


class Variant(Struct, frozen=True, kw_only=True, gc=False):
    """
    A watch as one of those that differ in `url` and `name` alone, so that the rest is judged once for all of them.

    Attributes:
        name: None where it has none.
        rest: what it says besides, as a text in which 1, 1.0 and true differ.
    """

    url: str
    name: str | None
    rest: str


def variant_of(body: Plain) -> Variant | None:
    """Return the watch as a variant; None for one that is long, or whose url has a secret or is none."""
    if not isinstance(body, dict):
        return None
    url, name = body.get("url"), body.get("name")
    if not isinstance(url, str) or not isinstance(name, str | None) or not url.strip() or "${" in url:
        return None
    if "name" in body and not (name and name.strip()):
        return None
    rest = repr({key: part for key, part in body.items() if key not in _VARYING})
    return Variant(url=url, name=name, rest=rest) if len(rest) <= _LONGEST_REST else None


class Declaration:
    """What a file declares, put together one watch after the other. It is good when nothing was added to a report."""

    def __init__(
        self, file: FileModel, surroundings: Surroundings, report: Report, *, shared: Shared | None = None
    ) -> None:
        """
        Args:
            file: without its watches and topics.
            report: of the main file.
            shared: the parts of watches that were seen before.
        """
        filled = Filled(surroundings.environ)
        self.defaults = _checked(file.defaults, filled, report.at("defaults"))
        self.secrets = filled.used
        self._language = file.defaults.language
        self.surroundings = surroundings
        self.found: dict[str, Watch] = {}
        self._all_well = (
            _all_well(file.all_well, self.defaults, surroundings, report.at("all_well")) if file.all_well else None
        )
        self.shared = Shared() if shared is None else shared
        self._first_variants: dict[str, Watch] = {}  # by `Variant.rest`
        self._renamed: dict[str, Report | None] = {}  # None: of a file that is known

    def file(self, topics: Mapping[str, TopicModel], report: Report) -> WatchFile:
        """
        Return the whole with these topics, which `report` is of.

        Raises:
            ConfigError: `was` is wrong in a file that was read before; the caller reads all files again.
        """
        self._check_renames()
        used = _used_topics(self.found, self._all_well)
        known = _topics(topics, used, self._language, report)
        return WatchFile(topics=known, watches=_speaking(self.found, known), all_well=self._all_well)

    def add(
        self, key: str, model: WatchModel, expansion: Expansion | None, at: Report, *, variant: Variant | None = None
    ) -> None:
        """
        Declare a watch.

        Args:
            expansion: of one with `for_each`; its model is of the first value.
            at: the report of the watch.
            variant: the watch as the first of its variants, where it is sound so far.
        """
        known = len(at.mistakes)
        if expansion is None:
            watch = _watch(key, model, self, at)
            self._keep(watch, at)
            if variant is not None and len(at.mistakes) == known:
                self._let_vary(watch, variant)
            return
        first, *others = expansion.each
        made = _watch(first.id_of(key), model, self, at)
        self._keep(made, at.at("for_each", first.part))
        for each in others:
            if len(at.mistakes) > known or len(self.found) > MAX_WATCHES:
                return
            noted = replace(at, note=f" (in `{each.id_of(key)}`)")
            if further := self._further(key, made, each, expansion, noted):
                self._keep(further, at.at("for_each", each.part))

    def add_variant(self, key: str, variant: Variant, at: Report) -> bool:
        """Declare a variant of a watch that was sound, and return True; False where there was none."""
        first = self._first_variants.get(variant.rest)
        if first is None:
            return False
        self._keep(_varied(first, key, variant.name or key, variant.url, self, at), at)
        return True

    def add_one(self, key: str, body: Plain, at: Report) -> None:
        """
        Declare a watch of however many, if nothing is wrong with it: `at` is its own report.

        Raises:
            MistakenError, NoMappingError: it cannot be read.
        """
        variant = variant_of(body)
        first = None if variant is None else self._first_variants.get(variant.rest)
        if variant is not None and first is not None:
            watch = _varied(first, key, variant.name or key, variant.url, self, at)
        else:
            watch = _watch(key, WatchModel.read(body), self, at)
        if at.mistakes:
            return
        self.found[key] = watch
        if variant is not None and first is None:
            self._let_vary(watch, variant)

    def take(self, watches: Mapping[str, Watch]) -> None:
        """Declare watches that were judged before. Raises ConfigError: there would be too many in all."""
        if len(self.found) + len(watches) > MAX_WATCHES:
            raise ConfigError(f"there are more than {MAX_WATCHES:,} watches")
        self.found.update(watches)
        self._renamed.update((id_, None) for id_, watch in watches.items() if watch.was is not None)

    def _check_renames(self) -> None:
        """Report each `was` that names a watch of the file, or the same as another one."""
        first: dict[str | None, str] = {}
        for id_, report in self._renamed.items():
            was = self.found[id_].was
            if was in self.found:
                problem = f"`{was}` still stands here; remove that watch, or this `was`"
            elif first.setdefault(was, id_) != id_:
                problem = f"two watches say that they were `{was}`"
            else:
                continue
            if report is None:
                raise ConfigError(problem)
            report.add(problem, "was")

    def _further(self, key: str, first: Watch, each: ForEach, expansion: Expansion, report: Report) -> Watch | None:
        """Return the watch of a further value: the first one with other words, or made anew; None with a mistake."""
        if expansion.is_simple:
            return _of_value(key, first, each, expansion.body, self, report)
        try:
            model = WatchModel.read(substituted(expansion.body, each))
        except MistakenError as error:
            report.mistakes.extend(mistakes_of(error, report.document, at=report.path, note=report.note))
            return None
        return _watch(each.id_of(key), model, self, report)

    def _let_vary(self, watch: Watch, variant: Variant) -> None:
        if len(self._first_variants) == MAX_VARIANTS:
            self._first_variants.clear()
        self._first_variants[variant.rest] = watch

    def _keep(self, watch: Watch, report: Report) -> None:
        if len(self.found) == MAX_WATCHES:
            report.add(f"there are more than {MAX_WATCHES:,} watches")
        elif watch.id in self.found:
            report.add(f"there are two watches `{watch.id}`; give one another id", at_key=True)
        else:
            self.found[watch.id] = watch
            if watch.was is not None:
                self._renamed[watch.id] = report


def _of_value(
    key: str, first: Watch, each: ForEach, body: Mapping[str, Plain], within: Declaration, report: Report
) -> Watch:
    """Return the first watch with the url, name, link and topic of another value."""
    id_, topics, link = each.id_of(key), first.topics, first.link
    varied = _varied(first, id_, _said(body, "name", each) or id_, _said(body, "url", each), within, report)
    if "topic" in body:
        written = substituted({"topic": body["topic"]}, each)["topic"]
        topics = _topic_keys(written if isinstance(written, list) else [written], report.at("topic"))
    if isinstance(link, str):
        link = _said(body, "link", each)
        check_link(link, report)
    return replace(varied, topics=within.shared.plain(topics), link=link)


def _varied(first: Watch, id_: str, name: str, written_url: str, within: Declaration, report: Report) -> Watch:
    """Return the first watch with another id, name and url."""
    check_name(id_, report)
    environ = Filled(within.surroundings.environ)
    url = url_of(written_url, environ, report)
    known = first.request.secrets.values if first.request.secrets else ()
    secrets = secrets_of(written_url, url, [*known, *environ.used.items()], within.shared)
    return replace(
        first, id=sys.intern(id_), name=sys.intern(name), request=replace(first.request, url=url, secrets=secrets)
    )


def _said(body: Mapping[str, Plain], key: str, each: ForEach) -> str:
    return str(substituted({key: body.get(key, "")}, each)[key])


def _topic_keys(written: Iterable[Plain], report: Report) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(map(str, written)))
    for index, key in enumerate(keys):
        check_name(key, report.at(index))
    return keys


def _watch(key: str, own: WatchModel, within: Declaration, report: Report) -> Watch:
    defaults, surroundings, shared = within.defaults, within.surroundings, within.shared
    check_name(key, report)
    environ = Filled(surroundings.environ)
    model = _inherited(_checked(own, environ, report), defaults)
    if model.topic is None:
        report.add("is missing; say who is told, here or in `defaults`", "topic")
    extraction = extraction_of(model, report)
    timezone = timezone_of(own) or timezone_of(defaults) or surroundings.timezone
    request = request_of(model, environ, within.secrets, report, shared)
    watch = Watch(
        id=sys.intern(key),
        name=sys.intern(model.name or key),
        request=request,
        topics=shared.plain(tuple(dict.fromkeys(model.topic or ()))),
        extraction=shared.extraction(extraction),
        scope=shared.plain(scope_of(model, report)),
        rules=shared.rules(rules_of(model, extraction, report)),
        every=shared.plain(interval_of(model)),
        jitter=model.jitter,
        cron=model.cron,
        active_hours=shared.plain(active_hours_of(model.active_hours)),
        timezone=timezone,
        confirm=model.confirm,
        remind_every=model.remind_every,
        ignore_text=shared.plain(model.ignore_text),
        ignore_differences=shared.plain(frozenset(model.ignore_differences)),
        known_values=model.known_values,
        accept_after=model.accept_after,
        on_error=shared.plain(_on_error(model)),
        stale_after=model.stale_after,
        group_within=model.group_within or None,
        keep_page=not is_own(request) if model.keep_page is None else model.keep_page,
        page_must_contain=model.page_must_contain,
        page_must_not_contain=model.page_must_not_contain,
        link=shared.link(link_of(model, report)),
        message=shared.plain(MessageTemplate(summary=model.message.summary, content=model.message.content)),
        tags=shared.plain(tuple(dict.fromkeys(model.tags))),
        is_enabled=model.enabled,
        was=model.was,
    )
    _check_sense(watch, own, report)
    return watch


def _on_error(model: SettingsModel) -> OnError:
    return OnError(after=model.on_error.after, topics=tuple(dict.fromkeys(model.on_error.topic or _OWN_TOPICS)))


def _check_sense(watch: Watch, own: WatchModel, report: Report) -> None:
    if own.remind_every is not None and all(rule.is_event for rule in watch.rules):
        text = (
            "reminds of what stays true, and no entry of `notify_when` does; write one such as `stock: {is: in_stock}`"
        )
        report.add(text, "remind_every", at_key=True)
    if own.known_values is KnownValues.IGNORE and not may_ignore(watch):
        why = "this is a list" if isinstance(watch.extraction, Items) else "no entry of `notify_when` has it"
        report.add(f"is for `changes` of single values, and {why}; remove it", "known_values", at_key=True)
    if own.max_step is not None:
        extraction = watch.extraction
        selectors = extraction.fields if isinstance(extraction, Items) else extraction.selectors
        if all(selector.max_step is None for selector in selectors.values()):
            text = "is for numbers and money, and there are none here; give a value its `type`"
            report.add(text, "max_step", at_key=True)


def _checked(settings: _S, environ: Mapping[str, str], report: Report) -> _S:
    for name, keys in (("topic", settings.topic or ()), ("tags", settings.tags)):
        for index, key in enumerate(keys):
            check_name(key, report.at(name, index))
    for index, key in enumerate(settings.on_error.topic or ()):
        check_name(key, report.at("on_error", "topic", index))
    if "message" in settings.given:
        _check_message(settings.message, report.at("message"))
    check_noise(settings, report)
    check_schedule(settings, report)
    return expanded(settings, environ, report)


def _check_message(message: MessageModel, report: Report) -> None:
    for part, template in (("summary", message.summary), ("content", message.content)):
        if template is not None and (complaint := _complaint(template)):
            report.add(complaint, part)


@lru_cache(maxsize=1_000)
def _complaint(template: str) -> str:
    """Return what is wrong with a template; empty when nothing is."""
    try:
        check_template(template)
    except ValueError as error:
        return "is nested too deeply for a template" if isinstance(error.__cause__, RecursionError) else str(error)
    return ""


def _inherited(own: _S, defaults: SettingsModel) -> _S:
    """Return the watch's settings, and the defaults where it says nothing. Mappings are merged key by key."""
    if not defaults.given:
        return own
    update = _unset(own, defaults)
    update.pop("language", None)  # of topics, not of watches
    if {"every", "cron"} & own.given:  # one of a watch's own is in place of the other's default
        update.pop("every", None)
        update.pop("cron", None)
    both = own.given & defaults.given
    if "headers" in both:
        update["headers"] = with_own_headers(defaults.headers, own.headers)
    if "cookies" in both:
        update["cookies"] = {**defaults.cookies, **own.cookies}
    for name in _ADDED & both:
        update[name] = tuple(dict.fromkeys((*getattr(defaults, name), *getattr(own, name))))
    for name in _MERGED & both:
        part, default = getattr(own, name), getattr(defaults, name)
        update[name] = part.replaced(_unset(part, default))
    return own.replaced(update) if update else own


def _unset(own: Model, defaults: Model) -> dict[str, object]:
    """Return what the defaults say and `own` does not."""
    return {name: getattr(defaults, name) for name in defaults.given - own.given}
