"""
Jinja2's immutable sandbox, with bounds on what a template may cost: there is no clock here, so sizes and steps count.

| what could run away            | what bounds it                                                              |
|--------------------------------|-----------------------------------------------------------------------------|
| texts and lists that grow      | operators, `~`, filters and output weigh their operands: 100,000 characters |
| powers and products of numbers | their results have 10,000 bits at most                                      |
| loops, macros, calls           | 20,000 steps a message                                                      |
| widths and counts as arguments | filters and methods of texts that take one are not there                    |
| constants at compile time      | nothing is computed then                                                    |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from itertools import islice
from typing import Any, ClassVar

from jinja2 import StrictUndefined, TemplateAssertionError, filters, nodes, pass_context, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

MAX_WEIGHT = 100_000
"""Characters, or items of lists, that one operation may take or make."""
MAX_STEPS = 20_000
"""Turns of loops, and calls, in one rendering."""
MAX_BITS = 10_000
_MAX_PRECISION = 20
_FILTERS = frozenset((
    "abs", "attr", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "filesizeformat",
    "first", "float", "format", "groupby", "int", "items", "join", "last", "length", "list", "lower", "map",
    "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr",
    "sort", "string", "striptags", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode",
    "wordcount",
))  # fmt: skip
_TEXT_METHODS = frozenset((
    "capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum", "isalpha",
    "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "lower", "lstrip",
    "partition", "removeprefix", "removesuffix", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "upper",
))  # fmt: skip
_WIDE = re.compile(r"\d{4}|\*|:[^{}:]*\{")
"""A format that asks for a width of thousands, or takes its width from a value."""
_REFUSED = (nodes.Block, nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment whose templates end soon, and stay small while they run."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"+", "*", "**", "%"})  # type: ignore[misc]  # ours is fixed

    def __init__(self) -> None:
        # Strict: a misspelt name is an error, which the operator is told of, and not an empty place in an alert.
        super().__init__(autoescape=False, undefined=StrictUndefined, optimized=False, finalize=_weighed)
        self.code_generator_class = _Generator
        self.context_class = _Context
        self.filters = {name: _guarded(self.filters[name]) for name in _FILTERS}
        self.filters |= {"join": _join, "replace": _replace, "format": _format, "round": _round, "_counted": _counted}
        del self.globals["lipsum"]

    def check(self, source: str) -> None:
        """Raise TemplateError when this is no template, or one whose constants alone run away."""
        tree = self.parse(source)
        for node in tree.find_all((nodes.BinExpr, nodes.Call)):
            try:
                self._constant(node)
            except nodes.Impossible:
                continue
            except (TypeError, ValueError, ArithmeticError) as error:  # OverflowError: of `range`
                raise TemplateAssertionError(f"{error}", node.lineno) from error
        self.from_string(source)

    def call_binop(self, context: Context | None, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        """Compute what is not too big to be computed."""
        if operator == "+":
            _weigh((left, right))
        elif operator == "*":
            _check_product(left, right)
        elif operator == "**":
            _check_power(left, right)
        elif isinstance(left, str):
            _check_format(left, right)
        return self.binop_table[operator](left, right)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what is safe to be called, and count it."""
        _spend(context)
        return super().call(context, called, *args, **kwargs)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may have this attribute."""
        if isinstance(obj, str | bytes) and attr not in _TEXT_METHODS:
            return False
        return attr != "to_bytes" and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return the safe `format` of a text that asks for no width of thousands."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            _check_format(str(value.__self__), ())
        return wrapped

    def joined(self, parts: Iterable[object]) -> str:
        """Return what `~` makes."""
        return "".join(map(str, _weighed(parts)))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for refused in tree.find_all(_REFUSED):
            word = type(refused).__name__.lower()
            raise TemplateAssertionError(f"a message has no use for `{word}`", refused.lineno, name, filename)
        for loop in list(tree.find_all(nodes.For)):
            if loop.recursive:
                raise TemplateAssertionError("a message has no use for `recursive`", loop.lineno, name, filename)
            loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.lineno, environment=self)
        return tree

    def _constant(self, node: nodes.Node) -> object:
        """Compute a constant within the bounds. Raises nodes.Impossible when it is none."""
        match node:
            case nodes.Const():
                return node.value
            case nodes.BinExpr() if node.operator in self.intercepted_binops:
                return self.call_binop(None, node.operator, self._constant(node.left), self._constant(node.right))
            case nodes.Call(node=nodes.Name(name="range")):
                return safe_range(*map(self._integer, node.args))
            case _:
                raise nodes.Impossible

    def _integer(self, node: nodes.Node) -> int:
        number = self._constant(node)
        if not isinstance(number, int):
            raise nodes.Impossible
        return number


class _Context(Context):
    """What a rendering knows, and how many steps it has taken."""

    steps = 0


class _Generator(CodeGenerator):
    """Writes code that computes nothing beforehand, and joins texts within bounds."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  Jinja2 finds it by its name
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


