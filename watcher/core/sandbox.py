"""
Jinja2's immutable sandbox, with bounds on what a template may cost: there is no clock here, so sizes and steps count.

| what could run away            | what bounds it                                                               |
|--------------------------------|------------------------------------------------------------------------------|
| texts and lists that grow      | operators, `~`, filters and output weigh their operands: 100,000 characters  |
| many such operations           | each pays for its operands from a budget, 500,000 characters a rendering     |
| loops, macros, calls           | a turn pays 25, a call 100, and both for each part of the body that they run |
| powers and products of numbers | their results have 10,000 bits at most, decimals 3,000 digits                |
| widths and counts as arguments | filters and methods of texts that take one are not there                     |
| long templates                 | 20,000 characters with 1,000 parts at most                                   |
| constants at compile time      | nothing is computed then                                                     |

Spending the whole budget takes 0.1 s at worst.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import wraps
from itertools import islice
from typing import Any, ClassVar

from jinja2 import Environment, StrictUndefined, filters, meta, nodes, pass_context, pass_environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import _PassArg

from watcher.core.words import one_line

MAX_WEIGHT = 100_000
"""Characters, or items of lists, that one operation may take or make."""
MAX_WORK = 500_000
"""Characters, or items of lists, that all operations of one rendering may take together."""
MAX_SOURCE_CHARS = 20_000
MAX_PARTS = 1_000
"""Nodes of the syntax tree: each constant, name, filter, operator and tag is one, each text between tags too."""
MAX_BITS = 10_000
MAX_DIGITS = 3_000
"""Of a decimal number that is written out: `1E+999999` is short, and makes an integer of a million."""
_STEP = 25
"""What a turn of a loop, a filter or a test costs besides its operands."""
_CALL = 100
_PART = 5
"""What one part of a body costs each time that the body runs."""
_MAX_PRECISION = 20
_FILTERS = frozenset((
    "abs", "attr", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "filesizeformat",
    "first", "float", "format", "groupby", "int", "items", "join", "last", "length", "list", "lower", "map",
    "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr",
    "sort", "string", "striptags", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode",
    "wordcount",
))  # fmt: skip
_PASSED: dict[Any, Callable[[Context], Any]] = {
    _PassArg.context: lambda context: context,
    _PassArg.eval_context: lambda context: context.eval_ctx,
    _PassArg.environment: lambda context: context.environment,
}
"""What a filter or test asks to be handed first."""
_TEXT_METHODS = frozenset((
    "capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum", "isalpha",
    "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "lower", "lstrip",
    "partition", "removeprefix", "removesuffix", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "upper",
))  # fmt: skip
_WIDE = re.compile(r"\d{4}|\*|:[^{}:]*\{")
"""A format that asks for a width of thousands, or takes its width from a value."""
_REPEATED = (nodes.For, nodes.Macro, nodes.CallBlock)
_REFUSED = (nodes.Block, nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment whose templates end soon, and stay small while they run."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"+", "*", "**", "%"})  # type: ignore[misc]  # ours is fixed

    def __init__(self) -> None:
        # Strict: a misspelt name is an error, which the operator is told of, and not an empty place in an alert.
        super().__init__(autoescape=False, undefined=StrictUndefined, optimized=False, finalize=_paid)
        self.code_generator_class = _Generator
        self.context_class = _Context
        self.filters = {name: _guarded(self.filters[name]) for name in _FILTERS}
        ours = {"join": _join, "replace": _replace, "format": _format, "round": _round, "sum": _sum}
        self.filters |= {name: _guarded(function) for name, function in ours.items()}
        self.filters |= {"_turns": _turns, "_paid": _paid, "_entered": _entered}
        self.tests = {name: _guarded(function) for name, function in self.tests.items()}
        del self.globals["lipsum"]

    def check(self, source: str) -> None:
        """Raise ValueError, in one line, when this is no template, or one whose constants alone run away."""
        with _told_in_one_line():
            for node in self.parse(source).find_all((nodes.BinExpr, nodes.Call)):
                try:
                    self._constant(node)
                except nodes.Impossible:
                    continue
                except (TypeError, ValueError, ArithmeticError) as error:  # OverflowError: of `range`
                    raise TemplateAssertionError(f"{error}", node.lineno) from error
            self.from_string(source)

    def names_in(self, source: str) -> set[str]:
        """Return the names that a template uses and does not set itself. Raises ValueError."""
        with _told_in_one_line():
            return meta.find_undeclared_variables(self.parse(source)) - self.globals.keys()

    def call_binop(self, context: Context | None, operator: str, left: Any, right: Any) -> Any:
        """Compute what is not too big to be computed."""
        if context is not None:
            _pay(context, (left, right))
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
        """Call what is safe to be called, and pay for it."""
        _pay(context, (getattr(called, "__self__", None), args, kwargs), _CALL)
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

    def joined(self, context: Context, parts: Iterable[object]) -> str:
        """Return what `~` makes."""
        return "".join(map(str, _paid(context, parts)))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > MAX_SOURCE_CHARS:
            raise TemplateAssertionError(f"{len(source)} characters; at most {MAX_SOURCE_CHARS}", 1, name, filename)
        tree = super()._parse(source, name, filename)
        if sum(1 for _ in tree.find_all(nodes.Node)) > MAX_PARTS:
            raise TemplateAssertionError(f"over {MAX_PARTS} parts; make it simpler", 1, name, filename)
        for refused in tree.find_all(_REFUSED):
            word = type(refused).__name__.lower()
            raise TemplateAssertionError(f"a message has no use for `{word}`", refused.lineno, name, filename)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise TemplateAssertionError("a message has no use for `recursive`", loop.lineno, name, filename)
        self._let_pay(tree)
        return tree

    def _let_pay(self, tree: nodes.Template) -> None:
        """Let what runs again and again, and what compares and cuts, pay for that."""
        loops = [(loop, _size_of_body(loop)) for loop in tree.find_all(nodes.For)]
        macros: list[nodes.Macro | nodes.CallBlock] = [*tree.find_all(nodes.Macro), *tree.find_all(nodes.CallBlock)]
        entered = [(macro, _size_of_body(macro)) for macro in macros]
        compared = list(tree.find_all(nodes.Compare))
        cut = [node for node in tree.find_all(nodes.Getitem) if isinstance(node.arg, nodes.Slice)]
        for loop, size in loops:
            loop.iter = self._through("_turns", loop.iter, size)
        for macro, size in entered:
            nothing = nodes.Const(None, lineno=macro.lineno)
            macro.body.insert(0, nodes.ExprStmt(self._through("_entered", nothing, size), lineno=macro.lineno))
        for compare in compared:
            compare.expr = self._through("_paid", compare.expr)
            for operand in compare.ops:
                operand.expr = self._through("_paid", operand.expr)
        for item in cut:
            item.node = self._through("_paid", item.node)

    def _through(self, name: str, value: nodes.Node, *arguments: int) -> nodes.Filter:
        """Return the expression with a filter of ours behind it."""
        constants = [nodes.Const(argument, lineno=value.lineno) for argument in arguments]
        return nodes.Filter(value, name, constants, [], None, None, lineno=value.lineno, environment=self)

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


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    try:
        yield
    except (TemplateError, RecursionError, SyntaxError) as error:  # SyntaxError: of Python, whose blocks nest 20 deep
        raise ValueError(f"not a Jinja2 template: {one_line(str(error))}") from error


class _Context(Context):
    work = 0


class _Generator(CodeGenerator):
    """Writes code that computes nothing beforehand, and joins texts within bounds."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  Jinja2 finds it by its name
        self.write("environment.joined(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


def _size_of_body(node: nodes.Node) -> int:
    """Return how many parts run each time that the body of a loop or macro does; the bodies in it pay themselves."""
    inside = 0
    for child in node.iter_child_nodes():
        inside += 1
        if not isinstance(child, _REPEATED):
            inside += _size_of_body(child)
        elif isinstance(child, nodes.For):
            inside += _size_of_body(child.iter)
    return inside


def _pay(context: Context, operands: object, more: int = 0) -> None:
    """Take from the budget what the operands weigh. Raises SecurityError when they weigh too much, or it is empty."""
    assert isinstance(context, _Context)  # noqa: S101 - the environment makes no other
    context.work += MAX_WEIGHT - _weigh(operands) + more
    if context.work > MAX_WORK:
        raise SecurityError("too much work; make it simpler")


def _weigh(value: object, room: int = MAX_WEIGHT) -> int:
    """Return the room that is left after a value. Raises SecurityError when there is none."""
    if isinstance(value, str | bytes | range):
        room -= len(value)
    elif isinstance(value, Mapping):
        room = _weigh_parts(value.values(), _weigh_parts(value, room))
    elif isinstance(value, list | tuple | set | frozenset):
        room = _weigh_parts(value, room - 1)
    elif isinstance(value, Decimal) and value and abs(value.adjusted()) > MAX_DIGITS:
        raise SecurityError(f"a number of over {MAX_DIGITS} digits")
    else:
        room -= 1
    if room < 0:
        raise SecurityError(f"over {MAX_WEIGHT} characters; make it shorter")
    return room


def _weigh_parts(parts: Iterable[object], room: int) -> int:
    for part in parts:
        room = room - len(part) if type(part) is str else _weigh(part, room)
        if room < 0:
            break
    return room


@pass_context
def _paid(context: Context, value: object) -> Any:
    _pay(context, value)
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


def _guarded(function: Any) -> Callable[..., Any]:
    """Return a filter or test that takes nothing too big, and pays for what it takes."""
    passed = _PASSED.get(getattr(function, "jinja_pass_arg", None))

    @pass_context
    @wraps(function)
    def guarded(context: Context, *args: Any, **kwargs: Any) -> Any:
        _pay(context, (args, kwargs), _STEP)
        return function(*args, **kwargs) if passed is None else function(passed(context), *args, **kwargs)

    return guarded


@pass_context
def _turns(context: Context, values: Iterable[Any], size: int) -> Iterator[Any]:
    """Yield what a loop turns over, and pay for the turns, whose body has so many parts."""
    for value in values:
        _pay(context, (), _STEP + size * _PART)
        yield value


@pass_context
def _entered(context: Context, _: None, size: int) -> None:
    _pay(context, (), size * _PART)


@pass_context
def _join(context: Context, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    parts = list(islice(value, MAX_WEIGHT))
    _pay(context, (parts, d * min(len(parts), MAX_WEIGHT // max(len(d), 1) + 1)))
    return filters.sync_do_join(context.eval_ctx, parts, d, attribute)


@pass_context
def _replace(context: Context, s: str, old: str, new: str, count: int | None = None) -> str:
    text = str(s)
    _check_product(str(new), text.count(old))
    return filters.do_replace(context.eval_ctx, text, old, new, count)


def _format(value: str, *args: Any, **kwargs: Any) -> str:
    _check_format(str(value), (args, kwargs))
    return filters.do_format(value, *args, **kwargs)


def _round(value: float, precision: int = 0, method: Any = "common") -> float:
    return filters.do_round(value, max(-_MAX_PRECISION, min(precision, _MAX_PRECISION)), method)


@pass_environment
def _sum(environment: Environment, iterable: Iterable[Any], attribute: str | int | None = None, start: Any = 0) -> Any:
    if not isinstance(start, int | float | Decimal):  # lists would be copied again for each one that is added
        raise SecurityError("`sum` adds numbers")
    return filters.sync_do_sum(environment, iterable, attribute, start)
