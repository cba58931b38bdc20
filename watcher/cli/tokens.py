"""The command `tokens`: who may use the API at `/api/v1`."""

from __future__ import annotations

from typing import Annotated

import click

from watcher import runtime
from watcher.cli import options
from watcher.cli.asking import ask_service
from watcher.cli.declaring import Argument, Option, group
from watcher.cli.options import DataOption, JsonOption
from watcher.cli.output import print_json, print_listing, time_json, time_text
from watcher.core.access import AccessToken, Scope
from watcher.core.values import Json


def list_tokens(data: DataOption = options.DATA, as_json: JsonOption = False) -> None:
    """Show the API's tokens, without their secrets."""
    now = runtime.utc_now()
    print_listing(
        ask_service(data, lambda service: service.tokens.all()),
        as_json=as_json,
        record=_token_json,
        headings=("id", "name", "scopes", "app", "made"),
        cells=lambda token: (
            *(str(token.id), token.name, " ".join(sorted(token.scopes))),
            *(str(token.app_id or "all"), time_text(token.created_at, now=now)),
        ),
        folding=("name", "scopes"),
        empty="no tokens",
    )


def add_token(
    name: Annotated[str, Argument(metavar="NAME", help="What it is for.")],
    scope: Annotated[
        list[Scope], Option("--scope", metavar="SCOPE", help=f"What it may do: {', '.join(Scope)}. Repeatable.")
    ],
    app: Annotated[
        int | None, Option("--app", metavar="APP", help="The only application it is for. Default: all.")
    ] = None,
    data: DataOption = options.DATA,
    as_json: JsonOption = False,
) -> None:
    """Create a token for the API; it is shown once."""
    token, secret = ask_service(
        data, lambda service: service.tokens.add(name, frozenset(scope), app_id=app), may_begin=True
    )
    if as_json:
        print_json(_token_json(token) | {"token": secret})
    else:
        click.echo(f"token {token.id}\n{secret}\nIt is not shown again.")


def remove_token(
    token: Annotated[int, Argument(metavar="ID", help="A token's number.")],
    data: DataOption = options.DATA,
) -> None:
    """Remove a token of the API; it stops working at once."""
    ask_service(data, lambda service: service.tokens.remove(token))
    click.echo(f"token {token} removed")


tokens = group(
    "tokens", "Show the API's tokens, or change them.", list_tokens, {"add": add_token, "remove": remove_token}
)


def _token_json(token: AccessToken) -> dict[str, Json]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": [*sorted(token.scopes)],
        "app_id": token.app_id,
        "created_at": time_json(token.created_at),
    }
