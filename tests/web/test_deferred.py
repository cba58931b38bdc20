"""Handlers that are imported when they are first asked for are there, and are those of their routes."""

from __future__ import annotations

import inspect

import pytest

from watcher.web.console.deferred import Deferred
from watcher.web.middleware.guard import Route
from watcher.web.routes import ROUTES


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if isinstance(each.handler, Deferred)], ids=lambda each: each.path
)
def test_a_handler_is_there_and_says_which_route_it_is_for(route: Route) -> None:
    assert isinstance(route.handler, Deferred)
    handler = route.handler.handler()
    assert inspect.iscoroutinefunction(handler)
    said = (inspect.getdoc(handler) or "").partition(":")[0].strip("`")
    assert said.startswith(route.method)
