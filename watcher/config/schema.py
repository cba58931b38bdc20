"""The JSON Schema of watches.yaml, for editors and for `watcher schema`."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from watcher.config.models import FileModel


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of what the models accept, short forms included."""
    schema = FileModel.model_json_schema(schema_generator=_Generator)
    for part in (schema, *schema["$defs"].values()):
        part.pop("title", None)  # the name of a class, which editors would show above each description
    return {"$schema": _Generator.schema_dialect, **schema}


class _Generator(GenerateJsonSchema):
    """A key is there or it is not: `null` is never meant, and generated titles only repeat the keys."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        if described.get("default", ...) is None or described.get("const") is True:
            del described["default"]
        return described

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - none ever is
        return False
