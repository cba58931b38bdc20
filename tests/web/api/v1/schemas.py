"""
Values that a JSON schema of our document allows, and any others.

Schemathesis would do this; no version of it works with the hypothesis and the jsonschema-rs that we are tested with.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

Schema = dict[str, Any]
Strategy = st.SearchStrategy[Any]

ANYTHING: Strategy = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["\x00", "\x1b[0m", "\x7f", "\x85", "‮", "' OR 1=1 --", "../../x", "x" * 600, 2**63, -1, 1e308]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def allowed(schema: Schema, document: Schema) -> Strategy:
    """Return values that the schema allows."""
    match schema:
        case {"$ref": str(reference)}:
            return allowed(document["components"]["schemas"][reference.rpartition("/")[2]], document)
        case {"enum": list(choices)}:
            return st.sampled_from(choices)
        case {"const": only}:
            return st.just(only)
        case {"type": "array", "items": dict(items)}:
            return st.lists(allowed(items, document), max_size=min(3, schema.get("maxItems", 3)))
        case {"type": "object", "properties": dict(properties)}:
            whole = jsonschema_rs.validator_for({**schema, "components": document["components"]})
            return _object(properties, schema.get("required", []), document).filter(whole.is_valid)
        case {"anyOf": list(choices)}:
            return st.one_of([allowed(choice, document) for choice in choices])
        case {"type": "integer"}:
            low, high = schema.get("minimum"), schema.get("maximum")
            return st.sampled_from([low or 1, 1, 2, 3]) | st.integers(low, high)
        case {"type": "string", "format": "date-time"}:
            return st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat())
        case {"type": "string", "pattern": str(pattern)}:
            fitting = st.from_regex(pattern, fullmatch=True, alphabet=st.characters(exclude_categories=["Cs"]))
            most = schema.get("maxLength", 100)
            return fitting.map(lambda text: text[:most]).filter(lambda text: len(text) >= schema.get("minLength", 0))
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "null"}:
            return st.none()
    raise NotImplementedError(f"the document has a new kind of schema: {schema}")


def _object(properties: dict[str, Schema], required: list[str], document: Schema) -> Strategy:
    each = {name: allowed(schema, document) for name, schema in properties.items()}
    return st.fixed_dictionaries(
        {name: each[name] for name in required},
        optional={name: value for name, value in each.items() if name not in required},
    )
