"""What we take of aiohttp that it does not offer is there, and is as we read it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

import watcher
from watcher.web.transport.connections import HttpConnection
from watcher.web.transport.insides import OF_CONNECTION, OF_REQUEST

_WEB = Path(watcher.__file__).parent / "web"
_ALLOWED = {"connections.py", "insides.py"}
_OVERRIDDEN = [
    name
    for name, found in vars(HttpConnection).items()
    if inspect.isfunction(found) and name in dir(RequestHandler) and name != "__init__"
]


@pytest.mark.parametrize("name", OF_CONNECTION)
def test_a_connection_of_aiohttp_has_what_ours_lives_with(name: str) -> None:
    assert hasattr(RequestHandler, name), f"aiohttp's RequestHandler has no {name} any more: see connections.py"


@pytest.mark.parametrize("name", OF_REQUEST)
def test_a_request_of_aiohttp_has_what_we_set_and_read(name: str) -> None:
    is_there = hasattr(web.Request, name) or name in inspect.getsource(web.BaseRequest)
    assert is_there, f"aiohttp's Request has no {name} any more: see insides.py"


@pytest.mark.parametrize("name", _OVERRIDDEN)
def test_what_a_connection_of_ours_replaces_is_called_as_before(name: str) -> None:
    theirs, ours = (inspect.signature(getattr(kind, name)) for kind in (RequestHandler, HttpConnection))
    assert list(ours.parameters) == list(theirs.parameters), f"aiohttp calls {name} otherwise: see connections.py"


def test_all_that_a_connection_of_ours_lives_with_is_listed() -> None:
    own = set(HttpConnection.__slots__) | set(vars(HttpConnection))
    touched = _private_names(inspect.getsource(HttpConnection), of_self=True) - own
    assert touched <= set(OF_CONNECTION)
    for name in ("connections.py", "insides.py"):
        assert _private_names((_WEB / "transport" / name).read_text("utf-8")) <= set(OF_REQUEST)


@pytest.mark.parametrize("module", sorted(_WEB.rglob("*.py")), ids=lambda path: str(path.relative_to(_WEB)))
def test_no_other_module_of_the_web_side_touches_a_private_name_of_another_object(module: Path) -> None:
    assert module.name in _ALLOWED or _private_names(module.read_text("utf-8")) == set()


def _private_names(source: str, *, of_self: bool = False) -> set[str]:
    """Return the private names that a module touches: of its own objects, or of others."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            is_own = ast.unparse(node.value) in {"self", "cls", "super()"}
            if is_own is of_self:
                found.add(node.attr)
    return found
