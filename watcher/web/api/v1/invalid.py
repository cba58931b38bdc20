"""
What is wrong with a request, in our words: pydantic finds it, and says what it thinks to programmers in Python.

A pattern has its words beside it, in `models`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from watcher.web.api.v1.models import PATTERNS
from watcher.web.api.v1.problem import ProblemError, ProblemType, located, sound

_MAX_ERRORS: Final = 20
_MAX_NAME_CHARS: Final = 100
_NOT_JSON: Final = "json_invalid"
_WORDS: Final[Mapping[str, str]] = {
    "missing": "it is needed",
    "extra_forbidden": "there is none of this name",
    "string_type": "give text",
    "string_unicode": "give text, in Unicode",
    "string_too_long": "at most {max_length} characters",
    "int_type": "give a whole number",
    "int_parsing": "give a whole number",
    "int_parsing_size": "give a whole number of fewer digits",
    "int_from_float": "give a whole number",
    "finite_number": "give a whole number",
    "bool_type": "give true or false",
    "list_type": "give a list",
    "model_type": "give an object",
    "model_attributes_type": "give an object",
    "enum": "give one of {expected}",
    "literal_error": "give one of {expected}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "too_long": "at most {max_length} items",
    _NOT_JSON: "give JSON",
}
"""By pydantic's types of errors; those that need more than words stand in `_words`."""


def invalid_parameters(error: ValidationError) -> ProblemError:
    """Return what is wrong with each parameter, whether of the path, the query or the headers."""
    return _invalid(error, lambda path: str(path[0]) if path else "query")


def invalid_body(error: ValidationError) -> ProblemError:
    """Return what is wrong with each member of the body."""
    return _invalid(error, _pointer)


def _invalid(error: ValidationError, where: Callable[[Sequence[str | int]], str]) -> ProblemError:
    found = error.errors(include_url=False, include_input=False)[:_MAX_ERRORS]
    errors = [located(where(_named(each["loc"])), sound(_words(each))) for each in found]
    if any(each["type"] == _NOT_JSON for each in found):
        return ProblemError(ProblemType.MALFORMED_BODY, "the body is not JSON", errors=errors)
    first = errors[0]
    return ProblemError(
        ProblemType.INVALID_REQUEST, f"{first.pointer or first.parameter}: {first.detail}", errors=errors
    )


def _named(path: Sequence[str | int]) -> Sequence[str | int]:
    """Return a path whose names, some of which are the caller's, can be sent."""
    return [sound(part, _MAX_NAME_CHARS) if isinstance(part, str) else part for part in path]


def _pointer(path: Sequence[str | int]) -> str:
    """Return a path as a JSON pointer in a URI fragment (RFC 6901 §3, §6)."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "#" + "".join(f"/{quote(part, safe='')}" for part in parts)


def _words(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch":
            return PATTERNS[context["pattern"]]
        case "string_too_short" | "too_short":
            return "it must not be empty"
    return _WORDS[kind].format(**context) if kind in _WORDS else "it is not valid"
