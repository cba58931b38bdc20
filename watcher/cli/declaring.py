"""
Functions whose annotations declare options → commands of Click.

`def check(ids: IdsArgument = None, as_json: JsonOption = False)` says all that Click has to know; the default is what
an option is when it is left out. Typer did this before: it checks each value by a validator of pydantic's, and to
import and build those took 75 ms of CPU, a quarter of a pass of `watcher check`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from inspect import Parameter, cleandoc, signature
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import click
from click.core import ParameterSource

_E = TypeVar("_E", bound=StrEnum)
_WHOLE = 1_000
"""Characters of a sentence in a list of commands: all of it."""


class Argument:
    """An argument, declared as `Annotated[str, Argument(metavar="ID")]`; of a list, any number."""

    def __init__(self, *, metavar: str, help: str | None = None) -> None:  # noqa: A002 - as Click calls it
        self._metavar = metavar
        self._help = help

    def of(self, parameter: Parameter) -> click.Parameter:
        """Return the argument of Click that is meant."""
        kind, is_several = _kind(parameter)
        is_needed = parameter.default is Parameter.empty
        metavar = f"{self._metavar}…" if is_several else self._metavar
        return click.Argument(
            [parameter.name],
            type=_type(kind),
            nargs=-1 if is_several else 1,
            required=is_needed,
            metavar=metavar if is_needed else f"[{metavar}]",
            help=self._help,
        )


class Option:
    """An option, declared as `Annotated[Path, Option("--data", metavar="DIR")]`; of a list, it may be given again."""

    def __init__(
        self,
        *names: str,
        low: int | None = None,
        high: int | None = None,
        is_directory: bool = False,
        **attributes: Any,
    ) -> None:
        """
        Declare it.

        Args:
            low, high: bounds of a number.
            is_directory: a path that may not be a file's.
            attributes: what `click.Option` takes and the annotation does not say.
        """
        self._names = names
        self._bounds = (low, high)
        self._is_directory = is_directory
        self._attributes = attributes

    def of(self, parameter: Parameter) -> click.Parameter:
        """Return the option of Click that is meant."""
        kind, is_several = _kind(parameter)
        is_needed = parameter.default is Parameter.empty
        return click.Option(
            [parameter.name, *self._names],
            type=self._type(kind),
            is_flag=kind is bool,
            multiple=is_several,
            required=is_needed,
            **({} if is_needed else {"default": _default(parameter)}),
            show_default=parameter.default != "",
            show_envvar=True,
            **self._attributes,
        )

    def _type(self, kind: type) -> click.ParamType[Any] | type:
        if any(self._bounds):
            return _Number(*self._bounds)
        return _Path(path_type=Path, file_okay=False) if self._is_directory else _type(kind)


class Command(click.Command):
    """A command that its errors name: Click does not say where an option stands that lacks its value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        with _blamed_on(ctx):
            return super().parse_args(ctx, args)


class Group(click.Group):
    """Commands, listed as they were added and not by the alphabet."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, as `Command` does."""
        with _blamed_on(ctx):
            return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - they are the same everywhere
        """Return the names as they are listed."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write what each command is for: the first sentence of its help, which Click would cut off."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(_WHOLE)) for name, each in self.commands.items()])


def command(function: Callable[..., None], name: str | None = None) -> click.Command:
    """Return the command that a function is; its name is the function's, when left out (`try_` is `try`)."""
    return Command(
        name or function.__name__.rstrip("_"),
        callback=function,
        params=[*parameters(function), *_idle_parameters(function)],
        help=cleandoc(function.__doc__ or ""),
    )


def group(
    name: str,
    text: str,
    listing: Callable[..., None],
    verbs: Mapping[str, Callable[..., None]],
    *,
    listed_by: str = "list",
) -> Group:
    """Return `watcher NOUN` and `watcher NOUN list`, which list, with `watcher NOUN VERB` for each verb."""

    def list_unless_verb(**given: Any) -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            listing(**_with_checked_paths(context, given))
        else:
            _refuse_misplaced(context, context.invoked_subcommand)

    own = [*parameters(listing), *_idle_parameters(listing)]
    noun = Group(name, callback=list_unless_verb, params=own, help=text, invoke_without_command=True)
    for verb, function in {listed_by: listing, **verbs}.items():
        noun.add_command(command(function, verb))
    return noun


