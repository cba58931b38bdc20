"""How an operation is made of a function."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

from watcher.core.access import Scope
from watcher.web.api import v1
from watcher.web.api.v1.models import NoParams
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.operations import OPERATIONS
from watcher.web.api.v1.topics import Topic, TopicChanges, TopicPath


async def _all(call: Call, params: TopicPath, body: TopicChanges) -> Topic:
    """Takes all that a request has."""
    raise NotImplementedError


async def _nothing(call: Call) -> None:
    """Takes nothing, and gives nothing."""


async def _a_stranger(call: Call, topic: TopicPath) -> None:
    """Takes what no request has."""


async def _without_a_call(params: TopicPath) -> None:
    """Does not take the call."""


async def _without_a_word(call: Call):  # type: ignore[no-untyped-def]  # that is what is wrong with it
    """Does not say what it gives."""


def test_a_functions_annotations_and_docstring_make_the_operation() -> None:
    operations = Operations()
    operations.add("POST", "/topics/{topic_id}", Scope.TOPICS_WRITE, location="/topics/{id}")(_all)
    operations.add("DELETE", "/topics", Scope.TOPICS_WRITE)(_nothing)
    first, second = operations
    assert (first.params, first.body, first.response, first.status) == (TopicPath, TopicChanges, Topic, 201)
    assert (second.params, second.body, second.response, second.status) == (NoParams, None, None, 204)
    assert [one.description for one in operations] == [_all.__doc__, _nothing.__doc__]


@pytest.mark.parametrize("function", [_a_stranger, _without_a_call, _without_a_word])
def test_a_function_that_no_request_fits_is_no_operation(function: object) -> None:
    operations = Operations()
    with pytest.raises(TypeError, match="takes `call`"):
        operations.add("GET", "/topics", Scope.TOPICS_READ)(function)  # type: ignore[type-var]
    assert [*operations] == []


def test_the_operations_of_every_module_are_served() -> None:
    modules = [import_module(f"{v1.__name__}.{module.name}") for module in pkgutil.iter_modules(v1.__path__)]
    nouns = [module.operations for module in modules if isinstance(getattr(module, "operations", None), Operations)]
    assert {one.handle for noun in nouns for one in noun} == {one.handle for one in OPERATIONS}