def _spend(context: Context) -> None:
    assert isinstance(context, _Context)  # noqa: S101 - the environment makes no other
    context.steps += 1
    if context.steps > MAX_STEPS:
        raise SecurityError(f"over {MAX_STEPS} steps; make it simpler")


def _weigh(value: object, room: int = MAX_WEIGHT) -> int:
    """Return the room that is left after a value. Raises SecurityError when there is none."""
    room -= len(value) if isinstance(value, str | bytes) else 1
    if room < 0:
        raise SecurityError(f"over {MAX_WEIGHT} characters; make it shorter")
    if isinstance(value, Mapping):
        value = tuple(value.items())
    if isinstance(value, list | tuple | set | frozenset):
        for part in value:
            room = _weigh(part, room)
    return room


def _weighed(value: object) -> Any:
    """Return the value, when it is not too big to be shown."""
    _weigh(value)
    return value


def _check_product(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
        return
    times, value = (left, right) if isinstance(left, int) else (right, left)
    if isinstance(times, int) and isinstance(value, str | bytes | list | tuple):
        _weigh(value, MAX_WEIGHT // max(times, 1))


def _check_power(base: object, exponent: object) -> None:
    if isinstance(base, int) and isinstance(exponent, int):
        _check_bits(base.bit_length() * max(exponent, 0))


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise SecurityError(f"a number of over {MAX_BITS} bits")


def _check_format(text: str, values: object) -> None:
    if _WIDE.search(text):
        raise SecurityError("a format may not ask for a width of thousands, or take it from a value")
    _weigh((text, values))


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that takes nothing too big."""

    @wraps(function)  # what Jinja2 passes first is marked on the function
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _weigh((args[1:] if hasattr(function, "jinja_pass_arg") else args, kwargs))
        return function(*args, **kwargs)

    return guarded


@pass_context
def _counted(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    """Yield what a loop turns over, and count the turns."""
    for value in values:
        _spend(context)
        yield value


@pass_eval_context
def _join(context: EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    parts = list(islice(value, MAX_WEIGHT))
    _weigh((parts, d * min(len(parts), MAX_WEIGHT // max(len(d), 1) + 1)))
    return filters.sync_do_join(context, parts, d, attribute)


@pass_eval_context
def _replace(context: EvalContext, s: str, old: str, new: str, count: int | None = None) -> str:
    text = str(_weighed(s))
    _check_product(str(_weighed(new)), text.count(old))
    return filters.do_replace(context, text, old, new, count)


def _format(value: str, *args: Any, **kwargs: Any) -> str:
    _check_format(str(_weighed(value)), (args, kwargs))
    return filters.do_format(value, *args, **kwargs)


def _round(value: float, precision: int = 0, method: Any = "common") -> float:
    return filters.do_round(value, max(-_MAX_PRECISION, min(precision, _MAX_PRECISION)), method)