@contextmanager
def _blamed_on(context: click.Context) -> Iterator[None]:
    """Name the command in an error that names none."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or context
        raise


def _refuse_misplaced(context: click.Context, verb: str) -> None:
    """Fail for an option before the verb, which the verb would not see: it might go to another data directory."""
    for parameter in context.command.get_params(context):
        if parameter.name and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            context.fail(f"options go after the verb: {context.command_path} {verb} {parameter.opts[0]} …")


def _with_checked_paths(context: click.Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a noun was given, its paths checked: it lists with them, and no verb has others."""
    checked = {
        parameter.name: parameter.type.checked(given[parameter.name], parameter, context)
        for parameter in context.command.get_params(context)
        if isinstance(parameter.type, _Path) and parameter.name and given.get(parameter.name) is not None
    }
    return {**given, **checked}


def _idle_parameters(function: Callable[..., None]) -> list[click.Parameter]:
    """Return those of `--config` and `--data` that a command has no use for: a script gives both to each."""
    used = signature(function).parameters
    return [
        click.Option(["--" + name], type=_type(Path), metavar=metavar, hidden=True, expose_value=False)
        for name, metavar in (("config", "FILE"), ("data", "DIR"))
        if name not in used
    ]


def parameters(function: Callable[..., None]) -> list[click.Parameter]:
    """Return what a function's annotations declare."""
    declared = signature(function, eval_str=True).parameters.values()
    return [get_args(each.annotation)[1].of(each) for each in declared]


def _kind(parameter: Parameter) -> tuple[type, bool]:
    """Return the type of a value, and whether there may be several."""
    kind = get_args(parameter.annotation)[0]
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    return (get_args(kind)[0], True) if get_origin(kind) is list else (kind, False)


def _default(parameter: Parameter) -> Any:
    """Return the default as help shows it: a member of an enum by its value, not by its name in Python."""
    return str(parameter.default) if isinstance(parameter.default, StrEnum) else parameter.default


def _type(kind: type) -> click.ParamType[Any] | type:
    if kind is Path:
        return _Path(path_type=Path)
    if kind is str:
        return _Text()
    return _Words(kind) if issubclass(kind, StrEnum) else kind


class _Number(click.IntRange):
    name = "number"  # for errors: Click says that something "is not a valid integer range"


class _Path(click.Path):
    """A path that this user may look at, or where nothing is; other paths would be refused far from here."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path, checked; one of a noun as it is, for only a noun that lists looks there."""
        is_of_noun = ctx is not None and isinstance(ctx.command, Group)
        return value if is_of_noun else self.checked(value, param, ctx)

    def checked(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path, if it may be looked at. Raises BadParameter."""
        if not os.fspath(value):
            self.fail("an empty text is no path; is a variable not set?", param, ctx)
        try:
            os.stat(value)
            may_read = os.access(value, os.R_OK)
        except FileNotFoundError:
            may_read = True
        except PermissionError:
            may_read = False
        except OSError as error:
            self.fail(f"{os.fspath(value)}: {error.strerror}", param, ctx)
        if not may_read:
            self.fail(f"{os.fspath(value)}: permission denied; run this as the user who may read it", param, ctx)
        return super().convert(value, param, ctx)


class _Text(click.types.StringParamType):
    """A text in UTF-8; bytes that are none would be refused by whatever stores or sends it, far from here."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text: str = super().convert(value, param, ctx)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail("this is no text in UTF-8", param, ctx)
        return text


class _Words(click.Choice[_E], Generic[_E]):
    """The values of an enum; Click's own choice is of its members' names."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:  # noqa: ARG002 - there is one way
        return str(choice)
