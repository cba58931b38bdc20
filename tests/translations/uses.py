"""Where texts are asked for: by templates as `t('key', name=…)`, by modules as `text(language, "key", name=…)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, nodes
from msgspec import Struct


class Use(Struct, frozen=True, kw_only=True):
    """
    A call that asks for a text.

    Attributes:
        keys: what it asks for: one key, the two of a choice, `channel_{}` for one that is put together; none where
            the key comes from elsewhere.
        values: names of what it fills in.
    """

    where: str
    keys: tuple[str, ...]
    values: frozenset[str]


def uses_in_templates() -> Iterator[Use]:
    """Return each call of `t` in the templates of the pages."""
    for name, template in _templates():
        for call in template.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                values = frozenset(keyword.key for keyword in call.kwargs)
                yield Use(where=f"{name}:{call.lineno}", keys=_keys_in_template(call.args[0]), values=values)


def uses_in_modules() -> Iterator[Use]:
    """Return each call of `text` in the modules that are not templates."""
    for name, module in _modules():
        for call in ast.walk(module):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "text":
                values = frozenset(keyword.arg for keyword in call.keywords if keyword.arg)
                yield Use(where=f"{name}:{call.lineno}", keys=_keys_in_module(call.args[1]), values=values)


def sentences() -> Iterator[tuple[str, str]]:
    """Return the key and the English of each sentence that a module makes which knows no language (`worded`)."""
    sources = (file.read_text(encoding="utf-8") for file in _files(resources.files("watcher"), ".py"))
    for source in sources:
        for call in ast.walk(ast.parse(source)) if "worded(" in source else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "worded":
                key, english = call.args
                yield ast.literal_eval(key), ast.literal_eval(english)


def words_in_quotes() -> set[str]:
    """Return every string that stands in a template or a module, for keys that are handed on."""
    quoted = {node.value for _, template in _templates() for node in template.find_all(nodes.Const)}
    quoted |= {node.value for _, module in _modules() for node in ast.walk(module) if isinstance(node, ast.Constant)}
    return {word for word in quoted if isinstance(word, str)}


def _keys_in_template(key: nodes.Expr) -> tuple[str, ...]:
    match key:
        case nodes.Const(value=str(value)):
            return (value,)
        case nodes.CondExpr(expr1=first, expr2=nodes.Expr() as second):
            return (*_keys_in_template(first), *_keys_in_template(second))
        case nodes.Add(left=nodes.Const(value=str(start))) | nodes.Concat(nodes=[nodes.Const(value=str(start)), *_]):
            return (f"{start}{{}}",)
        case nodes.Mod(left=nodes.Const(value=str(whole))):
            return (whole.replace("%s", "{}"),)
    return ()


def _keys_in_module(key: ast.expr) -> tuple[str, ...]:
    return (key.value,) if isinstance(key, ast.Constant) and isinstance(key.value, str) else ()


@cache
def _templates() -> Sequence[tuple[str, nodes.Template]]:
    files = _files(resources.files("watcher.web").joinpath("templates"), ".html")
    return [(file.name, Environment(autoescape=True).parse(file.read_text(encoding="utf-8"))) for file in files]


@cache
def _modules() -> Sequence[tuple[str, ast.Module]]:
    files = (file for package in ("watcher.web", "watcher.push") for file in _files(resources.files(package), ".py"))
    return [(file.name, ast.parse(file.read_text(encoding="utf-8"))) for file in files]


def _files(folder: Traversable, suffix: str) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, suffix)
        elif entry.name.endswith(suffix):
            yield entry
