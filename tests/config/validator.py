"""The schema of `watches.yaml`, as editors use it; made once for each process, by the first test that asks."""

from __future__ import annotations

from functools import cache

import jsonschema_rs

from watcher.config.schema import json_schema


@cache
def validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json_schema())
