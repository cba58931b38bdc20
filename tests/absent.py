"""
A pytest plugin for code that lacks what the tests import: they run all the same, and fail by what they see.

`tests.failed_before` lays new tests over older code. Where that lacks a module or a name of ours, a test module could
not be collected, which says nothing about behaviour. With this plugin (`-p tests.absent`) it gets a placeholder, and a
test fails on that only where it uses it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Final

_import: Final = builtins.__import__


class AbsentError(Exception):
    """The code does not have this yet."""


class Absent:
    """Stands for something that is not there: it can be imported and handed on, and not used."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.name}.{name}")

    def __call__(self, *_: object, **__: object) -> Any:
        raise AbsentError(f"there is no {self.name} yet")


class AbsentModule(ModuleType):
    """A module that is not there: each name in it is absent."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")


def _patient_import(
    name: str,
    globals: Mapping[str, object] | None = None,  # noqa: A002 - as the one that it stands for
    locals: Mapping[str, object] | None = None,  # noqa: A002
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> ModuleType:
    is_of_tests = str((globals or {}).get("__name__", "")).startswith("tests")
    if not (is_of_tests and name.partition(".")[0] == "watcher" and fromlist):
        return _import(name, globals, locals, fromlist or (), level)
    try:
        module = _import(name, globals, locals, fromlist, level)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("watcher"):
            raise
        module = sys.modules[name] = AbsentModule(name)
    for wanted in fromlist:
        if wanted != "*" and not hasattr(module, wanted):
            setattr(module, wanted, Absent(f"{name}.{wanted}"))
    return module


builtins.__import__ = _patient_import
