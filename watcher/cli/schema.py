"""The command `schema`: the JSON Schema of watches.yaml."""

from __future__ import annotations

import json

import click

from watcher.cli.declaring import command


def register(app: click.Group) -> None:
    """Add this command."""
    app.add_command(command(schema))


def schema() -> None:
    """Print the JSON Schema of watches.yaml, for editors."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """Return it as it is written to files."""
    from watcher.config.schema import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
