"""The command `schema`: the JSON Schema of watches.yaml."""

from __future__ import annotations

import json
from functools import cache

import click

from watcher.cli.declaring import command
from watcher.config.schema import json_schema


@command
def schema() -> None:
    """Print the JSON Schema of watches.yaml, for editors."""
    click.echo(schema_text(), nl=False)


@cache
def schema_text() -> str:
    """Return it as it is written to files; it takes a fifth of a second to make."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
