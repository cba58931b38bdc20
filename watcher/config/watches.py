"""The models of a file → the core's topics and watches, judged as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from watcher.config.models import (
    OPERATORS,
    SINGLE_VALUE,
    FileModel,
    ItemsModel,
    MessageModel,
    Model,
    SelectorModel,
    SettingsModel,
    TopicModel,
    WatchModel,
)
from watcher.config.report import Report
from watcher.config.request import expanded_headers, request_of, with_own_headers
from watcher.config.rules import KEY, compared_names, rules_of, where_of
from watcher.core.values import ValueType
from watcher.core.watch import (
    ADMIN_TOPIC,
    Extraction,
    Items,
    MessageTemplate,
    Query,
    Selector,
    Topic,
    Values,
    Watch,
    WatchFile,
)

MAX_SELECTORS = 50

_NAME = re.compile(r"\w[\w.-]{0,99}")
_S = TypeVar("_S", bound=SettingsModel)


def declared(file: FileModel, environ: Mapping[str, str], report: Report) -> WatchFile:
    """Return what the file declares. It is only good when nothing was added to the report."""
    defaults = _checked(file.defaults, environ, report.at("defaults"))
    watches = {
        key: _watch(key, model, defaults, environ, report.at("watches", key)) for key, model in file.watches.items()
    }
    return WatchFile(topics=_topics(file.topics, watches.values(), report.at("topics")), watches=watches)


def _topics(models: Mapping[str, TopicModel], watches: Iterable[Watch], report: Report) -> dict[str, Topic]:
    """Return the topics that are named, those that are merely used, and the operator's own."""
    topics = {key: _topic(key, model, models, report) for key, model in models.items()}
    for key in (ADMIN_TOPIC, *(key for watch in watches for key in watch.topics)):
        topics.setdefault(key, Topic(key=key, name=key, is_declared=False))
    return topics


def _topic(key: str, model: TopicModel, models: Mapping[str, TopicModel], report: Report) -> Topic:
    _check_name(key, report.at(key))
    if model.was in models:
        report.add(f"`{model.was}` still stands here; remove that topic, or this `was`", key, "was")
    elif model.was and any(other.was == model.was for name, other in models.items() if name < key):
        report.add(f"two topics say that they were `{model.was}`", key, "was")
    return Topic(key=key, name=model.name or key, description=model.description, was=model.was, id=model.id)


def _watch(key: str, model: WatchModel, defaults: SettingsModel, environ: Mapping[str, str], report: Report) -> Watch:
    _check_name(key, report)
    model = _inherited(_checked(model, environ, report), defaults)
    if model.topic is None:
        report.add("is missing; say who is told, here or in `defaults`", "topic")
    extraction = _extraction(model, report)
    return Watch(
        id=key,
        name=model.name or key,
        request=request_of(model, environ, report),
        topics=tuple(dict.fromkeys(model.topic or ())),
        extraction=extraction,
        rules=rules_of(model, extraction, report),
        every=model.every,
        jitter=model.jitter,
        confirm=model.confirm,
        page_must_contain=model.page_must_contain,
        link=_link(model.link),
        message=MessageTemplate(summary=model.message.summary, content=model.message.content),
    )


def _check_name(name: str, report: Report) -> None:
    if not _NAME.fullmatch(name):
        report.add("must be a name of letters, digits, `-`, `_` and `.`, at most 100", at_key=True)


def _checked(settings: _S, environ: Mapping[str, str], report: Report) -> _S:
    """Return the settings with the secrets in their headers filled in; mistakes go into the report."""
    for index, key in enumerate(settings.topic or ()):
        _check_name(key, report.at("topic", index))
    if "message" in settings.model_fields_set:
        _check_message(settings.message, report.at("message"))
    if not settings.headers:
        return settings
    return settings.model_copy(update={"headers": expanded_headers(settings.headers, environ, report.at("headers"))})


def _check_message(message: MessageModel, report: Report) -> None:
    from watcher.core.template import check_template  # Jinja2 takes 30 ms, and few watches need it

    for part, template in (("summary", message.summary), ("content", message.content)):
        try:
            if template is not None:
                check_template(template)
        except RecursionError:
            report.add("is nested too deeply for a template", part)
        except ValueError as error:
            report.add(str(error), part)


def _inherited(own: _S, defaults: SettingsModel) -> _S:
    """Return the watch's settings, and the defaults where it says nothing. Mappings are merged key by key."""
    update = _unset(own, defaults)
    both = own.model_fields_set & defaults.model_fields_set
    if "headers" in both:
        update["headers"] = with_own_headers(defaults.headers, own.headers)
    if "per_host" in both:
        update["per_host"] = own.per_host.model_copy(update=_unset(own.per_host, defaults.per_host))
    if "message" in both:
        update["message"] = own.message.model_copy(update=_unset(own.message, defaults.message))
    return own.model_copy(update=update) if update else own


def _unset(own: Model, defaults: Model) -> dict[str, object]:
    """Return what the defaults say and `own` does not."""
    return {name: getattr(defaults, name) for name in defaults.model_fields_set - own.model_fields_set}


def _extraction(model: WatchModel, report: Report) -> Extraction:
    compared = compared_names(model)
    if model.items is not None:
        if model.extract is not None:
            report.add("a watch has `extract` or `items`, not both", "extract", at_key=True)
        return _items(model.items, model, compared, report)
    for key in ("where", "empty_when"):
        if key in model.model_fields_set:
            report.add("is for pages with `items`", key, at_key=True)
    if model.extract is None:
        return Values(selectors={SINGLE_VALUE: Selector()})
    return Values(selectors=_selectors(model.extract, compared, report.at("extract")))


def _items(listed: ItemsModel, model: WatchModel, compared: frozenset[str], report: Report) -> Items:
    if listed.key.optional:
        report.add("a row without its key has no identity; remove this", "items", "key", "optional")
    items = Items(
        query=Query.css(listed.css),
        key=_selector(listed.key, is_compared=KEY in compared),
        fields=_selectors(listed.fields, compared, report.at("items", "fields")),
        empty_when=Query.css(model.empty_when) if model.empty_when else None,
    )
    return replace(items, where=where_of(model, items, report))


def _selectors(models: Mapping[str, SelectorModel], compared: frozenset[str], report: Report) -> dict[str, Selector]:
    if len(models) > MAX_SELECTORS:
        report.add(f"has {len(models)} selectors, more than {MAX_SELECTORS}")
    for name in models:
        if name in OPERATORS or name == KEY or not _NAME.fullmatch(name):
            report.add(_wrong_value_name(name), name, at_key=True)
    return {name: _selector(model, is_compared=name in compared) for name, model in models.items()}


def _wrong_value_name(name: str) -> str:
    if name in OPERATORS or name == KEY:
        return f"`{name}` has a meaning in conditions; call the value otherwise"
    return "must be a name of letters, digits, `-`, `_` and `.`, at most 100"


def _selector(model: SelectorModel, *, is_compared: bool) -> Selector:
    inferred = ValueType.NUMBER if is_compared else ValueType.TEXT
    return Selector(query=Query.css(model.css), attr=model.attr, type=model.type or inferred, optional=model.optional)


def _link(model: str | SelectorModel | None) -> str | Selector | None:
    """Return the link; a selector of one reads `href` where it names no attribute."""
    if not isinstance(model, SelectorModel):
        return model
    return Selector(query=Query.css(model.css), attr=model.attr or "href", type=ValueType.URL, optional=model.optional)
