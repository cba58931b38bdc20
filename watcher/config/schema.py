"""The JSON Schema of watches.yaml, for editors and for `watcher schema`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum
from inspect import cleandoc, getsource
from itertools import pairwise
from typing import Any

from watcher.config.keys import Key, Model
from watcher.config.kinds import YES
from watcher.config.models import FileModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of what the models accept, short forms included."""
    definitions = _Definitions()
    whole = definitions.of_model(FileModel)
    return {"$schema": DIALECT, "$defs": dict(sorted(definitions.found.items())), **whole}


class _Definitions:
    """What the schema refers to. `found`: by name; what is being described is there already, and empty."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def of_model(self, model: type[Model]) -> dict[str, Any]:
        """Return the schema of a model."""
        models = [base for base in reversed(model.__mro__) if issubclass(base, Model)]
        texts = {name: text for base in models for name, text in _texts_below_keys(base)}
        properties = {
            name: {**self.filled_in(key.kind.schema), **_default(key), "description": texts[key.attribute]}
            for name, key in model.keys.items()
        }
        others = False if model.other_keys is None else self.filled_in(model.other_keys.schema)
        schema: dict[str, Any] = {"type": "object", "description": _text_of(model), "properties": properties}
        schema["additionalProperties"] = others
        if model.required:
            schema["required"] = [*model.required]
        if model.one_of:
            schema["anyOf"] = [{"required": [key]} for key in model.one_of]
        return schema

    def filled_in(self, schema: Any) -> Any:
        """Return a schema whose classes are references."""
        match schema:
            case type():
                return {"$ref": f"#/$defs/{self._named(schema)}"}
            case dict():
                return {word: self.filled_in(part) for word, part in schema.items()}
            case list():
                return [self.filled_in(part) for part in schema]
            case _:
                return schema

    def _named(self, of: type[Model] | type[StrEnum]) -> str:
        if of.__name__ not in self.found:
            self.found[of.__name__] = {}
            self.found[of.__name__] = (
                self.of_model(of)
                if issubclass(of, Model)
                else {"type": "string", "description": _text_of(of), "enum": [word.value for word in of]}
            )
        return of.__name__


def _default(key: Key) -> dict[str, Any]:
    if key.written is not None:
        return {"default": key.written}
    match key.default:
        case tuple() as several:
            return {"default": [*several]}
        case bool() | int() | str() if key.kind is not YES:
            return {"default": key.default}
        case _:
            return {}


def _text_of(described: type) -> str:
    return cleandoc(described.__doc__ or "")


def _texts_below_keys(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Yield each attribute of a class below which a text stands, and the text."""
    (of_class,) = ast.parse(getsource(model)).body
    assert isinstance(of_class, ast.ClassDef)  # noqa: S101 - the source of a class
    for declared, below in pairwise(of_class.body):
        match declared, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, cleandoc(text)
