"""What the models of all requests and responses have in common, and the types of their fields."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from watcher.core.values import Json
from watcher.push.apps import MAX_NOTE_CHARS

MAX_ID: Final = 2**53 - 1
"""A JSON number keeps its digits up to here, in every language."""
PLAIN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""No control characters but tab and line breaks."""
LINE: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
HTTP: Final = r"^([Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f-\x9f]+)?$"
"""An address, or nothing."""
UID: Final = r"^[A-Za-z0-9_]+$"
KEY: Final = r"^[\x20-\x7e]+$"
PATTERNS: Final = {
    PLAIN: "no control characters but tabs and line breaks",
    LINE: "one line, without control characters",
    HTTP: "give an http or https address, or nothing",
    UID: "letters, digits and _ alone",
    KEY: "printable ASCII characters alone",
}
"""What is said of a text that does not fit."""
BY_NUMBER: Final = (
    "Whether the link `/wxuser/?type={type}&id=…` leads to its page, as on the hosted WxPusher. Numbers are easy to "
    "guess, so anybody can find the page then; otherwise only those who have its `link` can."
)
_DIGITS: Final = re.compile(r"[0-9]{1,16}", re.ASCII)


def _number(given: object) -> object:
    """Take digits for a number: parameters are text."""
    return int(given) if isinstance(given, str) and _DIGITS.fullmatch(given) else given


def _whole(given: object) -> object:
    """Take 3.0 for 3, as JSON Schema does."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _instant(given: object) -> object:
    """Take ISO 8601 with an offset for a point in time."""
    try:
        found = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError("give a time with its offset, like 2026-11-24T09:30:00Z; in an address, + is written %2B")
    return found


FROM_TEXT: Final = BeforeValidator(_number)
"""For a number among the parameters."""
FROM_FLOAT: Final = BeforeValidator(_whole)
"""For a number in a body."""
IN_PATH: Final = Field(json_schema_extra={"x-in": "path"})
"""For a parameter that stands in the path; others stand in the query, or in a header when they have an alias."""

Id: TypeAlias = Annotated[Annotated[int, Field(ge=1, le=MAX_ID)], FROM_FLOAT]
IdText: TypeAlias = Annotated[Id, FROM_TEXT]
InstantText: TypeAlias = Annotated[datetime, BeforeValidator(_instant)]
PathId: TypeAlias = Annotated[IdText, IN_PATH]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_NOTE_CHARS, pattern=LINE)]
Note: TypeAlias = Annotated[str, Field(max_length=MAX_NOTE_CHARS, pattern=PLAIN)]
Address: TypeAlias = Annotated[str, Field(max_length=MAX_NOTE_CHARS, pattern=HTTP)]
Uid: TypeAlias = Annotated[str, Field(min_length=1, max_length=64, pattern=UID)]
Order: TypeAlias = Annotated[Literal["oldest", "newest"], Field(description="Which of them come first.")]


class Request(BaseModel):
    """The parameters of a request, or its body. Unknown fields are refused: a typing error is no silent success."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NoParams(Request):
    """No parameters."""


class Changes(Request):
    """The fields to change; those that are absent or null stay as they are."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"name at least one of {', '.join(type(self).model_fields)}")
        return self


class Response(BaseModel):
    """The body of a response, or part of it. Points in time are ISO 8601 in UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)


R = TypeVar("R", bound=Response)


def shown(model: type[R], found: object, **others: object) -> R:
    """Return the model of what was found: these other fields, and the rest from its attributes of the same names."""
    same = {name: getattr(found, name) for name in model.model_fields if name not in others}
    return model(**same, **others)


def example(**fields: Json) -> ConfigDict:
    """Return the configuration of a body that shows one which the server takes; a test sends each."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def example_of_changes(**fields: Json) -> ConfigDict:
    """Return the same for `Changes`."""
    return ConfigDict(json_schema_extra={"minProperties": 1, "examples": [fields]})
